import asyncio

import aiohttp
import pytest

from quell_providers.sandbox.clock import ManualClock
from quell_providers.sandbox.ivs import names
from quell_providers.sandbox.sandbox import Sandbox, SandboxOptions
from quell_providers.sandbox.world import Happening, World
from tests.support.aws import ivs_client

NOW = 1_760_000_000.0


def still(seed: int = 1) -> Sandbox:
    return Sandbox(SandboxOptions(seed=seed, rate=0, clock=ManualClock(NOW)))


def posts(world: World) -> list[str]:
    return [post.id for place_id in world.places for post in world.posts_in(place_id)]


@pytest.mark.parametrize("wrong", [{"scenario": "party"}, {"rate": -1.0}, {"speed": 0.0}])
def test_wrong_options_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        SandboxOptions(**wrong)  # type: ignore[arg-type]  # on purpose


async def test_both_services_answer_on_loopback_as_described() -> None:
    async with still() as sandbox, aiohttp.ClientSession() as session:
        told = sandbox.describe()
        assert set(told) == {"rocketchat", "ivs"}
        assert set(told["rocketchat"]) == {"url", "user_id", "auth_token"}
        keys = {"endpoint_url", "messaging_url", "region", "access_key_id", "secret_access_key"}
        assert set(told["ivs"]) == keys
        addresses = [told["rocketchat"]["url"], told["ivs"]["endpoint_url"], told["ivs"]["messaging_url"]]
        assert all(address.split("://")[1].startswith("127.0.0.1:") for address in addresses)
        async with session.post(told["ivs"]["endpoint_url"] + "/ListRooms") as response:
            assert response.headers["x-amzn-errortype"] == "MissingAuthenticationTokenException"
        headers = {"X-User-Id": told["rocketchat"]["user_id"], "X-Auth-Token": told["rocketchat"]["auth_token"]}
        async with session.get(told["rocketchat"]["url"] + "/api/v1/me", headers=headers) as response:
            assert (await response.json())["username"] == "moderator"


async def test_the_seed_decides_the_world_but_not_the_credentials() -> None:
    async with still() as one, still() as other:
        assert posts(one.world) == posts(other.world)
        told, told_again = one.describe(), other.describe()
    assert told["ivs"]["access_key_id"] != told_again["ivs"]["access_key_id"]
    assert told["ivs"]["secret_access_key"] != told_again["ivs"]["secret_access_key"]
    assert told["rocketchat"]["user_id"] == told_again["rocketchat"]["user_id"]
    assert told["rocketchat"]["auth_token"] != told_again["rocketchat"]["auth_token"]


def mint(sandbox: Sandbox, room_id: str) -> str:
    """A chat token, asked for as boto3 does."""
    with ivs_client(sandbox.describe()["ivs"]) as client:
        return str(client.create_chat_token(roomIdentifier=names.room_arn(room_id), userId="console")["token"])


async def test_new_messages_reach_a_client_in_a_flood() -> None:
    clock = ManualClock(NOW)
    options = SandboxOptions(rate=5_000, scenario="raid", clock=clock)
    async with Sandbox(options) as sandbox, aiohttp.ClientSession() as session:
        finals = next(place for place in sandbox.world.places_of("ivs") if place.name == "finals")
        told: list[Happening] = []
        sandbox.world.listen(lambda happening: told.append(happening) if happening.post.place is finals else None)
        token = await asyncio.to_thread(mint, sandbox, finals.id)
        async with session.ws_connect(sandbox.ivs.messaging_url, protocols=[token]) as socket:
            clock.advance(0.5)
            first = (await socket.receive_json(timeout=5))["Id"]
            got = [first] + [(await socket.receive_json(timeout=5))["Id"] for _ in range(300)]
    sent = [happening.post.id for happening in told]
    start = sent.index(first)
    assert got == sent[start : start + 301]


async def test_after_the_end_nothing_listens_and_nobody_talks() -> None:
    async with Sandbox(SandboxOptions(rate=1_000)) as sandbox:
        urls = [sandbox.rocketchat.url, sandbox.ivs.endpoint_url]
    before = posts(sandbox.world)
    async with aiohttp.ClientSession() as session:
        for url in urls:
            with pytest.raises(aiohttp.ClientConnectorError):
                await session.get(url)
    await asyncio.sleep(0)
    assert posts(sandbox.world) == before
