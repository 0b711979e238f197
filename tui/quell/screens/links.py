"""Links: where each one leads, said in full before anything is opened."""

import webbrowser
from functools import partial
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from quell.display import printable
from quell.moderation.links import WebLink
from quell.screens.decision import DecisionScreen, Typed, is_escape
from quell.widgets.detail import PartsView
from quell.widgets.detail.copying import Copy, told
from quell.widgets.detail.message_text import link_parts
from quell.widgets.key_bar import Key, KeyBar

_TERMINAL_BROWSERS = frozenset({"www-browser", "links", "elinks", "lynx", "w3m"})
"""Those that `webbrowser` falls back on where there is no display."""


class LinksScreen(ModalScreen[WebLink | None]):
    """Lists the links of a message. Answers with the chosen one, or `None`."""

    CSS_PATH = "dialog.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,l,q", "dismiss", "Close", id="links.close")]

    def __init__(self, links: tuple[WebLink, ...]) -> None:
        super().__init__()
        self._links = links

    def compose(self) -> ComposeResult:
        """A line for each link."""
        with Vertical(classes="dialog wide"):
            yield Static("Links", classes="title", markup=False)
            yield OptionList(*(Option(_line(link)) for link in self._links), markup=False)
            keys = [Key("Enter", "shows where it leads; nothing is opened yet", ""), Key("Esc", "closes", "dismiss")]
            yield KeyBar(self, keys)

    def on_mount(self) -> None:
        """Begin at the first."""
        self.query_one(OptionList).highlighted = 0

    @on(OptionList.OptionSelected)
    def choose(self, event: OptionList.OptionSelected) -> None:
        """Look at one."""
        self.dismiss(self._links[event.option_index])


class LinkScreen(DecisionScreen[None]):
    """One link, its whole address and what is suspicious about it; opens it only when told to."""

    CSS_PATH = "dialog.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,n,q", "dismiss", "Close", id="link.close"),
        Binding("o", "open", "Open", id="link.open", tooltip="Open the address in the browser"),
        Binding("y", "copy", "Copy", id="link.copy", tooltip="Copy the address"),
    ]

    def __init__(self, link: WebLink) -> None:
        super().__init__()
        self._link = link

    def compose(self) -> ComposeResult:
        """The address taken apart, warnings, and the question."""
        keys = [Key("y", "copies the address", "copy"), Key("Esc", "does nothing", "dismiss")]
        if self._link.address:
            keys.insert(0, Key("o", "opens it in the browser", "open"))
        with VerticalScroll(classes="dialog wide"):
            title = "Open this link?" if self._link.address else "This link can not be opened from here"
            yield Static(title, classes="title", markup=False)
            yield PartsView(link_parts(self._link))
            yield Static(id="problem", markup=False)
            yield KeyBar(self, keys)

    def is_meant(self, typed: Typed) -> bool:
        """To open nothing is no risk."""
        return is_escape(typed)

    def action_copy(self) -> None:
        """Copy the address."""
        copy = Copy("", "the address", printable(self._link.address or self._link.written))
        self.app.copy_to_clipboard(copy.text)
        self.notify(told(copy), markup=False)

    def action_open(self) -> None:
        """Open the address, where there is something to open it with."""
        if not self._link.address:
            return
        if not has_browser():
            problem = self.query_one("#problem", Static)
            problem.update("There is no browser on this machine that could show it; y copies the address.")
            problem.display = True
            return
        # In a thread, because browsers take their time to start; of the app, because this screen is about to go.
        self.app.run_worker(partial(self.app.open_url, self._link.address), group="open-link", thread=True)
        self.dismiss(None)


def has_browser() -> bool:
    """Whether a browser with a window of its own can be started. One in the terminal would take it from Quell."""
    try:
        browser = webbrowser.get()
    except webbrowser.Error:
        return False
    return Path(browser.name).name not in _TERMINAL_BROWSERS


def _line(link: WebLink) -> Content:
    return Content.assemble(
        (printable(f"{link.scheme} · {link.host or '?'}"), "bold"),
        f"\n  {printable(link.written)}",
        *((f"\n  ⚠ {printable(warning)}", "$warning") for warning in link.warnings),
    )
