"""Feeds generated text to the functions that make it printable, guided by the code that it reaches."""

import sys

import atheris

with atheris.instrument_imports(include=["quell.display", "quell.moderation.matching"]):
    from quell.display import cells, printable, runs, wrapped
    from quell.display.printable import plain
    from quell.moderation.matching import matching_form

from tests.support.widths import Ruler

RULER = Ruler()


def check(data: bytes) -> None:
    """Raise when a property does not hold."""
    text = atheris.FuzzedDataProvider(data).ConsumeUnicode(400)
    shown = printable(text)
    assert printable(shown) == shown
    assert plain(runs(text)) == shown
    assert not any(each < " " or "\x7f" <= each < "\xa0" or "\ud800" <= each <= "\udfff" for each in shown)
    assert cells(shown) == RULER.width(shown)
    assert all(cells(line) <= 20 for line in wrapped(shown, 20))
    assert matching_form(matching_form(text)) == matching_form(text)


if __name__ == "__main__":
    atheris.Setup(sys.argv, check)
    atheris.Fuzz()
