"""Providers of third parties, as far as the configuration is concerned."""

from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Annotated, Literal

import pytest
from msgspec import Meta, Struct

from quell.config import Config, ConfigError, load_config
from quell_providers.provider import Provider, ProviderPlugin
from quell_providers.secret import Secret


class Settings(Struct, frozen=True, kw_only=True):
    host: str
    mode: Literal["fast", "safe"] = "safe"
    calls: Annotated[int, Meta(ge=1)] = 1
    pages: list[int] = []
    password: Secret | None = None


def _open(settings: Struct) -> Provider:
    raise NotImplementedError


plugin = ProviderPlugin(name="third", title="A third service", settings=Settings, open=_open)
broken = object()


@pytest.fixture(autouse=True)
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    entries = {
        "third": EntryPoint("third", f"{__name__}:plugin", "quell.providers"),
        "broken": EntryPoint("broken", f"{__name__}:broken", "quell.providers"),
        "gone": EntryPoint("gone", "not_installed_anywhere:plugin", "quell.providers"),
    }
    monkeypatch.setattr("importlib.metadata.entry_points", lambda group: list(entries.values()))


def read(folder: Path, lines: str) -> Config:
    file = folder / "config.toml"
    file.write_text(f"[accounts.x]\n{lines}")
    return load_config(file)


def test_its_settings_are_filled_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PASSWORD", "v")
    config = read(tmp_path, 'provider = "third"\nhost = "h"\nmode = "fast"\npassword = { env = "PASSWORD" }')
    (account,) = config.accounts
    assert account.plugin is plugin
    assert isinstance(account.settings, Settings)
    assert (account.settings.host, account.settings.mode) == ("h", "fast")
    assert account.settings.password is not None
    assert account.settings.password.reveal() == "v"


def test_an_optional_secret_may_be_left_out(tmp_path: Path) -> None:
    (account,) = read(tmp_path, 'provider = "third"\nhost = "h"').accounts
    assert isinstance(account.settings, Settings)
    assert account.settings.password is None


@pytest.mark.parametrize(
    ("lines", "key", "told"),
    [
        ('provider = "broken"', "accounts.x.provider", "must be a ProviderPlugin"),
        ('provider = "gone"', "accounts.x.provider", "can not be loaded: No module named 'not_installed_anywhere'"),
        ('provider = "third"\nhost = "h"\nmode = "saef"', "accounts.x.mode", "did you mean `safe`?"),
        ('provider = "third"\nhost = "h"\ncalls = 0', "accounts.x.calls", "must be a whole number >= 1"),
        ('provider = "third"\nhost = "h"\npages = [1, "b"]', "accounts.x.pages", "not text (at [1])"),
        ('provider = "third"\nhost = "h"\npages = 2020-02-02', "accounts.x.pages", "a list, not a date"),
    ],
)
def test_problems(tmp_path: Path, lines: str, key: str, told: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, lines)
    (problem,) = caught.value.problems
    assert problem.key == key
    assert told in str(problem)
