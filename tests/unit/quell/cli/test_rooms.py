import json

import pytest

from quell_providers.model import Room
from quell_providers.refusal import Refusal, RefusalKind, RefusedError
from tests.support.fake_provider import FakeProvider
from tests.unit.quell.cli.conftest import Quell


class ClosedDoor(FakeProvider):
    def __init__(self, kind: RefusalKind) -> None:
        super().__init__([])
        self._no = Refusal(kind=kind, code="E1", detail="no\x1b", cause="It is closed.", remedy="Ask for a key.")

    async def rooms(self) -> tuple[Room, ...]:
        raise RefusedError(self._no)


def test_one_line_a_room(quell: Quell) -> None:
    result = quell("rooms")
    assert result.exit_code == 0
    assert result.stderr == ""
    assert result.stdout.splitlines() == [
        "work/r1  channel       3 unread  general",
        "work/r2  channel                 random",
        "work/r3  group                   random",
        "live/finals  room",
    ]


def test_json_has_exactly_these_fields(quell: Quell) -> None:
    first, *_, last = map(json.loads, quell("rooms", "--json").stdout.splitlines())
    assert first == {
        "account": "work",
        "provider": "fake",
        "id": "r1",
        "name": "general",
        "kind": "channel",
        "unread": 3,
    }
    assert (last["account"], last["id"], last["name"], last["unread"]) == ("live", "finals", "", 0)


def test_a_name_can_not_write_to_the_terminal(quell: Quell, providers: dict[str, FakeProvider]) -> None:
    providers["live"] = FakeProvider([Room(id="r", name="\x1b]0;owned\x07", kind="room")])
    assert quell("rooms").stdout.splitlines()[-1].endswith("␛]0;owned␇")


@pytest.mark.parametrize(("kind", "code"), [(RefusalKind.UNAVAILABLE, 1), (RefusalKind.LOGIN, 3)])
def test_the_other_accounts_are_listed_all_the_same(
    quell: Quell, providers: dict[str, FakeProvider], kind: RefusalKind, code: int
) -> None:
    providers["work"] = ClosedDoor(kind)
    result = quell("rooms")
    assert result.exit_code == code
    assert result.stdout.splitlines() == ["live/finals  room"]
    assert result.stderr == "quell: work: It is closed. (E1: no␛)\n  Ask for a key.\n"


def test_a_refused_login_weighs_more_than_a_lost_network(quell: Quell, providers: dict[str, FakeProvider]) -> None:
    providers.update(work=ClosedDoor(RefusalKind.LOGIN), live=ClosedDoor(RefusalKind.UNAVAILABLE))
    assert quell("rooms").exit_code == 3
