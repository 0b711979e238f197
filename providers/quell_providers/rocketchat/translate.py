"""From what Rocket.Chat sends to Quell's model."""

import mimetypes
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from sys import intern
from typing import Any

from msgspec.structs import replace

from quell_providers.model import Author, Message, Room, RoomKind
from quell_providers.rocketchat import wire
from quell_providers.rocketchat.wire import EjsonDate, MalformedError, When

REMOVED = "rm"
"""Type code of the placeholder that a deleted message leaves where the workspace shows deletions."""

_ENCRYPTED = "e2e"
_LATEST = 253_402_300_799.0  # the end of the year 9999: as late as a date can be written

_ROOM_KINDS: Mapping[str, RoomKind] = {"c": "channel", "p": "group", "d": "direct"}

_SYSTEM_TEXTS: Mapping[str, str] = {
    "uj": "joined the room",
    "ul": "left the room",
    "ut": "joined the conversation",
    "au": "added {}",
    "ru": "removed {}",
    "added-user-to-team": "added {} to the team",
    "removed-user-from-team": "removed {} from the team",
    "user-muted": "muted {}",
    "user-unmuted": "unmuted {}",
    "user-banned": "banned {}",
    "r": "renamed the room to {}",
    "room_changed_topic": "changed the topic to {}",
    "room_changed_description": "changed the description to {}",
    "room_changed_announcement": "changed the announcement to {}",
    "room_changed_privacy": "made the room {}",
    "room-archived": "archived the room",
    "room-set-read-only": "made the room read-only",
    "room-removed-read-only": "let everybody write in the room",
    "message_pinned": "pinned a message",
    "discussion-created": "started the discussion {}",
}
"""What a system message says of its author; its `msg` holds only the name or value that stands for `{}`."""


def seconds(when: When) -> float | None:
    """Unix seconds of a time on the wire, `None` where there is none.

    Raises:
        MalformedError: It is no time, or one that no calendar holds.
    """
    if isinstance(when, EjsonDate):
        when = when.ms
    if when is None:
        return None
    if isinstance(when, str):
        try:
            moment = datetime.fromisoformat(when)
        except ValueError:
            raise MalformedError("a time is not ISO 8601") from None
        result = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    else:
        result = when / 1000
    if not 0 <= result <= _LATEST:
        raise MalformedError("a time lies outside the calendar")
    return result


def iso(time: float) -> str:
    """A time as REST parameters want it: ISO 8601, UTC, to the millisecond."""
    return datetime.fromtimestamp(round(time, 3), UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def author(raw: wire.User) -> Author:
    """An author of the model."""
    return _author(raw.id, raw.name or raw.username or raw.id, raw.username or "")


def message(raw: wire.Message) -> Message:
    """A message of the model. Raises `MalformedError` where it has no readable time."""
    sent_at = seconds(raw.ts)
    if sent_at is None:
        raise MalformedError("a message has no time")
    deleted = raw.t == REMOVED or bool(raw.hidden)
    has_files = bool(raw.attachments or raw.files or raw.file)
    system = (raw.t or "") if is_system(raw) else ""
    return Message(
        id=raw.id,
        room_id=intern(raw.rid),
        author=author(raw.u),
        text=_system_text(system, raw.msg or "") if system else raw.msg or _captions(raw.attachments),
        sent_at=sent_at,
        edited_at=None if deleted else seconds(raw.edited_at),
        thread_id=raw.tmid,
        system=system,
        attachments=_file_names(raw) if has_files else (),
        quote=_quotes(raw.attachments) if raw.attachments else "",
        deleted=deleted,
    )


def is_system(raw: wire.Message) -> bool:
    """Whether the server wrote the message, not a person."""
    return raw.t not in (None, REMOVED, _ENCRYPTED)


_author = lru_cache(maxsize=4096)(Author)
"""Makes authors, and gives those of late again: a hundred thousand messages are written by a few hundred people."""


def room(raw: wire.Room, subscription: wire.Subscription | None, parent: wire.Room | None = None) -> Room | None:
    """A room of the model, or `None` for kinds that are no chat rooms (omnichannel, voice).

    Args:
        raw: The room.
        subscription: The account's own view of it, where it is in the room.
        parent: The room that a discussion came from, where the account knows it.
    """
    kind = _ROOM_KINDS.get(raw.t)
    if kind is None:
        return None
    own = subscription or wire.Subscription(rid=raw.id)
    return Room(
        id=raw.id,
        name=raw.fname or raw.name or own.fname or own.name or _people(raw) or raw.id,
        kind="discussion" if raw.prid else kind,
        unread=own.unread or 0,
        topic=raw.topic or "",
        read_only=bool(raw.ro),
        archived=bool(raw.archived),
        encrypted=bool(raw.encrypted),
        note=" · ".join(_notes(raw, parent)),
    )


def public_room(raw: wire.Room) -> Room | None:
    """A public room that the account is not in."""
    found = room(raw, None)
    return None if found is None else replace(found, note=" · ".join(filter(None, (NOT_A_MEMBER, found.note))))


NOT_A_MEMBER = "You are not in this room: you may read it, and old servers do not tell of deletions in it."


def _notes(raw: wire.Room, parent: wire.Room | None) -> Iterator[str]:
    if raw.prid and parent is not None:
        yield f"Discussion of {parent.fname or parent.name or parent.id}"
    if raw.encrypted:
        yield "End-to-end encrypted: its messages can be deleted, but not read here"
    if raw.archived:
        yield "Archived: nobody can write in it"
    if raw.ro:
        yield "Read-only: few may write in it"


def _people(raw: wire.Room) -> str:
    """The people of a direct room, for one that has no name of its own."""
    names = raw.usernames if isinstance(raw.usernames, list) else []
    return ", ".join(name for name in names if isinstance(name, str))


def _system_text(kind: str, value: str) -> str:
    text = _SYSTEM_TEXTS.get(kind)
    if text is not None:
        return text.replace("{}", value)
    return ": ".join(part for part in (kind.replace("_", " ").replace("-", " "), value) if part)


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, list):
        yield from (entry for entry in value if isinstance(entry, dict))


def _captions(attachments: Any) -> str:
    """The text of a message that has all of it in its attachments: captions of files, posts by bots."""
    own = (entry for entry in _objects(attachments) if not entry.get("message_link"))
    lines = (entry.get("description") or entry.get("text") for entry in own)
    return "\n".join(line for line in lines if isinstance(line, str))


def _quotes(attachments: Any) -> str:
    """What the message quotes; the server attaches it together with a link to the message quoted."""
    quoted = (entry for entry in _objects(attachments) if entry.get("message_link"))
    return "\n".join(f"{_word(entry.get('author_name'))}: {_word(entry.get('text'))}" for entry in quoted)


def _word(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _file_names(raw: wire.Message) -> tuple[str, ...]:
    """Names of attached files, each once; thumbnails that the server made of them are left out."""
    files = list(_objects(raw.files)) or list(_objects([raw.file]))
    types = {_word(file.get("name")): _word(file.get("type")) for file in files}
    titles = [_word(entry.get("title")) for entry in _objects(raw.attachments) if entry.get("title_link")]
    own = (name for name in dict.fromkeys([*types, *titles]) if name and not name.startswith("thumb-"))
    return tuple(_with_type(name, types.get(name, "")) for name in own)


def _with_type(name: str, kind: str) -> str:
    """The name, with the file's type where the name does not tell it, or tells another."""
    return name if not kind or mimetypes.guess_type(name)[0] == kind else f"{name} ({kind})"
