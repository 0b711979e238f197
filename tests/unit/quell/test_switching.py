"""While a console is open, threads take short turns; nobody who draws waits 5 ms for each of them."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from quell.switching import SWITCH_SECONDS
from tests.support.stage import stage

PYTHONS_OWN = 0.005


@pytest.fixture
def restored() -> Iterator[None]:
    sys.setswitchinterval(PYTHONS_OWN)
    yield
    sys.setswitchinterval(PYTHONS_OWN)


@pytest.mark.usefixtures("restored")
async def test_an_open_console_has_short_turns(tmp_path: Path) -> None:
    async with stage(tmp_path):
        assert sys.getswitchinterval() == pytest.approx(SWITCH_SECONDS)
