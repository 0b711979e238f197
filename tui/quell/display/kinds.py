"""What each character of a text is to a terminal: plain, or something that must be looked at with its neighbours.

`kinds_of` gives one letter for each character, so that the rules about neighbours can be regular expressions.
"""

import re
import unicodedata

from rich.cells import cell_len, get_character_cell_size

PLAIN = "."
NEWLINES = "\n\x85\u2028\u2029"

_INVISIBLE = "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0"
"""Letters, marks and symbols by category, and blank or ignorable all the same."""
_SINGLE = {
    " ": "z",
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
    **dict.fromkeys("☝⛹✌✍🕴🕵🖐🏋🏌", "W"),
}
_UNSAFE_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_JOINING_BLOCKS = ((0x600, 0x6FF), (0x750, 0x77F), (0x860, 0x8FF), (0x900, 0xDFF), (0x1780, 0x17FF), (0x1800, 0x18AF))
_HANGUL_LEADS = ((0x1100, 0x115E), (0xA960, 0xA97C))
_HANGUL = ((0xAC00, 0xD7A3),)
_HANGUL_TAILS = ((0x1161, 0x11FF), (0xD7B0, 0xD7FB))
_PICTOGRAPHS = ((0x1F300, 0x1FAFF),)
_REGIONAL_INDICATORS = ((0x1F1E6, 0x1F1FF),)
_SKIN_TONES = ((0x1F3FB, 0x1F3FF),)
_TAGS = ((0xE0020, 0xE007F),)
_CIRCLED_ON_SQUARES = ((0x3248, 0x324F),)
"""Narrow by Unicode's latest word, and wide in several systems' tables."""
_OLDEST_TERMINALS = "9.0.0"
"""The version of Unicode since which emoji are wide, and which terminals still follow."""
_DISPUTED = re.compile("[^.zdlYexbhrf]")


def kinds_of(text: str) -> str:
    """The kind of each character, one letter each.

    - `.` plain, `z` space, `u` otherwise plain, but not of the same width to terminals of every age
    - `d` ASCII character of a keycap, `q` the mark that makes it one
    - `e` wide emoji, `E` one that older terminals do not know to be wide, `w` narrow character with an emoji form,
      `W` one that takes a skin tone, `s` skin tone
    - `f` black flag, `g` tag, `i` regional indicator, `v` emoji selector, `t` text selector
    - `j` zero-width joiner, `n` zero-width non-joiner
    - `l` letter, `k` mark of a script with joiners; `m` mark of another one; `K` virama that makes one of two letters
    - `a` letter that joins the one before it, `p` letter that joins the one after it
    - `L` leading Hangul letter, `Y` Hangul syllable, `y` Hangul vowel or final
    - `r` carriage return, `b` other line end, `h` tab, `x` whatever has no place on a screen
    """
    kinds = text.translate(_KINDS)
    while not kinds.isascii():
        _KINDS.update((ord(character), _kind(character)) for character in set(kinds) if not character.isascii())
        kinds = text.translate(_KINDS)
    return kinds


def disputed(text: str) -> bool:
    """Whether terminals may disagree on the width of a text: it depends on neighbours, or on a terminal's age."""
    return not text.isascii() and _DISPUTED.search(kinds_of(text)) is not None


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
        return "E"  # an emoji that is newer than this Python
    if category in _UNSAFE_CATEGORIES:
        return "x"
    if category == "Zs":
        return "z"
    if category[0] == "M":
        return _kind_of_mark(character)
    if not wide and cell_len(f"{character}\ufe0f") == 2:
        return "w"
    changed = wide != (get_character_cell_size(character, _OLDEST_TERMINALS) == 2)
    if category == "So" and wide and _is_one(f"{character}\u200d{character}"):
        return "E" if changed else "e"
    if changed or _within(character, _CIRCLED_ON_SQUARES):
        return "u"
    return _kind_of_letter(character)


def _kind_of_mark(character: str) -> str:
    if _is_one(f"\u0915{character}\u0915"):
        return "K"
    return "k" if _within(character, _JOINING_BLOCKS) else "m"


def _kind_of_letter(character: str) -> str:
    for kind, ranges in (("L", _HANGUL_LEADS), ("Y", _HANGUL), ("y", _HANGUL_TAILS)):
        if _within(character, ranges):
            return kind
    if unicodedata.category(character) in ("Lo", "Lm"):
        if _is_one(f"a{character}"):
            return "a"
        if _is_one(f"{character}a"):
            return "p"
    return "l" if _within(character, _JOINING_BLOCKS) else PLAIN


def _is_one(text: str) -> bool:
    """Whether a text is a single grapheme."""
    from wcwidth import iter_graphemes  # large tables, which plain texts do not need

    return len(list(iter_graphemes(text))) == 1


def _within(character: str, ranges: tuple[tuple[int, int], ...]) -> bool:
    return any(first <= ord(character) <= last for first, last in ranges)


_KINDS = {code: _kind(chr(code)) for code in range(0x80)}
"""Filled as characters are met. An exact dictionary, because `str.translate` is twice as fast with one."""
