"""Feeds generated text to the functions that make it printable, guided by the code that it reaches.

An input is UTF-8; bytes that are none stand for lone surrogates. Beside atheris' own mutations of bytes there are some
of characters: one of any kind that the rules about neighbours know, a copy of a part, a part left out.
"""

import sys
from random import Random

import atheris

with atheris.instrument_imports(include=["quell.display", "quell.moderation.links", "quell.moderation.matching"]):
    from quell.display import Printable, cells, fitted, printable, runs, wrapped, wrapped_runs
    from quell.display.fences import FENCE
    from quell.display.links import link_badge
    from quell.display.pasting import pasted
    from quell.display.printable import plain
    from quell.moderation.matching import matching_form, skeleton

from tests.support.widths import Ruler, mixtures

LONGEST = 120
"""Characters of a text: what can go wrong does so among a few neighbours, and short texts are tried more often."""
RULER = Ruler()


def check(data: bytes) -> None:
    """Raise when a property does not hold."""
    text = decoded(data)
    shown = printable(text)
    assert printable(shown) == shown, ascii(text)
    assert not any(each < " " or "\x7f" <= each < "\xa0" or "\ud800" <= each <= "\udfff" for each in shown), ascii(text)
    assert FENCE not in shown, ascii(text)
    assert cells(shown) == RULER.width(shown), ascii(text)
    check_runs_and_lines(text, shown)
    assert matching_form(matching_form(text)) == matching_form(text), ascii(text)
    skeleton(text)
    line, left_out = pasted(text)
    for made in (line, *left_out, link_badge(text) or ""):
        assert printable(made) == made, ascii(text)


def check_runs_and_lines(text: str, shown: Printable) -> None:
    """What is drawn of a text in rows and columns."""
    assert plain(runs(text)) == shown, ascii(text)
    for width in (12, 20):
        lines = wrapped(shown, width)
        assert all(cells(line) <= width for line in lines), ascii(text)
        assert RULER.width(lines[-1]) == cells(lines[-1]), ascii(text)
        assert "".join("".join(lines).split()) == "".join(shown.split()), ascii(text)
        assert [plain(line) for line in wrapped_runs(runs(text), width)] == lines, ascii(text)
        assert RULER.width(fitted(shown, width)) == width, ascii(text)
    beginning = plain(runs(text, 12))
    assert printable(beginning) == beginning, ascii(text)
    assert RULER.width(beginning) == cells(beginning), ascii(text)


def decoded(data: bytes) -> str:
    """The text that an input stands for."""
    return data.decode("utf-8", "surrogateescape")[:LONGEST]


def mutated(data: bytes, most: int, seed: int) -> bytes:
    """Another input like this one, of at most so many bytes."""
    source = Random(seed)
    if source.random() < 0.3:
        return bytes(atheris.Mutate(data, most))
    text = decoded(data)
    start, end = sorted((source.randint(0, len(text)), source.randint(0, len(text))))
    match source.randrange(4):
        case 0 | 1:
            text = text[:start] + next(mixtures(seed, 1))[:4] + text[start:]
        case 2:
            text = text[:end] + text[start:]
        case _:
            text = text[:start] + text[end:]
    return text.encode("utf-8", "surrogatepass")[:most]


if __name__ == "__main__":
    atheris.Setup(sys.argv, check, custom_mutator=mutated)
    atheris.Fuzz()
