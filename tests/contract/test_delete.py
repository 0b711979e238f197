"""Deleting messages, and being refused to."""

from collections.abc import Callable

import pytest

from quell_providers.provider import Provider
from quell_providers.refusal import RefusalKind, RefusedError
from tests.contract.conftest import TIGHT
from tests.contract.following import following
from tests.contract.sides import Side


async def test_an_accepted_deletion_happens_and_is_told_live(side: Side, moderator: Provider) -> None:
    post, other = side.say("buy followers now"), side.say("see you at lunch")
    async with following(moderator, side.room.id) as follower:
        await follower.live()
        await moderator.delete(side.room.id, post.id, "spam")
        assert post.deleted_at is not None
        assert other.deleted_at is None
        await follower.gone(post.id)
        if moderator.capabilities.reason_limit is not None:
            assert post.deletion_reason == "spam"
            assert follower.deleted()[post.id].reason == "spam"


async def test_a_deletion_needs_no_reason(side: Side, moderator: Provider) -> None:
    post = side.say("buy followers now")
    await moderator.delete(side.room.id, post.id, None)
    assert post.deleted_at is not None
    assert post.deletion_reason is None


async def test_a_missing_permission_is_told_with_cause_and_remedy(side: Side, moderator: Provider) -> None:
    post = side.say("untouchable", side.barred)
    with pytest.raises(RefusedError) as caught:
        await moderator.delete(side.barred.id, post.id, "spam")
    refusal = caught.value.refusal
    assert refusal.kind is RefusalKind.PERMISSION
    assert refusal.code
    assert refusal.detail
    assert refusal.cause
    assert refusal.remedy
    assert post.deleted_at is None


async def test_an_admin_may_what_the_moderator_may_not(side: Side, opened: Callable[[Provider], Provider]) -> None:
    post = side.say("untouchable", side.barred)
    await opened(side.open_as("admin")).delete(side.barred.id, post.id, "spam")
    assert post.deleted_at is not None


async def test_a_message_that_never_was(side: Side, moderator: Provider) -> None:
    if side.unknown_message is None:
        await moderator.delete(side.room.id, side.unknown_id, "spam")
        return
    with pytest.raises(RefusedError) as caught:
        await moderator.delete(side.room.id, side.unknown_id, "spam")
    assert caught.value.refusal.kind is side.unknown_message


async def test_a_room_that_never_was(side: Side, moderator: Provider) -> None:
    with pytest.raises(RefusedError) as caught:
        await moderator.delete(side.unknown_id, side.unknown_id, "spam")
    assert caught.value.refusal.kind is RefusalKind.NOT_FOUND
    assert caught.value.refusal.cause


async def test_more_than_the_limit_is_refused_until_time_has_passed(
    tight: Side, opened: Callable[[Provider], Provider]
) -> None:
    provider = opened(tight.open_as("moderator"))
    posts = [tight.say(f"spam {number}") for number in range(TIGHT + 1)]
    for post in posts[:TIGHT]:
        await provider.delete(tight.room.id, post.id, "spam")
    with pytest.raises(RefusedError) as caught:
        await provider.delete(tight.room.id, posts[TIGHT].id, "spam")
    refusal = caught.value.refusal
    assert refusal.kind is RefusalKind.THROTTLED
    assert refusal.detail
    assert posts[TIGHT].deleted_at is None
    if provider.capabilities.deletion_quota.shape == "window":  # a bucket is never far from its next call
        assert refusal.retry_after is not None
        assert 0 < refusal.retry_after <= 61
    wait = refusal.retry_after or provider.capabilities.deletion_quota.seconds
    tight.pass_time(wait + 0.001)  # a window is over just after the time told, not at it
    await provider.delete(tight.room.id, posts[TIGHT].id, "spam")
    assert posts[TIGHT].deleted_at is not None


async def test_answers_tell_how_many_calls_are_left_where_there_is_a_window(
    tight: Side, opened: Callable[[Provider], Provider]
) -> None:
    provider = opened(tight.open_as("moderator"))
    posts = [tight.say(f"spam {number}") for number in range(2)]
    quotas = [(await provider.delete(tight.room.id, post.id, None)).quota for post in posts]
    if provider.capabilities.deletion_quota.shape == "bucket":
        assert quotas == [None, None]
    else:
        assert [quota and (quota.calls, quota.remaining) for quota in quotas] == [
            (TIGHT, TIGHT - 1),
            (TIGHT, TIGHT - 2),
        ]
