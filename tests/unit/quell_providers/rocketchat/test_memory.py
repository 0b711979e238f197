import json
from typing import Any

import pytest

from quell_providers.rocketchat import wire
from quell_providers.rocketchat.memory import Memory
from tests.unit.quell_providers.rocketchat.fakes import wire_message

T0 = 1_700_000_000_000


def filled() -> Memory:
    """`m0` … `m4`, a second apart; `m3` is pinned, `m4` began a discussion, and `m1` is by somebody else."""
    more: dict[int, dict[str, Any]] = {
        1: {"u": {"_id": "u2", "username": "lena"}},
        3: {"pinned": True},
        4: {"drid": "d"},
    }
    memory = Memory()
    for number in range(5):
        document = wire_message(f"m{number}", at=T0 + 1000 * number, **more.get(number, {}))
        memory.remember(wire.read(json.dumps(document).encode(), wire.Message), T0 / 1000 + number)
    return memory


def bulk(**fields: Any) -> wire.BulkRemoval:
    return wire.read(json.dumps(fields).encode(), wire.BulkRemoval)


def at(number: int) -> dict[str, int]:
    return {"$date": T0 + 1000 * number}


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"ts": {"$gte": at(0), "$lte": at(4)}}, "01234"),
        ({"ts": {"$gt": at(0), "$lt": at(4)}}, "123"),
        ({"ts": {"$gte": at(0)}, "excludePinned": True}, "0124"),
        ({"ts": {"$gte": at(0)}, "ignoreDiscussion": True}, "0123"),
        ({"ts": {"$gte": at(0)}, "users": ["lena"]}, "1"),
        ({"ts": {"$gte": at(0)}, "users": []}, "01234"),
        ({"ts": {"$gte": "2023-11-14T22:13:22.000Z"}}, "234"),
        ({"ts": {}}, ""),
        ({}, ""),
        ({"ts": {"$gt": at(99)}, "ids": ["m1", "m3"]}, "13"),
        ({"ids": ["m1", "m3"], "excludePinned": True}, "1"),
        ({"ids": []}, ""),
    ],
)
def test_what_a_bulk_deletion_is_about(fields: dict[str, Any], named: str) -> None:
    assert filled().named_by(bulk(**fields)) == [f"m{number}" for number in named]


def test_messages_that_were_never_seen_count_by_id() -> None:
    assert filled().named_by(bulk(ids=["unseen"], excludePinned=True)) == ["unseen"]


def test_what_is_gone_is_not_told_again() -> None:
    memory = filled()
    memory.forget("m2")
    memory.forget("never")
    assert "m2" not in memory.named_by(bulk(ts={"$gte": at(0)}))


def test_the_oldest_are_let_go() -> None:
    memory = Memory(limit=3)
    for number in range(5):
        document = wire_message(f"m{number}", at=T0 + number)
        memory.remember(wire.read(json.dumps(document).encode(), wire.Message), T0 / 1000)
    assert len(memory) == 3
    assert "m1" not in memory
    assert "m4" in memory
