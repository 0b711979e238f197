from quell_providers.sandbox.clock import ManualClock
from quell_providers.sandbox.ivs.throttle import TokenBucket


def taken(bucket: TokenBucket, tries: int) -> int:
    return sum(bucket.take() for _ in range(tries))


def test_one_second_of_calls_at_once_and_then_a_steady_rate() -> None:
    clock = ManualClock(0)
    bucket = TokenBucket(100, clock)
    assert taken(bucket, 150) == 100
    clock.advance(0.5)
    assert taken(bucket, 150) == 50
    clock.advance(60)
    assert taken(bucket, 150) == 100


def test_a_burst_of_its_own() -> None:
    clock = ManualClock(0)
    bucket = TokenBucket(100, clock, burst=10)
    assert taken(bucket, 150) == 10
    clock.advance(0.05)
    assert taken(bucket, 150) == 5
    clock.advance(60)
    assert taken(bucket, 150) == 10


def test_a_rate_below_one_a_second_still_lets_calls_through() -> None:
    clock = ManualClock(0)
    bucket = TokenBucket(0.5, clock)
    assert taken(bucket, 3) == 1
    clock.advance(2)
    assert taken(bucket, 3) == 1


def test_a_clock_that_goes_back_gives_nothing() -> None:
    clock = ManualClock(100)
    bucket = TokenBucket(1, clock)
    assert taken(bucket, 1) == 1
    clock.advance(-50)
    assert taken(bucket, 1) == 0
