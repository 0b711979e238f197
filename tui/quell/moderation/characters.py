"""What Unicode says of single characters, where the standard library does not say it itself."""

import re
import unicodedata
from collections.abc import Callable

_OTHER_IGNORABLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u2065\u3164\ufe00-\ufe0f\uffa0\ufff0-\ufff8\U000e0000-\U000e0fff]"
)
_VISIBLE_FORMAT = re.compile(
    "[\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\ufff9-\ufffb\U000110bd\U000110cd\U00013430-\U00013440]"
)
"""Format characters that have a shape of their own."""


def is_ignorable(character: str) -> bool:
    """Whether Unicode counts a character as default-ignorable: it has no shape, and text without it reads the same.

    Python does not know the property `Default_Ignorable_Code_Point`. It is derived as the header of Unicode's
    `DerivedCoreProperties.txt` says: format characters but for those with a shape, variation selectors, a few letters
    and marks, and code points set aside.
    """
    if unicodedata.category(character) == "Cf":
        return _VISIBLE_FORMAT.match(character) is None
    return _OTHER_IGNORABLE.match(character) is not None


class CharacterTable(dict[int, str]):
    """A table for `str.translate` that works out each character when it is first met.

    Args:
        entry: What stands for a character.
    """

    def __init__(self, entry: Callable[[str], str]) -> None:
        super().__init__()
        self._entry = entry

    def __missing__(self, code: int) -> str:
        value = self[code] = self._entry(chr(code))
        return value
