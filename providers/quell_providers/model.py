"""What a chat service holds and what happens in it, the same for every service.

All text in here is raw: exactly what the service sent. It becomes printable only in `quell.display`.
Times are Unix seconds (UTC, fractional). Everything is frozen, so it may be shared between tasks and threads.
"""

from typing import Literal

from msgspec import Struct

RoomKind = Literal["room", "channel", "group", "direct", "discussion"]
"""`room` is an IVS chat room; the others are Rocket.Chat's public, private, direct and discussion rooms."""

LinkState = Literal["connecting", "catching_up", "live", "reconnecting", "refused", "closed"]
"""How a room's live stream stands.

`catching_up` stands again, while what was missed is being fetched; `live` follows when that is done. `refused` does not
mend itself; `reconnecting` does.
"""


class Room(Struct, frozen=True, kw_only=True):
    """A place where messages are."""

    id: str
    """The service's own id: 12 characters on IVS (the end of the ARN), Rocket.Chat's `_id` otherwise."""
    name: str
    """The name people use; may be empty or shared by several rooms (both happen on IVS)."""
    kind: RoomKind
    unread: int = 0
    """Messages the service counts as unread for this account; always 0 where it does not count (IVS)."""
    topic: str = ""
    read_only: bool = False
    archived: bool = False
    encrypted: bool = False
    """Messages are end-to-end encrypted: they can be deleted but not read."""
    note: str = ""
    """One line that a moderator should know of the room, in our words: who reviews its messages, that it keeps no
    history; empty when there is nothing to tell. What the service's people wrote may be quoted in it."""
    tags: tuple[str, ...] = ()
    """What the owners of the room labelled it with, `key=value` each (IVS)."""


class Author(Struct, frozen=True, gc=False):
    """Who wrote a message, as far as the service tells."""

    id: str
    name: str
    """The display name; the author chose it, so it proves nothing."""
    username: str = ""
    """The unique login name where the service has one (Rocket.Chat)."""
    name_source: str = ""
    """Which field on the wire the name was taken from, where there is a choice (IVS): `Sender.Attributes.…` was bound
    to the connection by the application's server, `Attributes.…` was claimed by the client and anybody can forge it,
    `Sender.UserId` means that there was no name. Empty where there is no choice."""


class Message(Struct, frozen=True, kw_only=True, gc=False):
    """One message, with everything a moderator judges it by."""

    id: str
    room_id: str
    author: Author
    text: str
    sent_at: float
    edited_at: float | None = None
    thread_id: str | None = None
    """Id of the message this one replies to in a thread."""
    system: str = ""
    """The service's type code of a message no person wrote (`uj`, `au` …); empty for people's messages."""
    attachments: tuple[str, ...] = ()
    """Names of attached files; with the type in brackets where the name does not tell it: `invoice.pdf (text/html)`."""
    quote: str = ""
    """What the message quotes, `author: text` for each, on a line of its own (Rocket.Chat)."""
    deleted: bool = False
    """The service says that this message was deleted (a placeholder, or a deletion found in the history)."""
    deletion_reason: str | None = None
    """The reason that the service tells for the deletion, where it tells one (IVS)."""


class Posted(Struct, frozen=True, tag="posted", tag_field="event"):
    """A message arrived, or was found when a gap was filled. The same message may be posted more than once."""

    message: Message


class Edited(Struct, frozen=True, tag="edited", tag_field="event"):
    """A message changed; this is its new form."""

    message: Message


class Deleted(Struct, frozen=True, tag="deleted", tag_field="event"):
    """A message is gone, whoever deleted it."""

    room_id: str
    message_id: str
    reason: str | None = None
    at: float | None = None


class StateChanged(Struct, frozen=True, tag="state", tag_field="event"):
    """The live stream of a room changed its state."""

    room_id: str
    state: LinkState
    detail: str = ""
    """Why, in the service's or the operating system's words; raw."""
    cause: str = ""
    """Why, in plain language."""
    remedy: str = ""
    """What the moderator can do about it; empty when it mends itself."""
    retry_in: float | None = None
    """Seconds until the next attempt, when `reconnecting`."""


class Gap(Struct, frozen=True, tag="gap", tag_field="event"):
    """Messages between these times may be missing, and no history could fill them in. A wider one takes its place."""

    room_id: str
    since: float
    until: float


class GapFilled(Struct, frozen=True, tag="gap_filled", tag_field="event"):
    """Everything that was missing between these times was found after all, and told before this."""

    room_id: str
    since: float
    until: float


Event = Posted | Edited | Deleted | StateChanged | Gap | GapFilled


class RoomListed(Struct, frozen=True, tag="listed", tag_field="event"):
    """The account has this room now, or something about the room other than its unread messages changed."""

    room: Room


class RoomGone(Struct, frozen=True, tag="unlisted", tag_field="event"):
    """The account no longer has this room: it was deleted, or the account was removed from it."""

    room_id: str


class Unread(Struct, frozen=True, tag="unread", tag_field="event"):
    """How many messages of a room the account has not read, where the service counts them."""

    room_id: str
    count: int


RoomsEvent = RoomListed | RoomGone | Unread
