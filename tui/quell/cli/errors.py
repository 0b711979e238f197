"""How a command ends when it can not do what was asked: a message, a remedy, and an exit code."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum

import click

from quell.cli.output import silence, tell
from quell.config import ConfigError
from quell.display import printable
from quell_providers.refusal import Refusal, RefusalKind, RefusedError


class ExitCode(IntEnum):
    """What the shell is told."""

    DONE = 0
    """Everything asked is done."""
    INCOMPLETE = 1
    """Something was refused, failed, or its outcome is unknown."""
    USAGE = 2
    """The command line or the configuration is wrong; nothing was done."""
    LOGIN = 3
    """A service refused the login."""
    INTERRUPTED = 130
    """Stopped by the person who started it."""


class CommandError(Exception):
    """Ends a command. Text of a service may stand in it; it is made printable when it is told."""

    def __init__(self, message: str, *, remedy: str = "", code: ExitCode = ExitCode.USAGE) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy
        self.code = code


@contextmanager
def exit_codes() -> Iterator[None]:
    """Turn every foreseen end of a command into its message and exit code."""
    try:
        yield
    except CommandError as error:
        tell_error(error.message, error.remedy)
        raise click.exceptions.Exit(error.code) from None
    except ConfigError as error:
        for line in str(error).split("\n"):
            tell(printable(line))
        raise click.exceptions.Exit(ExitCode.USAGE) from None
    except RefusedError as error:
        tell_error(in_words(error.refusal), error.refusal.remedy)
        raise click.exceptions.Exit(exit_code_of(error.refusal)) from None
    except BrokenPipeError:
        silence()
        raise click.exceptions.Exit(ExitCode.DONE) from None
    except (KeyboardInterrupt, click.Abort):
        raise click.exceptions.Exit(ExitCode.INTERRUPTED) from None


def tell_error(message: str, remedy: str) -> None:
    """Say on stderr what happened and what would help. Text of a service is made printable here."""
    tell(printable(f"quell: {message}"))
    if remedy:
        tell(printable(f"  {remedy}"))


def exit_code_of(refusal: Refusal) -> ExitCode:
    """The exit code for a command that could do nothing because of this refusal."""
    return ExitCode.LOGIN if refusal.kind is RefusalKind.LOGIN else ExitCode.INCOMPLETE


def in_words(refusal: Refusal) -> str:
    """Why the service said no, in our words and its own."""
    said = ": ".join(part for part in (refusal.code, refusal.detail) if part)
    if refusal.cause and said:
        return f"{refusal.cause} ({said})"
    return refusal.cause or said or refusal.kind.value
