"""What the service takes, checked before anything is sent."""

import pytest

from quell_providers.ivs.limits import arn_problem, check, id_problem, is_room_name, reason_problem, user_id_problem
from quell_providers.refusal import RefusalKind, RefusedError

ARN = "arn:aws:ivschat:us-west-2:123456789012:room/AbCdEfGhIjKl"


@pytest.mark.parametrize("value", ["", "short", "A" * 11, "A" * 13, "AbCdEfGhIj-l", "AbCdEfGhIjK\n", "ÄbCdEfGhIjKl"])
def test_an_id_is_twelve_letters_and_digits(value: str) -> None:
    assert id_problem("5OPsDdX18qcJ", "message") == ""
    assert "12 letters and digits" in id_problem(value, "message")


@pytest.mark.parametrize("reason", [None, "", "x" * 256, "👩" * 256])
def test_a_reason_may_have_256_characters(reason: str | None) -> None:
    assert reason_problem(reason) == ""
    assert "257 characters" in reason_problem("x" * 257)


@pytest.mark.parametrize(
    ("arn", "told"),
    [
        (ARN, ""),
        (ARN.replace("us-west-2", "eu-west-1"), "is a room in eu-west-1, and this account is set to us-west-2"),
        (ARN.replace(":room/", ":logging-configuration/"), "can not be the ARN of a room"),
        (ARN.replace("ivschat", "ivs"), "can not be the ARN of a room"),
        (ARN + "\n", "can not be the ARN of a room"),
        (ARN + "x" * 128, "can not be the ARN of a room"),
    ],
)
def test_an_arn_names_a_room_of_this_region(arn: str, told: str) -> None:
    assert told in arn_problem(arn, "us-west-2")
    assert bool(told) == bool(arn_problem(arn, "us-west-2"))


@pytest.mark.parametrize(("value", "good"), [("x", True), ("é" * 128, True), ("", False), ("x" * 129, False)])
def test_a_user_id_has_up_to_128_characters(value: str, good: bool) -> None:
    assert (user_id_problem(value) == "") is good


@pytest.mark.parametrize(("value", "good"), [("", True), ("a-b_C9", True), ("two words", False), ("x" * 129, False)])
def test_a_room_name(value: str, good: bool) -> None:
    assert is_room_name(value) is good


def test_a_problem_is_a_refusal_and_none_is_none() -> None:
    check("")
    with pytest.raises(RefusedError) as caught:
        check("too long", "shorten it")
    assert (caught.value.refusal.kind, caught.value.refusal.remedy) == (RefusalKind.INVALID, "shorten it")
