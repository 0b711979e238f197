"""Reading a room: the `history` and `messages` routes of channels, groups and direct rooms."""

from functools import partial

from quell_providers.sandbox.rocketchat.documents import message
from quell_providers.sandbox.rocketchat.errors import forbidden
from quell_providers.sandbox.rocketchat.paging import PAGE, STRICT_PAGE, page, page_offset, page_size
from quell_providers.sandbox.rocketchat.reading import place_of_kind, time_param
from quell_providers.sandbox.rocketchat.rest import Call, Route
from quell_providers.sandbox.rocketchat.shapes import Shape, one_of
from quell_providers.sandbox.rocketchat.values import Check, blank_as_null, filled, nullable, number, switch, text
from quell_providers.sandbox.rocketchat.wire import Document, milliseconds
from quell_providers.sandbox.world import Place, Post

_DEFAULT_GROUP_COUNT = 20


def _channel_history(call: Call) -> Document:
    """`GET channels.history`: replies in threads only with `showThreadMessages=true`."""
    place = place_of_kind(call, "c")
    return _history(call, place, page_size(call), with_replies=call.params.get("showThreadMessages") is True)


def _group_history(call: Call) -> Document:
    """`GET groups.history`: replies unless `showThreadMessages=false`, and a count that nothing caps."""
    place = place_of_kind(call, "p")
    count = call.params.get("count", _DEFAULT_GROUP_COUNT)
    size = count if isinstance(count, int) else 0
    return _history(call, place, size, with_replies=call.params.get("showThreadMessages") != "false")


def _direct_history(call: Call) -> Document:
    """`GET im.history`, also called `dm.history`."""
    place = place_of_kind(call, "d")
    return _history(call, place, page_size(call), with_replies=call.params.get("showThreadMessages") is True)


def _history(call: Call, place: Place, count: int, *, with_replies: bool) -> Document:
    """Messages between `oldest` and `latest`, newest first; the bounds belong to it only with `inclusive=true`."""
    if not call.workspace.permissions.can_read(call.person, place):
        raise forbidden()
    # Without `latest` the server takes its own time, which is past whatever was sent before the request came.
    given = time_param(call, "latest")
    latest = milliseconds(given if given is not None else call.workspace.world.clock.now() + 0.001)
    given = time_param(call, "oldest")
    oldest = float("-inf") if given is None else milliseconds(given)
    inclusive = call.params.get("inclusive") in (True, "true")

    def is_between(post: Post) -> bool:
        sent = milliseconds(post.sent_at)
        return oldest < sent < latest or (inclusive and sent in (oldest, latest))

    shown = [
        post
        for post in call.workspace.rows.visible(place)
        if is_between(post) and (with_replies or post.thread_id is None)
    ]
    offset = page_offset(call)
    cut = shown[offset : offset + count if count else None]
    return {"messages": [message(call.workspace, post) for post in cut]}


def _messages(kind: str, call: Call) -> Document:
    """`GET channels.messages` and its siblings: everything that is shown, replies too, newest first."""
    place = place_of_kind(call, kind)
    if not call.workspace.permissions.can_read(call.person, place):
        raise forbidden()
    pinned = call.params.get("pinned") == "true"
    shown = [post for post in call.workspace.rows.visible(place) if post.pinned or not pinned]
    return page(call, "messages", shown, lambda post: message(call.workspace, post))


def _window(flag: Check, time: Check, count: Check) -> dict[str, Check]:
    """The parameters that all history routes share."""
    return {
        "latest": time,
        "showThreadMessages": flag,
        "oldest": time,
        "inclusive": flag,
        "unreads": flag,
        "count": count,
        "offset": count,
        "sort": text,
    }


def _by_id_or_name(window: dict[str, Check], name: Check) -> tuple[Shape, Shape]:
    return Shape({"roomId": name, **window}, ("roomId",)), Shape({"roomName": name, **window}, ("roomName",))


_CHANNEL = _window(switch, filled, blank_as_null(number))
_STRICT = _window(switch, filled, number)
_RELAXED = _window(text, text, blank_as_null(number))
_DIRECT = Shape({"roomId": filled, **_STRICT}, ("roomId",))
_FILTERS: dict[str, Check] = {"mentionIds": text, "starredIds": text, "pinned": text, "query": nullable(text), **PAGE}
_EITHER: dict[str, Check] = {"roomId": text, "roomName": text, **_FILTERS}
_DIRECT_FILTERS: dict[str, Check] = {
    "mentionIds": text,
    "starredIds": text,
    "pinned": text,
    "query": text,
    "fields": text,
    **STRICT_PAGE,
}

_CHANNEL_MESSAGES = Shape({"roomId": text, **_FILTERS}, ("roomId",))
_GROUP_MESSAGES = one_of(Shape(_EITHER, ("roomId",)), Shape(_EITHER, ("roomName",)))
_DIRECT_MESSAGES = one_of(
    Shape({"roomId": text, **_DIRECT_FILTERS}, ("roomId",)), Shape({"username": text, **_DIRECT_FILTERS}, ("username",))
)

ROUTES = (
    Route("GET", "/api/v1/channels.history", _channel_history, one_of(*_by_id_or_name(_CHANNEL, filled))),
    Route(
        "GET",
        "/api/v1/groups.history",
        _group_history,
        one_of(*_by_id_or_name(_RELAXED, text)),
    ),
    Route("GET", "/api/v1/im.history", _direct_history, _DIRECT),
    Route("GET", "/api/v1/dm.history", _direct_history, _DIRECT),
    Route("GET", "/api/v1/channels.messages", partial(_messages, "c"), _CHANNEL_MESSAGES),
    Route("GET", "/api/v1/groups.messages", partial(_messages, "p"), _GROUP_MESSAGES),
    Route("GET", "/api/v1/im.messages", partial(_messages, "d"), _DIRECT_MESSAGES),
    Route("GET", "/api/v1/dm.messages", partial(_messages, "d"), _DIRECT_MESSAGES),
)
