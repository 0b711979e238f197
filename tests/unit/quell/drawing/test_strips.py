from collections.abc import Callable
from random import Random

import pytest
from rich.cells import cell_len
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from quell.display import Printable, cells, printable
from quell.drawing.placement import PlacedUpdate
from quell.drawing.strips import LightStrip, as_rich_counts, is_ascii, settled
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


BOLD = Style(bold=True)


@pytest.mark.parametrize(
    "use",
    [
        lambda strip: strip.crop(3, 9),
        lambda strip: strip.crop_extend(3, 30, BOLD),
        lambda strip: strip.divide([3, 9, 17]),
        lambda strip: strip.apply_style(BOLD),
        lambda strip: strip.adjust_cell_length(30, BOLD),
        lambda strip: strip.adjust_cell_length(5),
        lambda strip: strip.apply_offsets(2, 1),
        lambda strip: strip.simplify(),
        lambda strip: strip.text_align(30, "right"),
        lambda strip: strip.render(Console()),
        lambda strip: strip.cell_length,
        lambda strip: Strip.join([strip, strip]),
        list,
    ],
)
def test_a_light_strip_does_what_every_strip_does(use: Callable[[Strip], object]) -> None:
    segments = [Segment("state  ", BOLD), Segment("漢字"), Segment("  text")]
    light, usual = LightStrip(segments, 17), Strip(segments, 17)
    assert use(light) == use(usual)
    assert use(light) == use(usual)  # from the caches, too


def test_a_light_strip_has_what_a_strip_has_and_no_more() -> None:
    with pytest.raises(AttributeError):
        _ = LightStrip([Segment("x")], 1).colour  # type: ignore[attr-defined]


@pytest.mark.parametrize("text", ["plain", "漢字", ""])
def test_every_kind_of_strip_tells_whether_it_is_ascii(text: str) -> None:
    segments = [Segment("a"), Segment(text)]
    assert is_ascii(LightStrip(segments, 9)) is is_ascii(Strip(segments)) is text.isascii()
