from quell_providers.sandbox.clock import ManualClock, SkewedClock


def test_what_is_due_is_called_at_its_own_time_in_order() -> None:
    clock = ManualClock(100)
    called: list[tuple[str, float]] = []
    for name, when in (("late", 130.0), ("second", 110.0), ("first", 105.0), ("too", 110.0), ("overdue", 50.0)):
        clock.call_at(when, lambda name=name: called.append((name, clock.now())))  # type: ignore[misc]  # bound early
    clock.advance(20)
    assert called == [("overdue", 100), ("first", 105), ("second", 110), ("too", 110)]
    assert clock.now() == 120
    clock.advance(10)
    assert called[-1] == ("late", 130)


def test_a_call_may_ask_for_the_next_one_on_the_way() -> None:
    clock = ManualClock(0)
    times: list[float] = []

    def again() -> None:
        times.append(clock.now())
        clock.call_at(clock.now() + 4, again)

    clock.call_at(1, again)
    clock.advance(10)
    assert times == [1, 5, 9]


def test_what_was_called_off_is_not_called() -> None:
    clock = ManualClock(0)
    called: list[int] = []
    calls_off = [clock.call_at(number, lambda number=number: called.append(number)) for number in range(1, 6)]  # type: ignore[misc]  # bound early
    calls_off[1]()
    calls_off[1]()
    clock.advance(4)
    calls_off[0]()
    assert called == [1, 3, 4]


def test_a_skewed_clock_is_wrong_by_what_it_is_told() -> None:
    clock, called = ManualClock(1_000), []
    skew = -90.0
    wrong = SkewedClock(clock, lambda: skew)
    assert wrong.now() == 910
    wrong.call_at(920, lambda: called.append(clock.now()))
    clock.advance(20)
    assert called == [1_010]
