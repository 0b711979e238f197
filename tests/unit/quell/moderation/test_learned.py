"""What a run learned of a rate is where the next one starts, and it grows back from there as it would have."""

from pathlib import Path

import pytest

from quell.moderation.learned import Learned
from quell.moderation.limits import Call
from quell.moderation.pace import Pace
from quell_providers.provider import Accepted, Quota
from quell_providers.refusal import RefusalKind
from tests.unit.quell.moderation.simulation import ScriptedProvider, SimulatedClock, batch_of, desk, refusal

BUCKET = Quota(shape="bucket", calls=100, seconds=1.0)
WINDOW = Quota(shape="window", calls=10, seconds=60.0)


def pace_of(
    quota: Quota, learned: Learned | None = None, *, ceiling: float | None = None, clock: SimulatedClock | None = None
) -> Pace:
    clock = clock or SimulatedClock()
    return Pace(
        quota,
        unlimited_without_quota=quota is WINDOW,
        ceiling_per_minute=ceiling,
        learned=learned,
        now=clock.monotonic,
        sleep=clock.sleep,
    )


def test_who_asked_for_nothing_learned_nothing() -> None:
    assert pace_of(BUCKET).learned is None
    assert pace_of(BUCKET, Learned(shape="bucket", rate=20.0)).learned is None


def test_a_rate_that_was_not_lowered_is_nothing_to_remember() -> None:
    pace = pace_of(BUCKET)
    pace.accepted(None)
    assert pace.learned == Learned(shape="bucket")


def test_a_limit_that_answers_told_is_where_the_next_run_starts() -> None:
    pace = pace_of(WINDOW)
    pace.accepted(Quota(shape="window", calls=4, seconds=30.0, remaining=3, reset_in=30.0))
    assert pace.learned == Learned(shape="window", calls=4, seconds=30.0)
    assert pace_of(WINDOW, pace.learned).rate == (4, 30.0)


def test_what_was_told_is_remembered_without_the_ceiling_that_was_set_then() -> None:
    pace = pace_of(WINDOW, ceiling=2.0)
    pace.accepted(Quota(shape="window", calls=40, seconds=60.0, remaining=39, reset_in=60.0))
    assert pace.rate == (2, 60.0)
    assert pace_of(WINDOW, pace.learned).rate == (40, 60.0)
    assert pace_of(WINDOW, pace.learned, ceiling=6.0).rate == (6, 60.0)


@pytest.mark.parametrize("ceiling", [None, 30.0])
def test_that_there_is_no_limit_is_remembered(ceiling: float | None) -> None:
    pace = pace_of(WINDOW)
    pace.accepted(None)
    assert pace.learned == Learned(shape="window", unlimited=True)
    assert pace_of(WINDOW, pace.learned, ceiling=ceiling).rate == (None if ceiling is None else (1, 2.0))


def test_a_limit_where_none_was_is_learned_anew() -> None:
    clock = SimulatedClock()
    pace = pace_of(WINDOW, Learned(shape="window", unlimited=True), clock=clock)
    before = pace.rate
    pace.throttled(Call(0.0, 1), 20.0)
    assert (before, pace.rate) == (None, (10, 60.0))
    assert pace.learned == Learned(shape="window")


def test_a_lowered_bucket_starts_lowered_and_grows_back_as_calls_are_accepted() -> None:
    clock = SimulatedClock()
    pace = pace_of(BUCKET, Learned(shape="bucket", rate=50.0, burst=10.0), clock=clock)
    assert pace.rate == (50, 1.0)
    assert pace.eta(110) == pytest.approx(100 / 50, abs=0.1)
    for _ in range(200):
        clock.elapsed += 1.0
        pace.accepted(None)
    assert pace.rate == (100, 1.0)
    assert pace.learned == Learned(shape="bucket")


def test_what_was_learned_never_lifts_a_bucket_over_what_is_known() -> None:
    assert pace_of(BUCKET, Learned(shape="bucket", rate=500.0, burst=900.0)).rate == (100, 1.0)
    assert pace_of(BUCKET, Learned(shape="bucket", rate=50.0), ceiling=60.0).rate == (1, 1.0)


def test_what_was_learned_of_another_kind_of_limit_means_nothing() -> None:
    assert pace_of(BUCKET, Learned(shape="window", calls=1, seconds=60.0)).rate == (100, 1.0)


async def test_the_engine_tells_what_it_learned_and_starts_from_what_it_is_told(path: Path) -> None:
    async with desk(path) as work:
        work.engine.attach("idle", ScriptedProvider(work.clock, BUCKET))
        limited = ScriptedProvider(work.clock, BUCKET)
        limited.script["m3"] = [refusal(RefusalKind.THROTTLED), Accepted()]
        work.engine.attach("limited", limited)
        await work.engine.submit(batch_of("m1", "m2", "m3", account="limited"))
        await work.until_settled()
        learned = work.engine.learned()
        assert list(learned) == ["limited"]
        assert learned["limited"].burst is not None
        assert learned["limited"].burst < 20
    async with desk(path, learned=learned) as work:
        work.engine.attach("limited", ScriptedProvider(work.clock, BUCKET))
        work.engine.attach("other", ScriptedProvider(work.clock, BUCKET))
        await work.engine.submit(batch_of(*(f"m{number}" for number in range(4, 100)), account="limited"))
        assert work.engine.eta("limited", 0) > work.engine.eta("other", 96)
        await work.until_settled()
