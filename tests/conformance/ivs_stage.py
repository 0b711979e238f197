"""Amazon IVS Chat as cases use it: boto3 clients whose every answer is held against botocore's model."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import boto3
import msgspec
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.validate import ParamValidator

from quell_providers.sandbox.world import Place
from tests.conformance.cases import MismatchError, require
from tests.conformance.stage import Stage, stage


class Ivs:
    """One account of the sandbox, seen through boto3."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.service = stage.sandbox.ivs
        self._session = boto3.session.Session()
        self._clients: dict[tuple[str, str], Any] = {}

    def client(self, service: str = "ivschat", key: str = "admin", **overrides: Any) -> Any:
        """A boto3 client that signs with a key of this role, never retries, and never trusts an answer unseen."""
        credentials = self.service.keys[key]
        client = self._session.client(
            service,
            region_name=self.service.region,
            endpoint_url=self.service.endpoint_url,
            aws_access_key_id=credentials.access_key_id,
            aws_secret_access_key=credentials.secret_access_key,
            config=Config(retries={"mode": "standard", "total_max_attempts": 1}, **overrides),
        )
        client.meta.events.register("before-parse", _hold_against_model)
        return client

    async def call(self, operation: str, *, service: str = "ivschat", key: str = "admin", **parameters: Any) -> Any:
        """One call; a second passes first, so that nobody's call rate is used up. Raises ClientError."""
        self.stage.clock.advance(1)
        if (service, key) not in self._clients:
            self._clients[service, key] = self.client(service, key)
        client = self._clients[service, key]
        answer = await asyncio.to_thread(getattr(client, operation), **parameters)
        return {name: value for name, value in answer.items() if name != "ResponseMetadata"}

    async def refusal(self, operation: str, **parameters: Any) -> ClientError:
        """The refusal of a call. Raises MismatchError when it is not refused."""
        try:
            answer = await self.call(operation, **parameters)
        except ClientError as error:
            return error
        raise MismatchError(f"{operation} was not refused but answered {answer!r}")

    async def use_up_deletions(self, arn: str) -> ClientError:
        """Delete until the account's rate refuses, and return that refusal."""
        client = self.client()

        def hurry() -> ClientError:
            for number in range(500):
                try:
                    client.delete_message(roomIdentifier=arn, id=f"neverWas{number:04}")
                except ClientError as error:
                    return error
            raise MismatchError("500 deletions at once were all accepted")

        return await asyncio.to_thread(hurry)

    async def new_room(self, **settings: Any) -> str:
        """The ARN of a room just made."""
        room = await self.call("create_room", **settings)
        return str(room["arn"])

    def place(self, name: str) -> Place:
        """The seeded room of this name."""
        return next(place for place in self.stage.sandbox.world.places_of("ivs") if place.name == name)

    async def arn(self, name: str) -> str:
        """The ARN of the seeded room of this name."""
        rooms = (await self.call("list_rooms", name=name))["rooms"]
        require(len(rooms) == 1, f"ListRooms with name {name!r} found {len(rooms)} rooms")
        return str(rooms[0]["arn"])


@asynccontextmanager
async def ivs_stage() -> AsyncIterator[Ivs]:
    """A fresh sandbox, of which the IVS half is used."""
    async with stage() as opened:
        yield Ivs(opened)


def _hold_against_model(operation_model: Any, response_dict: dict[str, Any], **_: Any) -> None:
    """Raise MismatchError unless the body of an answer is what the service's model says, to the letter."""
    status, body = response_dict["status_code"], response_dict["body"]
    name = operation_model.name
    if status >= 300:
        _hold_error_against_model(operation_model, status, response_dict["headers"], body)
        return
    wanted = operation_model.http.get("responseCode", 200)
    require(status == wanted, f"{name} answered HTTP {status}; the model says {wanted}")
    shape = operation_model.output_shape
    if shape is not None and body:
        _check(name, msgspec.json.decode(body), shape)


def _hold_error_against_model(operation_model: Any, status: int, headers: Any, body: bytes) -> None:
    content = msgspec.json.decode(body, type=dict[str, Any])
    is_rest = operation_model.service_model.metadata["protocol"] == "rest-json"
    code = str(headers.get("x-amzn-errortype", "") if is_rest else content.pop("__type", ""))
    shape = next((shape for shape in operation_model.error_shapes if shape.name == code), None)
    if shape is not None and "message" not in shape.members:
        content.pop("message", None)  # CloudWatch Logs' model leaves the one member out that every refusal has
    if shape is None:
        return  # of IAM, of the signature check or of throttling: of no service, and in no model
    if is_rest:
        wanted = shape.metadata.get("error", {}).get("httpStatusCode", 400)
        require(status == wanted, f"{code} came with HTTP {status}; the model says {wanted}")
    _check(f"{operation_model.name}'s {code}", content, shape)


def _check(what: str, value: object, shape: Any) -> None:
    problems = [*_unlike(value, shape)]
    report = ParamValidator().validate(value, shape)
    if report.has_errors():
        problems.append(report.generate_report())
    require(not problems, f"{what} is not what the model says: {'; '.join(problems)}")


def _unlike(value: Any, shape: Any, path: str = "$") -> Iterator[str]:
    """What the validator does not look at: upper bounds, patterns, enumerations."""
    if shape.type_name == "structure" and isinstance(value, dict):
        for name, member in shape.members.items():
            if name in value:
                yield from _unlike(value[name], member, f"{path}.{name}")
    elif shape.type_name == "list" and isinstance(value, list):
        for index, item in enumerate(value):
            yield from _unlike(item, shape.member, f"{path}[{index}]")
    elif shape.type_name == "map" and isinstance(value, dict):
        for key, item in value.items():
            yield from _unlike(item, shape.value, f"{path}.{key}")
    yield from _out_of_bounds(value, shape.metadata, path)


def _out_of_bounds(value: Any, bounds: dict[str, Any], path: str) -> Iterator[str]:
    size = value if isinstance(value, int) else len(value) if isinstance(value, str | list | dict) else 0
    if "max" in bounds and size > bounds["max"]:
        yield f"{path} is beyond {bounds['max']}"
    if "pattern" in bounds and isinstance(value, str) and not re.search(bounds["pattern"], value):
        yield f"{path} {value!r} does not match {bounds['pattern']}"
    if bounds.get("enum") and value not in bounds["enum"]:
        yield f"{path} {value!r} is none of {bounds['enum']}"
