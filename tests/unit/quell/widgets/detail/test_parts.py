from random import Random

import pytest
from rich.cells import cell_len

from quell.display import Printable, printable
from quell.widgets.detail.parts import BAR, GAP, INDENT, Body, Field, Line, Part, laid_out
from quell_providers.sandbox.seeding.hostile import attacks

WIDTHS = [20, 34, 78]


def rows(parts: list[Part], width: int) -> list[str]:
    return [str(line) for line in laid_out(parts, width)]


def test_values_stand_in_a_column_however_they_wrap() -> None:
    assert rows([Field("why", printable("older than ten minutes"))], 22) == [
        "why     older than ten",
        "        minutes",
    ]


def test_a_message_stands_behind_a_bar_line_by_line() -> None:
    assert rows([Body((Printable("one"), Printable("two")))], 20) == [f"{BAR}one", f"{BAR}two"]
    assert rows([GAP], 20) == [""]


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_that_others_wrote_reaches_the_left_edge_or_beyond_the_right_one(width: int) -> None:
    seed = 7
    rng = Random(seed)
    for text in [*attacks(rng, 40), *(_noise(rng) for _ in range(60))]:
        shown = printable(text)
        for line in rows([Field("file", shown)], width):
            assert line[:INDENT] in ("file".ljust(INDENT), " " * INDENT), (seed, text)
            assert cell_len(line) <= width, (seed, text)
        for line in rows([Body((shown,))], width):
            assert line.startswith(BAR.rstrip()), (seed, text)
            assert cell_len(line) <= width, (seed, text)


def test_a_pressable_value_runs_an_action_and_no_text_gets_into_it() -> None:
    (line,) = laid_out([Field("link", printable("https://a.example/')"), press="open_link(0)")], 60)
    actions = {style.meta["@click"] for _, style in line.render() if style and "@click" in style.meta}
    assert actions == {"open_link(0)"}


def _noise(rng: Random) -> str:
    return "".join(
        chr(rng.choice([32, 0x4E00, 0x301, 0x1F600, 0x202E, 0x61, 0x5D0])) for _ in range(rng.randint(1, 200))
    )


def test_our_own_words_wrap_too() -> None:
    assert rows([Line("can delete: not known")], 12) == ["can delete:", "not known"]
