"""What a sandbox plays, by name."""

from collections.abc import Callable
from random import Random

from quell_providers.sandbox.player import Moments, paced
from quell_providers.sandbox.scenario import Scenario, chatter, hostile, quiet, raid
from quell_providers.sandbox.seeding.populate import Seeded
from quell_providers.sandbox.shift import moments, shift

_ENDLESS: dict[str, Scenario] = {"quiet": quiet, "chatter": chatter, "raid": raid, "hostile": hostile}
_TIMED: dict[str, Callable[[Seeded, Random, Random], Moments]] = {
    "shift": lambda seeded, rng, pace: moments(list(shift(seeded, rng)), pace)
}
"""Scenarios that know when each of their messages comes."""

SCENARIOS = (*_ENDLESS, *_TIMED)


def program(scenario: str, seeded: Seeded, rng: Random, rate: float) -> Moments:
    """The messages to come and their times.

    Args:
        scenario: A name in `SCENARIOS`.
        seeded: Who and what there is.
        rng: Decides everything.
        rate: Messages a second in scenarios that are not timed; 0: none, in any scenario.
    """
    if not rate:
        return iter(())
    timed = _TIMED.get(scenario)
    if timed:
        return timed(seeded, rng, Random(rng.getrandbits(64)))
    lines = _ENDLESS[scenario](seeded, rng)
    return paced(lines, rate, Random(rng.getrandbits(64)))
