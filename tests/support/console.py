"""A console on fake providers, for tests that drive it through its keys."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from msgspec import Struct
from textual.app import App
from textual.pilot import Pilot

from quell.app import QuellApp
from quell.config import Account, Config, ConsoleSettings, DeletionSettings
from quell.screens.decision import DecisionScreen
from quell.workspace import Workspace
from quell_providers.provider import Provider, ProviderPlugin

SERVICES = {"work": ("rocketchat", "Rocket.Chat"), "live": ("ivs", "Amazon IVS Chat")}


class NoSettings(Struct, frozen=True):
    """A fake provider needs none."""


def config(
    providers: Mapping[str, Provider], *, grace: float = 0.0, staff: Sequence[str] = (), **deletion: object
) -> Config:
    """A configuration whose accounts open these providers."""

    def account(name: str, provider: Provider) -> Account:
        service, title = SERVICES[name]
        return Account(name, ProviderPlugin(service, title, NoSettings, lambda _: provider), NoSettings())

    return Config(
        path=Path("config.toml"),
        accounts=tuple(account(name, provider) for name, provider in providers.items()),
        moderator="mod",
        deletion=DeletionSettings(grace_seconds=grace, **deletion),  # type: ignore[arg-type]  # a test's own keywords
        console=ConsoleSettings(staff=tuple(staff)),
    )


def console(
    providers: Mapping[str, Provider],
    folder: Path,
    *,
    now: Callable[[], float],
    grace: float = 0.0,
    staff: Sequence[str] = (),
    **deletion: object,
) -> QuellApp:
    """The console, its journal in this folder."""

    @asynccontextmanager
    async def open_workspace() -> AsyncIterator[Workspace]:
        yield Workspace(config(providers, grace=grace, staff=staff, **deletion), folder / "journal.sqlite3")

    return QuellApp(open_workspace, now=now)


async def until(pilot: Pilot[None], condition: Callable[[], object], *, tries: int = 500) -> None:
    """Let the console run until the condition holds, and keys are taken; fails when that never comes."""
    held = False
    for _ in range(tries):
        held = held or bool(condition())
        if held and _takes_keys(pilot.app):
            await pilot.pause()
            return
        await pilot.pause(0.01)
    raise AssertionError("the question was never seen" if held else "the condition never held")


def _takes_keys(app: App[None]) -> bool:
    """Whether what is typed now decides what is asked: a question takes no keys before it can be read."""
    if isinstance(app, QuellApp) and isinstance(app.screen, DecisionScreen):
        return app.type_ahead.is_seen(app.screen)
    return True
