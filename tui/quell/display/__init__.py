"""The only place where text of a service becomes something a terminal may print."""

from quell.display.printable import Printable, printable, wrapped
from quell.display.states import GLYPHS, WORDS, label
from quell.display.times import clock_time, duration

__all__ = ["GLYPHS", "WORDS", "Printable", "clock_time", "duration", "label", "printable", "wrapped"]
