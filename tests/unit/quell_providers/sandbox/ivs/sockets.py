"""Messaging sockets for tests, opened by the `websockets` library."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.frames import CloseCode
from websockets.typing import Subprotocol

from quell_providers.sandbox.world import Place
from tests.unit.quell_providers.sandbox.ivs.conftest import Stage

_PATIENCE_SECONDS = 5


def dial(stage: Stage, token: str) -> connect:
    return connect(stage.service.messaging_url, subprotocols=[Subprotocol(token)])


@asynccontextmanager
async def joined(
    stage: Stage, place: Place, *capabilities: str, user: str = "console", **token: Any
) -> AsyncIterator[ClientConnection]:
    """A connection to a room, for as long as the context lasts."""
    async with dial(stage, await stage.token(place, *capabilities, userId=user, **token)) as socket:
        yield socket


async def frame(socket: ClientConnection) -> dict[str, Any]:
    """The next frame."""
    return dict(json.loads(await asyncio.wait_for(socket.recv(), _PATIENCE_SECONDS)))


async def ask(socket: ClientConnection, **request: Any) -> dict[str, Any]:
    """Send a request and take the next frame for its answer."""
    await socket.send(json.dumps(request))
    return await frame(socket)


async def closing(socket: ClientConnection) -> int:
    """The code with which the service closes, whatever it sends before."""
    try:
        while True:
            await frame(socket)
    except ConnectionClosed as closed:
        return closed.rcvd.code if closed.rcvd else CloseCode.ABNORMAL_CLOSURE


async def refused_status(stage: Stage, token: str) -> int:
    """The HTTP status with which an upgrade is refused."""
    with pytest.raises(InvalidStatus) as caught:
        async with dial(stage, token):
            pass
    return caught.value.response.status_code
