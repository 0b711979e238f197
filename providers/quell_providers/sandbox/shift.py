"""The scenario `shift`: twenty minutes of moderation with known answers, for training.

It begins calm, brings one kind of trouble after the other, and ends with all of them at once. Every message has a
right answer; some that must go look harmless, and some that look bad are fine.
"""

from collections.abc import Iterator
from itertools import chain, islice
from random import Random
from typing import NamedTuple

from quell_providers.sandbox.scenario import Line, talk_in
from quell_providers.sandbox.score import Label
from quell_providers.sandbox.seeding import script, spam
from quell_providers.sandbox.seeding.hostile import plain_attack
from quell_providers.sandbox.seeding.populate import Seeded
from quell_providers.sandbox.seeding.rooms import SeededRoom
from quell_providers.sandbox.seeding.talk import fillings

SECONDS = 20 * 60.0
"""How long a shift lasts, at normal speed."""

_FINE = Label(remove=False, why="ordinary talk")
_SPAM = Label(remove=True, why="spam: the same advertisement again and again")
_RAID = Label(remove=True, why="flood: part of a raid by numbered accounts")
_ATTACK = Label(remove=True, why="attack: control characters, forged states or text made to break the display")


class _Phase(NamedTuple):
    """A part of the shift: how many messages of each kind it has, apart from spam waves, which have several each."""

    talk: int
    judged: int = 0
    spam_waves: int = 0
    raid: int = 0
    attacks: int = 0


_PHASES = (
    _Phase(talk=120, judged=6),
    _Phase(talk=150, judged=8, spam_waves=4),
    _Phase(talk=130, judged=20),
    _Phase(talk=130, judged=6, attacks=12),
    _Phase(talk=80, judged=4, raid=140),
    _Phase(talk=180, judged=14, spam_waves=5, raid=30, attacks=10),
)
"""Each lasts as long as its share of all messages."""


def shift(seeded: Seeded, rng: Random) -> Iterator[Line]:
    """All messages of one shift, in order, each with its right answer; only where the moderator may remove them."""
    rooms = [room for room in seeded.rooms if room.plan.bustle and _is_open(room)]
    talk = talk_in(rooms, seeded, rng)
    judged = _judged(rooms, seeded, rng)
    for phase in _PHASES:
        waves = [_wave(rooms, seeded, rng) for _ in range(phase.spam_waves)]
        runs = [
            [line._replace(label=_FINE) for line in islice(talk, phase.talk)],
            list(islice(judged, phase.judged)),
            [Line(_busy(rooms, rng).place, *spam.shout(rng, seeded.cast.raiders), _RAID) for _ in range(phase.raid)],
            [_attack(rooms, seeded, rng) for _ in range(phase.attacks)],
            *waves,
        ]
        yield from _mixed(runs, rng)


def moments(lines: list[Line], rng: Random) -> Iterator[tuple[float, Line]]:
    """When each line comes, in seconds since the shift began: at irregular times, all within `SECONDS`."""
    times = sorted(rng.uniform(0, SECONDS) for _ in lines)
    return zip(times, lines, strict=True)


def _judged(rooms: list[SeededRoom], seeded: Seeded, rng: Random) -> Iterator[Line]:
    """Messages that take judgement, each once before any comes again; regulars and strangers write them alike."""
    while True:
        cues = [talk[0] for talk in script.conversations("judgement")]
        for cue in rng.sample(cues, len(cues)):
            text, _, why = cue.text.format_map(fillings(rng)).partition(" // ")
            room = rng.choice(rooms)
            yield Line(room.place, rng.choice(room.speakers), text, Label(remove=cue.speaker == "R", why=why))


def _wave(rooms: list[SeededRoom], seeded: Seeded, rng: Random) -> list[Line]:
    place, spammer = rng.choice(rooms).place, rng.choice(seeded.cast.spammers)
    return [Line(place, spammer, text, _SPAM) for text in spam.wave(rng, rng.randint(4, 8))]


def _attack(rooms: list[SeededRoom], seeded: Seeded, rng: Random) -> Line:
    return Line(rng.choice(rooms).place, rng.choice(seeded.cast.trolls), plain_attack(rng), _ATTACK)


def _busy(rooms: list[SeededRoom], rng: Random) -> SeededRoom:
    return rng.choice(sorted(rooms, key=lambda room: room.plan.bustle)[-2:])


def _mixed(runs: list[list[Line]], rng: Random) -> list[Line]:
    """All runs dealt into one; each keeps its own order."""
    order = list(chain.from_iterable([index] * len(run) for index, run in enumerate(runs)))
    rng.shuffle(order)
    heads = [iter(run) for run in runs]
    return [next(heads[index]) for index in order]


def _is_open(room: SeededRoom) -> bool:
    """Whether everybody writes there and the demo's moderator may remove messages."""
    plan = room.plan
    return plan.people in ("all", "some") and plan.moderated and not plan.crew_speaks and plan.tag is None
