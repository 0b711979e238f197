"""Sessions of Amazon IVS Chat end after three hours at the latest."""

from collections.abc import Callable

import pytest

from quell_providers.model import Gap, Posted
from quell_providers.provider import Provider
from tests.contract.following import following
from tests.contract.sides import Side

SESSION_SECONDS = 3 * 3600.0


@pytest.mark.parametrize("tight", ["ivs"], indirect=True)
async def test_a_session_that_ended_is_followed_by_another_and_nothing_is_missed(
    tight: Side, opened: Callable[[Provider], Provider]
) -> None:
    async with following(opened(tight.open_as("moderator")), tight.room.id) as follower:
        await follower.live()
        early = tight.say("before")
        await follower.told(early.id)
        tight.pass_time(SESSION_SECONDS + 1.0)
        between = tight.say("when nobody listened")
        await follower.live(times=2)
        late = tight.say("after")
        await follower.told(early.id, between.id, late.id)
        assert not [event for event in follower.events if isinstance(event, Gap)]
        posted = [event.message.id for event in follower.events if isinstance(event, Posted)]
        assert len(posted) == len(set(posted))
