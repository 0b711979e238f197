"""Texts that change: each change is drawn, and some are laid out."""

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from quell.widgets.notices import Notice

GROWING = frozenset({"#room-banner"})
"""Texts that take as many lines as they need at their width; of another, only another number of lines is laid out."""


def say(text: Static, content: Content) -> None:
    """Let a text say something else, in as many lines as that takes."""
    text.update(content)
    # Of several changes before a text is idle, Textual counts one, and takes its height from what was laid out between
    # them: of a forecast that is answered at once, the refusals would have no line.
    text._layout_updates += 1


class Texts:
    """Changes the texts around a feed, only when they say something else.

    Args:
        owner: Holds them, each a `Static`.
    """

    def __init__(self, owner: Widget) -> None:
        self._owner = owner
        self._said: dict[str, Content] = {}
        """What the texts say, by their selectors."""

    def say(self, selector: str, content: Content) -> None:
        """Let a text say this."""
        if not content.is_same(self._said.get(selector, Content())):
            before, self._said[selector] = self._said.get(selector, Content()), content
            text = self._owner.query_one(selector, Static)
            if selector in GROWING or before.plain.count("\n") != content.plain.count("\n"):
                say(text, content)
            else:
                text.update(content, layout=False)

    def notice(self, selector: str, shown: Notice | None) -> None:
        """Let a text say this, as grave as it is; or hide it."""
        target = self._owner.query_one(selector, Static)
        if target.display != (shown is not None):
            target.display = shown is not None
        if shown is not None:
            target.set_classes(shown.severity)
            self.say(selector, shown.content)
