"""What spammers and raiders write: the same few texts, each copy a little different."""

from collections.abc import Sequence
from random import Random

from quell_providers.sandbox.seeding import script
from quell_providers.sandbox.seeding.talk import fillings
from quell_providers.sandbox.world import Person

_LOOK_ALIKES = str.maketrans(
    {
        "a": "а",
        "c": "с",
        "e": "е",
        "i": "і",
        "o": "о",
        "p": "р",
        "x": "х",
        "y": "у",
        "A": "А",
        "E": "Е",
        "H": "Н",
        "O": "О",
        "T": "Т",
    }
)
"""Latin letters to Cyrillic ones that look the same."""
_INVISIBLE = ("\u200b", "\u200d", "\u2060")


def wave(rng: Random, copies: int) -> list[str]:
    """One spam text, several times over, disguised differently each time."""
    text = rng.choice(script.conversations("spam"))[0].text
    return [_disguise(rng, text.format_map(fillings(rng))) for _ in range(copies)]


def shout(rng: Random, raiders: Sequence[Person]) -> tuple[Person, str]:
    """One message of a raid and its author."""
    text = rng.choice(script.conversations("raid"))[0].text.format_map(fillings(rng))
    return rng.choice(raiders), _disguise(rng, text) if rng.random() < 0.4 else text


def _disguise(rng: Random, text: str) -> str:
    """Swap some letters for look-alikes and hide a few characters that nobody sees."""
    letters = (letter.translate(_LOOK_ALIKES) if rng.random() < 0.12 else letter for letter in text)
    return "".join(letter + rng.choice(_INVISIBLE) if rng.random() < 0.02 else letter for letter in letters)
