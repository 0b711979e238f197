from pathlib import Path

from textual.command import CommandPalette
from textual.widgets import Input, OptionList, Static

from quell.screens.keys import KeysScreen
from quell_providers.model import Room
from tests.support.fake_provider import FakeProvider
from tests.support.stage import GENERAL, providers, stage


async def test_question_mark_lists_every_key_with_what_it_does(tmp_path: Path) -> None:
    async with stage(tmp_path) as console:
        await console.pilot.press("question_mark")
        await console.until(lambda: isinstance(console.app.screen, KeysScreen))
        shown = str(console.app.screen.query_one(Static).content)
        for key, words in [("v", "Mark a range"), ("u", "Cancel what is still"), ("/", "Filter"), ("^q", "Quit")]:
            assert any(key in line and words in line for line in shown.splitlines()), key
        await console.pilot.press("escape")
        await console.until(lambda: not isinstance(console.app.screen, KeysScreen))


async def test_the_palette_finds_commands_and_rooms_and_shows_hostile_names_as_text(tmp_path: Path) -> None:
    fakes = providers()
    fakes["live"] = FakeProvider([Room(id="evil", name="[@click=app.quit]zebra[/", kind="room")])
    async with stage(tmp_path, accounts=fakes) as console:
        await console.pilot.press("ctrl+p")
        await console.until(lambda: isinstance(console.app.screen, CommandPalette))
        console.app.screen.query_one(Input).value = "zebra"
        found = console.app.screen.query_one(OptionList)
        await console.until(lambda: found.option_count == 1)
        assert "Go to live/[@click=app.quit]zebra[/" in str(found.get_option_at_index(0).prompt)
        await console.pilot.press("enter")
        await console.until(lambda: console.session.current != GENERAL)
        assert console.session.current == ("live", "evil")


async def test_a_key_s_action_runs_from_the_palette(tmp_path: Path) -> None:
    async with stage(tmp_path) as console:
        await console.pilot.press("ctrl+p")
        await console.until(lambda: isinstance(console.app.screen, CommandPalette))
        console.app.screen.query_one(Input).value = "everything shown by this author"
        found = console.app.screen.query_one(OptionList)
        await console.until(lambda: found.option_count == 1)
        await console.pilot.press("enter")
        await console.until(lambda: console.marked() == ["m0000", "m0007"])
