"""What a Rocket.Chat server puts on the wire, as types: REST bodies and realtime (DDP) frames.

Only the fields that Quell reads are named. Where the server takes what a client gives it without looking (files,
attachments), a field may hold anything, so that an odd value can not make the message around it unreadable; lists of
messages and rooms stay raw until each entry is read by itself, so that one bad entry does not hide the others.
"""

import re
from typing import Any, TypeVar

import msgspec
from msgspec import Raw, Struct, field

from quell_providers.secret import Secret

T = TypeVar("T")


class MalformedError(ValueError):
    """The server sent something that can not be read."""


class EjsonDate(Struct, frozen=True, gc=False):
    """A time as the realtime API writes it: milliseconds since 1970."""

    ms: float | None = field(name="$date", default=None)


When = str | float | EjsonDate | None
"""A time: ISO 8601 text (REST), milliseconds, or EJSON (realtime)."""


class Body(Struct, kw_only=True):
    """What every REST answer may hold; a refusal holds nothing more."""

    success: bool | str | None = None
    status: Any = None
    error: Any = None
    message: Any = None
    error_type: Any = field(name="errorType", default=None)
    details: Any = None


class LoginData(Struct):
    """Who logged in, and the token that stands for it."""

    user_id: str = field(name="userId")
    auth_token: str = field(name="authToken")


class LoggedIn(Body):
    """`login`."""

    data: LoginData


class Info(Body):
    """`/api/info`: the version, without the patch level for whoever may not see it."""

    version: Any = None
    info: Any = None


class Me(Body):
    """`me`."""

    id: str = field(name="_id")
    username: str | None = None
    name: str | None = None
    roles: list[str] = []


class Changes(Body):
    """`rooms.get`, `subscriptions.get`, `permissions.listAll`: everything, as if it were all new."""

    update: list[Raw]


class PublicSettings(Body):
    """`settings.public`."""

    settings: list[Raw]
    total: Any = None


class Channels(Body):
    """`channels.list`: public rooms, by pages."""

    channels: list[Raw]
    total: Any = None


class RoleHolders(Body):
    """`channels.roles`, `groups.roles`: owners, moderators and leaders of a room."""

    roles: list[Raw]


class Messages(Body):
    """`channels.history`, `groups.history`, `im.history`: newest first."""

    messages: list[Raw]


class OneMessage(Body):
    """`chat.getMessage`."""

    message: Raw


class SyncResult(Struct):
    """What changed in a room since some time."""

    updated: list[Raw] = []
    deleted: list[Raw] = []
    cursor: Any = None
    """Where the next page begins, when it was asked for by pages."""


class Synced(Body):
    """`chat.syncMessages`."""

    result: SyncResult


class Room(Struct):
    """A room as the server keeps it, the same for everybody in it."""

    id: str = field(name="_id")
    t: str
    name: str | None = None
    fname: str | None = None
    topic: str | None = None
    ro: bool | None = None
    unmuted: list[str] | None = None
    archived: bool | None = None
    encrypted: bool | None = None
    prid: str | None = None
    """The room this discussion came from."""
    usernames: Any = None
    """Who is in a direct room."""


class Subscription(Struct):
    """A room as one member sees it."""

    rid: str
    name: str | None = None
    fname: str | None = None
    unread: int | None = None
    alert: bool | None = None
    """Something came since the room was read, whatever counts as unread in this workspace."""
    roles: list[str] | None = None
    """The member's roles in this room alone."""
    status: str | None = None
    """`INVITED` or `BANNED`: not in the room."""


class Permission(Struct):
    """Which roles hold a permission."""

    id: str = field(name="_id")
    roles: list[str] | None = None


class Setting(Struct):
    """One public setting of the workspace."""

    id: str = field(name="_id")
    value: Any = None


class User(Struct, gc=False):
    """Who wrote a message."""

    id: str = field(name="_id")
    username: str | None = None
    name: str | None = None


class RoleHolder(Struct):
    """Somebody who holds roles in a room."""

    u: User


class Message(Struct):
    """A message, from REST or from the realtime API."""

    id: str = field(name="_id")
    rid: str
    ts: When
    u: User
    msg: str | None = None
    t: str | None = None
    tmid: str | None = None
    updated_at: When = field(name="_updatedAt", default=None)
    edited_at: When = field(name="editedAt", default=None)
    hidden: Any = field(name="_hidden", default=None)
    pinned: Any = None
    drid: Any = None
    """The discussion that the message began."""
    files: Any = None
    file: Any = None
    attachments: Any = None


class Removal(Struct):
    """A message that is no more: all that `deleteMessage` and `chat.syncMessages` tell of it."""

    id: str = field(name="_id")
    deleted_at: When = field(name="_deletedAt", default=None)


class Bounds(Struct):
    """A range of time, in the operators of the server's database."""

    after: When = field(name="$gt", default=None)
    start: When = field(name="$gte", default=None)
    before: When = field(name="$lt", default=None)
    end: When = field(name="$lte", default=None)


class BulkRemoval(Struct):
    """`deleteMessageBulk`: many messages were removed at once, named by id or by a range of time."""

    ids: list[str] | None = None
    ts: Bounds | None = None
    users: list[Any] | None = None
    """Names of the users whose messages went; none: everybody's."""
    exclude_pinned: Any = field(name="excludePinned", default=None)
    ignore_discussion: Any = field(name="ignoreDiscussion", default=None)
    files_only: Any = field(name="filesOnly", default=None)
    """Only attached files went; the messages stay."""


class StreamFields(Struct):
    """The payload of a stream's `changed` frame."""

    event_name: str = field(name="eventName", default="")
    args: list[Raw] = []


class DdpError(Struct):
    """Why a method or a subscription was refused."""

    error: Any = None
    reason: Any = None
    message: Any = None
    details: Any = None


class Frame(Struct):
    """Any frame that the server sends over the socket."""

    msg: str = ""
    id: str | None = None
    collection: str = ""
    fields: StreamFields | None = None
    subs: list[str] = []
    error: DdpError | None = None


def _reveal(value: Any) -> str:
    if isinstance(value, Secret):
        return value.reveal()
    raise NotImplementedError


encode = msgspec.json.Encoder(enc_hook=_reveal).encode
"""Makes JSON of what is sent; a `Secret` stays wrapped until then, so that no traceback can show it."""

_LONE_SURROGATE = re.compile(
    rb"(?P<pair>\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})|\\u[dD][89a-fA-F][0-9a-fA-F]{2}|(?P<other>\\.)",
    re.DOTALL,
)


def read(data: bytes | Raw, kind: type[T]) -> T:
    """Decode JSON into one of the types above.

    Half a surrogate pair or a byte that is not UTF-8 becomes U+FFFD: people can put these into a message, and must
    not make a page of history unreadable by it.

    Raises:
        MalformedError: It is not JSON, or not of this shape.
    """
    try:
        return msgspec.json.decode(data, type=kind)
    except msgspec.ValidationError as error:
        raise MalformedError(str(error)) from None
    except (msgspec.DecodeError, UnicodeError):
        return _read_mended(bytes(data), kind)
    except RecursionError:
        raise MalformedError("it is nested too deeply") from None


def _read_mended(data: bytes, kind: type[T]) -> T:
    text = data.decode("utf-8", "replace").encode()
    mended = _LONE_SURROGATE.sub(lambda found: found[0] if found["pair"] or found["other"] else rb"\ufffd", text)
    try:
        return msgspec.json.decode(mended, type=kind)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise MalformedError(str(error)) from None
