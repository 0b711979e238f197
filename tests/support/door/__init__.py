"""A static check that nothing reaches the screen, a line of output or a log but through `quell.display`.

`Package` knows the annotations of the sources, `Judge` decides whether an expression is display text, and `sinks` finds
the places where text leaves the program.
"""

from tests.support.door.sinks import Violation, violations
from tests.support.door.sources import Package

__all__ = ["Package", "Violation", "violations"]
