"""The rules of all operations, held against botocore's model member by member."""

import re
from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from quell_providers.sandbox.ivs.fields import problems
from quell_providers.sandbox.ivs.operations import OPERATIONS, TAG_METHODS
from quell_providers.sandbox.ivs.quotas import CALLS_PER_SECOND

LAMBDA = "arn:aws:lambda:us-west-2:123456789012:function:f"


@pytest.fixture(scope="module")
def model() -> Any:
    client = boto3.client("ivschat", region_name="us-west-2", aws_access_key_id="x", aws_secret_access_key="y")
    yield client.meta.service_model
    client.close()


def good(shape: Any, length: int | None = None) -> Any:
    """A value that keeps to a shape; of a given length if one is wanted."""
    if shape.type_name == "structure":
        names = list(shape.members)[:1] if shape.is_tagged_union else shape.members
        return {name: good(shape.members[name]) for name in names}
    if shape.type_name == "list":
        return [good(shape.member)] * (1 if length is None else length)
    if shape.type_name == "map":
        return {f"key{number}": "value" for number in range(1 if length is None else length)}
    if shape.type_name == "integer":
        return shape.metadata["min"]
    if shape.metadata.get("enum"):
        return shape.metadata["enum"][0]
    return string(shape, length)


def string(shape: Any, length: int | None) -> str:
    start = {
        "RoomIdentifier": "arn:aws:ivschat:us-west-2:123456789012:room/",
        "LoggingConfigurationIdentifier": "arn:aws:ivschat:us-west-2:123456789012:logging-configuration/",
        "ResourceArn": "arn:aws:ivschat:us-west-2:123456789012:room/",
        "LambdaArn": LAMBDA,
    }.get(shape.name, "")
    wanted = length if length is not None else max(shape.metadata.get("min", 1), len(start) + 3)
    return start + "a" * (wanted - len(start)) if wanted >= len(start) else "a" * wanted


def bad(shape: Any) -> Iterator[Any]:
    """Values that break each rule of a shape, one at a time."""
    lowest, highest = shape.metadata.get("min"), shape.metadata.get("max")
    yield object()
    if shape.type_name == "integer":
        yield from (lowest - 1, highest + 1, str(lowest), True, 1.5)
    elif shape.type_name in ("list", "map"):
        if highest is not None:
            yield good(shape, highest + 1)
    elif shape.type_name == "string":
        yield 7
        if highest is not None:
            yield string(shape, highest + 1)
        if lowest:
            yield string(shape, lowest - 1)
        if shape.metadata.get("enum"):
            yield "NONE_OF_THEM"
        if shape.metadata.get("pattern"):
            yield "é" + good(shape)[1:]
    yield from nested(shape)


def nested(shape: Any) -> Iterator[Any]:
    """Values whose parts break rules."""
    if shape.type_name == "list":
        yield from ([wrong] for wrong in bad(shape.member))
    elif shape.type_name == "map":
        yield from ({"key": wrong} for wrong in bad(shape.value))
        if shape.key.metadata:
            yield from ({wrong: "value"} for wrong in bad(shape.key) if isinstance(wrong, str))
    elif shape.type_name == "structure":
        for name, member in shape.members.items():
            for wrong in bad(member):
                yield {name: wrong} if shape.is_tagged_union else good(shape) | {name: wrong}


def members(model: Any) -> Iterator[tuple[str, str, Any]]:
    for operation in model.operation_names:
        for name, shape in model.operation_model(operation).input_shape.members.items():
            yield operation, name, shape


def test_there_are_exactly_the_operations_of_the_model(model: Any) -> None:
    assert set(OPERATIONS) == set(CALLS_PER_SECOND) == set(model.operation_names)


def test_paths_and_statuses_are_those_of_the_model(model: Any) -> None:
    for name, operation in OPERATIONS.items():
        http = model.operation_model(name).http
        if name in TAG_METHODS.values():
            assert (http["requestUri"], TAG_METHODS[http["method"]]) == ("/tags/{resourceArn}", name)
        else:
            assert (http["method"], http["requestUri"]) == ("POST", f"/{name}")
        assert http["responseCode"] == operation.status


def test_pending_verification_is_answered_where_the_model_has_it(model: Any) -> None:
    for name, operation in OPERATIONS.items():
        modelled = {shape.name for shape in model.operation_model(name).error_shapes}
        assert operation.verified == ("PendingVerification" in modelled), name


def test_members_and_what_is_required_are_those_of_the_model(model: Any) -> None:
    for name, operation in OPERATIONS.items():
        shape = model.operation_model(name).input_shape
        assert set(operation.fields) == set(shape.members), name
        assert {key for key, field in operation.fields.items() if field.required} == set(shape.required_members), name


def test_values_that_keep_to_the_model_are_accepted(model: Any) -> None:
    for operation, name, shape in members(model):
        assert OPERATIONS[operation].fields[name].problem(good(shape)) is None, (operation, name)


def test_values_at_the_limits_are_accepted(model: Any) -> None:
    for operation, name, shape in members(model):
        if shape.type_name != "string" or shape.metadata.get("enum"):
            continue
        for limit in (shape.metadata.get("min"), shape.metadata.get("max")):
            value = None if limit is None else string(shape, limit)
            if value is not None and re.fullmatch(shape.metadata.get("pattern", ".*"), value):
                assert OPERATIONS[operation].fields[name].problem(value) is None, (operation, name, limit)


def test_values_that_break_the_model_are_refused(model: Any) -> None:
    tried = 0
    for operation, name, shape in members(model):
        for wrong in bad(shape):
            tried += 1
            assert problems({name: wrong}, OPERATIONS[operation].fields).get(name), (operation, name, wrong)
    assert tried > 250


@pytest.mark.parametrize(
    "destination", [{}, {"s3": {"bucketName": "chats"}, "firehose": {"deliveryStreamName": "chats"}}, {"tape": {}}]
)
def test_a_destination_is_of_exactly_one_kind(destination: dict[str, Any]) -> None:
    field = OPERATIONS["CreateLoggingConfiguration"].fields["destinationConfiguration"]
    assert field.problem(destination)


@pytest.mark.parametrize("uri", ["", LAMBDA])
def test_a_review_handler_is_a_function_or_none(uri: str) -> None:
    assert OPERATIONS["CreateRoom"].fields["messageReviewHandler"].problem({"uri": uri}) is None


def test_attributes_have_one_kilobyte_in_all() -> None:
    for operation in ("CreateChatToken", "SendEvent"):
        rule = OPERATIONS[operation].fields["attributes"]
        assert rule.problem({"né": "x" * 1_021}) is None
        assert rule.problem({"né": "x" * 1_022})
