"""How Python's threads take turns, for a program in which one of them draws."""

import sys

SWITCH_SECONDS = 0.001
"""Python's own 5 ms are for threads that compute. A provider's sign and read many short calls, and whenever the event
loop lets go of the interpreter, if only to look for a key, it would wait so long for its turn. Any shorter, and what a
key changes would not be drawn in one turn."""


def take_short_turns() -> None:
    """Let whoever draws have the interpreter back soon, from now on and in the whole process."""
    sys.setswitchinterval(SWITCH_SECONDS)
