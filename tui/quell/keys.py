"""The keys of one part of the console, for whoever lists them."""

from typing import NamedTuple

from textual.binding import Binding
from textual.dom import DOMNode


class KeyGroup(NamedTuple):
    """A part of the console and its keys."""

    title: str
    target: DOMNode
    """On which the actions run."""
    bindings: list[Binding]
