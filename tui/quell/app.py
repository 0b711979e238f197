"""The console: one Textual application around one session."""

import asyncio
import signal
import time
from collections.abc import Callable, Iterable
from contextlib import AbstractAsyncContextManager
from typing import ClassVar

from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.screen import Screen

from quell.commands import ConsoleCommands
from quell.display import printable
from quell.display.wording import plural
from quell.moderation.deletion import WAITING
from quell.moderation.journal import JournalError
from quell.screens.leave import LeaveScreen
from quell.screens.main import MainScreen
from quell.session import Session
from quell.themes import QUELL_DARK, QUELL_LIGHT
from quell.workspace import Workspace

OpenWorkspace = Callable[[], AbstractAsyncContextManager[Workspace]]

INTERRUPTED = 130


class QuellApp(App[None]):
    """Opens at once; the workspace and its session come up behind the first screen.

    Args:
        open_workspace: Makes the configuration and journal available, and takes back on leaving what it made.
        now: Unix seconds; the only clock of the session and the screens.
    """

    TITLE = "Quell"
    CSS_PATH = "app.tcss"
    COMMANDS = App.COMMANDS | {ConsoleCommands}
    MODES = {"console": MainScreen}  # noqa: RUF012 - as Textual declares it
    DEFAULT_MODE = "console"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+p", "command_palette", "commands", id="app.commands", tooltip="All commands and rooms, by name"),
        Binding("ctrl+q", "leave", "quit", id="app.quit", tooltip="Quit; asks when deletions are still waiting"),
        Binding("ctrl+c", "leave", "quit", show=False, system=True),
    ]

    def __init__(self, open_workspace: OpenWorkspace, now: Callable[[], float] = time.time) -> None:
        super().__init__()
        self._now = now
        self._open_workspace = open_workspace
        self._leaving = asyncio.Event()
        self._work: asyncio.Task[None] | None = None
        self.session: Session | None = None
        self.register_theme(QUELL_DARK)
        self.register_theme(QUELL_LIGHT)
        self.theme = QUELL_DARK.name

    def on_mount(self) -> None:
        """Bring the session up once the first frame is drawn."""
        if not self.is_headless:
            loop = asyncio.get_running_loop()
            for each in (signal.SIGTERM, signal.SIGHUP):
                loop.add_signal_handler(each, self._interrupted)
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        self._work = asyncio.create_task(self._run_session(), name="session")

    async def _run_session(self) -> None:
        try:
            async with self._open_workspace() as workspace, await Session.open(workspace, self._now) as session:
                self._session_opened(session)
                await self._leaving.wait()
        except JournalError as error:
            self.exit(return_code=1, message=printable(str(error)))

    def _session_opened(self, session: Session) -> None:
        self.session = session
        theme = session.workspace.config.console.theme
        if theme in self.available_themes:
            self.theme = theme
        elif theme:
            self.notify(printable(f"There is no theme named {theme}."), severity="warning", markup=False)
        screen = self.screen_stack[0]
        assert isinstance(screen, MainScreen)
        screen.attach(session)
        self._tell_recovery(session)

    def _tell_recovery(self, session: Session) -> None:
        found = session.recovery
        if found.unknown or found.cancelled:
            self.notify(
                f"{plural(found.unknown, 'deletion')} may or may not have happened (now: unknown), "
                f"{plural(found.cancelled, 'deletion')} never sent (now: cancelled). `quell audit list` has them all.",
                title="Quell was stopped in the middle of a batch",
                severity="warning",
                timeout=20,
                markup=False,
            )

    async def on_unmount(self) -> None:
        """Let nothing stay behind: the journal complete, sockets closed, the sandbox stopped."""
        self._leaving.set()
        if self._work is not None:
            await self._work

    def _interrupted(self) -> None:
        self.exit(return_code=INTERRUPTED)

    async def action_leave(self) -> None:
        """Quit, after asking when deletions are still waiting."""
        waiting = len(self.session.engine.keys_in(WAITING)) if self.session else 0
        if waiting == 0:
            self.exit()
        elif not isinstance(self.screen, LeaveScreen):
            self.push_screen(LeaveScreen(waiting), lambda leave: self.exit() if leave else None)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Of Textual's own commands, those that mean something here."""
        yield SystemCommand("Theme", "Change the colours", self.action_change_theme)
        yield SystemCommand("Keys", "Show all keys", lambda: self.call_later(self.run_action, "screen.keys"))
        yield SystemCommand("Quit", "Leave Quell", lambda: self.call_later(self.action_leave))


def run_console(open_workspace: OpenWorkspace) -> int:
    """Run the console until the moderator leaves. Returns the exit code of the process."""
    app = QuellApp(open_workspace)
    app.run()
    return app.return_code or 0
