"""The smallest Textual application that paints a word: what any console has to pay for."""

from textual.app import App, ComposeResult
from textual.widgets import Static


class MinimalApp(App[None]):
    def compose(self) -> ComposeResult:
        yield Static("painted")


MinimalApp().run()
