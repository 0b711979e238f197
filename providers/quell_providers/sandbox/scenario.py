"""What happens while the sandbox runs: who writes what where, and when."""

import asyncio
from collections.abc import Callable, Iterator
from itertools import count
from random import Random
from typing import NamedTuple

from quell_providers.sandbox.seeding import spam
from quell_providers.sandbox.seeding.history import room_talk
from quell_providers.sandbox.seeding.hostile import attack
from quell_providers.sandbox.seeding.populate import Seeded
from quell_providers.sandbox.seeding.rooms import SeededRoom
from quell_providers.sandbox.world import Person, Place, World

_TICK_SECONDS = 0.02
_MOST_BEHIND_SECONDS = 1.0
"""After a longer standstill (a suspended laptop) the time lost is not caught up."""


class Line(NamedTuple):
    """One message to come."""

    place: Place
    author: Person
    text: str


Scenario = Callable[[Seeded, Random], Iterator[Line]]
"""An endless run of messages."""


def quiet(seeded: Seeded, rng: Random) -> Iterator[Line]:
    """Nothing but friendly talk."""
    rooms = [room for room in seeded.rooms if room.plan.bustle]
    talks = [_talk_in(room, seeded, rng) for room in rooms]
    weights = [room.plan.bustle for room in rooms]
    while True:
        yield next(rng.choices(talks, weights)[0])


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


SCENARIOS: dict[str, Scenario] = {"quiet": quiet, "chatter": chatter, "raid": raid, "hostile": hostile}


async def play(world: World, lines: Iterator[Line], rate: float, rng: Random) -> None:
    """Post lines at `rate` messages a second on average, at irregular times, until cancelled."""
    loop = asyncio.get_running_loop()
    due = loop.time()
    while True:
        now = loop.time()
        due = max(due, now - _MOST_BEHIND_SECONDS)
        while due <= now:
            line = next(lines)
            world.post(line.place, line.author, line.text)
            due += rng.expovariate(rate)
        await asyncio.sleep(max(_TICK_SECONDS, due - now))


def _talk_in(room: SeededRoom, seeded: Seeded, rng: Random) -> Iterator[Line]:
    talk = room_talk(room, seeded.cast, rng)
    for _ in count():
        for said in talk.conversation():
            if said.text:  # a file alone needs an upload, which nobody makes here
                yield Line(room.place, said.author, said.text)
