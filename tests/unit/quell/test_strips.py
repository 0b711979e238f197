from random import Random

import pytest
from rich.cells import cell_len
from rich.console import Console
from rich.segment import Segment
from textual.strip import Strip

from quell.display import Printable, cells, printable
from quell.placement import PlacedUpdate
from quell.strips import as_rich_counts, settled
from tests.support.widths import Ruler, mixtures
from tests.support.wire import Screen

HINDI = "हिन्दी चर्चा"


def strip(*texts: str, width: int) -> Strip:
    """A part as Textual pads and cuts it."""
    return Strip([Segment(text) for text in texts]).adjust_cell_length(width)


@pytest.mark.parametrize(
    ("texts", "width", "shown"),
    [
        (["plain", "      12"], 16, "plain      12   "),
        ([HINDI, "        12"], 20, f"{HINDI}       12   "),
        (["│ ", HINDI, "        ", " │"], 20, f"│ {HINDI}        │ "),
        (["a    b  ", HINDI, "    c"], 24, f"a    b  {HINDI}   c    "),
        ([HINDI], 5, "हिन्दी "),
        ([f"{HINDI} xyz"], 11, f"{HINDI} xy"),
        (["न्त्र", "  x"], 6, "न्त्र   x"),
    ],
)
def test_gaps_after_the_text_make_up_for_its_width(texts: list[str], width: int, shown: str) -> None:
    part = settled(strip(*texts, width=width))
    assert (part.text, part.cell_length) == (shown, width)
    assert cells(Printable(part.text)) == width


def test_what_fits_already_is_left_alone() -> None:
    part = strip("漢字 plain", width=12)
    assert settled(part) is part


@pytest.mark.parametrize(
    ("texts", "width", "shown"),
    [
        (["│ ", f"{HINDI} abc", " │"], 4 + cells(Printable(f"{HINDI} a")), f"│ {HINDI} a │"),
        (["│ ", HINDI, " │"], 3 + cells(Printable(HINDI)) + 4, f"│ {HINDI}    │"),
        (["│ ", "कौ", "bold", "का" * 3, " │"], 12, "│ कौboldका │"),
        (["│", "漢字", "का", "│"], 6, "│漢字│"),
    ],
)
def test_where_gaps_do_not_suffice_the_text_does_and_not_what_stands_beside_it(
    texts: list[str], width: int, shown: str
) -> None:
    part = settled(Strip([Segment(text) for text in texts], width))
    assert part.text == shown
    assert cells(Printable(part.text)) == width
    assert part.text.endswith("│")


def test_a_part_is_divided_where_the_terminal_shows_its_end() -> None:
    texts = ["  09:41  ", HINDI, "   ", "│"]
    claimed = Strip([Segment(text) for text in texts], sum(cells(Printable(text)) for text in texts))
    counted = as_rich_counts(claimed)
    assert counted.cell_length == claimed.cell_length == cell_len(counted.text) != cell_len(claimed.text)
    assert settled(counted).text == claimed.text


@pytest.mark.parametrize("seed", range(4))
def test_every_part_takes_its_cells_and_no_more(seed: int) -> None:
    ruler, source = Ruler(), Random(seed)
    for text in mixtures(seed, 200):
        texts = [printable(text[:4]), " " * source.randint(0, 6), printable(text[4:]), "  │"]
        width = source.randint(1, 40)
        part = settled(strip(*texts, width=width))
        assert ruler.width(part.text) == width, (seed, ascii(text), width)


def test_what_is_drawn_right_of_such_text_stands_where_it_is_meant_to() -> None:
    screen = Screen((24, 2), clusters=True)
    console = Console(width=24, force_terminal=True)
    line = {0: strip(HINDI, "       12 │", width=18), 18: strip("right", width=6)}
    screen.feed(PlacedUpdate({0: line}).render_segments(console).encode())
    assert "".join(screen.cells(14, 0, 9)) == "12 │right"
