import asyncio
from collections.abc import Callable

import aiohttp
import pytest

from quell_providers.sandbox.rocketchat.service import RocketChatService
from tests.unit.quell_providers.sandbox.rocketchat.scene import Ddp, Rest, Scene

As = Callable[[str | None], Ddp]


def test_it_has_no_address_before_it_starts(scene: Scene) -> None:
    with pytest.raises(RuntimeError, match="not running"):
        _ = RocketChatService(scene.world).url


async def test_dropped_connections_end_without_a_closing_frame(
    scene: Scene, service: RocketChatService, ddp: As
) -> None:
    async with ddp("moderator") as first, ddp("amara") as second:
        await service.drop_connections()
        async with asyncio.timeout(5):
            for client in (first, second):
                message = await client.socket.receive()
                assert message.type in (aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.ERROR)
                assert client.socket.close_code == aiohttp.WSCloseCode.ABNORMAL_CLOSURE
    async with ddp("moderator") as again:
        await again.subscribe("stream-room-messages", "general-id")
        scene.post("still here")
        assert (await again.receive())["fields"]["args"][0]["msg"] == "still here"


async def test_stopping_closes_sockets_and_can_be_followed_by_a_start(
    scene: Scene, http: aiohttp.ClientSession
) -> None:
    service = RocketChatService(scene.world)
    await service.start()
    assert service.url.startswith("http://127.0.0.1:")
    login = service.login_as("moderator")
    parent = scene.post("parent")
    scene.post("reply", thread_id=parent.id)
    async with Ddp(service, http, login.auth_token) as client:
        stopping = asyncio.create_task(service.stop())
        async with asyncio.timeout(5):
            message = await client.socket.receive()
            assert (message.type, message.data) == (aiohttp.WSMsgType.CLOSE, aiohttp.WSCloseCode.GOING_AWAY)
            await stopping
    await service.stop()
    scene.world.delete(parent, by="owner-id")
    await service.start()
    rest = Rest(service, http, None)
    rest.headers = {"X-User-Id": login.user_id, "X-Auth-Token": login.auth_token}
    (message,) = (await rest.get("channels.history", roomId="general-id")).body["messages"]
    assert (message["t"], message["tcount"]) == ("rm", 1)
    await service.stop()


async def test_unread_counts_are_the_same_for_the_same_world(http: aiohttp.ClientSession) -> None:
    async def unread() -> list[int]:
        scene = Scene()
        for _ in range(9):
            scene.post()
        service = RocketChatService(scene.world)
        await service.start()
        update = (await Rest(service, http, "moderator").get("subscriptions.get")).body["update"]
        await service.stop()
        return [subscription["unread"] for subscription in update]

    first = await unread()
    assert first == await unread()
    assert all(0 <= count <= 9 for count in first)
