"""A set of ids in pages does what a set does, and copies that share pages do not see each other's changes."""

import random
from unittest.mock import patch

import pytest

from quell.moderation import ids as module
from quell.moderation.ids import Ids


def some(chance: random.Random) -> list[str]:
    return [f"m{chance.randrange(60)}" for _ in range(chance.randrange(12))]


@pytest.mark.parametrize("seed", range(40))
def test_any_changes_of_any_copies_are_those_of_sets(seed: int) -> None:
    chance = random.Random(seed)
    with patch.object(module, "PAGE", 8), patch.object(module, "CHUNK", 3):
        pairs: list[tuple[Ids, set[str]]] = [(Ids(), set())]
        for _ in range(60):
            mine, plain = chance.choice(pairs)
            given = some(chance)
            match chance.choice(["add", "discard", "toggle", "copy", "merge"]):
                case "add":
                    mine.add(given)
                    plain |= set(given)
                case "discard":
                    mine.discard(given)
                    plain -= set(given)
                case "toggle":
                    mine.toggle(given)
                    plain ^= set(given)
                case "copy":
                    pairs.append((mine.copy(), plain.copy()))
                case "merge":
                    others, plain_others = chance.choice(pairs)
                    if others is not mine:
                        for _ in mine.merging(others):
                            pass
                        plain |= plain_others
            for ids, expected in pairs:
                assert sorted(ids) == sorted(expected), seed
                assert len(ids) == len(expected), seed
                assert ids.among(given) == expected & set(given), seed
                assert all((each in ids) is (each in expected) for each in given), seed


def test_pages_are_bounded_and_none_is_empty() -> None:
    with patch.object(module, "PAGE", 8):
        ids = Ids()
        for number in range(100):
            ids.add([f"m{number}"])
        assert [len(page) for page in ids.pages()] == [8] * 12 + [4]
        ids.discard([f"m{number}" for number in range(90)])
        assert [len(page) for page in ids.pages()] == [6, 4]
