"""The console: one Textual application around one session.

The first frame is a line that says what is being opened. Everything else, this module's own screens included, is
imported after it, so that the moderator sees at once that Quell is there.
"""

import asyncio
import signal
import time
from collections.abc import Callable, Iterable
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, ClassVar, cast

from rich.console import RenderableType
from textual import on
from textual.app import App, ComposeResult, SystemCommand
from textual.binding import Binding, BindingType
from textual.driver import Driver
from textual.drivers.linux_driver import LinuxDriver
from textual.events import Event, Key, Paste
from textual.notifications import Notify
from textual.screen import Screen
from textual.widgets import Static

from quell.display.pasting import pasted
from quell.display.printable import printable
from quell.drawing.placement import Placement
from quell.driver import TerminalDriver, TerminalGone
from quell.logs import report_crash
from quell.reading import ESCAPE, STAND_IN
from quell.themes import QUELL_DARK, QUELL_LIGHT
from quell.type_ahead import TypeAhead

if TYPE_CHECKING:
    from textual.command import Provider

    from quell.session.session import Session
    from quell.workspace import Workspace

OpenWorkspace = Callable[[], AbstractAsyncContextManager["Workspace"]]

NAMES_TOLD = 3
"""Characters left out of a pasted text that are named; there may be more."""

INTERRUPTED = 130
"""Exit code after a signal."""


def _console_commands() -> "type[Provider]":
    from quell.commands import ConsoleCommands

    return ConsoleCommands


class QuellApp(App[None]):
    """Opens a session, shows it, and closes it again.

    Args:
        open_workspace: Makes the configuration and journal available, and takes back on leaving what it made.
        opening: What the first frame says, while that takes place.
        now: Unix seconds; the only clock of the session and the screens.
    """

    TITLE = "Quell"
    CSS_PATH = "app.tcss"
    COMMANDS = App.COMMANDS | {_console_commands}

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+p", "command_palette", "commands", id="app.commands", tooltip="All commands and rooms, by name"),
        Binding("ctrl+q", "leave", "quit", id="app.quit", tooltip="Quit; asks when deletions are still waiting"),
        Binding("ctrl+c", "leave", "quit", show=False, system=True),
    ]

    def __init__(
        self,
        open_workspace: OpenWorkspace,
        *,
        opening: str = "Opening your accounts…",
        now: Callable[[], float] = time.time,
    ) -> None:
        super().__init__()
        self.session: Session | None = None
        self.failure: BaseException | None = None
        """Why the session could not be opened, or ended on its own."""
        self._open_workspace = open_workspace
        self._opening = opening
        self._now = now
        self._placement = Placement()
        self.type_ahead = TypeAhead(self, super().on_event)
        """The keys that are still to be acted on."""
        self._crash: Exception | None = None
        self._leaving = asyncio.Event()
        self._work: asyncio.Task[None] | None = None
        self.register_theme(QUELL_DARK)
        self.register_theme(QUELL_LIGHT)
        self.theme = QUELL_DARK.name

    def get_driver_class(self) -> type[Driver]:
        """Textual's driver for this system, in the form that bears the loss of its terminal."""
        chosen = super().get_driver_class()
        return TerminalDriver if chosen is LinuxDriver else chosen

    def compose(self) -> ComposeResult:
        """The first frame."""
        yield Static(f"Quell\n\n{printable(self._opening)}", id="opening", markup=False)

    def on_mount(self) -> None:
        """Open the session once the first frame is drawn."""
        if not self.is_headless:
            loop = asyncio.get_running_loop()
            for each in (signal.SIGTERM, signal.SIGHUP):
                loop.add_signal_handler(each, self._interrupted)
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        self._work = asyncio.create_task(self._run_session(), name="session")
        self._work.add_done_callback(self._session_ended)

    async def _run_session(self) -> None:
        from quell.session.opening import open_session
        from quell.switching import take_short_turns

        take_short_turns()
        async with self._open_workspace() as workspace, open_session(workspace, self._now) as session:
            self._show(session)
            await self._leaving.wait()

    def _show(self, session: "Session") -> None:
        from quell.collector import spare
        from quell.screens.main import MainScreen

        self.session = session
        theme = session.workspace.config.console.theme
        if theme in self.available_themes:
            self.theme = theme
        self.push_screen(MainScreen(session))
        if not self.is_headless:
            self.call_after_refresh(spare)

    def _session_ended(self, work: asyncio.Task[None]) -> None:
        """A session that could not be opened takes the console with it; whoever ran the console is told why."""
        if not work.cancelled() and (error := work.exception()) is not None:
            self.failure = error
            self.exit(return_code=1)

    async def on_unmount(self) -> None:
        """Let nothing stay behind: the journal complete, sockets closed, the sandbox stopped."""
        self._leaving.set()
        if self._work is not None:
            if self.session is None:
                self._work.cancel()
            await asyncio.wait([self._work])

    @on(TerminalGone)
    def _interrupted(self) -> None:
        self.exit(return_code=INTERRUPTED)

    def action_leave(self) -> None:
        """Quit, after asking when deletions are still waiting."""
        from quell.moderation.deletion import WAITING
        from quell.screens.leave import LeaveScreen

        waiting = len(self.session.engine.keys_in(WAITING)) if self.session else 0
        if waiting == 0:
            self.exit()
        elif not isinstance(self.screen, LeaveScreen):
            self.push_screen(LeaveScreen(waiting), lambda leave: self.exit() if leave else None)

    def on_notify(self, event: Notify) -> None:
        """Do not say the same again while it can still be read: the messages would be covered by it."""
        told = event.notification
        if any((each.message, each.title) == (told.message, told.title) for each in self._notifications):
            event.prevent_default()

    async def on_event(self, event: Event) -> None:
        """Let keys and pasted texts in one by one, and nothing into a line of input that could not be shown there."""
        if isinstance(event, Paste):
            event.text, left_out = pasted(event.text.replace(STAND_IN, ESCAPE))
            if left_out:
                names = ", ".join(left_out[:NAMES_TOLD]) + (", …" if len(left_out) > NAMES_TOLD else "")
                self.notify(f"Left out of the pasted text: {names}", severity="warning", markup=False)
        if isinstance(event, (Key, Paste)) and not event.is_forwarded:
            await self.type_ahead.take(event)
        else:
            await super().on_event(event)

    @property
    def _background_screens(self) -> list[Screen[object]]:
        """The screens that shine through the one on top: none but behind a dialog.

        Textual lays them out and draws them with every new size, and then the one on top once more because of them.
        """
        return super()._background_screens if self.screen.is_modal else []

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        """Draw on the terminal, every part of the screen in its place."""
        if renderable is not None:
            self.type_ahead.drawing(screen)
        placed = self._placement.placed(renderable, [*self._background_screens, screen])
        super()._display(screen, cast("RenderableType | None", placed))

    def _handle_exception(self, error: Exception) -> None:
        """End because of an error that nobody foresaw; it is told when the terminal is restored."""
        self._crash = self._crash or error
        super()._handle_exception(error)

    def _print_error_renderables(self) -> None:
        """Tell of the error in Quell's own words: Textual's show the values of variables, credentials among them."""
        if self._crash is not None:
            self._exit_renderables.clear()
            report_crash(type(self._crash), self._crash, self._crash.__traceback__)
            self._crash = None
        super()._print_error_renderables()

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Of Textual's own commands, those that mean something here."""
        yield SystemCommand("Theme", "Change the colours", self.action_change_theme)
        yield SystemCommand("Quit", "Leave Quell", self.action_leave)


def run_console(open_workspace: OpenWorkspace, opening: str = "Opening your accounts…") -> int:
    """Run the console until the moderator leaves. Returns the exit code of the process.

    Args:
        open_workspace: As for `QuellApp`.
        opening: What the first frame says.

    Raises:
        BaseException: Whatever kept the workspace or the session from being opened, once the terminal is restored.
    """
    app = QuellApp(open_workspace, opening=opening)
    app.run()
    if app.failure is not None:
        raise app.failure
    return app.return_code or 0
