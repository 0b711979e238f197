"""A progress bar: one line on the terminal that is drawn over and over."""

import shutil

import click

from quell.display import duration
from quell.moderation.progress import BatchProgress

_WIDTH = 30
_ERASE = "\r\x1b[K"


class Bar:
    """The bar at the end of stderr, which is a terminal.

    Args:
        shares_terminal: Stdout goes to a terminal too, so lines there must not run into the bar.
    """

    def __init__(self, *, shares_terminal: bool) -> None:
        self._shares_terminal = shares_terminal
        self._is_drawn = False

    def draw(self, progress: BatchProgress) -> None:
        """Show how far the batch has come."""
        columns = shutil.get_terminal_size().columns
        click.echo(_ERASE + bar_line(progress)[: columns - 1], nl=False, err=True)
        self._is_drawn = True

    def clear(self) -> None:
        """Make room for a line."""
        if self._is_drawn and self._shares_terminal:
            click.echo(_ERASE, nl=False, err=True)
            self._is_drawn = False


def bar_line(progress: BatchProgress) -> str:
    """The bar, how many of how many, the speed against what is allowed, and how long it will take."""
    filled = _WIDTH * progress.settled // max(progress.total, 1)
    allowed = "no limit" if progress.allowed is None else f"{_rate(progress.allowed)} allowed"
    parts = [
        f"[{'#' * filled}{'-' * (_WIDTH - filled)}] {progress.settled}/{progress.total}",
        f"{_rate(progress.speed)}, {allowed}",
    ]
    if progress.makes_way:
        parts.append("an urgent batch of another quell goes first")
    if progress.eta:
        parts.append(f"about {duration(progress.eta)} left")
    return "  ".join(parts)


def _rate(per_second: float) -> str:
    """A rate in the unit in which it is no tiny number."""
    return f"{per_second:.0f}/s" if per_second >= 1 else f"{per_second * 60:.0f}/min"
