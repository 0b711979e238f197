"""Reasons for a deletion: the built-in presets, and what a reason's text may be."""

import unicodedata

from msgspec import Struct

from quell.moderation.characters import is_ignorable


class Preset(Struct, frozen=True):
    """A reason that one key picks."""

    key: str
    """The key, one character."""
    code: str
    """Short and stable, for the journal and for counting."""
    text: str
    """Said to the author where the service passes reasons on; empty when the moderator must find the words."""


PRESETS: tuple[Preset, ...] = (
    Preset("1", "spam", "Advertising nobody asked for, or the same post over and over"),
    Preset("2", "flood", "Flooding the chat so that others can not talk"),
    Preset("3", "scam", "Scam, phishing or a link that does harm"),
    Preset("4", "harass", "Harassing or attacking a person"),
    Preset("5", "hate", "Hate or discrimination against a group of people"),
    Preset("6", "sexual", "Sexual content that has no place in this chat"),
    Preset("7", "violence", "Threatening or glorifying violence"),
    Preset("8", "privacy", "Private data of a person"),
    Preset("9", "offtopic", "Off topic, or against a rule of this room"),
    Preset("0", "other", ""),
)
"""Used where the configuration names none."""

_UNTYPABLE = frozenset({"Cc", "Cs", "Zl", "Zp"})
"""Unicode categories that end a line, move a cursor or are no characters at all."""
_NEEDED = frozenset("\u200c\u200d\ufe0e\ufe0f")
"""Invisible characters that emoji and scripts need."""


def fitting(text: str, limit: int | None) -> bool:
    """Whether a service that takes reasons of up to `limit` characters takes this one; `None` is no limit."""
    return limit is None or len(text) <= limit


def problem_with(text: str, limit: int | None, required: bool) -> str | None:
    """What keeps a reason from being used, in one sentence; `None` when nothing does.

    Args:
        text: The reason as typed.
        limit: Characters that the service takes, the least of them where there are several; `None`: any number.
        required: Whether the moderation policy asks for a reason.
    """
    if required and not text.strip():
        return "A reason is required."
    if not fitting(text, limit):
        return f"The reason is {len(text)} characters long; the service takes {limit}."
    for position, character in enumerate(text, start=1):
        if (kind := _unusable(character)) is not None:
            name = unicodedata.name(character, "")
            code = f"U+{ord(character):04X} {name}".rstrip()
            return f"The reason has {kind} character ({code}) at position {position}."
    return None


def _unusable(character: str) -> str | None:
    """What kind of character nobody may send, if it is one."""
    if unicodedata.category(character) in _UNTYPABLE:
        return "a control"
    return "an invisible" if is_ignorable(character) and character not in _NEEDED else None
