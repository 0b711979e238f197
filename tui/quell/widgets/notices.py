"""What is said around a feed: which room it is, what its connection and history do, why, and what helps. Pure."""

from typing import Literal, NamedTuple

from textual.content import Content

from quell.display import duration, printable
from quell.display.wording import KIND_GLYPHS, room_name
from quell.session.state import AccountState, RoomState
from quell_providers.refusal import Refusal

Severity = Literal["info", "warning", "error"]


class Notice(NamedTuple):
    """A short text for the moderator."""

    content: Content
    severity: Severity


def title(room: RoomState, service: str) -> Content:
    """The line above everything: which room this is."""
    return Content.assemble(
        (f"{KIND_GLYPHS[room.room.kind]} {room_name(room.room)}", "bold"),
        (f"  {printable(service)} · {printable(room.account)}", "$foreground-muted"),
        (f"  {printable(room.room.note)}" if room.room.note else "", "$warning"),
        (f"  {printable(room.room.topic)}" if room.room.topic else "", "$foreground-muted italic"),
    )


def banner(room: RoomState, *, now: float) -> Notice | None:
    """One line above the feed while the room is not live or its list has a hole; `None` when all is well."""
    link = room.link
    if link is not None and link.state == "connecting":
        return _line("info", "… Connecting to the live messages of this room")
    if link is not None and link.state == "catching_up":
        return _line("info", "… Connected again: looking for what was said meanwhile")
    if link is not None and link.state == "reconnecting":
        when = f" — next attempt in {duration(link.retry_in)}" if link.retry_in else ""
        return _line("warning", f"↻ Connection lost: reconnecting{when}", link.cause or link.detail)
    if link is not None and link.state in ("refused", "closed"):
        return _line("error", "✗ No live messages", link.detail, link.cause, link.remedy)
    if room.timeline.gaps and (not len(room.timeline) or room.timeline[-1].sent_at < room.timeline.gaps[-1].until):
        gap = room.timeline.gaps[-1]
        return _line("warning", f"⚠ Messages may be missing: {duration(gap.until - gap.since)} were not received")
    if room.history == "loading" and len(room.timeline):
        return _line("info", "… Loading older messages")
    if room.history == "missing" and room.missing is not None and len(room.timeline):
        return _line("info", "No earlier messages", room.missing.cause, room.missing.remedy)
    return None


def notice(room: RoomState, *, filtered: bool) -> Notice:
    """What stands in place of an empty list."""
    if filtered and len(room.timeline):
        return _block("info", "Nothing matches the filter", "Change it with /, or press Esc to clear it.")
    if room.history == "loading" and room.missing is not None:
        return _refusal(
            "warning", "The history of this room has to wait", room.missing, "It is loaded as soon as it can."
        )
    if room.history in ("none", "loading"):
        return _block("info", "Loading messages…")
    if room.history == "missing" and room.missing is not None:
        return _refusal("info", "This room has no history to show", room.missing, "New messages appear as they come.")
    if room.link is not None and room.link.state in ("refused", "closed"):
        return _block("error", "This room can not be followed", room.link.detail, room.link.cause, room.link.remedy)
    return _block("info", "No messages yet", "New messages appear here as they come.")


def account_notice(account: AccountState, *, now: float) -> Notice:
    """What stands in place of a room when an account has none to show."""
    name = printable(account.name)
    if account.phase == "refused" and account.refusal is not None:
        again = "Press ctrl+r to try again."
        return _refusal("error", f"{account.service} refused the login of account {name}", account.refusal, again)
    if account.phase == "unreachable" and account.refusal is not None:
        wait = duration(max((account.retry_at or now) - now, 0.0))
        title = f"{account.service} can not be reached for account {name}"
        return _refusal("warning", title, account.refusal, f"Trying again in {wait}; ctrl+r tries at once.")
    if account.phase == "connecting":
        return _block("info", f"Connecting to {account.service} as {name}…")
    return _block("info", f"Account {name} has no rooms", "Ask to be added to a room, then press ctrl+r.")


def _refusal(severity: Severity, title: str, refusal: Refusal, last: str) -> Notice:
    said = f"{refusal.code}: {refusal.detail}" if refusal.code and refusal.detail else refusal.detail or refusal.code
    return _block(severity, title, said, refusal.cause, refusal.remedy, last)


def _line(severity: Severity, *parts: str) -> Notice:
    return Notice(Content(" — ".join(printable(part) for part in parts if part)), severity)


def _block(severity: Severity, title: str, *rest: str) -> Notice:
    lines = [Content.styled(printable(title), "bold"), *(Content(printable(part)) for part in rest if part)]
    return Notice(Content("\n\n").join(lines), severity)
