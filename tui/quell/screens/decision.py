"""Dialogs in which one key does what can not be taken back."""

from typing import TypeVar

from textual.events import Key, Paste
from textual.screen import ModalScreen

Answer = TypeVar("Answer")

Typed = Key | Paste
"""What waits for its turn when it is typed fast."""


class DecisionScreen(ModalScreen[Answer]):
    """A dialog in which nobody decides anything before it was seen.

    What was typed earlier is left out, and said to be, but for what a dialog takes all the same.
    """

    _left_out = False

    def takes_unseen(self, typed: Typed) -> bool:
        """Whether to take something that was typed before the dialog was seen. Asked in the order of typing."""
        if self.is_meant(typed) and not (self._left_out and is_text(typed)):
            return True
        if not self._left_out:
            self._left_out = True
            self.notify("What was typed before this could be read decides nothing.", severity="warning", markup=False)
        return False

    def is_meant(self, typed: Typed) -> bool:
        """Whether something that was typed earlier decides nothing, and was meant for this dialog.

        For one that comes up unasked, nothing was.
        """
        return False


def is_text(typed: Typed) -> bool:
    """Whether a line of input would take this as text."""
    return isinstance(typed, Paste) or typed.is_printable


def is_escape(typed: Typed) -> bool:
    """Whether this backs out."""
    return isinstance(typed, Key) and typed.key == "escape"
