"""A small world behind an emulated IVS, and boto3 as a judge that nobody here wrote."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from quell_providers.sandbox.clock import ManualClock
from quell_providers.sandbox.ivs import names
from quell_providers.sandbox.ivs.keys import CREW_ONLY, AccessKey
from quell_providers.sandbox.ivs.service import IvsService
from quell_providers.sandbox.world import Person, Place, World
from tests.unit.quell_providers.sandbox.ivs import judge

NOW = 1_760_000_000.0


@dataclass(slots=True)
class Stage:
    """The service under test and the few things in it."""

    clock: ManualClock
    world: World
    service: IvsService
    finals: Place
    backstage: Place
    unlogged: Place
    empty: Place
    person: Person
    client: Callable[..., Any]
    """Makes a boto3 client: (role, service="ivschat")."""

    async def refused(self, role: str, operation: str, **parameters: Any) -> dict[str, Any]:
        """Call an operation that is to be refused, and give back the whole answer as boto3 parsed it."""
        with pytest.raises(ClientError) as caught:
            await self.call(role, operation, **parameters)
        return dict(caught.value.response)

    async def call(self, role: str, operation: str, **parameters: Any) -> Any:
        """Call one operation of the control plane as boto3 does."""
        return await asyncio.to_thread(getattr(self.client(role), operation), **parameters)

    async def read_log(self, role: str, place: Place, **parameters: Any) -> Any:
        """Call GetLogEvents for a room's stream."""
        logs = self.client(role, "logs")
        where = {"logGroupName": place.log_group or "nowhere", "logStreamName": names.log_stream(place)}
        return await asyncio.to_thread(logs.get_log_events, **(where | parameters))

    async def filter_log(self, role: str, group: str, **parameters: Any) -> Any:
        """Call FilterLogEvents for a log group."""
        logs = self.client(role, "logs")
        return await asyncio.to_thread(logs.filter_log_events, logGroupName=group, **parameters)

    async def token(self, place: Place, *capabilities: str, **parameters: Any) -> str:
        """A fresh chat token for the user `console`."""
        answer = await self.call(
            "moderator",
            "create_chat_token",
            roomIdentifier=names.room_arn(place.id),
            capabilities=list(capabilities),
            **({"userId": "console"} | parameters),
        )
        return str(answer["token"])


@pytest.fixture(scope="session")
def aws() -> boto3.Session:
    return boto3.Session()


@pytest.fixture
def clients() -> Iterator[list[Any]]:
    opened: list[Any] = []
    yield opened
    for client in opened:
        client.close()


@pytest.fixture
async def stage(aws: boto3.Session, clients: list[Any]) -> AsyncIterator[Stage]:
    clock = ManualClock(NOW)
    world = World(1, clock)
    person = world.add_person(Person(world.new_id("rocketchat"), "amara", "Amara Okafor"))

    def room(name: str, age: float, log_group: str | None, **tags: str) -> Place:
        place = Place(world.new_id("ivs"), "ivs", name, "room", log_group=log_group, tags=tags, created_at=NOW - age)
        return world.add_place(place)

    finals = room("finals", 10, "/live/chat")
    backstage = room("backstage", 20, "/live/chat", **dict([CREW_ONLY]))
    unlogged = room("", 30, None)
    empty = room("afterparty", 40, "/live/chat")
    for place in (finals, backstage, unlogged):
        for number in range(10):
            world.post(place, person, f"{place.name} {number}", at=NOW - 100 + number)
    service = IvsService(world, tps=5)
    await service.start()

    made: dict[tuple[Any, ...], Any] = {}

    def client(role: str, name: str = "ivschat", *, key: AccessKey | None = None, region: str = "us-west-2") -> Any:
        url, key = made_stage.service.endpoint_url, key or made_stage.service.keys[role]
        wanted = (url, name, key, region)
        if wanted not in made:
            made[wanted] = aws.client(
                name,
                region_name=region,
                endpoint_url=url,
                aws_access_key_id=key.access_key_id,
                aws_secret_access_key=key.secret_access_key,
                config=Config(retries={"mode": "standard", "total_max_attempts": 1}),
            )
            judge.watch(made[wanted])
            clients.append(made[wanted])
        return made[wanted]

    made_stage = Stage(clock, world, service, finals, backstage, unlogged, empty, person, client)
    yield made_stage
    await service.stop()
