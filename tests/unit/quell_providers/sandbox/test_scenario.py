from collections import Counter
from itertools import islice
from random import Random

import pytest

from quell_providers.sandbox.clock import ManualClock
from quell_providers.sandbox.scenario import Line, Scenario, chatter, hostile, quiet, raid
from quell_providers.sandbox.seeding.populate import Seeded, populate
from quell_providers.sandbox.world import World

SCENARIOS: dict[str, Scenario] = {"quiet": quiet, "chatter": chatter, "raid": raid, "hostile": hostile}


@pytest.fixture(scope="module")
def seeded() -> Seeded:
    return populate(World(1, ManualClock(1_760_000_000.0)))


def lines(seeded: Seeded, scenario: str, count: int = 2_000) -> list[Line]:
    return list(islice(SCENARIOS[scenario](seeded, Random(7)), count))


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_the_same_seed_gives_the_same_lines(seeded: Seeded, scenario: str) -> None:
    assert lines(seeded, scenario, 500) == lines(seeded, scenario, 500)


def test_quiet_has_neither_spam_nor_attacks(seeded: Seeded) -> None:
    cast = seeded.cast
    strangers = {*cast.spammers, *cast.raiders, *cast.trolls}
    assert not [line for line in lines(seeded, "quiet") if line.author in strangers]


def test_chatter_has_some_spam_amid_much_talk(seeded: Seeded) -> None:
    authors = [line.author for line in lines(seeded, "chatter")]
    spam = sum(author in seeded.cast.spammers for author in authors)
    assert 0.05 < spam / len(authors) < 0.3


def test_a_raid_floods_two_rooms_from_numbered_accounts(seeded: Seeded) -> None:
    raid = [line for line in lines(seeded, "raid") if line.author in seeded.cast.raiders]
    assert {line.place.name for line in raid} == {"general", "finals"}
    assert len(raid) > 1_000
    assert len({line.author for line in raid}) > 15
    assert all(line.author.username.startswith("Vlad_") for line in raid)


def test_hostile_text_comes_often_in_the_hostile_scenario(seeded: Seeded) -> None:
    attacks = [line for line in lines(seeded, "hostile") if line.author in seeded.cast.trolls]
    assert len(attacks) > 300
    assert any("\x1b" in line.text for line in attacks)


def test_nobody_writes_where_only_the_crew_may(seeded: Seeded) -> None:
    writers = Counter(line.author for line in lines(seeded, "raid", 5_000) if line.place.name == "announcements")
    assert writers
    assert set(writers) <= {seeded.cast.admin, *seeded.cast.crew}
