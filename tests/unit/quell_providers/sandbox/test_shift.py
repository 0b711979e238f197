from collections import Counter
from random import Random

import pytest

from quell_providers.sandbox.clock import ManualClock
from quell_providers.sandbox.program import SCENARIOS, program
from quell_providers.sandbox.scenario import Line
from quell_providers.sandbox.seeding.populate import Seeded, populate
from quell_providers.sandbox.shift import SECONDS, moments, shift
from quell_providers.sandbox.world import World
from tests.unit.quell_providers.sandbox.visitor import NOW, visiting


@pytest.fixture(scope="module")
def seeded() -> Seeded:
    return populate(World(1, ManualClock(NOW)))


@pytest.fixture(scope="module")
def lines(seeded: Seeded) -> list[Line]:
    return list(shift(seeded, Random(7)))


def test_the_seed_decides_the_shift(seeded: Seeded, lines: list[Line]) -> None:
    assert list(shift(seeded, Random(7))) == lines
    assert list(shift(seeded, Random(8))) != lines


def test_every_message_has_an_answer_and_a_reason(lines: list[Line]) -> None:
    assert all(line.label and line.label.why and line.text for line in lines)
    removed = sum(bool(line.label and line.label.remove) for line in lines)
    assert 900 < len(lines) < 1_500
    assert 0.15 < removed / len(lines) < 0.4


def test_regulars_write_bad_messages_too_and_some_fine_ones_look_bad(seeded: Seeded, lines: list[Line]) -> None:
    strangers = {*seeded.cast.spammers, *seeded.cast.raiders, *seeded.cast.trolls}
    by_regulars = [line.label for line in lines if line.author not in strangers]
    judged = Counter(label.remove for label in by_regulars if label and label.why != "ordinary talk")
    assert min(judged.values()) >= 20
    assert {label.why.split(":")[0] for label in by_regulars if label and label.remove} >= {
        "threat",
        "phishing",
        "private",
    }
    assert all(line.label and line.label.remove for line in lines if line.author in strangers)


def test_a_trainee_may_remove_messages_wherever_something_must_be_removed(seeded: Seeded, lines: list[Line]) -> None:
    plans = {room.place.id: room.plan for room in seeded.rooms}
    used = {line.place.id for line in lines}
    assert {plans[place_id].service for place_id in used} == {"ivs", "rocketchat"}
    assert all(plans[place_id].moderated and plans[place_id].tag is None for place_id in used)
    assert not {plans[place_id].name for place_id in used} & {"random", "backstage", "announcements", "mods"}


def test_it_lasts_twenty_minutes(lines: list[Line]) -> None:
    times = [at for at, _ in moments(lines, Random(1))]
    assert times == sorted(times)
    assert (SECONDS, len(times)) == (1_200, len(lines))
    assert 0 <= times[0] < 30
    assert 1_170 < times[-1] <= 1_200


def test_texts_fit_both_services(lines: list[Line]) -> None:
    assert all(len(line.text) <= 500 and "{" not in line.text.replace("v={", "") for line in lines)


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_without_a_rate_nothing_comes(seeded: Seeded, scenario: str) -> None:
    assert next(program(scenario, seeded, Random(1), 0.0), None) is None
    assert next(program(scenario, seeded, Random(1), 1.0), None) is not None


async def test_a_whole_shift_is_played_and_scored_on_a_simulated_clock() -> None:
    clock = ManualClock(NOW)
    async with visiting(scenario="shift", rate=4.0, speed=2.0, clock=clock) as visitor:
        sandbox = visitor.sandbox
        clock.advance(300)
        half = sandbox.truth.score()
        over = []
        for seconds in (290, 11):
            clock.advance(seconds)
            over.append(sandbox.player.is_over)
        assert over == [False, True]
        whole = sandbox.truth.score()
        assert 0.4 < half.shown / whole.shown < 0.6
        assert (whole.removed, whole.percent, len(whole.missed)) == (0, 0, whole.to_remove)
        for mistake in whole.missed:
            sandbox.world.delete(mistake.post, by=sandbox.cast.moderator.id)
        perfect = sandbox.truth.score()
        assert (perfect.percent, perfect.missed, perfect.wrong) == (100, (), ())
