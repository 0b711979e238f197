"""A console in which a message is looked at: what its detail pane says, and messages worth looking at."""

import msgspec

from quell.moderation.deletion import Batch, Deletion, Reason, State, Target
from quell.screens.panes import Panes
from quell.widgets.detail import DetailPane
from quell_providers.model import Author
from tests.support.fake_provider import message
from tests.support.stage import NOW, FakeStage, Stage

HOSTILE = message(
    20,
    "\x1b[2J\x1b[Hthe screen is mine\ncan delete: no\u202e\u200b\nhttps://good.example@tidewаter.example/\u2066login",
    author="Vlad\u202e",
)
REPLY = msgspec.structs.replace(message(30, "with two sugars", author="Amara Okafor"), thread_id="m0002")
FILES = msgspec.structs.replace(
    message(31, "see http://a.example:8080/x and www.b.example", author="Vlad_1998"),
    edited_at=1_767_258_060.0,
    attachments=("invoice.pdf (text/html)",),
    quote="Lena Fischer: see you at lunch\nAmara Okafor: at eight",
    author=Author("vlad_1998", "Vlad_1998", "vlad", "Attributes.displayName"),
)


def pane(stage: Stage) -> DetailPane:
    """The detail pane."""
    return stage.main.query_one(DetailPane)


def panes(stage: Stage) -> Panes:
    """All panes."""
    return stage.main.query_one(Panes)


def in_sight(stage: Stage) -> list[str]:
    """Ids of the panes that are on the screen, from left to right."""
    return [str(each.id) for each in panes(stage).children if each.display]


async def look_at(stage: FakeStage, message_id: str) -> None:
    """Put the cursor on a message and wait until all that is asked about it was answered."""
    await stage.until(lambda: stage.general.timeline.get(message_id) is not None)
    await stage.go_to(message_id)
    await stage.until(lambda: f"id      {message_id}" in stage.detail() and not stage.asking)


async def written_earlier(stage: Stage, *reasons: tuple[str, str, State], author: str = "vlad_1998") -> None:
    """Deletions of an author in the journal, a day apart, the first one four days ago."""
    for number, (code, text, state) in enumerate(reasons):
        at = NOW - (4 - number) * 86_400
        target = Target(
            account="work",
            provider="rocketchat",
            room_id="r1",
            room_name="general",
            message_id=f"old{number}",
            author_id=author,
        )
        batch = Batch(id=f"b{number}", moderator="mod", reason=Reason(code, text), targets=(target,), confirmed_at=at)
        deletion = Deletion(id=f"d{number}", batch_id=batch.id, target=target, reason=batch.reason, state=state, at=at)
        await stage.session.journal.begin(batch, [deletion])
