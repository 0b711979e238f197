"""A real pseudo-terminal around a process, and the bytes that reach it."""

import contextlib
import fcntl
import os
import select
import signal
import struct
import subprocess
import termios
import time
from types import TracebackType
from typing import Self


class Terminal:
    """Runs a command in a pseudo-terminal of its own session.

    Args:
        command: Program and arguments.
        size: Columns and rows.
        environment: Variables on top of the current ones.
        controlling: Whether the kernel knows it as the terminal of the session, and so tells of its end with SIGHUP.
    """

    def __init__(
        self,
        command: list[str],
        *,
        size: tuple[int, int] = (140, 40),
        environment: dict[str, str] | None = None,
        controlling: bool = True,
    ) -> None:
        self._command = command
        self._controlling = controlling
        self.size = size
        inherited = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES", "NO_COLOR")}
        self._environment = {**inherited, "TERM": "xterm-256color", "COLORTERM": "truecolor", **(environment or {})}
        self.output = bytearray()

    def __enter__(self) -> Self:
        self._master, slave = os.openpty()
        self._slave = slave
        self.resize(*self.size)
        self.modes_before = termios.tcgetattr(slave)
        self.process = subprocess.Popen(
            self._command,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env=self._environment,
            start_new_session=True,
            preexec_fn=_take_control if self._controlling else None,
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self._drain_until_exit(5.0)
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for descriptor in (self._slave, self._master):
            with contextlib.suppress(OSError):
                os.close(descriptor)

    @property
    def modes(self) -> list[object]:
        """The terminal's modes now, as `termios.tcgetattr` gives them."""
        return termios.tcgetattr(self._slave)

    def type(self, text: str) -> None:
        """Send keys."""
        os.write(self._master, text.encode())

    def wait_for(self, expected: bytes, *, timeout: float = 30.0) -> None:
        """Read until the output contains this since the last wait; fails after `timeout` seconds."""
        seen = b""
        deadline = time.monotonic() + timeout
        while expected not in seen:
            left = deadline - time.monotonic()
            if left <= 0:
                raise AssertionError(f"{expected!r} did not appear; the last output was {seen[-2000:]!r}")
            seen += self._read(left)

    def resize(self, columns: int, rows: int) -> None:
        """Give the terminal another size; what runs in it is told."""
        fcntl.ioctl(self._slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def read(self, timeout: float = 0.05) -> None:
        """Read all there is, waiting up to `timeout` seconds for the first of it."""
        while self._read(timeout):
            timeout = 0.0

    def wait_for_exit(self, *, timeout: float = 20.0) -> int:
        """Read until the process ends and return its exit code; fails after `timeout` seconds."""
        if not self._drain_until_exit(timeout):
            raise AssertionError(f"still running; the last output was {self.output[-2000:]!r}")
        return self.process.wait()

    def hang_up(self) -> None:
        """Close the terminal as a lost connection or a closed window does."""
        os.close(self._slave)
        os.close(self._master)

    def _drain_until_exit(self, timeout: float) -> bool:
        deadline = time.monotonic() + timeout
        while self.process.poll() is None and time.monotonic() < deadline:
            self._read(0.05)
        return self.process.poll() is not None

    def _read(self, timeout: float) -> bytes:
        try:
            ready, _, _ = select.select([self._master], [], [], timeout)
            data = os.read(self._master, 65536) if ready else b""
        except OSError:
            return b""
        self.output += data
        return data


def _take_control() -> None:
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
