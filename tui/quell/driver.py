"""A terminal that may go away: a dropped connection, a closed window, a killed multiplexer.

Textual's output thread ends at the first write that fails. The event loop goes on to fill the thread's short queue and
then blocks in it for good, with deletions under way and nobody to end them.
"""

from collections.abc import Callable
from typing import Any, Protocol, cast

from textual.app import App
from textual.drivers import linux_driver
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from quell.reading import TerminalParser


class Stream(Protocol):
    """What is used of a text stream."""

    def write(self, text: str, /) -> int:
        """Take text; raises `OSError` when it can not."""
        ...

    def flush(self) -> None:
        """Hand on what was taken; raises `OSError` when it can not."""
        ...

    def fileno(self) -> int:
        """The number of the descriptor beneath."""
        ...


class FadingOutput:
    """A text stream that swallows everything once its terminal is gone.

    Args:
        stream: Where the text goes for as long as it can.
        gone: Called once, in the thread that writes, when the first write fails.
    """

    def __init__(self, stream: Stream, gone: Callable[[], object]) -> None:
        self._stream: Stream | None = stream
        self._number = stream.fileno()
        self._gone = gone

    def write(self, text: str) -> int:
        """Write, or pass over what can not be written. Returns the number of characters taken."""
        if self._stream is not None:
            try:
                self._stream.write(text)
            except OSError:
                self._fade()
        return len(text)

    def flush(self) -> None:
        """Hand on what was written, as far as it can be."""
        if self._stream is not None:
            try:
                self._stream.flush()
            except OSError:
                self._fade()

    def fileno(self) -> int:
        """The number of the terminal's descriptor."""
        return self._number

    def _fade(self) -> None:
        self._stream = None
        self._gone()


class TerminalGone(Message):
    """There is nobody to draw for any more."""


class TerminalDriver(LinuxDriver):
    """Textual's own driver, which outlives its terminal and tells the application that it is gone.

    The kernel tells it with SIGHUP too, but not where the terminal is not the controlling one.
    """

    def __init__(
        self, app: App[object], *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        # Typed as the file it replaces, of which the output thread uses no more than this.
        self._file = cast(Any, FadingOutput(cast(Stream, self._file), lambda: app.post_message(TerminalGone())))

    def run_input_thread(self) -> None:
        """Read what the terminal sends, with a parser that Textual has no other place for."""
        vars(linux_driver)["XTermParser"] = TerminalParser
        super().run_input_thread()
