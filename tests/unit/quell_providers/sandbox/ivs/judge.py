"""Holds every answer against botocore's copy of the service model, more strictly than botocore itself does."""

import json
import re
from typing import Any

_TYPES: dict[str, Any] = {"string": str, "timestamp": str, "integer": int, "long": int, "boolean": bool}


def watch(client: Any) -> None:
    """Judge all answers that a boto3 client gets from now on, refusals too."""
    service = client.meta.service_model.service_id.hyphenize()
    client.meta.events.register(f"before-parse.{service}", _judge)


def problems(shape: Any, value: Any, path: str = "") -> list[str]:
    """Where a decoded JSON value is not what a shape of the model promises."""
    if shape.type_name == "structure":
        return _structure(shape, value, path)
    if shape.type_name == "list" and isinstance(value, list):
        return _size(shape, len(value), path) + [
            problem for index, item in enumerate(value) for problem in problems(shape.member, item, f"{path}[{index}]")
        ]
    if shape.type_name == "map" and isinstance(value, dict):
        return _size(shape, len(value), path) + [
            problem
            for key, item in value.items()
            for problem in problems(shape.key, key, f"{path}.{key}") + problems(shape.value, item, f"{path}.{key}")
        ]
    return _scalar(shape, value, path)


def _judge(operation_model: Any, response_dict: dict[str, Any], **_: Any) -> None:
    status, body = response_dict["status_code"], response_dict["body"]
    service = operation_model.service_model
    if status >= 300:
        code = response_dict["headers"].get("x-amzn-errortype", "")
        if code in service.shape_names:
            shape = service.shape_for(code)
            _require_none(problems(shape, json.loads(body)))
            assert status == shape.metadata["error"]["httpStatusCode"], (code, status)
        return
    assert status == operation_model.http.get("responseCode", 200), (operation_model.name, status)
    shape = operation_model.output_shape
    if shape is not None:
        _require_none(problems(shape, json.loads(body or b"{}")))


def _require_none(found: list[str]) -> None:
    assert not found, "; ".join(found)


def _structure(shape: Any, value: Any, path: str) -> list[str]:
    if not isinstance(value, dict):
        return [f"{path}: {value!r} is not an object"]
    found = [f"{path}: {name} is missing" for name in shape.required_members if name not in value]
    for name, item in value.items():
        if name in shape.members:
            found += problems(shape.members[name], item, f"{path}.{name}")
        else:
            found.append(f"{path}: {name} is not in the model")
    return found


def _scalar(shape: Any, value: Any, path: str) -> list[str]:
    if type(value) is not _TYPES[shape.type_name]:
        return [f"{path}: {value!r} is no {shape.type_name}"]
    found = _size(shape, len(value) if isinstance(value, str) else value, path)
    pattern, choices = shape.metadata.get("pattern"), shape.metadata.get("enum")
    if pattern and not re.fullmatch(pattern, value):
        found.append(f"{path}: {value!r} does not match {pattern}")
    if choices and value not in choices:
        found.append(f"{path}: {value!r} is none of {choices}")
    return found


def _size(shape: Any, size: int, path: str) -> list[str]:
    lowest, highest = shape.metadata.get("min"), shape.metadata.get("max")
    fits = (lowest is None or size >= lowest) and (highest is None or size <= highest)
    return [] if fits else [f"{path}: {size} is not between {lowest} and {highest}"]
