import asyncio
from itertools import count, islice, pairwise
from random import Random

import pytest

from quell_providers.sandbox.clock import ManualClock, SystemClock
from quell_providers.sandbox.player import Player, paced
from quell_providers.sandbox.scenario import Line, quiet
from quell_providers.sandbox.seeding.populate import populate
from quell_providers.sandbox.world import World

NOW = 1_760_000_000.0


@pytest.fixture(scope="module")
def lines() -> list[Line]:
    return list(islice(quiet(populate(World(1, ManualClock(NOW))), Random(1)), 100))


def test_setting_the_clock_forward_plays_what_is_due(lines: list[Line]) -> None:
    clock = ManualClock(NOW)
    played: list[tuple[float, Line]] = []
    over: list[bool] = []
    player = Player(
        clock, zip(count(0, 10), lines[:5], strict=False), 1.0, lambda line: played.append((clock.now(), line))
    )
    player.start()
    assert not played
    clock.advance(25)
    assert played == [(NOW, lines[0]), (NOW + 10, lines[1]), (NOW + 20, lines[2])]
    over.append(player.is_over)
    clock.advance(20)
    assert [line for _, line in played] == lines[:5]
    assert [*over, player.is_over] == [False, True]
    assert player.behind == 0


def test_at_double_speed_it_takes_half_the_time(lines: list[Line]) -> None:
    clock = ManualClock(NOW)
    times: list[float] = []
    player = Player(clock, zip(count(0, 10), lines, strict=False), 2.0, lambda _: times.append(clock.now() - NOW))
    player.start()
    clock.advance(12)
    assert times == [0, 5, 10]


def test_a_player_that_was_stopped_plays_no_more(lines: list[Line]) -> None:
    clock = ManualClock(NOW)
    played: list[Line] = []
    player = Player(clock, zip(count(0, 10), lines, strict=False), 1.0, played.append)
    player.start()
    clock.advance(15)
    player.stop()
    player.stop()
    clock.advance(100)
    assert played == lines[:2]


class Leaping(ManualClock):
    """A clock that goes on while nothing is called, as it does for a laptop that sleeps."""

    def leap(self, seconds: float) -> None:
        self._now += seconds


def test_a_long_standstill_is_not_caught_up(lines: list[Line]) -> None:
    clock = Leaping(NOW)
    played: list[Line] = []
    player = Player(clock, zip(count(0, 1), lines, strict=False), 1.0, played.append)
    player.start()
    clock.advance(1.5)
    clock.leap(60)
    assert player.behind > 50
    clock.advance(0)
    assert 3 <= len(played) <= 5
    clock.advance(10)
    assert 13 <= len(played) <= 15


def test_paced_lines_come_at_irregular_times_and_the_right_rate(lines: list[Line]) -> None:
    moments = list(paced(iter(lines * 50), 20.0, Random(3)))
    assert [line for _, line in moments] == lines * 50
    gaps = {round(later - earlier, 6) for (earlier, _), (later, _) in pairwise(moments)}
    assert len(gaps) > 4_000
    assert 225 < moments[-1][0] < 275


async def test_the_machines_clock_plays_in_the_event_loop(lines: list[Line]) -> None:
    played: list[Line] = []
    enough = asyncio.Event()

    def play(line: Line) -> None:
        played.append(line)
        if len(played) == 100:
            enough.set()

    player = Player(SystemClock(), paced(iter(lines), 20_000.0, Random(2)), 1.0, play)
    player.start()
    await asyncio.wait_for(enough.wait(), 10)
    player.stop()
    assert played == lines
