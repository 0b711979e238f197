import pytest

from quell_providers.sandbox.fault_spec import EXAMPLES, format_fault, parse_fault
from quell_providers.sandbox.faults import KINDS, Fault


@pytest.mark.parametrize(
    ("spec", "fault"),
    [
        ("drop", Fault("drop")),
        (
            "rocketchat:route=chat.delete:status=503:probability=0.2",
            Fault("status", service="rocketchat", route="chat.delete", status=503, probability=0.2),
        ),
        ("status=502:body=empty", Fault("status", status=502, body="empty")),
        ("ivs:refuse-upgrade:after=1:times=3", Fault("refuse-upgrade", service="ivs", after=1, times=3)),
        ("refuse-upgrade=401", Fault("refuse-upgrade", status=401)),
        ("ivs:skew=-90", Fault("skew", service="ivs", seconds=-90)),
        ("delay=0.5:room=general", Fault("delay", seconds=0.5, room="general")),
        ("oversized=4096", Fault("oversized", size=4096)),
        (" drop : room = Stage plan for Saturday ", Fault("drop", room="Stage plan for Saturday")),
    ],
)
def test_specs_and_what_they_mean(spec: str, fault: Fault) -> None:
    assert parse_fault(spec) == fault
    assert parse_fault(format_fault(fault)) == fault


@pytest.mark.parametrize("spec", EXAMPLES)
def test_the_examples_hold(spec: str) -> None:
    assert sorted(format_fault(parse_fault(spec)).split(":")) == sorted(spec.split(":"))


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_spec(kind: str) -> None:
    fault = Fault(kind)  # type: ignore[arg-type]  # a string that is one of them
    assert parse_fault(format_fault(fault)) == fault


@pytest.mark.parametrize(
    ("spec", "complaint"),
    [
        ("", "'' is no part of a fault; there are ivs, rocketchat, drop"),
        ("ivs", "'ivs' does not say what goes wrong: drop"),
        ("rocketchat:staus=503", "'staus' is no part of a fault; did you mean status"),
        ("rockatchat:drop", "did you mean rocketchat"),
        ("drop:probabilty=1", "did you mean probability"),
        ("drop:delay=2", "'delay=2' is one kind too many"),
        ("ivs:rocketchat:drop", "one service too many"),
        ("drop:times=1:times=2", "one times too many"),
        ("status", "status needs a value, as in status=503"),
        ("skew", "skew needs a value"),
        ("drop=3", "drop takes no value"),
        ("drop:room", "room needs a value"),
        ("drop:times=many", "times=many is not a whole number"),
        ("delay=long", "delay=long is not a number"),
        ("status=200", "400 to 599"),
    ],
)
def test_wrong_specs_say_what_is_wrong(spec: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        parse_fault(spec)
