"""What the keys of a dialog do, in one line that takes clicks as well."""

from typing import NamedTuple

from textual.content import Content
from textual.events import Click
from textual.style import Style
from textual.widgets import Static

NO_BREAK = "\u00a0"
_ACTION = "hint"
"""Under this name the text of a hint holds its action."""


class Hint(NamedTuple):
    """A key and what it does."""

    key: str
    does: str
    action: str
    """An action of the screen, which a click on the hint runs too: `answer`, `dismiss(None)`."""


class KeyLine(Static):
    """Hints side by side.

    Args:
        hints: From left to right.
    """

    def __init__(self, *hints: Hint) -> None:
        super().__init__(Content("   ").join(map(_shown, hints)), id="keys", markup=False)

    async def on_click(self, event: Click) -> None:
        """Do what the key does."""
        action = event.style.meta.get(_ACTION)
        if action is not None:
            await self.screen.run_action(action)


def _shown(hint: Hint) -> Content:
    text = Content.assemble((hint.key, "bold $accent"), f" {hint.does}".replace(" ", NO_BREAK))
    return text.stylize(Style.from_meta({_ACTION: hint.action}))
