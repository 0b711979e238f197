from typing import Any

import pytest

from quell_providers.sandbox.ivs import names
from quell_providers.sandbox.world import Place
from tests.unit.quell_providers.sandbox.ivs.conftest import NOW, Stage
from tests.unit.quell_providers.sandbox.ivs.judge import problems


async def test_every_answer_is_judged(stage: Stage) -> None:
    stage.world.add_place(Place("AbCdEfGhIjKl", "ivs", "no such name!", "room", created_at=NOW))
    with pytest.raises(AssertionError, match="'no such name!' does not match"):
        await stage.call("admin", "list_rooms")


async def test_every_refusal_is_judged(stage: Stage) -> None:
    with pytest.raises(AssertionError, match="'a-b' does not match"):
        await stage.call("admin", "get_room", identifier=names.room_arn("a-b"))


@pytest.mark.parametrize(
    ("operation", "answer", "said"),
    [
        ("ListRooms", {}, "rooms is missing"),
        ("ListRooms", {"rooms": [{"extra": 1}]}, ".rooms[0]: extra is not in the model"),
        ("ListRooms", {"rooms": [{"tags": {"": "v"}}]}, "0 is not between 1 and 128"),
        ("GetRoom", {"id": "short"}, "5 is not between 12 and 12"),
        ("GetRoom", {"maximumMessageLength": "500"}, "is no integer"),
        ("GetRoom", {"messageReviewHandler": {"fallbackResult": "MAYBE"}}, "'MAYBE' is none of"),
    ],
)
def test_what_is_against_the_model_is_named(stage: Stage, operation: str, answer: dict[str, Any], said: str) -> None:
    shape = stage.client("admin").meta.service_model.operation_model(operation).output_shape
    (problem,) = problems(shape, answer)
    assert said in problem
