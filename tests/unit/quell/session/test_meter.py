from quell.session.meter import SECONDS, Meter


def test_the_rate_is_averaged_over_whole_seconds_that_have_passed() -> None:
    meter = Meter()
    for second in range(100, 105):
        meter.add(4, now=second + 0.2)
        meter.add(6, now=second + 0.9)
    assert meter.rate(now=105.5) == 10.0


def test_what_is_too_long_ago_is_forgotten() -> None:
    meter = Meter()
    meter.add(50, now=100.0)
    assert meter.history(now=100.0 + SECONDS) == [50, *[0] * (SECONDS - 1)]
    assert meter.rate(now=100.0 + SECONDS) == 0.0
