"""Keys and what they do in one line, for the hand on the mouse too."""

from collections.abc import Sequence
from typing import NamedTuple

from textual.content import Content
from textual.dom import DOMNode
from textual.style import Style
from textual.widgets import Static

from quell.display import printable


class Key(NamedTuple):
    """One key."""

    shown: str
    """The key as people read it."""
    does: str
    action: str
    """What a click runs; empty: nothing."""


class KeyBar(Static):
    """Shows keys; a click on one does what it does.

    Args:
        target: On which the actions run.
        keys: From left to right.
        id: As for every widget.
    """

    DEFAULT_CSS = "KeyBar { height: auto; }"

    def __init__(self, target: DOMNode, keys: Sequence[Key], *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(_line(keys), id=id, markup=False)
        self.auto_links = False  # a key looks the same wherever it stands
        self._target = target
        self._keys = keys

    async def action_press(self, number: int) -> None:
        """Do what the key does that was clicked."""
        await self.app.run_action(self._keys[number].action, self._target)


def _line(keys: Sequence[Key]) -> Content:
    shown = []
    for number, key in enumerate(keys):
        words = Content.assemble((printable(key.shown), "bold $accent"), printable(f" {key.does}"))
        shown.append(words.stylize(Style.from_meta({"@click": f"press({number})"})) if key.action else words)
    return Content("  ").join(shown)
