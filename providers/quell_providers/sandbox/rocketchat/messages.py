"""Reading messages: the three `history` routes, `chat.syncMessages`, `chat.getMessage`."""

from quell_providers.sandbox.rocketchat.documents import message
from quell_providers.sandbox.rocketchat.errors import MeteorError, failure, forbidden
from quell_providers.sandbox.rocketchat.places import room_type
from quell_providers.sandbox.rocketchat.rest import Call, Route
from quell_providers.sandbox.rocketchat.shapes import Check, Shape, filled, number, one_of, switch, text
from quell_providers.sandbox.rocketchat.wire import Document, instant, milliseconds, parse_time
from quell_providers.sandbox.world import Place, Post

_DEFAULT_COUNT = 50
_UPPER_COUNT = 100
_DEFAULT_GROUP_COUNT = 20


def _channel_history(call: Call) -> Document:
    """`GET channels.history`: replies in threads only with `showThreadMessages=true`."""
    place = _found(call, "c")
    if place is None:
        raise _not_found("channel")
    return _history(call, place, _page_size(call), with_replies=call.params.get("showThreadMessages") is True)


def _group_history(call: Call) -> Document:
    """`GET groups.history`: replies unless `showThreadMessages=false`, and a count that nothing caps."""
    place = _found(call, "p")
    if place is None or not call.workspace.permissions.can_access(call.person, place):
        raise _not_found("group")
    count = call.params.get("count", _DEFAULT_GROUP_COUNT)
    return _history(call, place, _as_int(count), with_replies=call.params.get("showThreadMessages") != "false")


def _direct_history(call: Call) -> Document:
    """`GET im.history`, also called `dm.history`."""
    place = _found(call, "d")
    if place is None:
        raise MeteorError(
            "error-room-not-found", 'The required "roomId" param provided does not match any direct message'
        )
    return _history(call, place, _page_size(call), with_replies=call.params.get("showThreadMessages") is True)


def _found(call: Call, kind: str) -> Place | None:
    """The room that the request names, if it is of the route's type."""
    if "roomId" in call.params:
        place = call.workspace.place(call.params["roomId"])
    else:
        place = call.workspace.place_named(call.params.get("roomName"))
    return place if place is not None and room_type(place) == kind else None


def _not_found(kind: str) -> MeteorError:
    text = f'The required "roomId" or "roomName" param provided does not match any {kind}'
    return MeteorError("error-room-not-found", text)


def _history(call: Call, place: Place, count: int, *, with_replies: bool) -> Document:
    """Messages between `oldest` and `latest`, newest first; the bounds belong to it only with `inclusive=true`."""
    if not call.workspace.permissions.can_read(call.person, place):
        raise forbidden()
    # Without `latest` the server takes its own time, which is past whatever was sent before the request came.
    latest = _bound(call, "latest", call.workspace.world.clock.now() + 0.001)
    oldest = _bound(call, "oldest", float("-inf"))
    inclusive = call.params.get("inclusive") in (True, "true")

    def is_between(post: Post) -> bool:
        sent = milliseconds(post.sent_at)
        return oldest < sent < latest or (inclusive and sent in (oldest, latest))

    shown = [
        post
        for post in call.workspace.rows.visible(place)
        if is_between(post) and (with_replies or post.thread_id is None)
    ]
    offset = _as_int(call.params.get("offset", 0))
    page = shown[offset : offset + count if count else None]
    return {"messages": [message(call.workspace, post) for post in page]}


def _bound(call: Call, name: str, default: float) -> float:
    """A time among the parameters, Unix milliseconds."""
    value = call.params.get(name)
    if not value:
        return default * 1000
    try:
        return milliseconds(parse_time(str(value)))
    except ValueError:
        raise MeteorError("error-invalid-date", "Invalid date") from None


def _page_size(call: Call) -> int:
    """`count`: 0 stands for all."""
    return min(_as_int(call.params.get("count", _DEFAULT_COUNT)), _UPPER_COUNT)


def _as_int(value: object) -> int:
    return value if isinstance(value, int) else 0


def _sync(call: Call) -> Document:
    """`GET chat.syncMessages` since `lastUpdate`: rows that changed, and ids of rows that went, newest first.

    A message that was hidden rather than removed is in neither list.
    """
    place = call.workspace.place(call.params["roomId"])
    if "lastUpdate" not in call.params:
        raise MeteorError("error-param-required", 'The "type" or "lastUpdate" parameters must be provided')
    try:
        since = milliseconds(parse_time(str(call.params["lastUpdate"])))
    except ValueError:
        raise MeteorError(
            "error-lastUpdate-param-invalid", 'The "lastUpdate" query parameter must be a valid date'
        ) from None
    if place is None or not call.workspace.permissions.can_access(call.person, place):
        raise MeteorError("error-not-allowed", "Not allowed")
    rows = call.workspace.rows
    updated = [
        message(call.workspace, post) for post in rows.visible(place) if milliseconds(rows.updated_at(post)) > since
    ]
    deleted: list[Document] = [
        {"_id": post.id, "_deletedAt": instant(post.deleted_at)}
        for post in rows.removed(place)
        if post.deleted_at is not None and milliseconds(post.deleted_at) > since
    ]
    return {"result": {"updated": updated, "deleted": deleted}}


def _message(call: Call) -> Document:
    """`GET chat.getMessage`: without a word where there is none."""
    post = call.workspace.rows.find(str(call.params["msgId"]))
    if post is None:
        raise failure()
    if not call.workspace.permissions.can_access(call.person, post.place):
        raise MeteorError("error-not-allowed", "Not allowed")
    return {"message": message(call.workspace, post)}


def _window(flag: Check, time: Check) -> dict[str, Check]:
    """The parameters that all history routes share."""
    return {
        "latest": time,
        "oldest": time,
        "inclusive": flag,
        "unreads": flag,
        "showThreadMessages": flag,
        "count": number,
        "offset": number,
        "sort": text,
    }


def _by_id_or_name(window: dict[str, Check], name: Check) -> tuple[Shape, Shape]:
    return Shape({"roomId": name, **window}, ("roomId",)), Shape({"roomName": name, **window}, ("roomName",))


_STRICT = _window(switch, filled)
_DIRECT = Shape({"roomId": filled, **_STRICT}, ("roomId",))

ROUTES = (
    Route("GET", "/api/v1/channels.history", _channel_history, one_of(*_by_id_or_name(_STRICT, filled))),
    Route("GET", "/api/v1/groups.history", _group_history, one_of(*_by_id_or_name(_window(text, text), text))),
    Route("GET", "/api/v1/im.history", _direct_history, _DIRECT),
    Route("GET", "/api/v1/dm.history", _direct_history, _DIRECT),
    Route(
        "GET",
        "/api/v1/chat.syncMessages",
        _sync,
        Shape({"roomId": text, "lastUpdate": text}, ("roomId",)),
    ),
    Route("GET", "/api/v1/chat.getMessage", _message, Shape({"msgId": filled}, ("msgId",))),
)
