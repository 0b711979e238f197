"""What is said around a feed: which room it is, what its connection and history do, why, and what helps. Pure."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

from textual.content import Content

from quell.display import clock_time, duration, printable
from quell.display.wording import KIND_GLYPHS, plural, room_name
from quell.moderation.query import NamedRoom, Query
from quell.session.state import AccountState, RoomState
from quell.widgets.naming import full_name, traits
from quell_providers.model import Gap, LinkState
from quell_providers.refusal import Refusal

Severity = Literal["info", "warning", "error"]

WAITING = ("waits its turn", "$warning")
"""How a room stands whose stream the service does not allow yet."""
_LINKS: dict[LinkState, tuple[str, str]] = {
    "connecting": ("connecting", "$foreground-muted"),
    "catching_up": ("catching up", "$warning"),
    "live": ("live", "$success"),
    "reconnecting": ("reconnecting", "$warning"),
    "refused": ("refused", "$error"),
    "closed": ("closed", "$error"),
}


ROOMS_NAMED = 6
"""Rooms that are named where a filter names none of them."""

NAME_CELLS = 32
"""Cells that a room's name may take in the title, so that the room's state has its place behind it."""


class Notice(NamedTuple):
    """A short text for the moderator."""

    content: Content
    severity: Severity


def title(room: RoomState, service: str) -> Content:
    """The line above everything: which room this is, and how it stands."""
    word, style = link_words(room)
    special = " · ".join([*([] if room.joined else ["not joined"]), *traits(room.room)])
    unreadable = plural(room.unreadable, "unreadable frame")
    return Content.assemble(
        (f"{KIND_GLYPHS[room.room.kind]} ", "bold"),
        Content.styled(full_name(room), "bold").truncate(NAME_CELLS, ellipsis=True),
        (f"  {word}", style),
        (f"  {unreadable}" if room.unreadable else "", "$error"),
        (f"  {special}" if special else "", "$warning"),
        (f"  {printable(service)} · {printable(room.account)}", "$foreground-muted"),
        (f"  {printable(room.room.note)}" if room.room.note else "", "$warning"),
        (f"  {printable(room.room.topic)}" if room.room.topic else "", "$foreground-muted italic"),
    )


def banner(room: RoomState, *, now: float) -> Notice | None:
    """One line above the feed while the room is not live or its list has a hole; `None` when all is well."""
    troubled = _link_line(room, now) if room.link is not None else None
    if troubled is not None:
        return troubled
    if room.timeline.gaps and (not len(room.timeline) or room.timeline[-1].sent_at < room.timeline.gaps[-1].until):
        return _line("warning", f"⚠ Messages may be missing: {gap_words(room.timeline.gaps[-1])} was not received")
    if room.history == "loading" and len(room.timeline):
        return _line("info", "… Loading older messages")
    if room.history == "missing" and room.missing is not None and len(room.timeline):
        return _line("info", "No earlier messages", room.missing.cause, room.missing.remedy)
    if room.room.encrypted:
        return _line("info", "Encrypted end to end: messages can be deleted, but not read, here")
    return None


def merged_title(rooms: Sequence[RoomState]) -> Content:
    """The line above several rooms at once."""
    names = ", ".join(f"{KIND_GLYPHS[room.room.kind]} {room_name(room.room)}" for room in rooms)
    return Content.assemble((f"≡ {plural(len(rooms), 'room')}", "bold"), (f"  {names}", "$foreground-muted"))


def merged_banner(rooms: Sequence[RoomState]) -> Notice | None:
    """One line above several rooms, while some of them are not live; `None` when all is well."""
    away = [room for room in rooms if room.link is None or room.link.state != "live"]
    if not away:
        return None
    refused = any(room.link is not None and room.link.state == "refused" for room in away)
    told = [f"{room_name(room.room)} ({link_words(room)[0]})" for room in away]
    return _line("error" if refused else "warning", f"Not live: {', '.join(told)}")


def link_words(room: RoomState) -> tuple[str, str]:
    """How the live stream stands, in a word or two and their style."""
    link = room.link
    if link is None:
        return "not followed", "$foreground-muted"
    if link.state == "connecting" and link.cause:
        return WAITING
    return _LINKS[link.state]


def gap_words(gap: Gap) -> str:
    """From when to when messages may be missing."""
    return f"{clock_time(gap.since)} to {clock_time(gap.until)} ({duration(gap.until - gap.since)})"


def _link_line(room: RoomState, now: float) -> Notice | None:
    """What is to be said of the live stream; `None` when it is simply live."""
    link = room.link
    assert link is not None
    wait = max((room.retry_at or now) - now, 0.0)
    match link.state:
        case "connecting" if link.cause:
            goes_on = f"in {duration(wait)}" if wait else ""
            return _line("info", "… Waiting to connect to the live messages of this room", link.cause, goes_on)
        case "connecting":
            return _line("info", "… Connecting to the live messages of this room")
        case "catching_up":
            goes_on = f"goes on in {duration(wait)}" if wait else ""
            return _line("info", "… Connected again: looking for what was said meanwhile", link.cause, goes_on)
        case "reconnecting":
            when = f"next attempt in {duration(wait)}" if wait else ""
            return _line("warning", "↻ Connection lost: reconnecting", when, link.cause or link.detail)
        case "refused" | "closed":
            return _line("error", "✗ No live messages", link.detail, link.cause, link.remedy)
        case _:
            return _line("info", link.cause, link.remedy) if link.cause else None


def notice(rooms: Sequence[RoomState], *, query: Query | None) -> Notice:
    """What stands in place of an empty list.

    Args:
        rooms: Those that are looked at; at least one.
        query: Lets no message of these rooms through.
    """
    if query is not None and any(len(room.timeline) for room in rooms):
        strange = query.strange_rooms([NamedRoom(room.account, room.room.name, room.room.id) for room in rooms])
        older = "k looks through older messages, too." if any(room.older is not None for room in rooms) else ""
        rest = [*(_strange(name, rooms) for name in strange), "Change it with /, or press Esc to clear it.", older]
        return _block("info", "Nothing matches the filter", *rest)
    if len(rooms) == 1:
        return _room_notice(rooms[0])
    if any(room.history in ("none", "loading") for room in rooms):
        return _block("info", "Loading messages…")
    return _block("info", f"No messages yet in these {len(rooms):,} rooms", "New messages appear here as they come.")


def _strange(name: str, rooms: Sequence[RoomState]) -> str:
    """That no room has this name, and which names there are."""
    names = [room_name(room.room) for room in rooms[:ROOMS_NAMED]]
    more = f" and {len(rooms) - len(names):,} more" if len(rooms) > len(names) else ""
    there = f"“in:{name}” is none of the rooms that are looked at: {', '.join(names)}{more}."
    return f"{there} A looks at all." if len(rooms) == 1 else there


def _room_notice(room: RoomState) -> Notice:
    if room.history == "loading" and room.missing is not None:
        return refusal_notice(
            "warning", "The history of this room has to wait", room.missing, "It is loaded as soon as it can."
        )
    if room.history in ("none", "loading"):
        return _block("info", "Loading messages…")
    if room.history == "missing" and room.missing is not None:
        return refusal_notice(
            "info", "This room has no history to show", room.missing, "New messages appear as they come."
        )
    if room.link is not None and room.link.state in ("refused", "closed"):
        return _block("error", "This room can not be followed", room.link.detail, room.link.cause, room.link.remedy)
    return _block("info", "No messages yet", "New messages appear here as they come.")


def account_notice(account: AccountState, *, now: float) -> Notice:
    """What stands in place of a room when an account has none to show."""
    name = printable(account.name)
    if account.phase == "refused" and account.refusal is not None:
        again = "Press ctrl+r to try again."
        return refusal_notice("error", f"{account.service} refused the login of account {name}", account.refusal, again)
    if account.phase == "unreachable" and account.refusal is not None:
        wait = duration(max((account.retry_at or now) - now, 0.0))
        title = f"{account.service} can not be reached for account {name}"
        return refusal_notice("warning", title, account.refusal, f"Trying again in {wait}; ctrl+r tries at once.")
    if account.phase == "connecting":
        return _block("info", f"Connecting to {account.service} as {name}…")
    if account.rooms:
        return _block("info", f"Account {name} is logged in to {account.service}", plural(len(account.rooms), "room"))
    return _block("info", f"Account {name} has no rooms", "Ask to be added to a room, then press ctrl+r.")


def refusal_notice(severity: Severity, title: str, refusal: Refusal, last: str = "") -> Notice:
    """What was refused, in the service's own words, why, and what helps."""
    said = f"{refusal.code}: {refusal.detail}" if refusal.code and refusal.detail else refusal.detail or refusal.code
    return _block(severity, title, said, refusal.cause, refusal.remedy, last)


def _line(severity: Severity, *parts: str) -> Notice:
    return Notice(Content(" — ".join(printable(part) for part in parts if part)), severity)


def _block(severity: Severity, title: str, *rest: str) -> Notice:
    lines = [Content.styled(printable(title), "bold"), *(Content(printable(part)) for part in rest if part)]
    return Notice(Content("\n\n").join(lines), severity)
