"""Catching up with a room: `chat.syncMessages`, `chat.getDeletedMessages`; and one message, `chat.getMessage`."""

from collections.abc import Callable
from typing import TypeVar

from quell_providers.sandbox.rocketchat.documents import message
from quell_providers.sandbox.rocketchat.errors import MeteorError, failure
from quell_providers.sandbox.rocketchat.paging import PAGE, page
from quell_providers.sandbox.rocketchat.rest import Call, Route
from quell_providers.sandbox.rocketchat.shapes import Shape
from quell_providers.sandbox.rocketchat.values import (
    Check,
    blank_as_null,
    choice,
    filled,
    iso_date_time,
    nullable,
    number,
    text,
)
from quell_providers.sandbox.rocketchat.versions import Feature, Version
from quell_providers.sandbox.rocketchat.wire import Document, instant, milliseconds, parse_time
from quell_providers.sandbox.world import Place, Post

T = TypeVar("T")

_CURSOR_COUNT = 20


def routes(version: Version) -> tuple[Route, ...]:
    """The routes as this version has them."""
    return (
        Route("GET", "/api/v1/chat.syncMessages", _sync, _sync_shape(version)),
        Route("GET", "/api/v1/chat.getMessage", _message, Shape({"msgId": filled}, ("msgId",))),
        Route("GET", "/api/v1/chat.getDeletedMessages", _deleted, _deleted_shape(version)),
    )


def _sync_shape(version: Version) -> Shape:
    if not version.has(Feature.SYNC_CURSORS):
        return Shape({"roomId": text, "lastUpdate": text}, ("roomId", "lastUpdate"))
    keys: dict[str, Check] = {"roomId": text, "lastUpdate": nullable(text)}
    keys |= {"fromTs": iso_date_time} if version.has(Feature.SYNC_FROM) else {}
    keys |= {"count": blank_as_null(number), "next": nullable(text), "previous": nullable(text)}
    keys["type"] = nullable(choice("UPDATED", "DELETED"))
    return Shape(keys, ("roomId",))


def _deleted_shape(version: Version) -> Shape:
    if version.has(Feature.DELETED_MESSAGES_SCHEMA):
        return Shape({"roomId": filled, "since": _filled_time, **PAGE}, ("roomId", "since"))
    return Shape({"roomId": text, "since": text, **PAGE})


def _filled_time(value: object) -> str:
    return iso_date_time(filled(value))


def _sync(call: Call) -> Document:
    """`GET chat.syncMessages` since `lastUpdate`, or page by page with `type` and a cursor.

    A message that was hidden rather than removed is in neither list.
    """
    params = call.params
    since = _last_update(call)
    place = call.workspace.place(params["roomId"])
    if place is None or not call.workspace.permissions.can_access(call.person, place):
        raise MeteorError("error-not-allowed", "Not allowed")
    cursor = params.get("next") or params.get("previous")
    if cursor and not params.get("type"):
        text = 'The "type" parameter is required when using the "next" or "previous" parameters'
        raise MeteorError("error-type-param-required", text)
    if params.get("next") and params.get("previous"):
        raise MeteorError("error-cursor-conflict", 'You cannot provide both "next" and "previous" parameters')
    if cursor and since is not None:
        text = 'The attributes "next", "previous" and "lastUpdate" cannot be used together'
        raise MeteorError("error-cursor-and-lastUpdate-conflict", text)
    if cursor:
        return {"result": _turned(call, place)}
    from_time = milliseconds(parse_time(str(params["fromTs"]))) if "fromTs" in params else 0
    return {"result": _everything_since(call, place, since or 0, from_time)}


def _last_update(call: Call) -> int | None:
    """`lastUpdate`, Unix milliseconds."""
    given = call.params.get("lastUpdate")
    if not given and not call.params.get("type"):
        raise MeteorError("error-param-required", 'The "type" or "lastUpdate" parameters must be provided')
    try:
        return milliseconds(parse_time(str(given))) if given else None
    except ValueError:
        text = 'The "lastUpdate" query parameter must be a valid date'
        raise MeteorError("error-lastUpdate-param-invalid", text) from None


def _everything_since(call: Call, place: Place, since: int, from_time: int) -> Document:
    """Rows that changed, and ids of rows that went, newest first."""
    rows = call.workspace.rows
    return {
        "updated": [
            message(call.workspace, post)
            for post in rows.visible(place)
            if milliseconds(rows.updated_at(post)) > since and milliseconds(post.sent_at) >= from_time
        ],
        "deleted": [_trace(post) for post in rows.removed(place) if _gone_at(post) > since],
    }


def _turned(call: Call, place: Place) -> Document:
    """One page of changes, from the oldest to the newest after `next`, from the newest to the oldest before
    `previous`.
    """
    rows = call.workspace.rows
    if call.params["type"] == "UPDATED":
        changed, cursor = _page_of(call, rows.visible(place), lambda post: milliseconds(rows.updated_at(post)))
        return {"updated": [message(call.workspace, post) for post in changed], "deleted": [], "cursor": cursor}
    gone, cursor = _page_of(call, rows.removed(place), _gone_at)
    return {"updated": [], "deleted": [_trace(post) for post in gone], "cursor": cursor}


def _page_of(call: Call, items: list[T], time_of: Callable[[T], int]) -> tuple[list[T], Document]:
    """The items of a page, and the cursors that lead to its neighbours."""
    following = bool(call.params.get("next"))
    edge = _cursor(str(call.params.get("next") or call.params.get("previous")))
    count = call.params.get("count")
    size = count if isinstance(count, int) and count > 0 else _CURSOR_COUNT
    beyond = [item for item in items if (time_of(item) > edge if following else time_of(item) < edge)]
    beyond.sort(key=time_of, reverse=not following)
    shown, is_last = beyond[:size], len(beyond) <= size
    if not shown:
        return shown, {"next": None, "previous": None}
    first, last = str(time_of(shown[0])), str(time_of(shown[-1]))
    if following:
        return shown, {"next": None if is_last else last, "previous": first}
    return shown, {"next": first, "previous": None if is_last else last}


def _cursor(value: str) -> int:
    try:
        return int(value)
    except ValueError:
        raise failure("Invalid Date") from None


def _deleted(call: Call) -> Document:
    """`GET chat.getDeletedMessages`: ids of rows that went, from before any room's rules about who may see what."""
    place_id, since = call.params.get("roomId"), call.params.get("since")
    for name, value in (("roomId", place_id), ("since", since)):
        if not value:
            raise _plain(f'The required "{name}" query param is missing.')
    try:
        after = milliseconds(parse_time(str(since)))
    except ValueError:
        raise _plain('The "since" query parameter must be a valid date.') from None
    place = call.workspace.place(place_id)
    rows = call.workspace.rows.removed(place) if place is not None else []
    return page(call, "messages", [post for post in rows if _gone_at(post) > after], lambda post: {"_id": post.id})


def _plain(sentence: str) -> MeteorError:
    """Before its dates were checked by schema, the route had the sentence itself for a code."""
    return MeteorError(sentence)


def _message(call: Call) -> Document:
    """`GET chat.getMessage`: without a word where there is none."""
    post = call.workspace.rows.find(str(call.params["msgId"]))
    if post is None:
        raise failure()
    if not call.workspace.permissions.can_access(call.person, post.place):
        raise MeteorError("error-not-allowed", "Not allowed")
    return {"message": message(call.workspace, post)}


def _trace(post: Post) -> Document:
    return {"_id": post.id, "_deletedAt": instant(post.deleted_at or 0.0)}


def _gone_at(post: Post) -> int:
    return milliseconds(post.deleted_at or 0.0)
