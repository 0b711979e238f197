"""What a call is about: route, caller, room and message, as far as the call itself says."""

import json
from collections.abc import Mapping, Sequence

from aiohttp import web

from quell_providers.sandbox.edge import About
from quell_providers.sandbox.rocketchat.workspace import Workspace

SOCKET = "websocket"

_ROOM_KEYS = ("roomId", "rid")
_MESSAGE_KEYS = ("msgId", "messageId")


def about(workspace: Workspace, request: web.Request, body: bytes) -> About:
    """What a request is about; a message's room counts where the request names only the message."""
    if request.path.endswith("/websocket"):
        return About(SOCKET)
    params = _decoded(body) if body else request.query
    message_id = _first(params, _MESSAGE_KEYS)
    post = workspace.world.find_post(message_id)
    return About(
        route=route_name(request.path),
        caller=_caller(workspace, request),
        room_id=_first(params, _ROOM_KEYS) or (post.place.id if post else ""),
        message_id=message_id,
    )


def about_frame(route: str, caller: str, params: Sequence[object]) -> About:
    """What a method call or a subscription over DDP is about."""
    first = params[0] if params else None
    if isinstance(first, str):  # a subscription's event, which begins with the id of a room or of the subscriber
        return About(f"{SOCKET}/{route}", caller, first.split("/")[0])
    named = first if isinstance(first, dict) else {}
    return About(f"{SOCKET}/{route}", caller, _first(named, _ROOM_KEYS), _first(named, ("_id", *_MESSAGE_KEYS)))


def route_name(path: str) -> str:
    """`chat.delete` of `/api/v1/chat.delete`, wherever the server's own paths begin."""
    return path.rpartition("/api/")[2].removeprefix("v1/").strip("/")


def _caller(workspace: Workspace, request: web.Request) -> str:
    person = workspace.accounts.owner(request.headers.get("X-Auth-Token", ""))
    return person.username if person is not None and person.id == request.headers.get("X-User-Id") else ""


def _decoded(body: bytes) -> Mapping[str, object]:
    try:
        data = json.loads(body)
    except ValueError:
        return {}
    return data if isinstance(data, dict) else {}


def _first(params: Mapping[str, object], keys: tuple[str, ...]) -> str:
    return next((value for key in keys if isinstance(value := params.get(key), str)), "")
