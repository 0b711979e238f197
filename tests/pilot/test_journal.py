from pathlib import Path

from textual.widgets import Input, OptionList, Static

from quell.screens.confirm import ConfirmScreen
from quell.screens.journal import JournalScreen, StoryScreen
from tests.support.fake_provider import NOT_ALLOWED
from tests.support.stage import FakeStage, stage


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
