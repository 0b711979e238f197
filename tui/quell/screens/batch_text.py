"""The words of the batches panel. Pure."""

from collections.abc import Iterable, Mapping

from textual.content import Content

from quell.display import COLOURS, GLYPHS, WORDS, clock_time, duration, printable
from quell.display.wording import plural
from quell.moderation.deletion import State
from quell.moderation.progress import BatchProgress

BAR = 24
"""Width of a progress bar in cells."""


def batch_lines(batch: BatchProgress) -> Content:
    """Three lines: what it is, how far it has come, and how its deletions stand."""
    return Content("\n").join(
        [
            headline(batch.reason.code, batch.reason.text, batch.total, batch.rooms, batch.confirmed_at),
            _progress(batch),
            counts(batch.states),
        ]
    )


def headline(code: str, text: str, total: int, rooms: Iterable[tuple[str, str, str]], confirmed_at: float) -> Content:
    """The reason, how many messages in which rooms, and when it was confirmed."""
    names = ", ".join(printable(f"{account}/{name or room_id}") for account, room_id, name in rooms)
    return Content.assemble(
        (clock_time(confirmed_at), "$foreground-muted"),
        "  ",
        (printable(code), "bold $accent"),
        "  ",
        (f"{plural(total, 'message')} in {names}", "bold"),
        (f"  {printable(text)}" if text else "", "$foreground-muted"),
    )


def counts(states: Mapping[State, int]) -> Content:
    """How many deletions stand where; those without any are left out."""
    parts = [
        (f"{GLYPHS[state]} {states[state]:,} {WORDS[state]}   ", COLOURS[state]) for state in State if states.get(state)
    ]
    return Content.assemble("          ", *parts)


def _progress(batch: BatchProgress) -> Content:
    filled = batch.settled * BAR // batch.total if batch.total else BAR
    parts: list[str | tuple[str, str]] = [
        "          ",
        ("█" * filled, "$success"),
        ("░" * (BAR - filled), "$foreground-muted"),
        f" {batch.settled:,} of {batch.total:,}",
    ]
    if batch.open:
        parts.append((f"   {_rate(batch.speed)} now", "$foreground-muted"))
        allowed = "no limit" if batch.allowed is None else f"{_rate(batch.allowed)} allowed"
        parts.append((f", {allowed}", "$foreground-muted"))
        if batch.eta is not None:
            parts.append((f", {duration(batch.eta)} left", "$foreground-muted"))
    if batch.paused:
        parts.append(("   ‖ paused", "bold $warning"))
    if batch.makes_way and batch.open:
        parts.append(("   ‖ an urgent batch of another quell goes first", "bold $warning"))
    if batch.urgent:
        parts.append(("   » urgent", "bold $accent"))
    if batch.dropped:
        parts.append((f"   {batch.dropped:,} refused dropped", "$foreground-muted"))
    return Content.assemble(*parts)


def _rate(per_second: float) -> str:
    """A rate in the unit in which it is easiest to read."""
    return f"{per_second:.0f}/s" if per_second >= 2 else f"{per_second * 60:.0f}/min"
