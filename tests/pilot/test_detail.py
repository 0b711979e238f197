"""The detail pane: what it says of a message, what it asks and when, and how it is reached."""

import asyncio
import re
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import msgspec
import pytest
from textual.events import MouseScrollDown

from quell.moderation.deletion import State
from quell.moderation.timeline import place
from quell.screens import main
from quell.screens.confirm import ConfirmScreen
from quell.widgets.detail import pane as pane_module
from quell_providers.model import Deleted, Edited, Message, Posted, Room
from quell_providers.provider import Forecast
from quell_providers.refusal import Refusal, RefusalKind, RefusedError
from tests.support.fake_provider import NOT_ALLOWED, WINDOW, FakeProvider, message
from tests.support.looking import FILES, HOSTILE, REPLY, in_sight, look_at, pane, panes, written_earlier
from tests.support.stage import NOW, FakeStage, stage, talk


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The cursor rests as soon as it does not move."""
    monkeypatch.setattr(pane_module, "REST", 0.001)


def only(work: FakeProvider) -> dict[str, FakeProvider]:
    """One account."""
    return {"work": work}


class AskedProvider(FakeProvider):
    """Remembers which forecasts were asked for, and answers when it is let."""

    def __init__(self) -> None:
        super().__init__([Room(id="r1", name="general", kind="channel")], {"r1": talk()}, WINDOW)
        self.asked: list[str] = []
        self.given_up: list[str] = []
        self.may_answer = asyncio.Event()

    async def forecast(self, messages: Sequence[Message]) -> tuple[Forecast, ...]:
        ids = [each.id for each in messages]
        self.asked += ids
        try:
            await self.may_answer.wait()
        except asyncio.CancelledError:
            self.given_up += ids
            raise
        return await super().forecast(messages)


async def deleted(console: FakeStage) -> None:
    """Delete the message under the cursor."""
    await console.pilot.press("d")
    await console.until(lambda: isinstance(console.app.screen, ConfirmScreen))
    await console.until(lambda: "finding out" not in console.text("#forecast"))
    await console.pilot.press("1", "enter")


async def test_the_whole_message_and_no_text_of_others_where_our_words_stand(tmp_path: Path) -> None:
    async with stage(tmp_path) as console:
        console.work.tell(Posted(FILES))
        await look_at(console, "m0031")
        shown = console.detail()
        for line in (
            "author  Vlad_1998",
            "        @vlad",
            "▎ Lena Fischer: see you at lunch\n▎ Amara Okafor: at eight",
            "file    invoice.pdf (text/html)",
            "link    http · a.example:8080",
            "        http://a.example:8080/x",
            "link    https · www.b.example",
            "user id vlad_1998",
        ):
            assert line in shown
        assert "claimed by the client" in shown
        assert re.search(r"edited  \d{4}-\d\d-\d\d", shown)
        console.work.tell(Posted(HOSTILE))
        await look_at(console, "m0020")
        lines = console.detail().splitlines()
        assert [line for line in lines if line.startswith("can delete:")] == ["can delete: yes"]
        assert "▎ can delete: no⟦U+202E⟧⟦U+200B⟧" in lines
        assert not any(ord(character) < 32 or character == "\u202e" for line in lines for character in line)


async def test_the_author_s_card_counts_here_and_in_the_journal(tmp_path: Path) -> None:
    async with stage(tmp_path) as console:
        await written_earlier(
            console,
            ("spam", "crypto links", State.CONFIRMED),
            ("other", "", State.REFUSED),
            ("spam", "", State.ACCEPTED),
        )
        console.work.tell(Deleted("r1", "m0003"))
        await look_at(console, "m0005")
        await console.pilot.press("a")
        await console.until(lambda: "2 marked" in console.detail())
        joined = " ".join(console.detail().split())
        assert "here 3 messages · 2 marked · 1 deleted first seen" in joined
        assert "journal 2 deleted · 1 refused" in joined
        assert joined.index("1× spam") < joined.index("1× spam: crypto links")
        assert "◼ marked" in joined


async def test_a_deletion_made_meanwhile_shows_in_the_author_s_past(tmp_path: Path) -> None:
    async with stage(tmp_path) as console:
        await look_at(console, "m0005")
        assert "journal nothing of this author" in console.detail()
        await deleted(console)
        await console.until(lambda: "journal 1 deleted" in console.detail())
        await console.until(lambda: "✓ deleted" in console.detail())
        assert "can delete" not in console.detail()


async def test_a_refused_deletion_has_the_service_s_words_cause_and_remedy(tmp_path: Path) -> None:
    async with stage(tmp_path) as console:
        console.work.answers["m0005"] = NOT_ALLOWED
        await look_at(console, "m0005")
        await deleted(console)
        await console.until(lambda: "✗ refused" in console.detail())
        unbroken = "".join(console.detail().split())
        assert "saiderror-action-not-allowedNotallowed[error-action-not-allowed]" in unbroken
        assert "whyolderthan10minutes" in unbroken
        assert "helpneedsbypass-time-limit-edit-and-delete" in unbroken
        assert "candelete:" in unbroken


async def test_a_message_somebody_else_deleted_keeps_its_text_and_has_the_reason(tmp_path: Path) -> None:
    async with stage(tmp_path) as console:
        console.work.tell(Deleted("r1", "m0005", "raid\x1b"))
        await console.until(lambda: "○ deleted" in console.drawn())
        await look_at(console, "m0005")
        assert "▎ last chance" in console.detail()
        assert "○ deleted, not from here\nreason  raid␛" in console.detail()
        assert "can delete" not in console.detail()


async def test_a_reply_shows_what_it_replies_to_and_the_other_replies(tmp_path: Path) -> None:
    async with stage(tmp_path) as console:
        console.work.tell(Posted(REPLY))
        console.work.tell(Posted(msgspec.structs.replace(message(31, "none for me"), thread_id="m0002")))
        console.work.tell(Posted(msgspec.structs.replace(message(32, "what?"), thread_id="gone")))
        await console.until(lambda: len(console.feed.rows) == 11)
        await look_at(console, "m0030")
        joined = " ".join(console.detail().split())
        assert "Lena Fischer: see you at lunch" in joined
        assert "2 replies to this thread loaded" in joined
        assert "none for me" in joined
        await look_at(console, "m0002")
        await console.until(lambda: "2 replies to this message loaded" in " ".join(console.detail().split()))
        await look_at(console, "m0032")
        assert "a message that is not loaded, gone" in " ".join(console.detail().split())


async def test_what_would_happen_to_a_deletion_is_told_with_its_cause(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(messages: Sequence[Message]) -> tuple[Forecast, ...]:
        raise RefusedError(Refusal(kind=RefusalKind.UNAVAILABLE, detail="502 Bad Gateway"))

    async with stage(tmp_path) as console:
        console.work.forecasts["m0005"] = Forecast(verdict="refused", cause="too old", remedy="be an admin")
        await look_at(console, "m0005")
        assert "can delete: no\nwhy     too old\nhelp    be an admin" in console.detail()
        monkeypatch.setattr(console.work, "forecast", refuse)
        await look_at(console, "m0004")
        assert "can delete: not known\nwhy     502 Bad Gateway" in console.detail()


async def test_a_cursor_that_moves_asks_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pane_module, "REST", 3600.0)
    work = AskedProvider()
    work.may_answer.set()
    async with stage(tmp_path, accounts=only(work)) as console:
        await console.pilot.press(*"kkkkjjkk")
        await console.until(lambda: "id      m0003" in console.detail())
        assert work.asked == []
        monkeypatch.setattr(pane_module, "REST", 0.001)
        await look_at(console, "m0002")
        assert work.asked == ["m0002"]


async def test_what_was_asked_is_given_up_when_the_cursor_moves_on(tmp_path: Path) -> None:
    work = AskedProvider()
    async with stage(tmp_path, accounts=only(work)) as console:
        await console.go_to("m0003")
        await console.until(lambda: work.asked[-1:] == ["m0003"])
        await console.go_to("m0002")
        await console.until(lambda: work.given_up[-1:] == ["m0003"])
        work.may_answer.set()
        await console.until(lambda: "can delete: yes" in console.detail())
        assert work.asked[-1] == "m0002"


async def test_nothing_is_asked_while_the_pane_is_hidden(tmp_path: Path) -> None:
    work = AskedProvider()
    async with stage(tmp_path, accounts=only(work), size=(80, 24)) as console:
        await console.pilot.press("k", "k")
        assert work.asked == []
        await console.pilot.press("i")
        await console.until(lambda: work.asked == ["m0005"])
        await console.pilot.press("i")
        await console.until(lambda: work.given_up == ["m0005"])


async def test_an_edit_shows_at_once(tmp_path: Path) -> None:
    async with stage(tmp_path) as console:
        await look_at(console, "m0002")
        console.work.tell(Edited(msgspec.structs.replace(talk()[2], text="see you at dinner", edited_at=NOW)))
        await console.until(lambda: "▎ see you at dinner" in console.detail())


async def test_enter_reads_esc_goes_back_and_the_arrows_turn_pages(tmp_path: Path) -> None:
    async with stage(tmp_path) as console:
        await look_at(console, "m0003")
        await console.pilot.press("enter")
        await console.until(lambda: pane(console).text.has_focus)
        await console.pilot.press("left")
        await console.until(lambda: "id      m0002" in console.detail())
        await console.pilot.press("right", "right")
        await console.until(lambda: "id      m0004" in console.detail())
        await console.pilot.press("space")
        assert console.marked() == ["m0004"]
        await console.pilot.press("escape")
        await console.until(lambda: console.feed.has_focus)
        assert console.marked() == ["m0004"]
        assert pane(console).display


async def test_what_is_read_in_full_stays_while_messages_arrive(tmp_path: Path) -> None:
    async with stage(tmp_path, size=(80, 24)) as console:
        await console.pilot.press("enter")
        await console.until(lambda: pane(console).text.has_focus and "id      m0007" in console.detail())
        for number in (20, 21):
            console.work.tell(Posted(message(number, "news")))
        await console.until(lambda: len(console.feed.rows) == 10)
        await console.pilot.press("d")
        await console.until(lambda: isinstance(console.app.screen, ConfirmScreen))
        assert "at eight" in console.app.export_screenshot().replace("&#160;", " ")
        await console.pilot.press("escape", "escape")
        await console.until(lambda: console.feed.has_focus)
        assert console.feed.cursor_message is not None
        assert console.feed.cursor_message.id == "m0007"
        assert console.feed.unseen == 2
        await console.pilot.press("G")
        assert console.feed.following


async def test_who_goes_into_the_pane_looks_at_what_it_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(main, "PASSING_FRAME", 60.0)
    async with stage(tmp_path) as console:
        for number in (20, 21, 22):
            console.work.tell(Posted(message(number, "news")))
            newest = place(message(number, "news"))
            await console.until(partial(console.feed.rows.position, newest))
        shown, cursor = pane(console).message, console.feed.cursor_message
        assert shown is not None
        assert cursor is not None
        assert (shown.id != cursor.id, cursor.id) == (True, "m0022")
        pane(console).text.focus()
        await console.until(lambda: console.feed.cursor_message == shown)
        assert f"id      {shown.id}" in console.detail()


async def test_i_hides_and_shows_the_pane_of_a_wide_terminal(tmp_path: Path) -> None:
    async with stage(tmp_path) as console:
        await console.until(lambda: pane(console).display)
        await console.pilot.press("i")
        await console.until(lambda: not pane(console).display)
        assert console.feed.has_focus
        await console.pilot.press("i")
        await console.until(lambda: pane(console).display and "at eight" in console.detail())


async def test_in_a_narrow_terminal_the_pane_takes_the_place_of_the_others(tmp_path: Path) -> None:
    async with stage(tmp_path, size=(80, 24)) as console:
        assert in_sight(console) == ["rooms", "room"]
        for key in ("i", "enter"):
            await console.pilot.press(key)
            await console.until(lambda: pane(console).text.has_focus)
            assert in_sight(console) == ["detail"]
            assert pane(console).size.width > 70
            await console.pilot.press("escape")
            await console.until(lambda: console.feed.has_focus)
            assert in_sight(console) == ["rooms", "room"]


async def test_between_narrow_and_wide_it_takes_the_place_of_the_rooms(tmp_path: Path) -> None:
    async with stage(tmp_path, size=(110, 30)) as console:
        await console.pilot.press("i")
        await console.until(lambda: in_sight(console) == ["room", "detail"] and "at eight" in console.detail())
        assert console.feed.has_focus


async def test_a_long_message_scrolls_by_keys_and_by_wheel(tmp_path: Path) -> None:
    async with stage(tmp_path, size=(80, 24)) as console:
        console.work.tell(Posted(message(40, "\n".join(f"line {number}" for number in range(200)))))
        await console.until(lambda: len(console.feed.rows) == 9)
        await console.pilot.press("enter")
        text = pane(console).text
        await console.until(lambda: text.has_focus and "▎ line 199" in console.detail())
        await console.pilot.press("j", "j", "k")
        await console.until(lambda: text.scroll_offset.y == 1)
        await console.pilot.press("pagedown")
        await console.until(lambda: text.scroll_offset.y > 10)
        await console.pilot.press("G")
        await console.until(lambda: text.scroll_offset.y == text.max_scroll_y)
        assert "user id" in text.render_line(text.size.height - 1).text
        await console.pilot.press("g")
        await console.until(lambda: text.scroll_offset.y == 0)
        text.post_message(MouseScrollDown(text, 5, 5, 0, 1, 0, False, False, False))
        await console.until(lambda: text.scroll_offset.y > 0)


async def test_a_double_click_reads_and_a_closed_room_shows_the_room(tmp_path: Path) -> None:
    async with stage(tmp_path, size=(80, 24)) as console:
        await console.pilot.click("#feed", offset=(40, 2), times=2)
        await console.until(lambda: pane(console).text.has_focus)
        assert console.feed.cursor_message is not None
        assert f"id      {console.feed.cursor_message.id}" in console.detail()
        await console.pilot.press("escape")
        console.main.look_at(console.session.accounts["work"].rooms["r2"].key)
        await console.until(lambda: len(console.feed.rows) == 0)
        await console.pilot.press("i")
        await console.until(lambda: "room    mods\n        private group" in console.detail())
        assert panes(console).has_class("looking")
