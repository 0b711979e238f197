"""Characters that look alike, from the data of Unicode Technical Standard #39 (`confusables.txt`).

The table comes with the package `confusable_homoglyphs`. Reading it takes some ten milliseconds, so nothing is read
before the first text outside ASCII.
"""

from collections.abc import Mapping
from functools import cache
from typing import cast

_DIRECTION_MARK = "\u200e"
"""`confusables.txt` sets right-to-left samples between such marks; they are no part of the sample."""


@cache
def prototypes() -> Mapping[str, str]:
    """What each character is compared as: one representative for all that look like it, one or more characters long.

    The package keeps pairs without telling source and target apart. A source has one target and a target usually has
    several sources; where both stand alone, either serves as the representative, so the classes are those of UTS #39.
    """
    from confusable_homoglyphs.confusables import confusables_data

    alike: dict[str, set[str]] = {}
    for character, others in cast(dict[str, list[dict[str, str]]], confusables_data).items():
        found = alike.setdefault(character.strip(_DIRECTION_MARK), set())
        found.update(other["c"].strip(_DIRECTION_MARK) for other in others)
    direct: dict[str, str] = {}
    for character, found in alike.items():
        if len(character) == 1 and len(found) == 1:
            (other,) = found
            if (
                len(other) > 1
                or len(alike[other]) > 1
                or (not other.isascii(), other) < (not character.isascii(), character)
            ):
                direct[character] = other
    return {character: "".join(direct.get(each, each) for each in target) for character, target in direct.items()}


@cache
def ascii_relatives() -> Mapping[str, str]:
    """Of representatives that are not one ASCII character, the ASCII character that looks like them (`rn`: `m`)."""
    return {target: character for character, target in prototypes().items() if character.isascii() and len(target) > 1}
