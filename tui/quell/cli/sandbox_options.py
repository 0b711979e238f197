"""The options that shape a sandbox, for the two commands that start one."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import click

from quell.cli.options import NumberRange

F = TypeVar("F", bound=Callable[..., Any])

SCENARIOS = ("chatter", "raid", "hostile", "quiet")


class CallsPerSeconds(click.ParamType[tuple[int, float]]):
    """`CALLS/SECONDS`, such as `10/60`."""

    name = "calls/seconds"

    def convert(
        self, value: str | tuple[int, float], param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, float]:
        """Both numbers, which must be above 0."""
        if isinstance(value, tuple):
            return value
        calls, _, seconds = value.partition("/")
        try:
            limit = (int(calls), float(seconds))
        except ValueError:
            self.fail(f"{value!r} is not CALLS/SECONDS, such as 10/60", param, ctx)
        if not (limit[0] > 0 and 0 < limit[1] < float("inf")):
            self.fail("both numbers must be above 0", param, ctx)
        return limit


_OPTIONS = (
    click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same world."),
    click.option(
        "--rate",
        type=NumberRange(0, 10_000),
        default=4.0,
        show_default=True,
        help="Messages a second, over all rooms; 0: nothing new arrives.",
    ),
    click.option(
        "--scenario", type=click.Choice(SCENARIOS), default="chatter", show_default=True, help="What is going on."
    ),
    click.option(
        "--ivs-tps",
        type=NumberRange(0, 10_000, min_open=True),
        default=100.0,
        show_default=True,
        metavar="N",
        help="Calls a second that Amazon IVS Chat allows.",
    ),
    click.option(
        "--rocketchat-limit",
        type=CallsPerSeconds(),
        default=(10, 60.0),
        show_default="10/60",
        metavar="CALLS/SECONDS",
        help="Calls in a time that Rocket.Chat allows.",
    ),
)


def sandbox_options(command: F) -> F:
    """Give a command every option that shapes a sandbox."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def as_arguments(options: Mapping[str, object]) -> list[str]:
    """The options as words of a command line, from the parameters that `sandbox_options` gives."""
    words: list[str] = []
    for name, value in options.items():
        words += [f"--{name.replace('_', '-')}", "/".join(map(str, value)) if isinstance(value, tuple) else str(value)]
    return words
