import msgspec
import pytest
from rich.cells import cell_len

from quell.moderation.deletion import Deletion, Reason, State, Target
from quell.widgets.feed.row import Row, columns, lines
from tests.support.fake_provider import NOT_ALLOWED, message

PLAIN = message(1, "hello there")
LONG = message(2, "a rather long message that has to be broken into several lines " * 3)
WIDE = message(3, "漢字 👩‍👩‍👧 مرحبا " * 12, author="Сергій Коваленко")
HOSTILE = message(4, "\x1b[2J\r✓ deleted  09:00:00  Admin\nfake row", author="✗ refused")
EMPTY = message(5, "")
FILE = msgspec.structs.replace(message(6, ""), attachments=("a\x1b.png",))
EDITED = msgspec.structs.replace(message(7, "short", at=0), edited_at=5.0)
DELETED = msgspec.structs.replace(message(8, "spam"), deleted=True, deletion_reason="spam")
SYSTEM = msgspec.structs.replace(message(9, ""), system="uj")
ALL = [PLAIN, LONG, WIDE, HOSTILE, EMPTY, FILE, EDITED, DELETED, SYSTEM]


def refused(text: str = "x") -> Deletion:
    target = Target(account="work", provider="rocketchat", room_id="r1", room_name="general", message_id="m", text=text)
    return Deletion(
        id="d", batch_id="b", target=target, reason=Reason("spam", ""), state=State.REFUSED, at=0.0, refusal=NOT_ALLOWED
    )


@pytest.mark.parametrize("width", [24, 39, 40, 51, 60, 90, 140])
@pytest.mark.parametrize("each", ALL, ids=lambda each: each.id)
@pytest.mark.parametrize("deletion", [None, refused()], ids=["untouched", "refused"])
def test_every_line_is_exactly_as_wide_as_the_columns(each: object, width: int, deletion: Deletion | None) -> None:
    layout = columns(width)
    row = Row(each, deletion, marked=True, above="⚠ messages may be missing" if deletion else "")  # type: ignore[arg-type]  # pytest's parameters are untyped
    drawn = lines(row, layout, now=0.0)
    assert {sum(cell_len(piece.text) for piece in line) for line in drawn} == {layout.width}


def test_text_can_not_reach_the_gutter() -> None:
    layout = columns(90)
    for line in lines(Row(HOSTILE, None, marked=False), layout, now=0.0):
        text = "".join(piece.text for piece in line)
        assert text[: layout.mark + layout.state].strip() == ""
        assert text.isprintable()


def test_a_refusal_stands_on_the_row_in_the_services_words_and_ours() -> None:
    drawn = lines(Row(PLAIN, refused(), marked=False), columns(140), now=0.0)
    text = " ".join(" ".join(piece.text for piece in line) for line in drawn)
    assert "✗ refused" in text
    assert "Not allowed [error-action-not-allowed]" in text
    assert "older than 10 minutes" in text


def test_a_message_deleted_by_somebody_else_says_so_without_claiming_our_success() -> None:
    text = "".join(piece.text for piece in lines(Row(DELETED, None, marked=False), columns(140), now=0.0)[0])
    assert "○ deleted" in text
    assert "✓" not in text


@pytest.mark.parametrize("with_rooms", [False, True])
def test_the_columns_are_no_wider_than_the_feed(with_rooms: bool) -> None:
    widths = range(26, 160)
    assert [columns(width, with_rooms=with_rooms).width for width in widths] == list(widths)


def test_where_there_is_no_room_for_its_word_a_state_has_its_glyph() -> None:
    first = lines(Row(PLAIN, refused(), marked=True), columns(30), now=0.0)[0]
    assert "".join(piece.text for piece in first).startswith("◼ ✗ ")
