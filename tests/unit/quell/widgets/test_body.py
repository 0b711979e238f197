import msgspec
import pytest

from quell.display.printable import plain
from quell.widgets.feed.body import LONGEST, body, body_runs
from quell_providers.model import Author, Message

PLAIN = Message(id="m1", room_id="r1", author=Author(id="a", name="A"), text="see you", sent_at=0.0)


def changed(**fields: object) -> Message:
    return msgspec.structs.replace(PLAIN, **fields)


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        (PLAIN, "see you"),
        (changed(text=""), "(no text)"),
        (changed(system="uj", text="joined the room"), "joined the room"),
        (changed(system="odd\x1b", text=""), "odd␛"),
        (changed(thread_id="t1"), "↳ see you"),
        (changed(attachments=("a\u202eb.pdf",)), "see you ⟨file a⟦U+202E⟧b.pdf⟩"),
        (changed(attachments=("a", "b"), text=""), "⟨file a⟩ ⟨file b⟩"),
        (changed(edited_at=1.0), "see you (edited)"),
        (changed(edited_at=1.0, deleted=True), "see you"),
        (changed(text="https://a.example@b.example"), "https://a.example@b.example ⟦leads to b.example⟧"),
        (changed(text="x" * (LONGEST + 5)), "x" * LONGEST + "⟦+5 characters⟧"),
    ],
)
def test_body(message: Message, shown: str) -> None:
    assert body(message) == shown
    assert plain(body_runs(message)) == shown


@pytest.mark.parametrize(
    ("text", "ours"),
    [("a\nb ⏎", "⏎"), ("a\u202e", "⟦U+202E⟧"), ("http://gоogle.example", "⟦look-alike host xn--gogle-jye.example⟧")],
)
def test_what_the_author_did_not_write_is_apart(text: str, ours: str) -> None:
    assert [run.text for run in body_runs(changed(text=text)) if run.stand_in] == [ours]
