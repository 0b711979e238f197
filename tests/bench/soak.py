"""An hour of chat in 20 rooms of both services, compressed, with everything going wrong: nothing may be missed.

The sandbox runs here; the providers run in a process of their own, whose memory, tasks, threads and sockets are then
theirs alone. After each round of talk every room's timeline is compared with what was really said and deleted.
"""

import argparse
import asyncio
import sys
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Any

from quell_providers.sandbox.clock import ManualClock
from quell_providers.sandbox.faults import SERVICES, Fault
from quell_providers.sandbox.sandbox import Sandbox, SandboxOptions
from quell_providers.sandbox.world import Place, Post
from tests.bench.soak_process import SPEED, Listener, listener

HOUR = 3600.0
PATIENCE = 60.0
"""Real seconds after which what is still missing counts as missed."""
ALLOWED_GROWTH = 0.05
_START = 1_767_258_000.0
_LOG_DELAY = 10.0
"""Seconds of the services' time until IVS's chat log tells what was said."""


@dataclass(frozen=True, kw_only=True)
class Size:
    """How much of everything."""

    messages: int = 500_000
    rooms: int = 20
    rounds: int = 50
    drops: int = 200
    failing: float = 0.05
    """Share of HTTP calls that are answered with 503."""
    warm_up: float = 0.5
    """Share of the rounds after which memory must have stopped growing.

    By then every bound that is reached at all was reached: Rocket.Chat's rooms had more than the 10,000 messages that
    are remembered of each (`rocketchat.memory`), and IVS's more than the 1,000 events, and missed times like those to
    come (`ivs.merge`). Deletions on IVS are remembered on, up to 50,000 (`ivs.history`): some hundred bytes for each.
    """
    seed: int = 1
    """Decides who says what, and what goes wrong when."""


@dataclass
class Outcome:
    """What came of it."""

    messages: int = 0
    edited: int = 0
    deleted: int = 0
    drops: int = 0
    expired: int = 0
    failed_calls: int = 0
    gaps: int = 0
    """How many were told of, where nothing had to be missing."""
    differences: list[str] = field(default_factory=list)
    """Room and message of everything that is not as it should be."""
    memory: list[int] = field(default_factory=list)
    """Bytes in use by the providers' process after each round."""
    left_behind: dict[str, int] = field(default_factory=dict)
    """Tasks, threads and files that are more at the end than in the beginning."""

    def growth(self, warm_up: float) -> float:
        """By what share of it memory grew, once warm."""
        warm = self.memory[int(len(self.memory) * warm_up) :]
        return warm[-1] / warm[0] - 1 if len(warm) > 1 else 0.0

    def left(self) -> dict[str, int]:
        """What was left behind, and how many of it."""
        return {what: count for what, count in self.left_behind.items() if count > 0}

    def holds(self, warm_up: float) -> bool:
        """Whether everything is as it must be."""
        is_whole = not self.differences and not self.gaps
        return is_whole and not self.left() and self.growth(warm_up) < ALLOWED_GROWTH


class Soak:
    """One run.

    Args:
        size: How much of everything.
        sandbox: Both services, not started yet; its clock is set forward by hand.
        clock: That clock.
    """

    def __init__(self, size: Size, sandbox: Sandbox, clock: ManualClock) -> None:
        self._size = size
        self._sandbox = sandbox
        self._clock = clock
        self._random = Random(size.seed)
        self._places = self._open_rooms()
        self._said: set[str] = set()
        """Ids of everything that was ever said here."""
        self.outcome = Outcome()

    @property
    def rooms(self) -> dict[str, list[str]]:
        """Ids of the rooms by service."""
        return {
            service: [place.id for place in self._places if place.service == service]
            for service in ("rocketchat", "ivs")
        }

    async def run(self, listener: Listener) -> None:
        """Every round, one after the other."""
        ticking = asyncio.create_task(self._tick())
        try:
            await self._rounds(listener)
        finally:
            ticking.cancel()

    async def _rounds(self, listener: Listener) -> None:
        self._sandbox.faults.add(Fault("status", status=503, probability=self._size.failing))
        for number in range(self._size.rounds):
            posts = await self._talk(listener)
            await self._compare(listener, posts)
            if number % 5 == 1:
                self._expire()
        self._sandbox.faults.clear()

    def _open_rooms(self) -> list[Place]:
        """Half of the rooms on either service, all of them new, with the people of the first room there is."""
        world = self._sandbox.world
        places: list[Place] = []
        for service in SERVICES:
            like = next(place for place in world.places_of(service) if place.kind == "c" or place.log_group)
            for number in range(self._size.rooms // 2):
                place = Place(
                    id=world.new_id(like.service),
                    service=like.service,
                    name=f"soak-{number}",
                    kind=like.kind,
                    members=list(like.members),
                    roles=dict(like.roles),
                    log_group=like.log_group,
                    created_at=like.created_at,
                )
                places.append(world.add_place(place))
        return places

    async def _talk(self, listener: Listener) -> list[Post]:
        """One round: people write, edit and delete, and connections break meanwhile."""
        size, random = self._size, self._random
        count, drops = size.messages // size.rounds, size.drops // size.rounds
        breaking = set(random.sample(range(count), drops))
        posts: list[Post] = []
        for number in range(count):
            place = random.choice(self._places)
            posts.append(self._sandbox.post(place, random.choice(place.members), f"{number} {random.random()}"))
            self._said.add(posts[-1].id)
            self._clock.advance(HOUR / size.messages)
            if number % 20 == 0:
                self._change(random.choice(posts))
            if number in breaking:
                await listener.promptly(self._break(listener, number), "cutting every connection of a service")
            if number % 50 == 0:
                await asyncio.sleep(0)
        doomed = [[post.place.service, post.place.id, post.id] for post in random.sample(posts, min(count, 10))]
        await listener.ask(delete=doomed)
        self.outcome.messages += len(posts)
        self.outcome.deleted += sum(post.deleted_at is not None for post in posts)
        self.outcome.edited += sum(post.edited_at is not None for post in posts)
        return posts

    def _change(self, post: Post) -> None:
        if post.deleted_at is not None:
            return
        if post.place.service == "rocketchat" and self._random.random() < 0.5:
            self._sandbox.world.edit(post, f"{post.text} (edited)")
        else:
            self._sandbox.world.delete(post, by="somebody", reason="spam")

    async def _break(self, listener: Listener, number: int) -> None:
        """Cut every connection of a service: where all rooms are live, or already while they catch up."""
        name = SERVICES[number % len(SERVICES)]
        enough = {"live"} if self._random.random() < 0.5 else {"live", "catching_up"}
        while not {stand.split()[0] for stand in await self._stands(listener, name)} <= enough:  # noqa: ASYNC110 - it is the other process that knows
            await asyncio.sleep(0.02)
        await (self._sandbox.ivs if name == "ivs" else self._sandbox.rocketchat).drop_connections()
        self.outcome.drops += 1

    async def _tick(self) -> None:
        """Let time pass, never slower for the services than the providers' own waiting was made to be."""
        before = monotonic()
        while True:
            await asyncio.sleep(0.01)
            now = monotonic()
            self._clock.advance((now - before) * SPEED)
            before = now

    async def _stands(self, listener: Listener, service: str) -> list[str]:
        stands = await listener.ask(stands=True)
        return [stands[place.id] for place in self._places if place.service == service]

    def _expire(self) -> None:
        """Let a token of each service be good for nothing with the next frame that is sent."""
        for service in SERVICES:
            route = "websocket" if service == "rocketchat" else "messaging"
            self._sandbox.faults.add(Fault("revoke", service=service, route=route, times=1))
            self.outcome.expired += 1

    async def _compare(self, listener: Listener, posts: list[Post]) -> None:
        """Wait until every timeline is as it should be, or for too long."""
        until = monotonic() + PATIENCE
        while True:
            seen = await listener.ask(show=True)
            wrong = self._wrong(posts, seen)
            if not wrong or monotonic() > until:
                break
            await asyncio.sleep(0.1)
        self.outcome.differences += wrong
        self.outcome.memory.append((await listener.ask(forget=True))["memory"])

    def _wrong(self, posts: list[Post], seen: dict[str, Any]) -> list[str]:
        """What is wrong with the timelines after a round: room and message, and how the room's stream stands."""
        told = seen["messages"]
        invented = [
            f"{place.service} {place.name}: {each} was never said"
            for place in self._places
            for each in told[place.id]
            if each not in self._said
        ]
        differences = [
            f"{line} ({seen['stands'][post.place.id]})" for post in posts for line in _differences(post, told)
        ]
        return invented + differences


def _differences(post: Post, timelines: dict[str, dict[str, list[Any]]]) -> list[str]:
    """What is wrong with one message in its timeline.

    One that was deleted on Rocket.Chat before anybody could see it may be missing; its row is gone for ever.
    """
    where = f"{post.place.service} {post.place.name}: {post.id}"
    told = timelines[post.place.id]
    if post.id not in told:
        is_gone = post.deleted_at is not None and post.place.service == "rocketchat"
        return [] if is_gone else [f"{where}, sent at {post.sent_at:.3f}, is missing"]
    text, deleted = told[post.id]
    if deleted is not (post.deleted_at is not None):
        return [f"{where} is {'' if deleted else 'not '}marked as deleted"]
    return [] if deleted or text == post.text else [f"{where} says something else"]


def _accounts(sandbox: Sandbox, folder: Path) -> dict[str, dict[str, str]]:
    """How the listener logs in: by password on Rocket.Chat, so that a login that expired can be made anew."""
    key = sandbox.ivs.keys["moderator"]
    file = folder / "aws"
    file.write_text(
        f"[sandbox]\naws_access_key_id = {key.access_key_id}\naws_secret_access_key = {key.secret_access_key}\n"
    )
    return {
        "rocketchat": {
            "url": sandbox.rocketchat.url,
            "user": "moderator",
            "password": sandbox.rocketchat.password_of("moderator"),
        },
        "ivs": {
            "region": sandbox.ivs.region,
            "profile": "sandbox",
            "credentials_file": str(file),
            "endpoint_url": sandbox.ivs.endpoint_url,
            "messaging_url": sandbox.ivs.messaging_url,
            "logs_endpoint_url": sandbox.ivs.endpoint_url,
        },
    }


async def soak(size: Size) -> Outcome:
    """Run it, and tell what came of it."""
    clock = ManualClock(_START)
    sandbox = Sandbox(
        SandboxOptions(
            seed=size.seed,
            rate=0,
            clock=clock,
            rocketchat_limit=(0, 60.0),
            ivs_tps=10_000,
            ivs_log_delay_seconds=_LOG_DELAY,
        )
    )
    run = Soak(size, sandbox, clock)
    print(f"Soak with the seed {size.seed} (tests/bench/soak.py has --seed)", flush=True)
    with TemporaryDirectory() as folder:
        async with sandbox, listener() as listening:
            await listening.ask(accounts=_accounts(sandbox, Path(folder)), follow=run.rooms)
            await run.run(listening)
            run.outcome.failed_calls = len(sandbox.truth.calls(status=503))
            end = await listening.ask(close=True)
            run.outcome.left_behind, run.outcome.gaps = end["left"], end["gaps"]
    return run.outcome


def report(size: Size, outcome: Outcome, seconds: float) -> None:
    """Print it."""
    growth = outcome.growth(size.warm_up)
    told = f"{outcome.edited:,} edited, {outcome.deleted:,} deleted; {outcome.drops} drops, {outcome.expired} expiries"
    print(f"Soak: {outcome.messages:,} messages in {size.rooms} rooms of both services, in {seconds:.0f} s")
    print(f"  {told}, {outcome.failed_calls} or more calls failed")
    print(f"  differences from the truth: {len(outcome.differences)}: {'MISSED' if outcome.differences else 'holds'}")
    for line in outcome.differences[:10]:
        print(f"    {line}")
    print(f"  gaps told of: {outcome.gaps}: {'MISSED' if outcome.gaps else 'holds'}")
    verdict = "holds" if growth < ALLOWED_GROWTH else "MISSED"
    print(f"  memory after warm-up {growth:+.1%}, less than {ALLOWED_GROWTH:.0%}: {verdict}")
    left = outcome.left()
    print(f"  left behind: {left or 'nothing'}: {'MISSED' if left else 'holds'}")


def main() -> None:
    run(Size())


def run(size: Size) -> bool:
    """Measure, and print it. Returns whether all held."""
    began = monotonic()
    outcome = asyncio.run(soak(size))
    report(size, outcome, monotonic() - began)
    return outcome.holds(size.warm_up)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    for name in ("messages", "rounds", "drops", "seed"):
        parser.add_argument(f"--{name}", type=int, default=getattr(Size, name))
    sys.exit(not run(Size(**vars(parser.parse_args()))))
