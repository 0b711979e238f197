"""Following a room."""

import asyncio
from collections.abc import Callable

import pytest

from quell_providers.model import StateChanged
from quell_providers.provider import Provider
from tests.contract.following import following
from tests.contract.sides import Side


async def test_messages_are_told_as_they_come(side: Side, moderator: Provider) -> None:
    async with following(moderator, side.room.id) as follower:
        await follower.live()
        posts = [side.say(f"message {number}") for number in range(20)]
        await follower.until(lambda: len(follower.messages()) == 20)
        assert follower.states() == ["connecting", "live"]
        assert [(m.id, m.text) for m in follower.messages().values()] == [(p.id, p.text) for p in posts]


async def test_live_and_history_tell_the_same_message(side: Side, moderator: Provider) -> None:
    async with following(moderator, side.room.id) as follower:
        await follower.live()
        post = side.say("the same, here and there")
        await follower.told(post.id)
        [message] = (await moderator.history(side.room.id, limit=1)).messages
        assert follower.messages()[post.id] == message


async def test_other_rooms_stay_out(side: Side, moderator: Provider) -> None:
    async with following(moderator, side.room.id) as here, following(moderator, side.barred.id) as there:
        await asyncio.gather(here.live(), there.live())
        side.say("elsewhere", side.barred)
        post = side.say("here")
        await here.told(post.id)
        await there.until(there.messages)
        assert {message.text for message in here.messages().values()} == {"here"}
        assert {message.text for message in there.messages().values()} == {"elsewhere"}


async def test_a_deletion_by_anyone_is_told(side: Side, moderator: Provider) -> None:
    async with following(moderator, side.room.id) as follower:
        await follower.live()
        post = side.say("short-lived")
        side.world.delete(post, by="somebody", reason="spam")
        await follower.gone(post.id)
        assert follower.deleted()[post.id].room_id == side.room.id


@pytest.mark.parametrize("side", ["rocketchat"], indirect=True)
async def test_an_edit_is_told_with_the_new_text(side: Side, moderator: Provider) -> None:
    async with following(moderator, side.room.id) as follower:
        await follower.live()
        post = side.say("first")
        side.world.edit(post, "second")
        await follower.until(lambda: post.id in follower.messages() and follower.messages()[post.id].text == "second")
        assert follower.messages()[post.id].edited_at is not None


async def test_hostile_text_comes_through_unchanged(side: Side, moderator: Provider) -> None:
    text = "\x1b]0;owned\x07 \u202eevil\x00 [/] {'a'} 👩‍👩‍👧 \\"
    async with following(moderator, side.room.id) as follower:
        await follower.live()
        post = side.say(text)
        await follower.told(post.id)
        assert follower.messages()[post.id].text == text


async def test_after_a_drop_everything_missed_is_told(side: Side, moderator: Provider) -> None:
    async with following(moderator, side.room.id) as follower:
        await follower.live()
        early, doomed = side.say("before"), side.say("deleted while nobody listened")
        await follower.told(early.id, doomed.id)
        await side.drop_connections()
        await follower.until(lambda: "reconnecting" in follower.states())
        missed = [side.say(f"missed {number}") for number in range(3)]
        side.world.delete(doomed, by="somebody", reason="spam")
        await follower.live(times=2)
        late = side.say("after")
        await follower.told(late.id, *(post.id for post in missed))
        await follower.gone(doomed.id)
        assert early.id in follower.messages()
        assert follower.messages().keys() <= {post.id for post in side.posts(side.room)}


async def test_a_drop_says_why_and_when_it_tries_again(side: Side, moderator: Provider) -> None:
    async with following(moderator, side.room.id) as follower:
        await follower.live()
        await side.drop_connections()
        await follower.live(times=2)
        [lost] = [e for e in follower.events if isinstance(e, StateChanged) and e.state == "reconnecting"]
        assert lost.cause
        assert lost.retry_in is not None
        assert lost.retry_in > 0


async def test_a_room_that_may_not_be_followed_says_why_and_ends(
    side: Side, opened: Callable[[Provider], Provider]
) -> None:
    async with following(opened(side.open_as("stranger")), side.private.id) as follower:
        await follower.until(lambda: follower.ended)
        last = follower.events[-1]
        assert isinstance(last, StateChanged)
        assert last.state == "refused"
        assert last.cause
        assert last.remedy


async def test_wrong_credentials_end_it_too(side: Side, opened: Callable[[Provider], Provider]) -> None:
    async with following(opened(side.open_with_wrong_credentials()), side.room.id) as follower:
        await follower.until(lambda: follower.ended)
        assert follower.states()[-1] == "refused"


async def test_an_unknown_room_ends_it_too(side: Side, moderator: Provider) -> None:
    async with following(moderator, side.unknown_id) as follower:
        await follower.until(lambda: follower.ended)
        assert follower.states()[-1] == "refused"


async def test_a_room_can_be_followed_again_after_leaving_it(side: Side, moderator: Provider) -> None:
    for text in ("once", "twice"):
        async with following(moderator, side.room.id) as follower:
            await follower.live()
            post = side.say(text)
            await follower.told(post.id)
