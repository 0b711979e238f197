"""What only Rocket.Chat has: its versions, ways to log in, fresh rooms, bulk deletions, and reasons left behind."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from time import time

import pytest

from quell_providers.model import Message, Room, RoomGone, RoomListed, RoomsEvent, StateChanged, Unread
from quell_providers.provider import Provider
from quell_providers.refusal import RefusalKind, RefusedError
from quell_providers.rocketchat.provider import RocketChatProvider
from quell_providers.sandbox.world import Place
from tests.contract.following import PATIENCE, following
from tests.contract.scene import Scene, opened, served

VERSIONS = ("6.3", "7.0", "8.0", "8.8")


class Watch:
    """What was told of the list of rooms so far."""

    def __init__(self) -> None:
        self.events: list[RoomsEvent] = []
        self._more = asyncio.Event()

    async def read(self, provider: Provider) -> None:
        async for event in provider.watch_rooms():
            self.events.append(event)
            self._more.set()

    async def until(self, condition: Callable[[], object]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not condition():
                self._more.clear()
                await self._more.wait()

    def unread(self, room_id: str) -> list[int]:
        return [event.count for event in self.events if isinstance(event, Unread) and event.room_id == room_id]


@asynccontextmanager
async def watching(provider: Provider) -> AsyncIterator[Watch]:
    watch = Watch()
    reader = asyncio.create_task(watch.read(provider))
    try:
        yield watch
    finally:
        reader.cancel()
        await asyncio.gather(reader, return_exceptions=True)


@pytest.mark.parametrize("version", VERSIONS)
async def test_every_version_is_read_followed_and_deleted_in(version: str) -> None:
    async with served(version) as scene, opened(scene.open()) as provider:
        place = scene.room()
        assert place.id in {room.id for room in await provider.rooms()}
        async with following(provider, place.id) as follower:
            await follower.live()
            post = scene.world.post(place, place.members[-1], "spam")
            await follower.told(post.id)
            (forecast,) = await provider.forecast([follower.messages()[post.id]])
            assert forecast.verdict == "allowed"
            await provider.delete(place.id, post.id, None)
            await follower.gone(post.id)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(("minutes", "bypass"), [(0, False), (10, False), (10, True)])
async def test_forecasts_are_what_every_version_then_answers(version: str, minutes: int, bypass: bool) -> None:
    async with served(version) as scene, opened(scene.open()) as provider:
        scene.world.settings["Message_AllowDeleting_BlockDeleteInMinutes"] = minutes
        if bypass:
            scene.service.grants["bypass-time-limit-edit-and-delete"].add("moderator")
        scene.service.grants["post-readonly"] = set()
        scene.service.grants["force-delete-message"] = set()
        places = [place for place in scene.world.places_of("rocketchat") if scene.person("moderator") in place.members]
        for place in places:
            if place.read_only:
                place.unmuted = {place.members[0].username}
        messages = [found for place in places for found in await messages_to_try(scene, provider, place)]
        forecasts = await provider.forecast(messages)
        answers = [await answer(provider, each) for each in messages]
        assert {forecast.verdict for forecast in forecasts} == {"allowed", "refused"}
        assert [(f.verdict == "allowed") for f in forecasts] == answers


async def messages_to_try(scene: Scene, provider: Provider, place: Place) -> list[Message]:
    """One old and one new message of the first and of the last member."""
    now = time()
    posts = {
        scene.world.post(place, author, "to be deleted", at=now - age).id
        for author in (place.members[0], place.members[-1])
        for age in (3600.0, 1.0)
    }
    return [found for found in (await provider.history(place.id)).messages if found.id in posts]


async def message(provider: Provider, room_id: str, message_id: str) -> Message | None:
    page = await provider.history(room_id)
    return next((found for found in page.messages if found.id == message_id), None)


async def answer(provider: Provider, message: Message) -> bool:
    try:
        await provider.delete(message.room_id, message.id, None)
    except RefusedError:
        return False
    return True


@pytest.mark.parametrize("version", VERSIONS)
async def test_what_was_hidden_while_nobody_listened_is_found_out(version: str) -> None:
    async with served(version) as scene, opened(scene.open()) as provider:
        scene.world.settings["Message_KeepHistory"] = True
        place = scene.room()
        await provider.rooms()
        async with following(provider, place.id) as follower:
            await follower.live()
            posts = [scene.world.post(place, place.members[-1], f"message {number}") for number in range(4)]
            await follower.told(*(post.id for post in posts))
            await scene.service.drop_connections()
            await follower.until(lambda: "reconnecting" in follower.states())
            for post in posts[1:3]:
                scene.world.delete(post, by="somebody")
            await follower.gone(posts[1].id)
            await follower.gone(posts[2].id)
            assert follower.deleted().keys() == {post.id for post in posts[1:3]}


async def test_a_server_below_a_path() -> None:
    async with served(path="/chat") as scene, opened(scene.open()) as provider:
        assert scene.service.url.endswith("/chat")
        assert (await provider.login()).name
        async with following(provider, scene.room().id) as follower:
            await follower.live()


async def test_unread_messages_are_counted_in_rooms_that_nobody_follows(scene: Scene) -> None:
    async with opened(scene.open()) as provider:
        before = {room.id: room.unread for room in await provider.rooms()}
        quiet, loud = scene.room("support"), scene.room("general")
        async with watching(provider) as watch, following(provider, loud.id) as follower:
            await follower.live()
            await asyncio.sleep(0)
            while not watch.unread(quiet.id):
                scene.world.post(quiet, quiet.members[-1], "hello?")
                await asyncio.wait([asyncio.create_task(watch.until(lambda: watch.unread(quiet.id)))], timeout=0.1)
            scene.world.post(loud, loud.members[-1], "seen by all")
            post = scene.world.post(quiet, quiet.members[-1], "still there?")
            known = watch.unread(quiet.id)[-1]
            scene.world.edit(post, "still there??")
            await watch.until(lambda: watch.unread(quiet.id)[-1] > before[quiet.id])
            assert watch.unread(quiet.id) == sorted(watch.unread(quiet.id))
            assert known >= before[quiet.id]
            assert not watch.unread(loud.id)


async def test_rooms_come_and_go(scene: Scene) -> None:
    async with opened(scene.open()) as provider:
        rooms = {room.id for room in await provider.rooms()}
        place = scene.room("support")
        async with watching(provider) as watch, following(provider, place.id) as follower:
            await follower.live()
            await scene.call("channels.create", {"name": "newcomers", "members": ["moderator"]})
            await watch.until(lambda: any(isinstance(event, RoomListed) for event in watch.events))
            (listed,) = (event.room for event in watch.events if isinstance(event, RoomListed))
            assert listed.name == "newcomers"
            assert listed.id not in rooms
            scene.service.remove_from_room("moderator", place.id)
            await watch.until(lambda: RoomGone(place.id) in watch.events)
            await follower.until(lambda: follower.ended)
            (state,) = (event for event in follower.events[-1:] if isinstance(event, StateChanged))
            assert state.state == "refused"
            assert "no longer in this room" in state.cause
            assert state.remedy
        assert place.id not in {room.id for room in await provider.rooms()}


async def test_rooms_that_changed_while_the_connection_was_lost(scene: Scene) -> None:
    async with opened(scene.open()) as provider:
        await provider.rooms()
        place = scene.room("support")
        async with watching(provider) as watch, following(provider, scene.room().id) as follower:
            await follower.live()
            await scene.service.drop_connections()
            await follower.until(lambda: "reconnecting" in follower.states())
            scene.service.remove_from_room("moderator", place.id)
            await watch.until(lambda: RoomGone(place.id) in watch.events)


async def test_public_rooms_can_be_read_without_joining(scene: Scene) -> None:
    stranger = next(person.username for person in scene.room().members if person not in scene.room("support").members)
    async with opened(scene.open(stranger)) as provider:
        joined = {room.id for room in await provider.rooms()}
        public = {room.name: room for room in await provider.public_rooms()}
        assert joined.isdisjoint(room.id for room in public.values())
        room: Room = public["support"]
        assert "not in this room" in room.note
        assert (await provider.history(room.id)).messages
        assert await provider.find_rooms("support") == await provider.find_rooms(room.id) == (room,)
        scene.service.set_permission("view-c-room", ())
        scene.service.set_permission("view-joined-room", ())
        assert await provider.find_rooms("nowhere") == ()


@pytest.mark.parametrize("version", ["7.0", "8"])
async def test_pruning_by_time_is_told_message_by_message(version: str) -> None:
    async with served(version) as scene, opened(scene.open()) as provider:
        place = scene.room()
        known = {each.id for each in (await provider.history(place.id, limit=5)).messages}
        async with following(provider, place.id) as follower:
            await follower.live()
            posts = [scene.world.post(place, place.members[-1], f"raid {number}") for number in range(3)]
            await follower.told(*(post.id for post in posts))
            body: dict[str, object] = {
                "roomId": place.id,
                "oldest": "2001-01-01T00:00:00.000Z",
                "latest": "2101-01-01T00:00:00.000Z",
                "users": [place.members[-1].username],
            }
            await scene.call("rooms.cleanHistory", body)
            for post in posts:
                await follower.gone(post.id)
            shown = known | {post.id for post in posts}
            really = {post.id for post in scene.world.posts_in(place.id) if post.deleted_at is not None}
            assert follower.deleted().keys() == shown & really


async def test_a_reason_is_left_on_the_server(scene: Scene) -> None:
    async with opened(scene.open("admin", report_reason=True)) as provider:
        place = scene.room()
        post = scene.world.post(place, place.members[-1], "spam")
        await provider.delete(place.id, post.id, "sells followers")
        assert isinstance(provider, RocketChatProvider)
        assert provider._trail is not None
        await provider._trail.settled()
        (report,) = (each for each in scene.service._workspace.reports._all if each.message_id == post.id)
        assert report.description == "sells followers"
        assert report.dismissal is not None
        assert report.dismissal.reason == "sells followers"
        assert "report_reason" in provider.capabilities.deletion_effect
        assert provider.capabilities.reason_limit


async def test_nothing_is_reported_by_those_who_could_not_dismiss_it(scene: Scene) -> None:
    async with opened(scene.open(report_reason=True)) as provider:
        place = scene.room()
        post = scene.world.post(place, place.members[-1], "spam")
        await provider.delete(place.id, post.id, "sells followers")
        assert post.deleted_at
        assert not [each for each in scene.service._workspace.reports._all if each.message_id == post.id]


async def test_deleting_as_the_author(scene: Scene) -> None:
    place = scene.room()
    post = scene.world.post(place, place.members[-1], "spam")
    async with opened(scene.open(delete_as_author=True)) as moderator:
        found = await message(moderator, place.id, post.id)
        assert found is not None
        (forecast,) = await moderator.forecast([found])
        assert forecast.verdict == "refused"
        assert "force-delete-message" in forecast.remedy
        assert not await answer(moderator, found)
    async with opened(scene.open("admin", delete_as_author=True)) as admin:
        (forecast,) = await admin.forecast([found])
        assert forecast.verdict == "allowed"
        assert await answer(admin, found)
        assert post.deleted_by == post.author.id
        assert "author's name" in admin.capabilities.deletion_effect


async def test_opening_twenty_rooms_never_runs_into_the_limit() -> None:
    async with served(limit=10) as scene, opened(scene.open()) as provider:
        rooms = [room for room in await provider.rooms() if room.kind == "channel"]
        calls = [provider.history(rooms[number % len(rooms)].id) for number in range(20)]
        answers = await asyncio.gather(*calls, return_exceptions=True)
        refused = [each.refusal for each in answers if isinstance(each, RefusedError)]
        assert len(refused) == 10
        assert {refusal.kind for refusal in refused} == {RefusalKind.THROTTLED}
        assert all(refusal.retry_after and 0 < refusal.retry_after <= 61 for refusal in refused)
        assert all("used up" in refusal.detail for refusal in refused)
        place = scene.room()
        post = scene.world.post(place, place.members[-1], "spam")
        await provider.delete(place.id, post.id, None)
        assert post.deleted_at


@pytest.mark.parametrize("version", VERSIONS)
async def test_who_moderates_a_room_is_told(version: str) -> None:
    async with served(version) as scene, opened(scene.open()) as provider:
        place = scene.room()
        await provider.rooms()
        told = {author.id: (author.name, author.username) for author in await provider.staff(place.id)}
        holders = [member for member in place.members if place.roles.get(member.id)]
        assert holders
        assert told == {member.id: (member.name, member.username) for member in holders}
        direct = next(room for room in await provider.rooms() if room.kind == "direct")
        assert await provider.staff(direct.id) == ()
        assert await provider.staff("no such room") == ()
