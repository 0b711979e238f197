import pytest

from quell_providers.sandbox.rocketchat.values import Check, InvalidError, filled, flag, number, switch, text


@pytest.mark.parametrize(
    ("check", "given", "kept"),
    [
        (text, 1.5, "1.5"),
        (text, True, "true"),
        (text, None, ""),
        (filled, 0, "0"),
        (number, "7", 7),
        (switch, "false", False),
        (flag, "true", True),
        (flag, 0, False),
        (flag, "", None),
        (flag, None, None),
    ],
)
def test_scalars_are_converted(check: Check, given: object, kept: object) -> None:
    value = check(given)
    assert (value, type(value)) == (kept, type(kept))


@pytest.mark.parametrize(
    ("check", "given", "problem"),
    [
        (text, [], "must be string"),
        (filled, "", "must NOT have fewer than 1 characters"),
        (number, "", "must be number"),
        (number, "1e999", "must be number"),
        (switch, "yes", "must be equal to one of the allowed values"),
        (flag, "yes", "must be boolean"),
        (flag, 2, "must be boolean"),
        (flag, {}, "must be boolean"),
    ],
)
def test_the_rest_is_refused_in_the_validators_words(check: Check, given: object, problem: str) -> None:
    with pytest.raises(InvalidError, match=f"^{problem}$"):
        check(given)
