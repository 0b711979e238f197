"""The soak ends with a word, whatever becomes of the process it watches."""

import pytest

from tests.bench import soak_process
from tests.bench.soak_process import StalledError, listener


async def test_what_fails_in_the_other_process_is_not_waited_for() -> None:
    async with listener() as other:
        with pytest.raises(RuntimeError, match="KeyError: 'rocketchat'"):
            await other.ask(accounts={}, follow={})
        assert await other.ask(stands=True) == {}


async def test_what_does_not_end_is_given_up(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(soak_process, "STALL", 0.001)
    monkeypatch.setattr(soak_process, "_DUMP", 0.1)
    async with listener() as other:
        with pytest.raises(StalledError, match="asked for stands: not done"):
            await other.ask(stands=True)
    assert "test_what_does_not_end_is_given_up" in capfd.readouterr().err
