"""Where the reason of a deletion is typed or picked."""

from collections.abc import Callable, Sequence

from textual.events import Key
from textual.message import Message
from textual.widgets import Input

from quell.display import printable
from quell.moderation.deletion import Reason
from quell.moderation.reasons import Preset


class ReasonInput(Input):
    """Free text in which, as long as nothing was typed, one key picks a preset or a command of the dialog around it.

    Args:
        presets: The reasons that a key picks; another key picks another one until the text is edited.
        commands: The characters that are commands at the moment.
        id: As for every widget.
    """

    class CommandPressed(Message):
        """The key of a command was pressed."""

        def __init__(self, character: str) -> None:
            super().__init__()
            self.character = character

    def __init__(
        self,
        presets: Sequence[Preset],
        commands: Callable[[], str],
        *,
        id: str,  # noqa: A002 - Textual's own name
    ) -> None:
        super().__init__(id=id, placeholder="a number picks a reason, or type your own", compact=True)
        self._presets = {preset.key: preset for preset in presets}
        self._commands = commands
        self._picked: Preset | None = None

    @property
    def reason(self) -> Reason:
        """What was picked, maybe edited further, or typed."""
        text = self.value.strip()
        code = self._picked.code if self._picked is not None else "other"
        return Reason(code if text else "none", text)

    def _pick(self, preset: Preset) -> None:
        self._picked = preset
        self.value = printable(preset.text)
        self.cursor_position = len(self.value)

    async def _on_key(self, event: Key) -> None:
        untouched = not self.value or any(self.value == preset.text for preset in self._presets.values())
        character = event.character or ""
        if untouched and character in self._presets:
            self._pick(self._presets[character])
        elif not self.value and character and character in self._commands():
            self.post_message(self.CommandPressed(character))
        else:
            await super()._on_key(event)
            return
        event.stop()
        event.prevent_default()
