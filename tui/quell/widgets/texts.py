"""The texts around a feed, changed only when they say something else: each change is drawn, and some are laid out."""

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from quell.widgets.notices import Notice

GROWING = frozenset({"#room-banner"})
"""Texts that take as many lines as they need; a change of another moves nothing, so nothing is laid out."""


class Texts:
    """Changes the texts of a widget.

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
            self._said[selector] = content
            self._owner.query_one(selector, Static).update(content, layout=selector in GROWING)

    def notice(self, selector: str, shown: Notice | None) -> None:
        """Let a text say this, as grave as it is; or hide it."""
        target = self._owner.query_one(selector, Static)
        if target.display != (shown is not None):
            target.display = shown is not None
        if shown is not None:
            target.set_classes(shown.severity)
            self.say(selector, shown.content)
