"""Every state a deletion can be in, on its row."""

from pathlib import Path

import pytest
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from quell.display import Printable, printable
from quell.moderation.deletion import Deletion, Reason, State, Target
from quell.themes import QUELL_DARK
from quell.widgets.feed import Feed
from quell.widgets.feed.source import Beside
from quell_providers.model import Message
from quell_providers.refusal import Refusal, RefusalKind
from tests.snapshots.test_console import SIZES, Compare
from tests.support.fake_provider import NOT_ALLOWED, message
from tests.support.stage import NOW

REFUSALS = {
    State.REFUSED: NOT_ALLOWED,
    State.FAILED: Refusal(
        kind=RefusalKind.UNAVAILABLE,
        detail="502 Bad Gateway",
        cause="The server is down.",
        remedy="Press r to try again.",
    ),
    State.UNKNOWN: Refusal(kind=RefusalKind.LOST, detail="Read timed out", cause="It may or may not have happened."),
}


class StatesApp(App[None]):
    """One row a state, and one that nobody touched."""

    CSS_PATH = Path(__file__).parents[2] / "tui" / "quell" / "screens" / "main.tcss"

    def compose(self) -> ComposeResult:
        yield Feed(self)

    def on_mount(self) -> None:
        self.register_theme(QUELL_DARK)
        self.theme = QUELL_DARK.name

    def beside(self, message: Message) -> Beside:
        above = "Thursday, 01 January 2026" if message.id == "m0000" else ""
        return Beside(self._deletion_of(message), message.id == "m0002", above)

    def _deletion_of(self, message: Message) -> Deletion | None:
        number = int(message.id.removeprefix("m"))
        if number >= len(State):
            return None
        state = list(State)[number]
        target = Target(account="work", provider="rocketchat", room_id="r1", room_name="general", message_id=message.id)
        return Deletion(
            id=message.id,
            batch_id="b",
            target=target,
            reason=Reason("spam", ""),
            state=state,
            at=NOW,
            refusal=REFUSALS.get(state),
            held_until=NOW + 4,
        )

    def room_of(self, message: Message) -> Printable:
        return printable("")

    def now(self) -> float:
        return NOW


@SIZES
@pytest.mark.parametrize("color", ["colour", "NO_COLOR"])
def test_states(snap_compare: Compare, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int], color: str) -> None:
    if color == "NO_COLOR":
        monkeypatch.setenv("NO_COLOR", "1")

    async def fill(pilot: Pilot[None]) -> None:
        feed = pilot.app.query_one(Feed)
        words = [*(state.value for state in State), "an untouched message"]
        feed.show([message(number, f"what {word} looks like") for number, word in enumerate(words)])
        await pilot.pause()

    assert snap_compare(StatesApp(), terminal_size=size, run_before=fill)
