import pytest

from quell.display import GLYPHS, WORDS, duration, label
from quell.display.wording import in_a_row, plural
from quell.moderation.deletion import Deletion, Reason, State, Target

TARGET = Target(account="work", provider="rocketchat", room_id="r", room_name="general", message_id="m")


def deletion(state: State, held_until: float | None = None) -> Deletion:
    return Deletion(
        id="d", batch_id="b", target=TARGET, reason=Reason("spam", ""), state=state, at=0.0, held_until=held_until
    )


def test_every_state_has_a_glyph_and_a_word() -> None:
    assert set(GLYPHS) == set(WORDS) == set(State)


def test_no_two_states_look_the_same() -> None:
    assert len({f"{GLYPHS[state]} {WORDS[state]}" for state in State}) == len(State)


def test_a_held_deletion_counts_down() -> None:
    held = deletion(State.HELD, held_until=105.0)
    assert [label(held, now=now) for now in (100.0, 104.0, 106.0)] == ["◔ held 5s", "◔ held 1s", "◔ held 0s"]


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0, "0 s"), (4.4, "4 s"), (60, "1 min"), (150, "2 min 30 s"), (3600, "1 h"), (3900, "1 h 5 min"), (-3, "0 s")],
)
def test_durations(seconds: float, shown: str) -> None:
    assert duration(seconds) == shown


def test_plurals() -> None:
    assert [plural(1, "row"), plural(2, "row"), plural(1200, "row")] == ["1 row", "2 rows", "1,200 rows"]


def test_causes_and_remedies_make_one_line() -> None:
    assert in_a_row("too old", "", "ask an owner") == "too old; ask an owner"
    assert in_a_row("Too old.", "Ask an owner\x1b.") == "Too old. Ask an owner␛."
