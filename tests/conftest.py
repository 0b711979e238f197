"""Cuts the machine out of tests: no home folder, no configuration, no cloud credentials, no proxies, no time zone."""

import gc
import itertools
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

_FOREIGN = ("AWS_", "QUELL_", "XDG_")
_PROXIES = ("ALL_PROXY", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY")
_YOUNG = 50_000
"""Objects that come into being before the garbage collector looks: more than a console makes as it starts."""


def pytest_collection_finish() -> None:
    """Keep the garbage collector from looking through pytest's own objects again and again while consoles come and go.

    That took a third of the time of a test with a console. What tests make is collected as ever, only less often.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, *gc.get_threshold()[1:])


@pytest.fixture(scope="session")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Paths that nothing is at yet. Pytest's own numbering reads the whole folder each time."""
    folder = tmp_path_factory.mktemp("homes")
    return (folder / str(number) for number in itertools.count())


@pytest.fixture(autouse=True)
def home(homes: Iterator[Path], monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home folder, also for the processes a test starts."""
    home = next(homes)
    home.mkdir()
    for name in list(os.environ):
        if name.startswith(_FOREIGN) or name.upper() in _PROXIES:
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(home / "data"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(home / "cache"))
    monkeypatch.setenv("XDG_STATE_HOME", str(home / "state"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    return home


@pytest.fixture
def utc() -> Iterator[None]:
    """Lets times be shown in UTC, wherever this machine is."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", "UTC")
        time.tzset()
        yield
    time.tzset()
