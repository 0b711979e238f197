import asyncio
from pathlib import Path

import pytest
from msgspec.structs import replace
from textual.widgets import Input, OptionList, Static

from quell.moderation.deletion import State
from quell.moderation.journal import DisconnectionEntry, Journal
from quell.moderation.journal.filters import JournalFilter
from quell.screens.confirm import ConfirmScreen
from quell.screens.journal import JournalScreen, StoryScreen
from tests.support.fake_provider import NOT_ALLOWED
from tests.support.stage import FakeStage, stage
from tests.unit.quell.moderation.journal.support import begun, disconnection


async def delete_some(console: FakeStage) -> None:
    console.work.answers["m0003"] = NOT_ALLOWED
    await console.go_to("m0001")
    await console.pilot.press("a", "d")
    await console.until(lambda: isinstance(console.app.screen, ConfirmScreen))
    await console.until(lambda: "finding out" not in console.text("#forecast"))
    await console.pilot.press("1", "enter")
    await console.until(lambda: "2 done" in console.text("#status") and "1 refused" in console.text("#status"))


async def open_journal(console: FakeStage) -> OptionList:
    await console.pilot.press("J")
    await console.until(lambda: isinstance(console.app.screen, JournalScreen))
    return console.app.screen.query_one(OptionList)


async def test_the_journal_lists_every_deletion_and_tells_a_batchs_story(tmp_path: Path) -> None:
    async with stage(tmp_path) as console:
        await delete_some(console)
        listed = await open_journal(console)
        await console.until(lambda: listed.option_count == 3)
        assert any("✗ refused" in str(option.prompt) for option in listed.options)
        await console.pilot.press("down", "down", "enter")
        await console.until(lambda: isinstance(console.app.screen, StoryScreen))
        story = str(console.app.screen.query_one(Static).content)
        assert "confirmed by mod" in story
        assert "account work on chat.example.org as u1" in story
        assert story.count("→ sent") == 3
        assert "Not allowed [error-action-not-allowed]" in story
        assert "operation op-m0001" in story


async def test_the_filter_narrows_it_down_and_says_what_it_does_not_understand(tmp_path: Path) -> None:
    async with stage(tmp_path) as console:
        await delete_some(console)
        listed = await open_journal(console)
        await console.until(lambda: listed.option_count == 3)
        wanted = console.app.screen.query_one(Input)
        wanted.value = "state:refused room:general"
        await console.pilot.press("enter")
        await console.until(lambda: listed.option_count == 1)
        wanted.value = 'author:"Amara Okafor"'
        await console.pilot.press("enter")
        await console.until(lambda: "Nothing is written down that fits" in console.text("#problem"))
        wanted.value = 'room:"general" state:refused'
        await console.pilot.press("enter")
        await console.until(lambda: listed.option_count == 1)
        wanted.value = "state:odd"
        await console.pilot.press("enter")
        assert "odd is not a state" in console.text("#problem")
        wanted.value = "author:nobody"
        await console.pilot.press("enter")
        await console.until(lambda: "Nothing is written down that fits" in console.text("#problem"))


async def test_disconnections_stand_between_the_deletions_and_tell_their_story(tmp_path: Path) -> None:
    async with stage(tmp_path) as console:
        journal, earlier = console.session.journal, disconnection(id_="earlier")
        refused = replace(
            disconnection(State.REFUSED, NOT_ALLOWED, id_="later"),
            endpoint_host="chat.example.org",
            acting_account="u1",
        )
        await journal.record_disconnection(earlier)
        await delete_some(console)
        await journal.record_disconnection(replace(earlier, state=State.ACCEPTED))
        await journal.record_disconnection(refused)
        listed = await open_journal(console)
        await console.until(lambda: listed.option_count == 5)
        lines = [str(option.prompt) for option in listed.options]
        assert "✗ refused      live/finals'; ␛[2J  vlad␀⟦U+202E⟧  disconnect from the room  flood" in lines[0]
        assert "✓ accepted     live/finals'" in lines[4]
        await console.pilot.press("down", "enter")
        await console.until(lambda: isinstance(console.app.screen, StoryScreen))
        story = str(console.app.screen.query_one(Static).content)
        assert "Disconnection of vlad␀⟦U+202E⟧" in story
        assert "confirmed by Mo" in story
        assert "reason flood: Flooding the chat" in story
        assert "account live on chat.example.org as u1" in story
        assert "✗ refused  Not allowed [error-action-not-allowed]" in story
        await console.pilot.press("escape")
        await console.until(lambda: isinstance(console.app.screen, JournalScreen))
        console.app.screen.query_one(Input).focus()
        console.app.screen.query_one(Input).value = "room:general"
        await console.pilot.press("enter")
        await console.until(lambda: listed.option_count == 3)


async def test_no_disconnection_is_left_out_or_told_twice_where_pages_meet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("quell.screens.journal.PAGE", 2)
    async with stage(tmp_path) as console:
        for number in range(3):
            await begun(console.session.journal, f"m{number}a", f"m{number}b")
            await console.session.journal.record_disconnection(disconnection(State.ACCEPTED, id_=f"d{number}"))
        listed = await open_journal(console)
        await console.until(lambda: listed.option_count == 3)
        await console.pilot.press("down")
        await console.until(lambda: listed.option_count == 6)
        await console.pilot.press("end")
        await console.until(lambda: listed.option_count == 9)
        kinds = ["disconnect from" in str(option.prompt) for option in listed.options]
        assert kinds == [True, False, False] * 3


async def test_a_last_page_whose_reading_was_cut_short_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("quell.screens.journal.PAGE", 2)
    async with stage(tmp_path) as console:
        for number in range(3):
            await begun(console.session.journal, f"m{number}")
        listed = await open_journal(console)
        await console.until(lambda: listed.option_count == 2)
        read, asked, may_go_on = Journal.disconnections, asyncio.Event(), asyncio.Event()

        async def slow(journal: Journal, wanted: JournalFilter, **page: int) -> list[DisconnectionEntry]:
            asked.set()
            await may_go_on.wait()
            return await read(journal, wanted, **page)

        monkeypatch.setattr(Journal, "disconnections", slow)
        await console.pilot.press("down")
        await console.until(asked.is_set)
        await console.pilot.press("down")
        may_go_on.set()
        await console.until(lambda: listed.option_count == 3)
