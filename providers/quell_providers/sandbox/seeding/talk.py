"""Endless talk in one room: conversations from the texts, given to people."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from quell_providers.sandbox.seeding import script
from quell_providers.sandbox.seeding.script import Conversation
from quell_providers.sandbox.world import Person

_TEAMS = (
    "Cobalt Comets",
    "Amber Otters",
    "Mint Condition",
    "Crimson Kites",
    "Velvet Moles",
    "Saffron Foxes",
    "Granite Geese",
    "Lilac Lynxes",
)
_FILE = re.compile(r"\[\[(.+?)\]\]")
_RACERS = ("Biscuit", "Marigold", "Pebble", "Zephyr", "Tango", "Nougat", "Fennel", "Ripple", "Juniper", "Socks")


@dataclass(frozen=True, slots=True)
class Utterance:
    """Something that a person says."""

    author: Person
    text: str
    in_thread: bool = False
    files: tuple[str, ...] = ()


class Talk:
    """Deals out conversations so that none comes again before all of its kind had their turn.

    Args:
        speakers: Who talks here, at least as many as the texts have parts; those further in front talk more.
        languages: Language codes of people by id.
        texts: Names of the text files to talk from.
        foreign: Share of conversations that are held in another language than English.
        in_order: Give the parts A, B, … to the speakers in their order, not by lot.
    """

    def __init__(
        self,
        rng: Random,
        speakers: Sequence[Person],
        languages: Mapping[str, str],
        texts: Sequence[str],
        *,
        foreign: float = 0.0,
        in_order: bool = False,
    ) -> None:
        self._rng = rng
        self._speakers = speakers
        self._in_order = in_order
        self._foreign = foreign
        self._bag = _bag(rng, [talk for name in texts for talk in script.conversations(name)])
        self._natives = _natives(speakers, languages)
        self._foreign_bags = {
            language: _bag(rng, fitting)
            for language, natives in self._natives.items()
            if (fitting := _fitting(language, len(natives)))
        }

    def conversation(self) -> list[Utterance]:
        """The next conversation, from its first line to its last."""
        if self._foreign_bags and self._rng.random() < self._foreign:
            language = self._rng.choice(list(self._foreign_bags))
            return self._perform(next(self._foreign_bags[language]), self._natives[language])
        return self._perform(next(self._bag), self._speakers)

    def _perform(self, conversation: Conversation, speakers: Sequence[Person]) -> list[Utterance]:
        letters = sorted({cue.speaker for cue in conversation})
        parts = dict(zip(letters, self._draw(speakers, len(letters)), strict=True))
        slots = fillings(self._rng) | {part: person.name.split()[0] for part, person in parts.items()}
        said = []
        for cue in conversation:
            text, files = _take_files(cue.text.format_map(slots))
            said.append(Utterance(parts[cue.speaker], text, cue.in_thread, files))
        return said

    def _draw(self, speakers: Sequence[Person], count: int) -> list[Person]:
        """So many different people, the talkative ones more often."""
        if self._in_order:
            return list(speakers[:count])
        drawn: list[Person] = []
        while len(drawn) < count:
            person = speakers[int(len(speakers) * self._rng.random() ** 2)]
            if person not in drawn:
                drawn.append(person)
        return drawn


def fillings(rng: Random) -> dict[str, str]:
    """Fresh values for the places that every text may leave open."""
    team, rival = rng.sample(_TEAMS, 2)
    return {
        "team": team,
        "rival": rival,
        "racer": rng.choice(_RACERS),
        "n": str(rng.randint(2, 9)),
        "minute": str(rng.randrange(10, 60, 5)),
    }


def _bag(rng: Random, conversations: Sequence[Conversation]) -> Iterator[Conversation]:
    while True:
        yield from rng.sample(conversations, len(conversations))


def _natives(speakers: Sequence[Person], languages: Mapping[str, str]) -> dict[str, list[Person]]:
    """Those who speak another language than English, by language."""
    natives: dict[str, list[Person]] = {}
    for person in speakers:
        language = languages.get(person.id, "en")
        if language != "en":
            natives.setdefault(language, []).append(person)
    return natives


def _fitting(language: str, speakers: int) -> list[Conversation]:
    """Conversations in a language for at most so many speakers."""
    every = script.by_language("tongues").get(language, ())
    return [talk for talk in every if len({cue.speaker for cue in talk}) <= speakers]


def _take_files(text: str) -> tuple[str, tuple[str, ...]]:
    """A text without its `[[name]]` marks, and the names."""
    names = tuple(_FILE.findall(text))
    return _FILE.sub("", text).strip(), names
