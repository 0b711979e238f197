"""Times and durations for people, in the machine's time zone."""

import time

from quell.display.printable import Printable


def clock_time(seconds: float, *, short: bool = False) -> Printable:
    """Local time of day of a Unix time: `HH:MM:SS`, or `HH:MM` when short."""
    # Every row has one: formatting by hand takes a tenth of the time that strftime does.
    moment = time.localtime(seconds)
    return Printable(f"{moment.tm_hour:02}:{moment.tm_min:02}" + ("" if short else f":{moment.tm_sec:02}"))


def duration(seconds: float) -> Printable:
    """A length of time in one or two units: `4 s`, `2 min 30 s`, `1 h 5 min`."""
    whole = max(0, round(seconds))
    if whole < 60:
        return Printable(f"{whole} s")
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return Printable(f"{minutes} min {rest} s" if rest else f"{minutes} min")
    hours, minutes = divmod(minutes, 60)
    return Printable(f"{hours} h {minutes} min" if minutes else f"{hours} h")
