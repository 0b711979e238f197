"""What each character of a text is to a terminal: plain, or something that must be looked at with its neighbours.

`kinds_of` gives one letter for each character, so that the rules about neighbours can be regular expressions.
"""

import unicodedata

from rich.cells import cell_len, get_character_cell_size

PLAIN = "."
NEWLINES = "\n\x85\u2028\u2029"

_INVISIBLE = "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0"
"""Letters, marks and symbols by category, and blank or ignorable all the same."""
_SINGLE = {
    "\r": "r",
    "\t": "h",
    "\u200c": "n",
    "\u200d": "j",
    "\ufe0e": "t",
    "\ufe0f": "v",
    "\u20e3": "q",
    "\U0001f3f4": "f",
    **dict.fromkeys(NEWLINES, "b"),
    **dict.fromkeys("0123456789#*", "d"),
    **dict.fromkeys(_INVISIBLE, "x"),
    **dict.fromkeys("\u0e33\u0eb3\uff9e\uff9f", "a"),
    **dict.fromkeys("☝⛹✌✍🕴🕵🖐🏋🏌", "W"),
}
_UNSAFE_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_JOINING_BLOCKS = ((0x600, 0x6FF), (0x750, 0x77F), (0x860, 0x8FF), (0x900, 0xDFF), (0x1780, 0x17FF), (0x1800, 0x18AF))
_UNSPACED_MARKS = (
    *((0x102B, 0x102C), (0x1038, 0x1038), (0x1062, 0x1064), (0x1067, 0x106D), (0x1083, 0x1083), (0x1087, 0x108C)),
    *((0x108F, 0x108F), (0x109A, 0x109C), (0x1A61, 0x1A61), (0x1A63, 0x1A64), (0x1B44, 0x1B44), (0xA9C0, 0xA9C0)),
    *((0xAA7B, 0xAA7B), (0xAA7D, 0xAA7D), (0x111C0, 0x111C0), (0x11235, 0x11235), (0x1134D, 0x1134D)),
    *((0x116B6, 0x116B6), (0x11720, 0x11721)),
)
"""Spacing marks that take no cell of their own: mostly those UAX #29 excepts from its property SpacingMark."""
_HANGUL_LEADS = ((0x1100, 0x115E), (0xA960, 0xA97C))
_HANGUL = ((0xAC00, 0xD7A3),)
_HANGUL_TAILS = ((0x1161, 0x11FF), (0xD7B0, 0xD7FB))
_PICTOGRAPHS = ((0x1F300, 0x1FAFF),)
_REGIONAL_INDICATORS = ((0x1F1E6, 0x1F1FF),)
_SKIN_TONES = ((0x1F3FB, 0x1F3FF),)
_TAGS = ((0xE0020, 0xE007F),)


def kinds_of(text: str) -> str:
    """The kind of each character, one letter each.

    - `.` plain, `d` ASCII character of a keycap, `q` the mark that makes it one
    - `e` wide emoji, `w` narrow character with an emoji form, `W` one that takes a skin tone, `s` skin tone
    - `f` black flag, `g` tag, `i` regional indicator, `v` emoji selector, `t` text selector
    - `j` zero-width joiner, `n` zero-width non-joiner
    - `l` letter, `k` mark, `c` spacing mark of a script with joiners
    - `m` mark, `o` spacing mark of another one, `a` letter that joins a wide one before it
    - `L` leading Hangul letter, `Y` Hangul syllable, `y` Hangul vowel or final
    - `r` carriage return, `b` other line end, `h` tab, `x` whatever has no place on a screen
    """
    kinds = text.translate(_KINDS)
    while not kinds.isascii():
        _KINDS.update((ord(character), _kind(character)) for character in set(kinds) if not character.isascii())
        kinds = text.translate(_KINDS)
    return kinds


def _kind(character: str) -> str:
    if character in _SINGLE:
        return _SINGLE[character]
    if character.isascii():
        return PLAIN if character.isprintable() else "x"
    for kind, ranges in (("i", _REGIONAL_INDICATORS), ("s", _SKIN_TONES), ("g", _TAGS)):
        if _within(character, ranges):
            return kind
    category = unicodedata.category(character)
    wide = get_character_cell_size(character) == 2
    if category == "Cn" and wide and _within(character, _PICTOGRAPHS):
        return "e"  # an emoji that is newer than this Python
    if category in _UNSAFE_CATEGORIES:
        return "x"
    if category[0] == "M":
        spacing = category == "Mc" and not _within(character, _UNSPACED_MARKS)
        return _kind_of_mark(spacing=spacing, joining=_within(character, _JOINING_BLOCKS))
    if not wide and cell_len(f"{character}\ufe0f") == 2:
        return "w"
    if category == "So" and wide:
        return "e"
    return _kind_of_letter(character)


def _kind_of_mark(*, spacing: bool, joining: bool) -> str:
    if spacing:
        return "c" if joining else "o"
    return "k" if joining else "m"


def _kind_of_letter(character: str) -> str:
    for kind, ranges in (("L", _HANGUL_LEADS), ("Y", _HANGUL), ("y", _HANGUL_TAILS), ("l", _JOINING_BLOCKS)):
        if _within(character, ranges):
            return kind
    return PLAIN


def _within(character: str, ranges: tuple[tuple[int, int], ...]) -> bool:
    return any(first <= ord(character) <= last for first, last in ranges)


_KINDS = {code: _kind(chr(code)) for code in range(0x80)}
"""Filled as characters are met. An exact dictionary, because `str.translate` is twice as fast with one."""
