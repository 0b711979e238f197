"""The command line on fake providers, in this process."""

from collections.abc import Callable
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from msgspec import Struct

from quell.cli.root import root
from quell_providers.model import Room
from quell_providers.provider import Provider, ProviderPlugin
from tests.support.fake_provider import BUCKET, WINDOW, FakeProvider, message

Quell = Callable[..., Result]

ROOMS = (
    Room(id="r1", name="general", kind="channel", unread=3),
    Room(id="r2", name="random", kind="channel"),
    Room(id="r3", name="random", kind="group"),
)
PROVIDERS: dict[str, FakeProvider] = {}


class FakeSettings(Struct, frozen=True):
    """Which of the fake providers to open."""

    which: str


def _open(settings: Struct) -> Provider:
    assert isinstance(settings, FakeSettings)
    return PROVIDERS[settings.which]


plugin = ProviderPlugin(name="fake", title="Fake", settings=FakeSettings, open=_open)


@pytest.fixture(autouse=True)
def providers(monkeypatch: pytest.MonkeyPatch) -> dict[str, FakeProvider]:
    """`work` takes no reason and has three rooms; `live` takes one of 256 characters and has one room."""
    entry = EntryPoint("fake", f"{__name__}:plugin", "quell.providers")
    monkeypatch.setattr("importlib.metadata.entry_points", lambda group: [entry])
    talk = [message(number, f"hello {number}") for number in range(1, 6)]
    PROVIDERS["work"] = FakeProvider(ROOMS, {"r1": talk}, WINDOW)
    PROVIDERS["live"] = FakeProvider([Room(id="finals", name="", kind="room")], {}, BUCKET)
    return PROVIDERS


@pytest.fixture
def config(home: Path) -> Path:
    """The configuration in its usual place."""
    file = home / "config" / "quell" / "config.toml"
    file.parent.mkdir(parents=True)
    file.write_text('moderator = "Mo"\n' + "".join(map(_account, ("work", "live"))) + "[deletion]\ngrace_seconds = 0\n")
    return file


@pytest.fixture
def quell(config: Path) -> Quell:
    """Runs `quell` with some arguments, and perhaps with something on stdin."""
    runner = CliRunner()
    return lambda *arguments, stdin=None: runner.invoke(root, arguments, input=stdin, catch_exceptions=False)


def _account(name: str) -> str:
    return f'[accounts.{name}]\nprovider = "fake"\nwhich = "{name}"\n'
