"""Widths of display text against two terminals: an emulator that keeps graphemes together, and tmux, where it is.

Every code point alone, attacks, and generated mixtures, each as `printable` makes it. The contender is
`rich.cells.cell_len`, by which an application on Textual lays out its text. A text that fails is shrunk and printed.
"""

import shutil
import sys
from collections.abc import Sequence

from rich.cells import cell_len

from quell.display import Printable, cells, printable
from quell.display.kinds import disputed
from tests.support.hostile import ATTACKS, generated
from tests.support.widths import Ruler, mixtures, shrunk, tmux_widths

SEED = 1
MIXTURES = 100_000
ATTACKED = 10_000
IN_TMUX = 20_000
EXAMPLES = 5


def texts() -> tuple[list[str], list[str]]:
    """Every code point that may be shown, and mixtures."""
    every = [character for character in map(chr, range(sys.maxunicode + 1)) if printable(character) == character]
    return every, [*ATTACKS.values(), *generated(SEED, ATTACKED), *mixtures(SEED, MIXTURES)]


def compare_with_the_emulator(name: str, sources: Sequence[str], ruler: Ruler) -> None:
    """Print how many texts come out as wide as computed, and those that do not."""

    def misses(text: str) -> bool:
        shown = printable(text)
        return cells(shown) != ruler.width(shown)

    missed = [text for text in sources if misses(text)]
    shown = [printable(text) for text in sources]
    rich = sum(cell_len(each) != ruler.width(each) for each in shown)
    print(f"  {name:<12} {len(sources):>9,} texts, {len(missed):,} of another width: {'MISSED' if missed else 'holds'}")
    print(f"  {'':<12} rich.cells has another width for {rich:,}")
    for text in missed[:EXAMPLES]:
        print(f"    {shrunk(text, misses)!a}")


def compare_with_tmux(name: str, shown: Sequence[Printable]) -> None:
    """Print of how many texts tmux has another opinion: of none that is not taken for disputed."""
    found = dict(zip(shown, tmux_widths(shown), strict=True))
    other = [text for text, width in found.items() if width != cells(text)]
    surprises = [text for text in other if not disputed(text)]
    undisputed = sum(not disputed(text) for text in found)
    verdict = "MISSED" if surprises else "holds"
    print(f"  {name:<12} tmux: {len(other):,} of {len(found):,} otherwise;", end=" ")
    print(f"of {undisputed:,} not taken for disputed, {len(surprises):,}: {verdict}")
    for text in surprises[:EXAMPLES]:
        print(f"    {text!a}: {cells(text)} cells, in tmux {found[text]}")


def main() -> None:
    print(f"Widths of display text, seed {SEED}")
    every, mixed = texts()
    ruler = Ruler()
    compare_with_the_emulator("code points", every, ruler)
    compare_with_the_emulator("mixtures", mixed, ruler)
    if shutil.which("tmux") is None:
        print("  tmux is not installed: left out")
        return
    compare_with_tmux("code points", [printable(each) for each in every])
    compare_with_tmux("mixtures", [printable(each) for each in mixed[-IN_TMUX:]])


if __name__ == "__main__":
    main()
