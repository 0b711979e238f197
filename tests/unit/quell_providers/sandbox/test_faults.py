from typing import Any

import pytest

from quell_providers.sandbox.faults import Fault, Faults

ROUTES = {"ivs": ["DeleteMessage", "ListRooms", "messaging"], "rocketchat": ["chat.delete", "me", "websocket"]}
ROOMS = {"general": {"r1"}, "r1": {"r1"}, "finals": {"r2", "r3"}}


def faults(seed: int = 1) -> Faults:
    return Faults(seed, routes=lambda: ROUTES, rooms=lambda name: ROOMS.get(name, ()), room_names=lambda: ROOMS)  # type: ignore[arg-type,return-value]  # str keys are services


def strikes(every: Faults, count: int = 200) -> list[bool]:
    return [every.decide("ivs", "drop", route="DeleteMessage") is not None for _ in range(count)]


def test_nothing_goes_wrong_by_itself() -> None:
    every = faults()
    assert not every
    assert every.decide("ivs", "drop") is None
    assert every.skew("ivs") == 0


def test_a_fault_without_conditions_strikes_everywhere_until_it_is_removed() -> None:
    every = faults()
    handle = every.add(Fault("drop"))
    assert every.decide("ivs", "drop") == every.decide("rocketchat", "drop", route="me", room_id="r1") == handle.fault
    assert every.decide("ivs", "delay") is None
    assert (handle.hits, handle.seen) == (2, 2)
    assert every.active() == [handle]
    handle.remove()
    handle.remove()
    assert every.decide("ivs", "drop") is None
    assert not every
    assert handle.hits == 2


@pytest.mark.parametrize(
    ("fault", "service", "route", "room_id", "struck"),
    [
        (Fault("drop", service="ivs"), "ivs", "ListRooms", "", True),
        (Fault("drop", service="ivs"), "rocketchat", "me", "", False),
        (Fault("drop", route="chat.delete"), "rocketchat", "chat.delete", "r1", True),
        (Fault("drop", route="chat.delete"), "rocketchat", "me", "", False),
        (Fault("drop", route="chat.*"), "rocketchat", "chat.delete", "", True),
        (Fault("drop", route="websocket"), "rocketchat", "websocket/result", "", True),
        (Fault("drop", route="websocket/result"), "rocketchat", "websocket/result", "", True),
        (Fault("drop", route="websocket/result"), "rocketchat", "websocket/ready", "", False),
        (Fault("drop", route="websocket/result"), "rocketchat", "websocket", "", False),
        (Fault("drop", room="general"), "rocketchat", "chat.delete", "r1", True),
        (Fault("drop", room="r1"), "rocketchat", "chat.delete", "r1", True),
        (Fault("drop", room="finals"), "ivs", "DeleteMessage", "r3", True),
        (Fault("drop", room="general"), "ivs", "DeleteMessage", "r2", False),
        (Fault("drop", room="general"), "ivs", "ListRooms", "", False),
    ],
)
def test_conditions(fault: Fault, service: Any, route: str, room_id: str, struck: bool) -> None:
    every = faults()
    handle = every.add(fault)
    assert (every.decide(service, "drop", route=route, room_id=room_id) is fault) is struck
    assert handle.hits == handle.seen == struck


def test_the_seed_decides_what_a_probability_strikes() -> None:
    def run(seed: int) -> list[bool]:
        every = faults(seed)
        every.add(Fault("drop", probability=0.3))
        return strikes(every)

    assert run(1) == run(1) != run(2)
    assert 30 < sum(run(1)) < 90


def test_other_faults_do_not_change_what_a_fault_strikes() -> None:
    alone, together = faults(), faults()
    alone.add(Fault("drop", probability=0.5))
    together.add(Fault("drop", probability=0.5))
    together.add(Fault("delay", probability=0.5))
    expected = strikes(alone)
    found = []
    for _ in range(200):
        together.decide("ivs", "delay")
        found += strikes(together, 1)
    assert found == expected


def test_some_pass_first_and_then_a_few_are_struck() -> None:
    every = faults()
    handle = every.add(Fault("drop", after=3, times=2))
    assert strikes(every, 8) == [False, False, False, True, True, False, False, False]
    assert handle.hits == 2


def test_the_first_fault_of_a_kind_goes_first() -> None:
    every = faults()
    first, second = every.add(Fault("status", status=500, times=1)), every.add(Fault("status", status=502))
    assert every.decide("ivs", "status") is first.fault
    assert every.decide("ivs", "status") is second.fault
    assert [handle.number for handle in every.active()] == [1, 2]
    every.clear()
    assert not every.active()


def test_skews_add_up_for_their_service() -> None:
    every = faults()
    slow = every.add(Fault("skew", service="ivs", seconds=-90))
    every.add(Fault("skew", seconds=30))
    assert (every.skew("ivs"), every.skew("rocketchat")) == (-60, 30)
    slow.remove()
    assert every.skew("ivs") == 30


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"kind": "dropp"}, "no kind is called 'dropp'; did you mean drop"),
        ({"kind": "drop", "service": "ivz"}, "no service is called 'ivz'; did you mean ivs"),
        ({"kind": "drop", "service": "?"}, "there are ivs, rocketchat"),
        ({"kind": "status", "body": "xml"}, "no body is called 'xml'"),
        ({"kind": "drop", "probability": 0}, "probability must be above 0"),
        ({"kind": "drop", "probability": 1.5}, "at most 1, not 1.5"),
        ({"kind": "drop", "probability": float("nan")}, "probability"),
        ({"kind": "drop", "after": -1}, "after must be at least 0"),
        ({"kind": "drop", "times": 0}, "times at least 1"),
        ({"kind": "status", "status": 200}, "400 to 599, not 200"),
        ({"kind": "delay", "seconds": -1}, "0 to 3600"),
        ({"kind": "skew", "seconds": float("inf")}, "skew must be"),
        ({"kind": "oversized", "size": 0}, "1 byte to 256 MiB"),
        ({"kind": "skew", "room": "general"}, "takes no conditions"),
    ],
)
def test_faults_that_make_no_sense(fields: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        Fault(**fields)


@pytest.mark.parametrize(
    ("fault", "complaint"),
    [
        (
            Fault("drop", route="chat.delet"),
            r"no route of either service is called 'chat.delet'; did you mean chat.del",
        ),
        (Fault("drop", service="ivs", route="chat.delete"), "no route of ivs is called 'chat.delete'"),
        (Fault("drop", room="genral"), "no room is called 'genral'; did you mean general"),
    ],
)
def test_a_fault_that_means_nothing_there_is_refused(fault: Fault, complaint: str) -> None:
    every = faults()
    with pytest.raises(ValueError, match=complaint):
        every.add(fault)
    assert not every
