"""What a call is about: operation, caller, room and message, as far as the call itself says."""

import re
from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from aiohttp import web

from quell_providers.sandbox.edge import About
from quell_providers.sandbox.ivs.keys import AccessKey
from quell_providers.sandbox.ivs.operations import TAG_METHODS
from quell_providers.sandbox.ivs.tokens import Session

SOCKET = "messaging"

_KEY_ID = re.compile(r"Credential=([^/,\s]+)/")
_ROOM_KEYS = ("roomIdentifier", "identifier", "logStreamName")


def about(
    request: web.Request,
    body: bytes,
    keys: Mapping[str, AccessKey],
    session_of: Callable[[str], Session | None],
) -> About:
    """What a request is about.

    Args:
        request: A call of the control plane or of CloudWatch Logs, or an upgrade.
        body: Its body, if that is JSON.
        keys: All keys, by access key id.
        session_of: Tells what a chat token that was not used yet stands for.
    """
    if request.method == "GET" and request.path == "/":
        session = session_of(request.headers.get("Sec-WebSocket-Protocol", ""))
        return About(SOCKET, session.user_id, session.place.id) if session else About(SOCKET)
    key = keys.get(key_id_of(request))
    target = request.headers.get("X-Amz-Target", "").rpartition(".")[2]
    params = _decoded(body)
    message_id = params.get("id")
    return About(
        route=target or _operation(request),
        caller=key.user if key else "",
        room_id=_room_id({"identifier": request.match_info.get("arn")} | params),
        message_id=message_id if isinstance(message_id, str) else "",
    )


def about_action(session: Session, text: str) -> About:
    """What a request over the messaging socket is about."""
    params = _decoded(text.encode(errors="replace"))
    message_id = params.get("Id")
    return About(
        route=f"{SOCKET}/{params.get('Action', '')}",
        caller=session.user_id,
        room_id=session.place.id,
        message_id=message_id if isinstance(message_id, str) else "",
    )


def key_id_of(request: web.Request) -> str:
    """The access key id that a call says it is signed with; empty: none."""
    claim = _KEY_ID.search(request.headers.get("Authorization", ""))
    return claim[1] if claim else ""


def _operation(request: web.Request) -> str:
    """The operation of the control plane at a path; the path itself where there is none."""
    return TAG_METHODS.get(request.method, "") if "arn" in request.match_info else request.path.strip("/")


def _decoded(body: bytes) -> dict[str, Any]:
    try:
        return msgspec.json.decode(body or b"{}", type=dict[str, Any])
    except msgspec.DecodeError:
        return {}


def _room_id(params: Mapping[str, Any]) -> str:
    """The last part of a room's ARN, or of its log stream's name."""
    for key in _ROOM_KEYS:
        value = params.get(key)
        if isinstance(value, str):
            return re.split(r"[/_]", value)[-1]
    return ""
