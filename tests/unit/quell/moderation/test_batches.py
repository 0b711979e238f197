"""Batches as a whole: progress, pause, overtaking, and acting on what is left of one."""

from collections import Counter
from pathlib import Path

import pytest

from quell.moderation.batches import Batches
from quell.moderation.deletion import Batch, Reason, State
from quell.moderation.journal import JournalError
from quell.moderation.progress import BatchProgress
from quell_providers.provider import Quota
from quell_providers.refusal import RefusalKind
from tests.unit.quell.moderation.journal.support import locked
from tests.unit.quell.moderation.simulation import IMPATIENT, START, Desk, batch_of, desk, gone, refusal, target

SLOW = Quota(shape="window", calls=1, seconds=10.0)


async def begun(work: Desk, *message_ids: str, urgent: bool = False, room: str = "room") -> str:
    """The id of a new batch of these messages."""
    targets = tuple(target(message_id, room=room) for message_id in message_ids)
    batch = Batch(moderator="amara", reason=Reason("spam", ""), targets=targets, confirmed_at=START, urgent=urgent)
    await work.engine.submit(batch)
    return batch.id


def only(batches: Batches) -> BatchProgress:
    (progress,) = batches.progress()
    return progress


def asked(work: Desk) -> list[str]:
    return [message_id for _, message_id in work.provider.calls]


async def test_progress_counts_what_stands_where(path: Path) -> None:
    async with desk(path) as work:
        work.provider.script["m2"] = [refusal(RefusalKind.PERMISSION)]
        await work.submit("m1", "m2", "m3")
        await work.until_settled()
        progress = only(work.engine.batches)
        assert progress.states == {State.ACCEPTED: 2, State.REFUSED: 1}
        assert (progress.total, progress.settled, progress.open, progress.done) == (3, 3, 0, 2)
        assert (progress.moderator, progress.reason.text, progress.confirmed_at) == ("amara", "spam", START)
        assert progress.rooms == (("live", "room", "finals"),)
        assert progress.eta == 0.0
        assert (progress.paused, progress.urgent) == (False, False)


async def test_speed_is_that_of_the_last_seconds(path: Path) -> None:
    async with desk(path, quota=Quota(shape="bucket", calls=10, seconds=1.0)) as work:
        await work.submit(*(f"m{number}" for number in range(100)))
        assert only(work.engine.batches).allowed == 10.0
        await work.until(lambda: len(work.provider.calls) == 80)
        assert only(work.engine.batches).speed == pytest.approx(10.0, rel=0.05)
        assert only(work.engine.batches).eta == pytest.approx(2.0, rel=0.1)
        await work.until_settled()
        work.clock.elapsed += 10.0
        assert only(work.engine.batches).speed == 0.0


async def test_the_eta_holds_the_grace_period_and_the_batches_that_take_turns(path: Path) -> None:
    async with desk(path, grace_seconds=5.0, quota=SLOW) as work:
        await begun(work, "a1")
        assert work.engine.batches.progress()[0].eta == pytest.approx(5.0)
        await begun(work, "b1", "b2")
        small, large = work.engine.batches.progress()
        assert small.eta == pytest.approx(10.0, abs=0.1)
        assert large.eta == pytest.approx(20.0, abs=0.1)


async def test_a_paused_batch_asks_for_nothing_until_it_is_resumed(path: Path) -> None:
    async with desk(path, quota=SLOW) as work:
        batch = await begun(work, "m1", "m2", "m3")
        await work.until(lambda: asked(work) == ["m1"])
        work.engine.batches.pause(batch)
        await begun(work, "other")
        await work.until(lambda: work.path_of("other")[-1] is State.ACCEPTED)
        assert asked(work) == ["m1", "other"]
        progress = work.engine.batches.progress()[0]
        assert (progress.paused, progress.eta, progress.open) == (True, None, 2)
        work.engine.batches.resume(batch)
        await work.until_settled()
        assert asked(work) == ["m1", "other", "m2", "m3"]


async def test_pausing_holds_what_was_told_to_come_again(path: Path) -> None:
    async with desk(path) as work:
        work.provider.script["m1"] = [refusal(RefusalKind.UNAVAILABLE)]
        batch = await begun(work, "m1")
        await work.until(lambda: work.path_of("m1")[-1] is State.QUEUED and len(work.provider.calls) == 1)
        work.engine.batches.pause(batch)
        await work.until_done(work.clock.sleep(60.0))
        assert asked(work) == ["m1"]
        work.engine.batches.resume(batch)
        await work.until_settled()
        assert asked(work) == ["m1", "m1"]


async def test_an_event_still_counts_while_a_batch_is_paused(path: Path) -> None:
    async with desk(path, grace_seconds=1.0) as work:
        batch = await begun(work, "m1")
        work.engine.batches.pause(batch)
        work.engine.observe("live", gone("m1"))
        await work.until_settled()
        assert only(work.engine.batches).states == {State.GONE: 1}


async def test_an_urgent_batch_overtakes(path: Path) -> None:
    async with desk(path, quota=SLOW) as work:
        await begun(work, "a1", "a2", "a3")
        await begun(work, "b1", "b2", urgent=True)
        large, small = work.engine.batches.progress()
        assert (large.urgent, small.urgent) == (False, True)
        assert small.eta is not None
        assert large.eta is not None
        assert small.eta < large.eta
        await work.until_settled()
        assert asked(work) == ["a1", "b1", "b2", "a2", "a3"]


async def test_a_batch_can_become_urgent_later(path: Path) -> None:
    async with desk(path, quota=SLOW) as work:
        await begun(work, "a1", "a2", "a3")
        hurried = await begun(work, "b1", "b2", "b3")
        await work.engine.batches.hurry(hurried)
        await work.until_settled()
        assert asked(work) == ["a1", "b1", "b2", "b3", "a2", "a3"]


async def test_rooms_of_a_batch_take_turns(path: Path) -> None:
    async with desk(path, quota=SLOW) as work:
        targets = (*(target(f"a{n}", room="a") for n in range(3)), *(target(f"b{n}", room="b") for n in range(2)))
        await work.engine.submit(
            Batch(moderator="amara", reason=Reason("spam", ""), targets=targets, confirmed_at=START)
        )
        await work.until_settled()
        assert asked(work) == ["a0", "b0", "a1", "b1", "a2"]


async def test_cancelling_the_rest_leaves_what_is_done(path: Path) -> None:
    async with desk(path, quota=SLOW) as work:
        batch = await begun(work, "m1", "m2", "m3")
        await begun(work, "other")
        await work.until(lambda: asked(work) == ["m1"])
        assert await work.engine.batches.cancel_rest(batch) == 2
        await work.until_settled()
        assert work.engine.batches.progress()[0].states == {State.ACCEPTED: 1, State.CANCELLED: 2}
        assert asked(work) == ["m1", "other"]


async def test_a_paused_batch_can_be_cancelled(path: Path) -> None:
    async with desk(path, quota=SLOW) as work:
        batch = await begun(work, "m1", "m2")
        work.engine.batches.pause(batch)
        await work.engine.batches.cancel_rest(batch)
        await work.until_settled()
        assert only(work.engine.batches).states[State.CANCELLED] >= 1


async def test_only_what_failed_is_retried_and_not_what_was_dropped(path: Path) -> None:
    async with desk(path) as work:
        work.provider.script["refused"] = [refusal(RefusalKind.PERMISSION)]
        work.provider.script["failed"] = [refusal(RefusalKind.UNAVAILABLE)] * 4
        batch = await begun(work, "fine", "refused", "failed")
        await work.until_settled()
        troubled = work.engine.batches.troubled(batch)
        assert troubled is not None
        assert troubled.target.message_id == "failed"
        assert await work.engine.batches.drop_refused(batch) == 1
        assert await work.engine.batches.drop_refused(batch) == 0
        assert only(work.engine.batches).dropped == 1
        before = len(work.provider.calls)
        assert await work.engine.batches.retry_failed(batch) == 1
        await work.until_settled()
        assert asked(work)[before:] == ["failed"]
        assert only(work.engine.batches).states == {State.ACCEPTED: 2, State.REFUSED: 1}
        assert work.engine.batches.troubled(batch) is None


async def test_what_was_dropped_is_not_offered_again_after_a_crash(path: Path) -> None:
    async with desk(path, concurrency=1) as dying:
        for message_id in ("dropped", "refused later"):
            dying.provider.script[message_id] = [refusal(RefusalKind.PERMISSION)]
        batch = await begun(dying, "dropped", "refused later", "never sent")
        await dying.until(lambda: dying.state("dropped") is State.REFUSED)
        dying.engine.batches.pause(batch)
        assert await dying.engine.batches.drop_refused(batch) == 1
        dying.engine.batches.resume(batch)
        await dying.until(lambda: dying.state("refused later") is State.REFUSED)
        dying.engine.batches.pause(batch)
        async with desk(path) as work:
            work.clock.elapsed = 60.0
            (left,) = await work.engine.leftovers.found()
            assert left.dropped == {f"{batch}.1"}
            await work.engine.leftovers.resume(batch)
            await work.until_settled()
            assert only(work.engine.batches).dropped == 1
            troubled = work.engine.batches.troubled(batch)
            assert troubled is not None
            assert troubled.target.message_id == "refused later"
            assert await work.engine.batches.retry_failed(batch) == 1
            await work.until_settled()
            assert "dropped" not in asked(work)
            assert only(work.engine.batches).states == {State.ACCEPTED: 2, State.REFUSED: 1}
            assert (await work.journal.verify()).fault is None


async def test_what_can_not_be_written_down_is_dropped_until_the_console_ends(path: Path) -> None:
    async with desk(path, busy_seconds=IMPATIENT) as work:
        work.provider.script["m1"] = [refusal(RefusalKind.PERMISSION)]
        batch = await begun(work, "m1")
        await work.until_settled()
        with locked(path), pytest.raises(JournalError, match="is locked"):
            await work.engine.batches.drop_refused(batch)
        assert only(work.engine.batches).dropped == 1
        assert await work.engine.batches.retry_failed(batch) == 0


async def test_what_was_confirmed_anew_is_left_to_the_later_batch(path: Path) -> None:
    async with desk(path, quota=SLOW) as work:
        work.provider.script["m1"] = [refusal(RefusalKind.PERMISSION)]
        earlier = await begun(work, "m1", "m2")
        await work.until(lambda: work.state("m1") is State.REFUSED)
        await begun(work, "m1")
        assert await work.engine.batches.retry_failed(earlier) == 0
        await work.until_settled()
        assert asked(work).count("m1") == 2


async def test_the_refused_can_be_retried_too(path: Path) -> None:
    async with desk(path) as work:
        work.provider.script["m1"] = [refusal(RefusalKind.PERMISSION)]
        batch = await begun(work, "m1")
        await work.until_settled()
        assert await work.engine.batches.retry_failed(batch) == 1
        await work.until_settled()
        assert only(work.engine.batches).states == {State.ACCEPTED: 1}


async def test_the_deletions_of_a_batch_in_its_order(path: Path) -> None:
    async with desk(path) as work:
        batch = await begun(work, "m3", "m1", "m2")
        await begun(work, "m4")
        assert [each.target.message_id for each in work.engine.batches.deletions_of(batch)] == ["m3", "m1", "m2"]
        with pytest.raises(KeyError):
            work.engine.batches.deletions_of("no such batch")


async def test_a_ceiling_is_kept(path: Path) -> None:
    async with desk(path) as work:
        work.engine.attach("shared", work.provider, ceiling_per_minute=6.0)
        await work.engine.submit(batch_of("m1", "m2", "m3", account="shared"))
        assert only(work.engine.batches).allowed == pytest.approx(0.1)
        await work.until_settled()
        assert [round(at) for at, _ in work.provider.calls] == pytest.approx([0, 10, 20], abs=1)
        assert work.engine.totals() == Counter({State.ACCEPTED: 3})


async def test_as_many_requests_at_once_as_the_latency_takes(path: Path) -> None:
    async with desk(path, concurrency=16, quota=Quota(shape="bucket", calls=100, seconds=1.0)) as work:
        work.provider.latency = 0.1
        await work.submit(*(f"m{number}" for number in range(150)))
        await work.until_settled()
        assert 10 <= work.provider.most_at_once <= 16
    async with desk(path, concurrency=16, quota=Quota(shape="bucket", calls=10, seconds=1.0)) as work:
        work.provider.latency = 0.1
        await work.submit(*(f"m{number}" for number in range(40)))
        await work.until_settled()
        assert work.provider.most_at_once <= 4
