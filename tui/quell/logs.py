"""Log lines and crash reports: printable, one line each, without secrets and without the values of variables."""

import logging
import os
import re
import sys
import traceback
from pathlib import Path
from types import TracebackType
from typing import TextIO

from quell.display import Printable, printable
from quell_providers.secret import scrubbed

_OURS = ("quell", "quell_providers")
_CREDENTIALS = re.compile(
    r"""(?ix)
    (?P<name> authorization | x-auth-token | x-user-id | x-amz-security-token | x-amz-signature
      | aws_[a-z_]*(?:key|token) | (?:[a-z]*_)?(?:token|password|secret|secret_access_key|session_token) )
    (?P<between> ["']? \s* [=:] \s* ["']? (?: bearer \s+ | basic \s+ )? )
    (?P<value> [^\s"'&,;}\])]+ )
    | \b (?P<key> (?:AKIA|ASIA)[0-9A-Z]{12,} ) \b
    """
)
"""Credentials that no `Secret` holds, such as those that the AWS libraries find by themselves, where they are named."""


def safe_line(text: str) -> Printable:
    """One line of a log or report: printable, and without anything that is or looks like a credential."""
    return printable(_CREDENTIALS.sub(_hidden, scrubbed(text)))


def crash_report(error: BaseException) -> list[Printable]:
    """What happened and where, the causes first, in lines. The values of variables are never part of it."""
    parts = traceback.format_exception(error)
    return [safe_line(line) for part in parts for line in part.splitlines()]


class LineFormatter(logging.Formatter):
    """One line for a record, and further ones, indented, for its traceback."""

    def format(self, record: logging.LogRecord) -> Printable:
        """The record as text; a line break in it does not begin a line that could be taken for another record."""
        moment = self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z")
        lines = [safe_line(f"{moment} {record.levelname} {record.name}: {record.getMessage()}")]
        if record.exc_info and record.exc_info[1] is not None:
            lines += [Printable(f"  | {line}") for line in crash_report(record.exc_info[1])]
        return Printable("\n".join(lines))


class BriefFormatter(LineFormatter):
    """What a command says beside its result."""

    def format(self, record: logging.LogRecord) -> Printable:
        """The message alone."""
        return safe_line(f"quell: {record.getMessage()}")


class StderrHandler(logging.StreamHandler[TextIO]):
    """Writes to whatever stderr is at the moment."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line."""
        self.stream = sys.stderr
        super().emit(record)


def begin_logging(*, file: Path | None, on_stderr: bool) -> None:
    """Log from now on to these places, in place of those of an earlier call.

    Args:
        file: Where everything from INFO on goes, other libraries' from WARNING on; only its owner can read it.
        on_stderr: Whether warnings go to stderr, for whoever runs a command; not while a console fills the screen.

    Raises:
        OSError: The file can not be written.
    """
    handlers: list[logging.Handler] = [logging.NullHandler()]
    if file is not None:
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600))
        handlers.append(logging.FileHandler(file, encoding="utf-8", errors="backslashreplace"))
    if on_stderr:
        handlers.append(StderrHandler())
        handlers[-1].setLevel(logging.WARNING)
    root = logging.getLogger()
    for old in [each for each in root.handlers if isinstance(each.formatter, LineFormatter)]:
        root.removeHandler(old)
        old.close()
    for handler in handlers:
        handler.setFormatter(BriefFormatter() if isinstance(handler, StderrHandler) else LineFormatter())
        root.addHandler(handler)
    for name in _OURS:
        logging.getLogger(name).setLevel(logging.INFO)


def report_crash(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None, *, stream: TextIO | None = None
) -> None:
    """Tell of an error that nobody foresaw, in the log and on stderr. Takes what `sys.excepthook` is given."""
    logging.getLogger("quell").critical("Quell ended unexpectedly: %s", kind.__name__, exc_info=(kind, error, trace))
    out = stream or sys.__stderr__
    if out is not None:
        for line in crash_report(error):
            out.write(f"{line}\n")


def _hidden(found: re.Match[str]) -> str:
    return "(hidden)" if found["key"] else f"{found['name']}{found['between']}(hidden)"
