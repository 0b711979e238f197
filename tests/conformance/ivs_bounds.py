"""Requests that are just outside what botocore's model allows; the service has to refuse every one."""

import asyncio
import re
from collections.abc import Iterator
from typing import Any

from botocore.exceptions import ClientError

from tests.conformance.cases import require
from tests.conformance.ivs_stage import Ivs

# botocore refuses what is too short before it sends, and so may these be tried by it alone.
_TRIED = ("CreateChatToken", "DeleteMessage", "DisconnectUser", "SendEvent", "ListRooms", "GetRoom", "CreateRoom")
_VALID = {"id": "neverWas0001", "userId": "ada", "eventName": "app:HI"}


async def check_bounds(ivs: Ivs) -> None:
    """Send each wrong request. Raises MismatchError naming those that were accepted, or refused as something else."""
    arn = await ivs.new_room()
    client = ivs.client(parameter_validation=False)
    unlike = []
    for operation in _TRIED:
        shape = client.meta.service_model.operation_model(operation).input_shape
        base = {name: _VALID.get(name, arn) for name in shape.required_members}
        for name, member in shape.members.items():
            for value in _wrong(member):
                ivs.stage.clock.advance(1)
                code = await asyncio.to_thread(_code, client, operation, base | {name: value})
                if code != "ValidationException":
                    unlike.append(f"{operation} with {name}={value!r:.40} answered {code or 'success'}")
    require(not unlike, "; ".join(unlike))


def _code(client: Any, operation: str, parameters: dict[str, Any]) -> str:
    method = re.sub(r"(?<!^)(?=[A-Z])", "_", operation).lower()
    try:
        getattr(client, method)(**parameters)
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    return ""


def _wrong(shape: Any) -> Iterator[object]:
    """Values just outside the bounds of a member."""
    bounds = shape.metadata
    if shape.type_name == "string":
        if "max" in bounds:
            yield "a" * (bounds["max"] + 1)
        if bounds.get("min"):
            yield "a" * (bounds["min"] - 1)
        if "pattern" in bounds and not re.search(bounds["pattern"], "no match !"):
            yield "no match !"
        if bounds.get("enum"):
            yield "NONE_OF_THEM"
    elif shape.type_name in ("integer", "long"):
        yield bounds["max"] + 1
        yield bounds["min"] - 1
    elif shape.type_name == "list":
        yield from ([value] for value in _wrong(shape.member))
        if "max" in bounds:
            yield ["a"] * (bounds["max"] + 1)
    elif shape.type_name == "structure":
        for name, member in shape.members.items():
            yield from ({name: value} for value in _wrong(member))
