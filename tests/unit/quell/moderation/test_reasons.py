"""Reasons: the built-in presets, and which texts can be used."""

import pytest

from quell.moderation.reasons import PRESETS, fitting, problem_with


def test_every_number_key_picks_a_preset() -> None:
    assert [preset.key for preset in PRESETS] == list("1234567890")
    assert len({preset.code for preset in PRESETS}) == len(PRESETS)


def test_every_preset_can_be_sent_everywhere_and_the_last_asks_for_words() -> None:
    assert all(problem_with(preset.text, 256, False) is None for preset in PRESETS)
    assert [preset.code for preset in PRESETS if not preset.text] == ["other"]


@pytest.mark.parametrize(("text", "limit"), [("", 0), ("x" * 256, 256), ("x" * 999, None), ("👍🏽é", 4)])
def test_fitting(text: str, limit: int | None) -> None:
    assert fitting(text, limit)
    assert problem_with(text, limit, False) is None


def test_too_long() -> None:
    assert not fitting("x" * 257, 256)
    problem = problem_with("x" * 257, 256, False)
    assert problem is not None
    assert "257" in problem
    assert "256" in problem


@pytest.mark.parametrize("text", ["", "  "])
def test_required(text: str) -> None:
    assert problem_with(text, 256, True) == "A reason is required."
    assert problem_with(text, 256, False) is None


@pytest.mark.parametrize("character", ["\n", "\t", "\x1b", "\x00", "\x7f", "\x9b", "\u2028", "\ud800"])
def test_control_characters(character: str) -> None:
    problem = problem_with(f"spam{character}", 256, False)
    assert problem is not None
    assert f"U+{ord(character):04X}" in problem
    assert "position 5" in problem


@pytest.mark.parametrize(
    ("character", "name"), [("\u202e", "U+202E RIGHT-TO-LEFT OVERRIDE"), ("\u200b", "U+200B ZERO WIDTH SPACE")]
)
def test_characters_that_hide_or_reorder_are_named(character: str, name: str) -> None:
    assert (
        problem_with(f"spam{character}", 256, False) == f"The reason has an invisible character ({name}) at position 5."
    )


def test_emoji_may_be_part_of_a_reason() -> None:
    assert problem_with("👩\u200d👩\u200d👧 ❤\ufe0f می\u200cخواهم", 256, False) is None
