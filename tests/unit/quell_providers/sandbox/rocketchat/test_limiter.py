from collections.abc import Callable

import aiohttp
import pytest

from quell_providers.sandbox.clock import ManualClock
from quell_providers.sandbox.rocketchat.limiter import FixedWindow
from quell_providers.sandbox.rocketchat.service import RocketChatService
from tests.unit.quell_providers.sandbox.rocketchat.scene import NOW, Rest, Scene

As = Callable[[str | None], Rest]


def test_the_window_begins_with_the_server_and_not_with_the_caller() -> None:
    clock = ManualClock(NOW)
    window = FixedWindow(2, 60.0, clock)
    clock.advance(59)
    assert [window.hit("a").left for _ in range(2)] == [1, 0]
    assert window.hit("a").wait_seconds == 1
    clock.advance(1)
    assert not window.hit("a").allowed
    clock.advance(0.5)
    assert window.hit("a").allowed


def test_refused_calls_do_not_extend_the_window_but_callers_share_its_end() -> None:
    clock = ManualClock(NOW)
    window = FixedWindow(1, 60.0, clock)
    window.hit("a")
    clock.advance(30)
    assert not window.hit("a").allowed
    assert window.hit("b") == window.hit("c")
    clock.advance(30.1)
    assert window.hit("a").allowed
    assert window.hit("b").reset_in == 60.0


async def test_headers_count_down_and_the_eleventh_call_is_refused(scene: Scene, rest: As) -> None:
    moderator = rest("moderator")
    scene.clock.advance(12.5)
    for left in range(9, -1, -1):
        answer = await moderator.delete(scene.post())
        assert answer.status == 200
        assert answer.headers["X-RateLimit-Limit"] == "10"
        assert answer.headers["X-RateLimit-Remaining"] == str(left)
        assert answer.headers["X-RateLimit-Reset"] == "1760000060000"
    post = scene.post()
    refused = await moderator.delete(post)
    assert refused.status == 429
    assert refused.body == {
        "success": False,
        "error": "Error, too many requests. Please slow down. You must wait 48 seconds before trying this endpoint "
        "again. [error-too-many-requests]",
    }
    assert refused.headers["X-RateLimit-Remaining"] == "0"
    assert refused.headers["X-RateLimit-Reset"] == "1760000060000"
    assert "Retry-After" not in refused.headers
    assert post.deleted_at is None
    scene.clock.advance(48)
    assert (await moderator.delete(post)).status == 200


async def test_moderators_behind_one_address_share_the_window_of_each_route(scene: Scene, rest: As) -> None:
    for _ in range(10):
        await rest("moderator").delete(scene.post())
    assert (await rest("owner").delete(scene.post())).status == 429
    assert (await rest("owner").get("me")).headers["X-RateLimit-Remaining"] == "9"


async def test_who_may_bypass_is_not_counted(scene: Scene, rest: As) -> None:
    admin = rest("admin")
    for _ in range(12):
        answer = await admin.delete(scene.post())
        assert answer.status == 200
        assert "X-RateLimit-Limit" not in answer.headers
    assert (await rest("moderator").delete(scene.post())).headers["X-RateLimit-Remaining"] == "9"


@pytest.mark.parametrize(("username", "body", "status"), [("moderator", {}, 400), (None, {}, 401)])
async def test_invalid_bodies_and_strangers_use_nothing_up(
    scene: Scene, rest: As, username: str | None, body: object, status: int
) -> None:
    for _ in range(11):
        answer = await rest(username).post("chat.delete", body)
        assert answer.status == status
        assert "X-RateLimit-Limit" not in answer.headers
    assert (await rest("moderator").delete(scene.post())).headers["X-RateLimit-Remaining"] == "9"


async def test_refusals_of_the_action_do_use_the_window_up(scene: Scene, rest: As) -> None:
    amara = rest("amara")
    for _ in range(10):
        assert (await amara.delete(scene.post(by=scene.owner))).status == 400
    assert (await amara.delete(scene.post())).status == 429


async def test_only_the_unversioned_info_is_free(rest: As) -> None:
    nobody = rest(None)
    assert "X-RateLimit-Limit" not in (await nobody.get("/api/info")).headers
    assert (await nobody.get("info")).headers["X-RateLimit-Remaining"] == "9"


async def test_another_limit_and_none(scene: Scene, http: aiohttp.ClientSession) -> None:
    for limit, statuses in (((2, 5.0), [200, 200, 429]), ((0, 60.0), [200] * 3)):
        service = RocketChatService(scene.world, limit=limit)
        await service.start()
        moderator = Rest(service, http, "moderator")
        assert [(await moderator.get("me")).status for _ in range(3)] == statuses
        await service.stop()
