"""Who has no credentials gets nothing, on no port and no path; and nobody comes in from outside this machine."""

import os
import socket
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import aiohttp
import pytest

from tests.unit.quell_providers.sandbox.visitor import Visitor, visiting

OPEN = {"info", "settings.public", "login"}
"""Routes that a real Rocket.Chat answers to anybody; nothing of rooms, people or messages is in their answers."""


@pytest.fixture
async def visitor() -> AsyncIterator[Visitor]:
    async with visiting() as one:
        yield one


def secrets_of(visitor: Visitor) -> set[str]:
    """What nobody may learn without credentials."""
    sandbox = visitor.sandbox
    told = sandbox.describe()
    key = urlsplit(sandbox.control_url).path.strip("/")
    names = {place.id for place in sandbox.world.places.values()} | {
        person.id for person in sandbox.world.people.values()
    }
    texts = {post.text for post in sandbox.truth.messages() if len(post.text) > 20}
    keys = {each.secret_access_key for each in sandbox.ivs.keys.values()}
    return names | texts | keys | {told["rocketchat"]["auth_token"], key, told["ivs"]["access_key_id"]}


async def answers(visitor: Visitor, method: str, url: str) -> tuple[int, str]:
    async with visitor.http.request(method, url, json={} if method == "POST" else None) as response:
        return response.status, await response.text()


async def test_no_path_of_rocketchat_gives_anything(visitor: Visitor) -> None:
    hidden = secrets_of(visitor)
    base = visitor.sandbox.rocketchat.url
    paths = [f"/api/v1/{route}" for route in visitor.sandbox.rocketchat.routes - {"websocket"}]
    for path in [*paths, "/", "/api", "/api/info", "/websocket", "/.env", "/admin"]:
        for method in ("GET", "POST"):
            status, text = await answers(visitor, method, base + path)
            assert path.rpartition("/")[2] in OPEN or status in (400, 401, 403, 404, 405), (method, path, status)
            assert not [secret for secret in hidden if secret in text], path


async def test_a_socket_without_a_login_hears_nothing(visitor: Visitor) -> None:
    url = visitor.sandbox.rocketchat.url.replace("http", "ws") + "/websocket"
    general = visitor.place("mods").id
    async with visitor.http.ws_connect(url) as stranger:
        await stranger.send_json({"msg": "connect", "version": "1", "support": ["1"]})
        for number, event in enumerate(("__my_messages__", general)):
            await stranger.send_json(
                {"msg": "sub", "id": str(number), "name": "stream-room-messages", "params": [event]}
            )
        visitor.say("mods", "for crew only")
        await stranger.send_json({"msg": "ping"})
        heard: list[dict[str, object]] = []
        while not heard or heard[-1] != {"msg": "pong"}:
            heard.append(await stranger.receive_json(timeout=5))
        visitor.say("mods", "for crew only")
        await stranger.send_json({"msg": "ping", "id": "last"})
        while heard[-1] != {"msg": "pong", "id": "last"}:
            heard.append(await stranger.receive_json(timeout=5))
    assert not any("for crew only" in str(frame) for frame in heard)


async def test_no_operation_of_ivs_gives_anything(visitor: Visitor) -> None:
    hidden = secrets_of(visitor)
    base = visitor.sandbox.ivs.endpoint_url
    for path in ["", *visitor.sandbox.ivs.routes, "tags/arn:aws:ivschat:us-west-2:1:room/x", ".env"]:
        for method in ("GET", "POST", "DELETE"):
            status, text = await answers(visitor, method, f"{base}/{path}")
            assert status in (400, 401, 403, 404, 405), (method, path, status)
            assert not [secret for secret in hidden if secret in text], path


@pytest.mark.parametrize("protocols", [(), ("AQICAHnot-a-token",)])
async def test_no_chat_without_a_token(visitor: Visitor, protocols: tuple[str, ...]) -> None:
    with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
        await visitor.http.ws_connect(visitor.sandbox.ivs.messaging_url, protocols=protocols)
    assert caught.value.status in (401, 403)


async def test_the_control_page_is_nowhere_without_its_key(visitor: Visitor) -> None:
    parts = urlsplit(visitor.sandbox.control_url)
    base, key = f"http://{parts.netloc}", parts.path.strip("/")
    paths = ["/", "//", "/control/", f"/{key}", f"/{key[:-1]}/", f"/{key}x/", f"/{key.swapcase()}/", "/%00/", "/é/"]
    paths += [f"/{'A' * len(key)}/{action}" for action in ("add-fault", "drop", "post", "raid", "remove-fault")]
    paths += [f"/{key}/nothing", f"/{key}/add-fault/more"]
    for path in paths:
        for method in ("GET", "POST", "PUT"):
            assert await answers(visitor, method, base + path) == (404, ""), (method, path)
    assert not visitor.sandbox.faults.active()


async def test_keys_are_new_at_every_start(visitor: Visitor) -> None:
    async with visiting() as other:
        keys = {urlsplit(each.sandbox.control_url).path for each in (visitor, other)}
    assert len(keys) == 2
    assert all(len(key) > 40 for key in keys)


def listening_addresses() -> list[tuple[str, int]]:
    """Where this process listens, as the operating system sees it."""
    found = []
    for name in os.listdir("/dev/fd"):
        try:
            copy = socket.socket(fileno=os.dup(int(name)))
        except OSError:
            continue
        with copy:
            is_network = copy.family in (socket.AF_INET, socket.AF_INET6)
            if is_network and copy.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
                found.append(copy.getsockname()[:2])
    return found


async def test_every_port_is_on_loopback_only() -> None:
    before = listening_addresses()
    async with visiting() as visitor:
        opened = [address for address in listening_addresses() if address not in before]
        urls = [visitor.sandbox.rocketchat.url, visitor.sandbox.ivs.endpoint_url, visitor.sandbox.control_url]
        assert sorted(opened) == sorted(("127.0.0.1", urlsplit(url).port) for url in urls)
    assert listening_addresses() == before
