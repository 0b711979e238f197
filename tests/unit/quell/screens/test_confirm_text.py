"""What the confirmation counts."""

from msgspec.structs import replace

from quell.moderation.counts import Counts
from quell.moderation.deletion import Target
from quell.screens.confirm_text import RowLines, counts


def target(
    message: str, *, room: tuple[str, str] = ("r1", "finals"), author: tuple[str, str] = ("u1", "Vlad")
) -> Target:
    return Target(
        account="live",
        provider="ivs",
        room_id=room[0],
        room_name=room[1],
        message_id=message,
        author_id=author[0],
        author_name=author[1],
    )


def told(*targets: Target) -> list[str]:
    return [line.plain for line in counts(Counts(targets))]


def test_one_author_in_one_room() -> None:
    assert told(target("m1"), target("m2")) == ["in live/finals 2", "by Vlad 2"]


def test_rooms_and_authors_of_one_name_are_counted_each_for_itself() -> None:
    rooms = target("m1"), target("m2", room=("r2", "finals")), target("m3", room=("r2", "finals"))
    assert told(*rooms)[0] == "in live/finals (r2) 2 · live/finals (r1) 1"
    authors = target("m1"), target("m2", author=("u2", "Vlad")), target("m3", author=("", ""))
    assert told(*authors)[1] == "by Vlad (u1) 1 · Vlad (u2) 1 · unknown author 1"


def test_the_rows_are_what_was_written_and_the_files_with_it() -> None:
    nothing = target("m1")
    both = replace(nothing, text="look", attachments=("advert\x1b.png",))
    only_a_file = replace(nothing, sent_at=0.0, attachments=("advert.png",))
    lines = [line.plain for line in RowLines([nothing, both, only_a_file])]
    said = [line.partition("Vlad  ")[2] for line in lines]
    assert said == ["(no text)", "look ⟨file advert␛.png⟩", "⟨file advert.png⟩"]


def test_hostile_names_are_made_printable() -> None:
    assert told(target("m1", author=("u1", "\x1b[2J\u202eVlad")))[1] == "by ␛[2J⟦U+202E⟧Vlad 1"
