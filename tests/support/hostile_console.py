"""Quell on accounts that say what a test tells them to, as a process of its own.

`python -m tests.support.hostile_console console PLAN` runs the console, `… command PLAN ARGUMENTS` a command.
The key `TELL` adds to the plan's `screens` file what is drawn once all keys before it have done what they do.
"""

import itertools
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any
from unittest.mock import patch

import msgspec
from msgspec import Struct
from textual.app import App
from textual.events import Key

import quell.app
from quell.app import QuellApp
from quell.config import Account
from quell.drawing.backdrop import divided
from quell.drawing.compositor import Part
from quell.drawing.strips import settled
from quell.moderation.reasons import Preset
from quell.screens.decision import Typed
from quell.type_ahead import TypeAhead
from quell.workspace import Workspace
from quell_providers.model import Author, Message, Room, StateChanged
from quell_providers.provider import Capabilities, Forecast, Provider, ProviderPlugin, Quota
from quell_providers.refusal import Refusal, RefusalKind
from tests.support.console import NoSettings, config
from tests.support.fake_provider import FakeProvider

TELL, TELL_KEY = "\x1b[24;2~", "shift+f12"
"""What a terminal sends for a key that does nothing else, and its name."""
SENTINEL = "sentinel"
"""Begins the plain messages that stand between the others."""


class Plan(Struct, frozen=True):
    """What is said, and where to tell what became of it."""

    texts: list[str]
    folder: str

    @property
    def screens(self) -> Path:
        """One JSON line for each time that `TELL` was pressed."""
        return Path(self.folder) / "screens.jsonl"

    @property
    def deleted(self) -> Path:
        """The ids of the messages that were deleted, as JSON; written at the end."""
        return Path(self.folder) / "deleted.json"


class Told(Struct, frozen=True):
    """What is drawn, and what of it would act."""

    lines: list[list[tuple[int, str]]]
    """The parts of every line of the screen, each with the column at which it begins."""
    actions: list[str]
    """What clicks on its cells run."""
    links: list[str]
    """Where its cells lead."""


def written(plan: Plan) -> Path:
    """The file of a plan."""
    file = Path(plan.folder) / "plan.json"
    texts = [text.encode("utf-8", "surrogatepass").hex() for text in plan.texts]
    file.write_text(json.dumps({"texts": texts, "folder": plan.folder}))
    return file


def read(file: str) -> Plan:
    """The plan in a file."""
    told = msgspec.json.decode(Path(file).read_bytes(), type=Plan)
    return Plan([bytes.fromhex(text).decode("utf-8", "surrogatepass") for text in told.texts], told.folder)


def provider(texts: list[str]) -> FakeProvider:
    """An account of which everything that a service can say is one of these texts."""
    said = itertools.cycle(texts)
    rooms = [Room(id="r1", name="general", kind="channel", topic=next(said))]
    for number in range(2, 20):
        rooms.append(Room(id=f"r{number}", name=next(said), kind="group", topic=next(said), note=next(said)))
    refusal = Refusal(
        kind=RefusalKind.PERMISSION, code=next(said), detail=next(said), cause=next(said), remedy=next(said)
    )
    able = Capabilities(
        reason_limit=None,
        deletion_quota=Quota(shape="window", calls=10, seconds=60.0),
        unlimited_without_quota=True,
        deletion_effect=next(said),
        unread_counts=True,
        disconnects=True,
    )
    talk = [message for number, text in enumerate(texts) for message in _pair(number, text, said)]
    told = FakeProvider(rooms, {"r1": talk}, able)
    told.public = tuple(
        Room(id=f"p{number}", name=next(said), kind="channel", topic=next(said)) for number in range(len(texts))
    )
    told.moderators["r1"] = tuple(Author(id=f"s{number}", name=next(said), username=next(said)) for number in range(5))
    told.answers = {message.id: refusal for message in talk[1::4]}
    told.forecasts = {each.id: Forecast(verdict="refused", cause=next(said), remedy=next(said)) for each in talk[3::8]}
    for room in rooms[1:]:
        detail, cause, remedy = next(said), next(said), next(said)
        told.link_states[room.id] = StateChanged(room.id, "refused", detail, cause, remedy)
    return told


def _pair(number: int, text: str, said: "itertools.cycle[str]") -> tuple[Message, Message]:
    at = 1_767_258_000.0 + number
    plain = Message(
        id=f"p{number:04}",
        room_id="r1",
        author=Author(id="amara", name="Amara"),
        text=f"{SENTINEL} {number:04}",
        sent_at=at,
    )
    author = Author(id=f"a{number}", name=next(said), username=next(said))
    hostile = Message(
        id=f"h{number:04}",
        room_id="r1",
        author=author,
        text=text,
        sent_at=at + 0.5,
        attachments=(next(said),) if number % 7 == 0 else (),
        thread_id=next(said) if number % 11 == 0 else None,
        system=next(said) if number % 13 == 0 else "",
        quote=next(said) if number % 9 == 0 else "",
        deleted=number % 17 == 0,
        deletion_reason=next(said) if number % 17 == 0 else None,
    )
    return plain, hostile


class Watched(QuellApp):
    """The console, which tells what it means to show."""

    CSS_PATH = str(Path(quell.app.__file__).with_name("app.tcss"))
    plan: Plan

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.type_ahead = TypeAhead(self, self._hand_on)

    async def _hand_on(self, typed: Typed) -> None:
        if isinstance(typed, Key) and typed.key == TELL_KEY:
            self.screen.call_after_refresh(self._write_screen)
        else:
            await App.on_event(self, typed)

    def _write_screen(self) -> None:
        """Write down the screen as the renderer sees it."""
        size = self.screen.size
        chops = self.screen._compositor._render_chops(size.region, lambda y: True)
        screens = [*self._background_screens, self.screen]
        lines = [
            [part for x, strip in line.items() for part in divided(Part(x, y, strip), screens)]
            for y, line in enumerate(chops[: size.height])
        ]
        acting = {segment.style for line in lines for part in line for segment in part.strip if segment.style}
        screen = Told(
            [[(part.x, settled(part.strip).text) for part in line] for line in lines],
            sorted({str(each.meta["@click"]) for each in acting if "@click" in each.meta}),
            sorted({each.link for each in acting if each.link}),
        )
        with self.plan.screens.open("ab") as told:
            told.write(msgspec.json.encode(screen) + b"\n")


def run_console(plan: Plan) -> int:
    """The console until it is left."""
    told = provider(plan.texts)
    presets = (Preset("1", plan.texts[0], "spam"), Preset("2", "other", plan.texts[1]))
    plugin = ProviderPlugin("fake", plan.texts[0], NoSettings, lambda _: told)
    planned = replace(config({}), accounts=(Account("work", plugin, NoSettings()),), reasons=presets)

    @asynccontextmanager
    async def open_workspace() -> AsyncIterator[Workspace]:
        yield Workspace(planned, Path(plan.folder) / "journal.sqlite3")

    app = Watched(open_workspace, opening=plan.texts[0], now=lambda: 1_767_260_000.0)
    app.plan = plan
    app.run()
    plan.deleted.write_text(json.dumps([message_id for _, message_id, _ in told.deleted]))
    return app.return_code or 0


def run_command(plan: Plan, arguments: list[str]) -> None:
    """A command on the same account."""
    from quell.cli import main

    def opened(_: Struct) -> Provider:
        return provider(plan.texts)

    sys.modules["planned"] = type(sys)("planned")
    sys.modules["planned"].__dict__["plugin"] = ProviderPlugin("fake", plan.texts[0], NoSettings, opened)
    entry = EntryPoint("fake", "planned:plugin", "quell.providers")
    with patch("importlib.metadata.entry_points", lambda group: [entry]), patch("sys.argv", ["quell", *arguments]):
        main()


if __name__ == "__main__":
    if sys.argv[1] == "console":
        sys.exit(run_console(read(sys.argv[2])))
    run_command(read(sys.argv[2]), sys.argv[3:])
