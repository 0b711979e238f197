"""Reads the texts that the sandbox's people say.

A text file holds conversations, set apart by empty lines. A line is `A: words`, where the letter stands for a
speaker; an indented line answers in the thread of the conversation's first line; `[[name]]` is an attached file;
`{team}` and the like are filled in when it is said. `[ru]` on its own starts the conversations in a language; `#`
starts a comment line.
"""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

COMMON = ""
"""The language key of conversations that no `[code]` line precedes."""


@dataclass(frozen=True, slots=True)
class Cue:
    """One line of a conversation, not yet said by anybody."""

    speaker: str
    text: str
    in_thread: bool


Conversation = tuple[Cue, ...]


def rows(name: str) -> list[str]:
    """The lines of a text file without comments."""
    text = (files(__package__) / "texts" / f"{name}.txt").read_text(encoding="utf-8")
    return [line for line in text.splitlines() if not line.startswith("#")]


def conversations(name: str) -> tuple[Conversation, ...]:
    """All conversations of a file that is not divided by language."""
    return by_language(name)[COMMON]


@cache
def by_language(name: str) -> dict[str, tuple[Conversation, ...]]:
    """All conversations of a file, by the language code they stand under."""
    found: dict[str, list[Conversation]] = {}
    language = COMMON
    cues: list[Cue] = []
    for line in [*rows(name), ""]:
        if line.startswith("["):
            language = line.strip("[] ")
        elif line:
            speaker, _, text = line.strip().partition(": ")
            cues.append(Cue(speaker, text, in_thread=line.startswith(" ")))
        elif cues:
            found.setdefault(language, []).append(tuple(cues))
            cues = []
    return {language: tuple(said) for language, said in found.items()}
