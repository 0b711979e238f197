"""The only place where text of a service becomes something a terminal may print."""

from quell.display.cells import cells, fitted, needed, shortened, wrapped, wrapped_runs
from quell.display.json_lines import json_line, json_string
from quell.display.printable import Printable, Run, printable, runs
from quell.display.states import COLOURS, GLYPHS, WORDS, label
from quell.display.times import clock_time, duration

__all__ = [
    "COLOURS",
    "GLYPHS",
    "WORDS",
    "Printable",
    "Run",
    "cells",
    "clock_time",
    "duration",
    "fitted",
    "json_line",
    "json_string",
    "label",
    "needed",
    "printable",
    "runs",
    "shortened",
    "wrapped",
    "wrapped_runs",
]
