"""What the keys of a dialog do, in one line that takes clicks as well."""

from typing import NamedTuple

from textual.content import Content
from textual.style import Style

NO_BREAK = "\u00a0"


class Hint(NamedTuple):
    """A key and what it does."""

    key: str
    does: str
    action: str
    """An action of the screen, which a click on the hint runs too: `answer`, `dismiss(None)`."""


def key_line(*hints: Hint) -> Content:
    """The hints side by side, for a `Static`."""
    parts = []
    for hint in hints:
        shown = Content.assemble((hint.key, "bold $accent"), f" {hint.does}".replace(" ", NO_BREAK))
        parts.append(shown.stylize(Style.from_meta({"@click": f"screen.{hint.action}"})))
    return Content("   ").join(parts)
