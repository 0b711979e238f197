"""The card of an author: who it is, as far as that can be known, and what they did before. Pure."""

from quell.display import clock_time, printable
from quell.display.wording import plural
from quell.moderation.deletion import State
from quell.moderation.journal import AuthorRecord
from quell.widgets.detail.message_text import moment
from quell.widgets.detail.parts import Field, Line, Part
from quell.widgets.detail.subject import Findings, Nearby, Subject
from quell_providers.model import Author

_WAITING = "…"


def identity_parts(author: Author) -> list[Part]:
    """Who wrote it, and what that name is worth."""
    parts: list[Part] = [Field("author", printable(author.name or author.username or author.id), "bold")]
    if author.username:
        parts.append(Field("", printable(f"@{author.username}")))
    return parts + _source(author)


def history_parts(subject: Subject, findings: Findings) -> list[Part]:
    """What the author did here, and what was deleted of it before."""
    return [_seen(subject, findings.nearby), *_record(findings), Field("user id", printable(subject.author.id))]


def _source(author: Author) -> list[Part]:
    """Where the name came from, and what that proves. See `Author.name_source`."""
    source = author.name_source
    if not source:
        return []
    if source == "Sender.UserId":
        return [Field("name", "none was given; this is the user id")]
    if source.startswith("Sender."):
        return [Field("name", printable(f"bound by the chat's own server ({source})"))]
    return [Field("name", printable(f"claimed by the client, can be forged ({source})"), "$warning")]


def _seen(subject: Subject, nearby: Nearby | None) -> Part:
    if nearby is None:
        return Field("here", _WAITING, "$foreground-muted")
    here = nearby.author
    told = [plural(here.messages, "message")]
    if here.first_at is not None:
        same_day = moment(here.first_at)[:10] == moment(subject.now)[:10]
        told.append(f"first seen {clock_time(here.first_at) if same_day else moment(here.first_at)}")
    told += [f"{count:,} {word}" for count, word in ((here.marked, "marked"), (here.deleted, "deleted")) if count]
    return Field("here", " · ".join(told))


def _record(findings: Findings) -> list[Part]:
    if findings.record_problem:
        return [Field("before", printable(f"not known: {findings.record_problem}"), "$warning")]
    record = findings.record
    if record is None:
        return [Field("before", _WAITING, "$foreground-muted")]
    if not record.states:
        return [Field("before", "nothing in this journal")]
    parts: list[Part] = [Field("before", _counted(record), "$warning" if record.deleted else "")]
    for batch in record.latest:
        why = f"{batch.reason.code}: {batch.reason.text}" if batch.reason.text else batch.reason.code
        parts.append(Field("", printable(f"{moment(batch.confirmed_at)[:16]} {batch.messages:,}× {why}")))
    if not record.complete:
        parts.append(Line("… and more before these: look in the journal (J)", "$warning"))
    return parts


def _counted(record: AuthorRecord) -> str:
    told = [f"{record.deleted:,} deleted"]
    told += [
        f"{record.states[state]:,} {state.value}"
        for state in (State.REFUSED, State.FAILED, State.UNKNOWN)
        if record.states.get(state)
    ]
    return " · ".join(told)
