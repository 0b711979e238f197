"""What was said before the sandbox started: each room's history, ending about now."""

from collections.abc import Iterable
from dataclasses import dataclass
from random import Random

from quell_providers.sandbox.seeding import spam
from quell_providers.sandbox.seeding.cast import Cast
from quell_providers.sandbox.seeding.hostile import attacks
from quell_providers.sandbox.seeding.rooms import SeededRoom
from quell_providers.sandbox.seeding.talk import Talk
from quell_providers.sandbox.world import Person, Post, World

_FRESH_WAVE_SECONDS = 50.0
"""The last wave of spam in a room begins this long before its history ends, so that there is something to do."""


@dataclass(slots=True, eq=False)
class _Draft:
    """A post before its time is settled."""

    at: float
    """Seconds since the room's history began."""
    author: Person
    text: str
    answers: "_Draft | None" = None
    files: tuple[str, ...] = ()
    system: str = ""
    deleted_after: float | None = None


def room_talk(room: SeededRoom, cast: Cast, rng: Random) -> Talk:
    """The talk that goes on in a room."""
    plan = room.plan
    in_order = plan.people == "pair"
    return Talk(rng, room.speakers, cast.languages, plan.texts, foreign=plan.foreign, in_order=in_order)


def write_history(world: World, room: SeededRoom, cast: Cast) -> None:
    """Fill a room with posts up to now, or to a moment ago where little is said."""
    if not room.plan.posts:
        return
    drafts = _talk(world.random, room, cast)
    span = max(draft.at for draft in drafts)
    drafts += _spam(world.random, room, cast, span)
    drafts += _hostile(world.random, room, cast, span)
    drafts += _joins(world.random, room, span)
    silence = 1 + world.random.expovariate(20 / room.plan.pause)
    begins_at = world.clock.now() - span - silence
    drafts.sort(key=lambda draft: draft.at)
    _publish(world, room, drafts, begins_at, moderator=cast.moderator)


def _talk(rng: Random, room: SeededRoom, cast: Cast) -> list[_Draft]:
    talk = room_talk(room, cast, rng)
    haste = room.plan.pause / 10
    """Mean seconds between two lines of one conversation."""
    drafts: list[_Draft] = []
    start = 0.0
    while len(drafts) < room.plan.posts:
        at = start
        opening: _Draft | None = None
        for said in talk.conversation():
            draft = _Draft(at, said.author, said.text, opening if said.in_thread else None, said.files)
            opening = opening or draft
            drafts.append(draft)
            at += 1.5 + rng.expovariate(1 / min(haste, 40))
        start += rng.expovariate(1 / room.plan.pause)
    return drafts


def _spam(rng: Random, room: SeededRoom, cast: Cast, span: float) -> list[_Draft]:
    """Waves of near-identical copies; on IVS the older ones were dealt with already."""
    drafts = []
    for number in range(room.plan.spam_waves):
        last = number == room.plan.spam_waves - 1
        at = max(0.0, span - _FRESH_WAVE_SECONDS) if last else rng.uniform(0, span * 0.9)
        spammer = rng.choice(cast.spammers)
        dealt_with = room.plan.service == "ivs" and not last
        for text in spam.wave(rng, rng.randint(3, 6)):
            draft = _Draft(at, spammer, text)
            if dealt_with:
                draft.deleted_after = rng.uniform(4, 30)
            drafts.append(draft)
            at += rng.uniform(1, 7)
    return drafts


def _hostile(rng: Random, room: SeededRoom, cast: Cast, span: float) -> Iterable[_Draft]:
    texts = attacks(rng, room.plan.hostile)
    return [_Draft(rng.uniform(0, span), rng.choice(cast.trolls), text) for text in texts]


def _joins(rng: Random, room: SeededRoom, span: float) -> Iterable[_Draft]:
    newcomers = rng.sample(room.speakers, room.plan.joins)
    return [_Draft(rng.uniform(0, span), person, person.username, system="uj") for person in newcomers]


def _publish(world: World, room: SeededRoom, drafts: list[_Draft], begins_at: float, *, moderator: Person) -> None:
    posts: dict[_Draft, Post] = {}
    for draft in drafts:
        posts[draft] = post = world.post(
            room.place,
            draft.author,
            draft.text,
            at=begins_at + draft.at,
            thread_id=posts[draft.answers].id if draft.answers else None,
            system=draft.system,
            files=draft.files,
        )
        if draft.deleted_after is not None:
            post.deleted_at = min(post.sent_at + draft.deleted_after, world.clock.now())
            post.deleted_by = moderator.id
            post.deletion_reason = "spam"
