"""After `kill -9` at any point the next console accounts for every message. The benchmark does it more often."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.killing import Doom, account_for, doom

COUNT = 40


@pytest.fixture(scope="module")
def killer() -> Iterator[Doom]:
    with doom() as killer:
        yield killer


@pytest.mark.parametrize("act", ["resume", "settle", "close"])
async def test_every_message_is_accounted_for(killer: Doom, tmp_path: Path, act: str) -> None:
    dice = random.Random(act)
    died = 0
    for point in range(7):
        folder = tmp_path / str(point)
        folder.mkdir()
        died += killer.run(folder, COUNT, dice)
        await account_for(folder, COUNT, act)
    assert died > 0
