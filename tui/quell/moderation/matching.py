"""Text as filters, rules and comparisons see it: what is written differently and reads the same, is the same.

Only for comparing. What is shown, kept and sent is always the original.
"""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache

from quell.moderation.characters import CharacterTable, is_ignorable
from quell.moderation.confusables import ascii_relatives, prototypes

_MARKS_OF_EVERY_SCRIPT = "\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
"""Marks that, where no letter has them built in, strike through, enclose or pile up."""

_MARK = re.compile(f"[{_MARKS_OF_EVERY_SCRIPT}]")
_DRAWN_LETTER = re.compile(
    "(?:LATIN LETTER SMALL CAPITAL|NEGATIVE (?:SQUARED|CIRCLED) LATIN CAPITAL LETTER) ([A-Z])", re.ASCII
)
_ASCII_LETTER = re.compile("[A-Za-z]")
_BRAILLE_BLANK = "\u2800"


def matching_form(text: str) -> str:
    """The text for comparing: the same for all spellings that read the same. Total, and idempotent.

    Compatibility forms are resolved (NFKC) and case is folded; ignorable and control characters go, runs of white
    space become one space, and characters that look like ASCII ones become those. ASCII characters stay apart from
    each other: `1` is no `l`, `m` is no `rn`.
    """
    if text.isascii() and text.isprintable():
        folded = text.lower()
        return (" ".join(folded.split()) if "  " in folded else folded.strip(" ")) if " " in folded else folded
    form = _composed(text.translate(_UNSEEN))
    if not form.isascii():
        form = _capitals_read(form)
        form = _composed(form.casefold()).translate(_FOLDS)
    return " ".join(form.casefold().split())


def skeleton(text: str) -> str:
    """The skeleton of UTS #39: two names with the same one can be mistaken for each other, ASCII ones included.

    Case matters here as it does to the eye; compare skeletons of casefolded names too where case means nothing.
    """
    bare = unicodedata.normalize("NFD", text.translate(_UNSEEN))
    table = prototypes()
    return unicodedata.normalize("NFD", "".join([table.get(character, character) for character in bare]))


def _composed(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def _seen(character: str) -> str:
    """A character, or what is left of one that has no shape."""
    if character == _BRAILLE_BLANK:
        return " "
    if character.isspace():
        return character
    return "" if is_ignorable(character) or unicodedata.category(character) == "Cc" else character


def _fold(character: str) -> str:
    """What a casefolded character is compared as."""
    if character.isascii():
        return character
    if not _seen(character) or _MARK.match(character):
        return ""
    if (digit := unicodedata.decimal(character, None)) is not None:
        return str(digit)
    if drawn := _DRAWN_LETTER.fullmatch(unicodedata.name(character, "")):
        return drawn[1].lower()
    return _look_alike(character) or character


def _look_alike(character: str) -> str | None:
    """The ASCII text that a character looks like, in lower case."""
    category = unicodedata.category(character)
    if category[0] == "M" or unicodedata.bidirectional(character) in ("R", "AL"):
        return None
    target = _ascii_prototype(character)
    if category[0] != "L":
        return target
    if target and target.isalpha():
        return target
    # Capital and small letter must be compared as the same, and only one of them may look like a Latin letter.
    capital = _ascii_prototype(character.upper())
    return capital if capital and len(capital) == 1 and capital.isalpha() else None


def _ascii_prototype(character: str) -> str | None:
    target = prototypes().get(character)
    if target is None:
        return None
    if not unicodedata.name(character, "").startswith("LATIN"):
        target = _MARK.sub("", target)
    target = ascii_relatives().get(target, target)
    drawn = _DRAWN_LETTER.fullmatch(unicodedata.name(target, "")) if len(target) == 1 else None
    target = (drawn[1] if drawn else target).lower()
    return target if target.isascii() and target.isprintable() else None


@cache
def _capitals() -> Mapping[str, str]:
    """Capitals that look like another letter than their small forms do: Greek Ν like N, its ν like v."""
    found = {}
    for character in prototypes():
        if not character.isascii() and character.isupper() and len(character.casefold()) == 1:
            target = _ascii_prototype(character)
            # What looks like an l is an I, as which its small form is read.
            if target and len(target) == 1 and target.isalpha() and target not in ("l", _fold(character.casefold())):
                found[character] = target
    return found


@cache
def _capital() -> re.Pattern[str]:
    return re.compile(f"[{''.join(_capitals())}]")


def _capitals_read(text: str) -> str:
    """The text with capitals read by their looks in words that are partly ASCII, where they can only be disguises.

    Elsewhere they are letters of their own script, and compared as their small forms are.
    """
    if not _capital().search(text):
        return text
    return " ".join([_disguised(word) if _ASCII_LETTER.search(word) else word for word in text.split()])


def _disguised(word: str) -> str:
    return _capital().sub(lambda found: _capitals()[found[0]], word)


_UNSEEN = CharacterTable(_seen)
_FOLDS = CharacterTable(_fold)
