"""The card of an author: who it is, as far as that can be known, and what they did before. Pure."""

from quell.display import Printable
from quell.display.wording import plural
from quell.moderation.deletion import State
from quell.widgets.detail.message_text import moment
from quell.widgets.detail.parts import GAP, Field, Line, Part
from quell.widgets.detail.subject import Findings, Nearby
from quell_providers.model import Author

WAITING = "…"
"""In place of an answer."""


def card_parts(author: Author, findings: Findings) -> list[Part]:
    """Who wrote it, what that name is worth, and what is known of the author. Nothing moves when answers come in."""
    parts: list[Part] = [Field("author", author.name or author.username or author.id, "bold")]
    if author.username:
        parts.append(Field("", f"@{author.username}"))
    return [*parts, *_source(author), *_seen(findings.nearby), _journal(findings)]


def past_parts(findings: Findings) -> list[Part]:
    """Which of the author's messages were deleted before, and why; or why that is not known."""
    if findings.record_problem:
        return [
            GAP,
            Line("The journal can not tell what was deleted of this author", "$warning"),
            Field("why", findings.record_problem),
        ]
    record = findings.record
    if record is None or not record.latest:
        return []
    parts: list[Part] = [GAP, Line("deleted of this author, the newest first", "$foreground-muted")]
    for batch in record.latest:
        why = f"{batch.reason.code}: {batch.reason.text}" if batch.reason.text else batch.reason.code
        parts.append(Field("", f"{moment(batch.confirmed_at)[:16]} {batch.messages:,}× {why}"))
    if not record.complete:
        parts.append(Line("… and more before these: look in the journal (J)", "$warning"))
    return parts


def _source(author: Author) -> list[Part]:
    """Where the name came from, and what that proves. See `Author.name_source`."""
    source = author.name_source
    if not source:
        return []
    if source == "Sender.UserId":
        return [Field("name", "none was given; this is the user id")]
    if source.startswith("Sender."):
        return [Field("name", f"bound by the chat's own server ({source})")]
    return [Field("name", f"claimed by the client, can be forged ({source})", "$warning")]


def _seen(nearby: Nearby | None) -> list[Part]:
    if nearby is None:
        return [Field("here", WAITING, "$foreground-muted"), Field("first", WAITING, "$foreground-muted")]
    here = nearby.author
    told = [plural(here.messages, "message")]
    told += [
        Printable(f"{count:,} {word}") for count, word in ((here.marked, "marked"), (here.deleted, "deleted")) if count
    ]
    first = "–" if here.first_at is None else f"seen {moment(here.first_at)}"
    return [Field("here", " · ".join(told)), Field("first", first)]


def _journal(findings: Findings) -> Part:
    if findings.record_problem:
        return Field("journal", "not known", "$warning")
    record = findings.record
    if record is None:
        return Field("journal", WAITING, "$foreground-muted")
    told = [f"{record.deleted:,} deleted"] if record.states else ["nothing of this author"]
    told += [
        f"{record.states[state]:,} {state.value}"
        for state in (State.REFUSED, State.FAILED, State.UNKNOWN)
        if record.states.get(state)
    ]
    return Field("journal", " · ".join(told), "$warning" if record.deleted else "")
