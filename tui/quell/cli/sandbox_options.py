"""The options that shape a sandbox, for the two commands that start one."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import click

from quell.cli.options import NumberRange

F = TypeVar("F", bound=Callable[..., Any])

SCENARIOS = ("chatter", "raid", "hostile", "quiet", "shift")


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


class FaultSpec(click.ParamType[str]):
    """A fault in words, such as `rocketchat:route=chat.delete:status=503:probability=0.2`."""

    name = "spec"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The words as they came, when they mean a fault."""
        from quell_providers.sandbox.fault_spec import parse_fault

        try:
            parse_fault(value)
        except ValueError as problem:
            self.fail(str(problem), param, ctx)
        return value


class RocketChatVersion(click.ParamType[str]):
    """A version of Rocket.Chat, such as `8.8`, or `8` for its newest minor version."""

    name = "version"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The version as it came, when the sandbox can play it."""
        from quell_providers.sandbox.rocketchat.versions import parse_version

        try:
            parse_version(value)
        except ValueError as problem:
            self.fail(str(problem), param, ctx)
        return value


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
        "--speed",
        type=NumberRange(0, 10_000, min_open=True),
        default=1.0,
        show_default=True,
        help="How many times as fast as usual the scenario runs.",
    ),
    click.option(
        "--fault",
        "faults",
        type=FaultSpec(),
        multiple=True,
        help="Something that goes wrong, such as rocketchat:route=chat.delete:status=503:probability=0.2. May be "
        "given several times.",
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
    click.option(
        "--rocketchat-version",
        type=RocketChatVersion(),
        default="8.8",
        show_default=True,
        metavar="VERSION",
        help="The version that Rocket.Chat plays, 6.3 to 8.8.",
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
        if name == "faults" and isinstance(value, tuple):
            words += [word for spec in value for word in ("--fault", spec)]
            continue
        words += [f"--{name.replace('_', '-')}", "/".join(map(str, value)) if isinstance(value, tuple) else str(value)]
    return words
