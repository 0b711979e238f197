"""Runs both services on one seeded world."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random
from types import TracebackType

from quell_providers.sandbox.clock import Clock, SystemClock
from quell_providers.sandbox.ivs.service import IvsService
from quell_providers.sandbox.rocketchat.service import RocketChatService
from quell_providers.sandbox.scenario import SCENARIOS, play
from quell_providers.sandbox.seeding.populate import populate
from quell_providers.sandbox.world import World


@dataclass(frozen=True, kw_only=True, slots=True)
class SandboxOptions:
    """How a sandbox behaves. Raises ValueError for an unknown scenario or a rate below zero."""

    seed: int = 1
    rate: float = 4.0
    """Messages a second over all rooms; 0: nothing new arrives."""
    scenario: str = "chatter"
    """A name in `SCENARIOS`."""
    ivs_tps: float = 100
    """Deletions a second that IVS allows."""
    rocketchat_limit: tuple[int, float] = (10, 60.0)
    """Calls and seconds of Rocket.Chat's limiter, for each endpoint."""
    clock: Clock = field(default_factory=SystemClock)

    def __post_init__(self) -> None:
        if self.scenario not in SCENARIOS:
            raise ValueError(f"no scenario named {self.scenario!r}; there are {', '.join(SCENARIOS)}")
        if self.rate < 0:
            raise ValueError(f"rate must be 0 or more messages a second, not {self.rate}")


class Sandbox:
    """Amazon IVS Chat and Rocket.Chat on 127.0.0.1, with people talking; an asynchronous context manager.

    Credentials are new and random at every start; everything else follows from the seed.
    """

    def __init__(self, options: SandboxOptions | None = None) -> None:
        self.options = options or SandboxOptions()
        self.world = World(self.options.seed, self.options.clock)
        seeded = populate(self.world)
        # Drawn now, so that the talk to come does not depend on what clients do meanwhile.
        rng = Random(self.world.random.getrandbits(64))
        self._lines = SCENARIOS[self.options.scenario](seeded, rng)
        self._pace = Random(rng.getrandbits(64))
        self.ivs = IvsService(self.world, tps=self.options.ivs_tps)
        self.rocketchat = RocketChatService(self.world, limit=self.options.rocketchat_limit)
        self._moderator = seeded.cast.moderator.username
        self._playing: asyncio.Task[None] | None = None

    async def __aenter__(self) -> "Sandbox":
        await self.ivs.start()
        try:
            await self.rocketchat.start()
        except BaseException:
            await self.ivs.stop()
            raise
        if self.options.rate > 0:
            self._playing = asyncio.create_task(play(self.world, self._lines, self.options.rate, self._pace))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        try:
            if self._playing:
                self._playing.cancel()
                with suppress(asyncio.CancelledError):
                    await self._playing
        finally:
            await asyncio.gather(self.ivs.stop(), self.rocketchat.stop())

    def describe(self) -> dict[str, dict[str, str]]:
        """Where both services are and how the demo's moderator logs in; the Rocket.Chat token is a fresh one."""
        login = self.rocketchat.login_as(self._moderator)
        key = self.ivs.keys["moderator"]
        return {
            "rocketchat": {
                "url": self.rocketchat.url,
                "user_id": login.user_id,
                "auth_token": login.auth_token,
            },
            "ivs": {
                "endpoint_url": self.ivs.endpoint_url,
                "messaging_url": self.ivs.messaging_url,
                "region": self.ivs.region,
                "access_key_id": key.access_key_id,
                "secret_access_key": key.secret_access_key,
            },
        }
