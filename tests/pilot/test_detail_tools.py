"""Links, code points and copying: from the keys, and with the mouse."""

import re
from base64 import b64decode
from pathlib import Path

import pytest
from textual.app import App
from textual.command import CommandPalette
from textual.geometry import Offset
from textual.widgets import Input, OptionList

from quell.screens import links as links_module
from quell.screens.code_points import CodePointsScreen
from quell.screens.copy import CopyScreen
from quell.screens.keys import KeysScreen
from quell.screens.links import LinkScreen, LinksScreen, has_browser
from quell.screens.main import MainScreen
from quell.widgets.detail import PartsView
from quell.widgets.lines import LinesView
from quell_providers.model import Posted
from tests.support.fake_provider import message
from tests.support.looking import FILES, HOSTILE, look_at, pane
from tests.support.stage import FakeStage, stage

CHAT = message(40, "see https://a.example/x.")


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses that a browser was given."""
    addresses: list[str] = []
    monkeypatch.setattr(App, "open_url", lambda self, url, new_tab=True: addresses.append(url))
    monkeypatch.setattr(links_module, "has_browser", lambda: True)
    return addresses


async def post(console: FakeStage, *messages: object) -> None:
    """Let messages arrive; the cursor follows to the last one."""
    for each in messages:
        console.work.tell(Posted(each))  # type: ignore[arg-type]  # messages of the tests
    await console.until(lambda: len(console.feed.rows) == 8 + len(messages))


async def on(console: FakeStage, kind: type[object]) -> None:
    """Wait for a screen."""
    await console.until(lambda: isinstance(console.app.screen, kind))


async def click_words(console: FakeStage, selector: str, words: str) -> None:
    """Click on words that stand in a widget of the screen that is looked at."""
    widget = console.app.screen.query_one(selector)
    for y, line in enumerate(widget.render_lines(widget.size.region)):
        if words in line.text:
            await console.pilot.click(widget, offset=Offset(line.text.index(words) + len(words) - 1, y))
            return
    raise AssertionError(f"{words} is not on {selector}")


async def test_a_link_is_shown_in_full_before_it_is_opened(tmp_path: Path, opened: list[str]) -> None:
    async with stage(tmp_path) as console:
        await console.pilot.press("l")
        await console.until(lambda: any("no link" in each.message for each in console.app._notifications))
        await post(console, CHAT)
        await console.pilot.press("l")
        await on(console, LinkScreen)
        shown = str(console.app.screen.query_one(PartsView).render())
        assert "scheme  https\nhost    a.example\nwritten https://a.example/x" in shown
        assert opened == []
        await console.pilot.press("o")
        await console.until(lambda: opened == ["https://a.example/x"])
        await on(console, MainScreen)


async def test_a_link_that_deceives_says_how_and_is_opened_as_it_is_shown(tmp_path: Path, opened: list[str]) -> None:
    async with stage(tmp_path) as console:
        await post(console, HOSTILE)
        await console.pilot.press("l")
        await on(console, LinkScreen)
        shown = str(console.app.screen.query_one(PartsView).render())
        for words in (
            "before the @ is a user name",
            "mixes letters of several scripts",
            "xn--",
            "Invisible characters",
        ):
            assert words in shown
        await console.pilot.press("escape")
        await on(console, MainScreen)
        assert opened == []


async def test_of_several_links_one_is_chosen_and_the_mouse_does_it_all(tmp_path: Path, opened: list[str]) -> None:
    async with stage(tmp_path) as console:
        await post(console, FILES)
        await console.pilot.press("l")
        await on(console, LinksScreen)
        assert console.app.screen.query_one(OptionList).option_count == 2
        await console.pilot.press("down", "enter")
        await on(console, LinkScreen)
        assert "It names no scheme; https is assumed." in str(console.app.screen.query_one(PartsView).render())
        await console.pilot.press("escape")
        await look_at(console, "m0031")
        await click_words(console, "#detail-text", "        http://a.example")
        await on(console, LinkScreen)
        await click_words(console, "KeyBar", "opens it")
        await console.until(lambda: opened == ["http://a.example:8080/x"])


async def test_without_a_browser_nothing_is_opened_and_the_address_can_be_copied(
    tmp_path: Path, opened: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(links_module, "has_browser", lambda: False)
    async with stage(tmp_path) as console:
        await post(console, CHAT)
        await console.pilot.press("l")
        await on(console, LinkScreen)
        await console.pilot.press("o")
        await console.until(lambda: "no browser" in console.text("#problem"))
        await console.pilot.press("y")
        assert console.app.clipboard == "https://a.example/x"
        assert opened == []


@pytest.mark.parametrize(("browser", "there"), [("w3m", False), ("/usr/bin/lynx", False), ("xdg-open", True)])
def test_a_browser_in_the_terminal_is_none(monkeypatch: pytest.MonkeyPatch, browser: str, there: bool) -> None:
    import webbrowser

    monkeypatch.setattr(webbrowser, "get", lambda: webbrowser.GenericBrowser(browser))
    assert has_browser() is there


async def test_c_spells_text_and_name_out_and_n_goes_from_one_trap_to_the_next(tmp_path: Path) -> None:
    async with stage(tmp_path, size=(80, 24)) as console:
        await post(console, HOSTILE)
        await console.pilot.press("c")
        await on(console, CodePointsScreen)
        view = console.app.screen.query_one(LinesView)
        await console.until(lambda: len(view.lines) > 0)
        assert "ESCAPE  ← control" in view.render_line(1).text
        spelled = [str(line) for line in view.lines]
        assert any("U+2066" in line and "LEFT-TO-RIGHT ISOLATE  ← bidi" in line for line in spelled)
        assert any(line.startswith("Author: 5 code points · 1 bidi") for line in spelled)
        tops = []
        for _ in range(4):
            await console.pilot.press("n")
            tops.append(view.render_line(0).text)
        assert all("←" in line for line in tops)
        assert len(set(tops)) == 4
        await console.pilot.press("G", "escape")
        await on(console, MainScreen)


async def test_y_copies_what_is_shown_and_raw_text_only_as_an_escaped_string(tmp_path: Path) -> None:
    async with stage(tmp_path) as console:
        await post(console, HOSTILE)
        await console.pilot.press("y")
        copied = console.app.clipboard
        assert copied.splitlines()[1] == "can delete: no⟦U+202E⟧⟦U+200B⟧"
        assert not any(ord(character) < 32 and character != "\n" for character in copied)
        await console.until(lambda: any("OSC 52" in each.message for each in console.app._notifications))
        await console.pilot.press("Y", "r")
        await console.until(lambda: "\\u001b[2J" in console.app.clipboard)
        assert console.app.clipboard.isascii()
        assert console.app.clipboard.isprintable()


async def test_the_terminal_gets_nothing_but_base64_of_what_is_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with stage(tmp_path) as console:
        await post(console, HOSTILE)
        written: list[str] = []
        monkeypatch.setattr(console.app._driver, "write", written.append)
        await console.pilot.press("y")
        [sequence] = written
        found = re.fullmatch("\x1b]52;c;([A-Za-z0-9+/]+=*)\x07", sequence)
        assert found is not None
        assert b64decode(found[1]).decode() == console.app.clipboard


async def test_one_more_key_copies_something_else(tmp_path: Path) -> None:
    copies = {
        "i": "m0031",
        "u": "vlad_1998",
        "n": "Vlad_1998",
        "2": "https://www.b.example",
        "r": '"see http://a.example:8080/x and www.b.example"',
        "enter": "see http://a.example:8080/x and www.b.example",
    }
    async with stage(tmp_path) as console:
        await post(console, FILES)
        for key, copied in copies.items():
            await console.pilot.press("Y")
            await on(console, CopyScreen)
            await console.pilot.press(key)
            await on(console, MainScreen)
            await console.until(lambda copied=copied: console.app.clipboard == copied)  # type: ignore[misc]


async def test_the_mouse_copies_and_spells_out(tmp_path: Path) -> None:
    async with stage(tmp_path) as console:
        await post(console, CHAT)
        await look_at(console, "m0040")
        await click_words(console, "#detail-keys", "copy")
        await console.until(lambda: console.app.clipboard == CHAT.text)
        await click_words(console, "#detail-keys", "more")
        await on(console, CopyScreen)
        await click_words(console, "KeyBar", "closes")
        await on(console, MainScreen)
        await click_words(console, "#detail-keys", "raw")
        await on(console, CodePointsScreen)


async def test_help_and_palette_know_the_keys(tmp_path: Path) -> None:
    async with stage(tmp_path) as console:
        await console.pilot.press("question_mark")
        await on(console, KeysScreen)
        shown = str(console.app.screen.query_one("Static").render())
        for words in ("Read this message in full", "Where the links lead", "Code points", "Look at the next message"):
            assert words in shown
        await console.pilot.press("escape")
        await console.pilot.press("ctrl+p")
        await on(console, CommandPalette)
        console.app.screen.query_one(Input).value = "code points"
        found = console.app.screen.query_one(OptionList)
        await console.until(lambda: found.option_count == 1)
        await console.pilot.press("enter")
        await on(console, CodePointsScreen)
        assert pane(console).display
        assert "at eight" in console.detail()
