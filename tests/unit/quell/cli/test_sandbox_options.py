from typing import Any

import click
import pytest
from click.testing import CliRunner

from quell.cli.sandbox_options import as_arguments, sandbox_options


def parse(*arguments: str) -> dict[str, Any] | str:
    """The parameters that a command gets, or what it complains of."""
    got: dict[str, Any] = {}

    @click.command
    @sandbox_options
    def command(**options: Any) -> None:
        got.update(options)

    result = CliRunner().invoke(command, arguments)
    return result.stderr if result.exit_code else got


DEFAULTS = {
    "seed": 1,
    "rate": 4.0,
    "scenario": "chatter",
    "speed": 1.0,
    "faults": (),
    "ivs_tps": 100.0,
    "rocketchat_limit": (10, 60.0),
    "rocketchat_version": "8.8",
}
FAULTS = ("rocketchat:route=chat.delete:status=503:probability=0.2", "ivs:drop")


def test_defaults() -> None:
    assert parse() == DEFAULTS


def test_all_of_them() -> None:
    words = ["--seed", "7", "--rate", "0", "--scenario", "raid", "--ivs-tps", "0.5", "--rocketchat-limit", "3/1.5"]
    words += ["--speed", "2", "--fault", FAULTS[0], "--fault", FAULTS[1], "--rocketchat-version", "6.13"]
    assert parse(*words) == {
        "seed": 7,
        "rate": 0.0,
        "scenario": "raid",
        "speed": 2.0,
        "faults": FAULTS,
        "ivs_tps": 0.5,
        "rocketchat_limit": (3, 1.5),
        "rocketchat_version": "6.13",
    }


@pytest.mark.parametrize(
    "options", [DEFAULTS, DEFAULTS | {"rate": 0.25, "rocketchat_limit": (3, 1.5), "faults": FAULTS}]
)
def test_they_can_be_passed_on_to_another_process(options: dict[str, Any]) -> None:
    assert parse(*as_arguments(options)) == options


@pytest.mark.parametrize(
    "arguments",
    [
        ("--rate", "-1"),
        ("--rate", "nan"),
        ("--scenario", "party"),
        ("--ivs-tps", "0"),
        ("--speed", "0"),
        ("--fault", "ivs:brop"),
        ("--rocketchat-limit", "10"),
        ("--rocketchat-limit", "x/y"),
        ("--rocketchat-limit", "0/60"),
        ("--rocketchat-limit", "10/0"),
        ("--rocketchat-limit", "10/inf"),
        ("--rocketchat-limit", "10/nan"),
        ("--rocketchat-version", "9.0"),
    ],
)
def test_what_makes_no_sense(arguments: tuple[str, str]) -> None:
    complaint = parse(*arguments)
    assert isinstance(complaint, str)
    assert arguments[0] in complaint
