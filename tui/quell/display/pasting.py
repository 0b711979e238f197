"""Text that is pasted into a line of input, from wherever somebody copied it."""

import unicodedata

from quell.display.printable import Printable, printable, runs


def pasted(text: str) -> tuple[Printable, list[Printable]]:
    """What of a pasted text goes into a line of input, and the names of the characters that do not.

    Several lines become one, with spaces between and for tabs. Control, direction and other invisible characters are
    left out.
    """
    line = " ".join(part for each in text.splitlines() if (part := each.replace("\t", " ").strip()))
    kept = _without_stand_ins(line)
    gone = dict.fromkeys(character for character in line if character not in kept and printable(character) != character)
    return printable(kept), [_name(character) for character in gone]


def _without_stand_ins(line: str) -> str:
    """What is left when everything is gone that can not be shown, also what could be only beside what is gone."""
    while (kept := "".join([run.text for run in runs(line) if not run.stand_in])) != line:
        line = kept
    return kept


def _name(character: str) -> Printable:
    name = unicodedata.name(character, "")
    return printable(f"U+{ord(character):04X}" + (f" {name}" if name else ""))
