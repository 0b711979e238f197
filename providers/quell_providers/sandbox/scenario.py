"""What happens while the sandbox runs: who writes what where."""

from collections.abc import Callable, Iterator
from itertools import count
from random import Random
from typing import NamedTuple

from quell_providers.sandbox.score import Label
from quell_providers.sandbox.seeding import spam
from quell_providers.sandbox.seeding.history import room_talk
from quell_providers.sandbox.seeding.hostile import attack
from quell_providers.sandbox.seeding.populate import Seeded
from quell_providers.sandbox.seeding.rooms import SeededRoom
from quell_providers.sandbox.world import Person, Place


class Line(NamedTuple):
    """One message to come."""

    place: Place
    author: Person
    text: str
    label: Label | None = None
    """The right answer to it, where that is known."""


Scenario = Callable[[Seeded, Random], Iterator[Line]]
"""A run of messages."""


def quiet(seeded: Seeded, rng: Random) -> Iterator[Line]:
    """Nothing but friendly talk."""
    return talk_in([room for room in seeded.rooms if room.plan.bustle], seeded, rng)


def chatter(seeded: Seeded, rng: Random) -> Iterator[Line]:
    """Talk, with a wave of spam now and then."""
    targets = [room for room in seeded.rooms if room.plan.spam_waves]
    talk = quiet(seeded, rng)
    while True:
        yield from (next(talk) for _ in range(rng.randint(15, 45)))
        place, spammer = rng.choice(targets).place, rng.choice(seeded.cast.spammers)
        for text in spam.wave(rng, rng.randint(3, 7)):
            yield Line(place, spammer, text)
            yield from (next(talk) for _ in range(rng.randint(0, 2)))


def raid(seeded: Seeded, rng: Random) -> Iterator[Line]:
    """Calm talk, then a flood from numbered accounts in one or two busy rooms, over and over."""
    busiest = sorted(seeded.rooms, key=lambda room: room.plan.bustle, reverse=True)[:2]
    talk = quiet(seeded, rng)
    while True:
        yield from (next(talk) for _ in range(rng.randint(10, 25)))
        targets = rng.sample(busiest, rng.randint(1, 2))
        for _ in range(rng.randint(120, 220)):
            if rng.random() < 0.2:
                yield next(talk)
            else:
                yield Line(rng.choice(targets).place, *spam.shout(rng, seeded.cast.raiders))


def hostile(seeded: Seeded, rng: Random) -> Iterator[Line]:
    """Talk, and many messages that attack the display."""
    targets = [room.place for room in seeded.rooms if room.plan.hostile]
    talk = chatter(seeded, rng)
    while True:
        yield from (next(talk) for _ in range(rng.randint(1, 4)))
        yield Line(rng.choice(targets), rng.choice(seeded.cast.trolls), attack(rng))


def talk_in(rooms: list[SeededRoom], seeded: Seeded, rng: Random) -> Iterator[Line]:
    """Endless friendly talk in some rooms, more in those where more goes on."""
    talks = [_talk_in_one(room, seeded, rng) for room in rooms]
    weights = [room.plan.bustle for room in rooms]
    while True:
        yield next(rng.choices(talks, weights)[0])


def _talk_in_one(room: SeededRoom, seeded: Seeded, rng: Random) -> Iterator[Line]:
    talk = room_talk(room, seeded.cast, rng)
    for _ in count():
        for said in talk.conversation():
            if said.text:  # a file alone needs an upload, which nobody makes here
                yield Line(room.place, said.author, said.text)
