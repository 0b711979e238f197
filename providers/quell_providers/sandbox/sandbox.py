"""Runs both services on one seeded world."""

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from random import Random
from types import TracebackType

from quell_providers.sandbox.clock import Clock, SkewedClock, SystemClock
from quell_providers.sandbox.control.service import ControlService
from quell_providers.sandbox.faults import Fault, Faults
from quell_providers.sandbox.ivs.service import IvsService
from quell_providers.sandbox.player import Player
from quell_providers.sandbox.program import SCENARIOS, program
from quell_providers.sandbox.rocketchat.service import RocketChatService
from quell_providers.sandbox.rocketchat.versions import parse_version
from quell_providers.sandbox.scenario import Line
from quell_providers.sandbox.seeding.populate import populate
from quell_providers.sandbox.truth import Truth
from quell_providers.sandbox.world import Person, Place, Post, Service, World


@dataclass(frozen=True, kw_only=True, slots=True)
class SandboxOptions:
    """How a sandbox behaves.

    Raises:
        ValueError: An unknown scenario or version, or a rate or speed that makes no sense.
    """

    seed: int = 1
    rate: float = 4.0
    """Messages a second over all rooms; 0: nothing new arrives. The scenario `shift` has a rate of its own."""
    scenario: str = "chatter"
    """A name in `SCENARIOS`."""
    speed: float = 1.0
    """How many times as fast as usual the scenario runs."""
    ivs_tps: float = 100
    """Deletions a second that IVS allows."""
    ivs_log_delay_seconds: float = 0.0
    """Seconds until a message can be read in CloudWatch Logs; about 10 on the real service."""
    rocketchat_limit: tuple[int, float] = (10, 60.0)
    """Calls and seconds of Rocket.Chat's limiter, for each endpoint."""
    rocketchat_version: str = "8.8"
    """The version of Rocket.Chat that is played: `6.3` to `8.8`, or `6`, `7` or `8` for the newest of each."""
    rocketchat_path: str = ""
    """What Rocket.Chat's URL ends with, such as `/chat`, for a server that is not at the root of its host."""
    faults: tuple[Fault, ...] = ()
    """What goes wrong from the beginning."""
    clock: Clock = field(default_factory=SystemClock)
    """With a `ManualClock`, setting it forward plays what is due."""

    def __post_init__(self) -> None:
        if self.scenario not in SCENARIOS:
            raise ValueError(f"no scenario named {self.scenario!r}; there are {', '.join(SCENARIOS)}")
        if self.rate < 0:
            raise ValueError(f"rate must be 0 or more messages a second, not {self.rate}")
        if self.speed <= 0:
            raise ValueError(f"speed must be above 0, not {self.speed}")
        parse_version(self.rocketchat_version)


class Sandbox:
    """Amazon IVS Chat and Rocket.Chat on 127.0.0.1, with people talking; an asynchronous context manager.

    Credentials are new and random at every start; everything else follows from the seed.

    Attributes:
        world: Everything that exists; tests may post, edit and delete in it.
        cast: The people, by what they do.
        faults: What goes wrong; tests may add and remove faults at any time.
        truth: What really happened: messages, deletions, and every call that was received.
        player: Lets the scenario happen.
        ivs: The emulated Amazon IVS Chat.
        rocketchat: The emulated Rocket.Chat.

    Raises:
        ValueError: A fault of the options means a route or room that there is not.
    """

    def __init__(self, options: SandboxOptions | None = None) -> None:
        self.options = options or SandboxOptions()
        self.world = World(self.options.seed, self.options.clock)
        seeded = populate(self.world)
        self.cast = seeded.cast
        # Drawn now, so that the talk to come does not depend on what clients do meanwhile.
        rng = Random(self.world.random.getrandbits(64))
        moments = program(self.options.scenario, seeded, rng, self.options.rate)
        self.player = Player(self.options.clock, moments, self.options.speed, self._post)
        self.truth = Truth(self.world, self._name_of)
        self.faults = Faults(
            self.options.seed, routes=self._routes, rooms=self.truth.room_ids, room_names=self.truth.room_names
        )
        self._worlds = {service: self._as_seen_by(service) for service in ("ivs", "rocketchat")}
        self.ivs = IvsService(
            self._worlds["ivs"],
            tps=self.options.ivs_tps,
            log_delay_seconds=self.options.ivs_log_delay_seconds,
            faults=self.faults,
            truth=self.truth,
        )
        self.rocketchat = RocketChatService(
            self._worlds["rocketchat"],
            limit=self.options.rocketchat_limit,
            version=self.options.rocketchat_version,
            path=self.options.rocketchat_path,
            faults=self.faults,
            truth=self.truth,
        )
        for fault in self.options.faults:
            self.faults.add(fault)
        self._control = ControlService(self)

    @property
    def control_url(self) -> str:
        """Where people look at the sandbox and let things go wrong; the address holds a key, so keep it secret."""
        return self._control.url

    async def __aenter__(self) -> "Sandbox":
        started: list[IvsService | RocketChatService | ControlService] = []
        try:
            for service in (self.ivs, self.rocketchat, self._control):
                await service.start()
                started.append(service)
        except BaseException:
            await asyncio.gather(*(service.stop() for service in started))
            raise
        self.player.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.player.stop()
        self.faults.clear()  # what goes wrong must not keep the services from ending
        await asyncio.gather(self.ivs.stop(), self.rocketchat.stop(), self._control.stop())

    def describe(self) -> dict[str, dict[str, str]]:
        """Where both services are and how the demo's moderator logs in; the Rocket.Chat token is a fresh one."""
        login = self.rocketchat.login_as(self.cast.moderator.username)
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

    def post(self, place: Place, author: Person, text: str) -> Post:
        """Let somebody write a message now, by the clock of the room's service."""
        return self._worlds[place.service].post(place, author, text)

    def _post(self, line: Line) -> None:
        post = self.post(line.place, line.author, line.text)
        if line.label:
            self.truth.label(post, line.label)

    def _as_seen_by(self, service: Service) -> World:
        return self.world.with_clock(SkewedClock(self.options.clock, lambda: self.faults.skew(service)))

    def _routes(self) -> Mapping[Service, Collection[str]]:
        return {"ivs": self.ivs.routes, "rocketchat": self.rocketchat.routes}

    def _name_of(self, deleter: str) -> str:
        """The name of whoever deleted something, from the id of a person or of an access key."""
        person = self.world.people.get(deleter)
        if person:
            return person.username
        return next((key.user for key in self.ivs.keys.values() if key.access_key_id == deleter), deleter)
