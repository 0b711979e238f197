"""What the services are expected to answer to a whole batch, put together for the confirmation."""

from collections.abc import Sequence

from msgspec import Struct

from quell.moderation.deletion import MessageKey, Target
from quell_providers.provider import Forecast


class RefusedGroup(Struct, frozen=True):
    """Messages that will be refused for one and the same cause."""

    cause: str
    remedy: str
    keys: tuple[MessageKey, ...]


class ForecastSummary(Struct, frozen=True):
    """How a batch is expected to end."""

    allowed: int
    unknown: int
    refused: tuple[RefusedGroup, ...]
    """The largest group first."""

    @property
    def refused_keys(self) -> tuple[MessageKey, ...]:
        """Every message that will be refused."""
        return tuple(key for group in self.refused for key in group.keys)


def summarize(targets: Sequence[Target], forecasts: Sequence[Forecast]) -> ForecastSummary:
    """Count the forecasts, and group the refused messages by cause.

    Raises:
        ValueError: There is not exactly one forecast for each target.
    """
    summing = Summing()
    summing.add(targets, forecasts)
    return summing.summary()


class Summing:
    """Puts forecasts together, some at a time."""

    def __init__(self) -> None:
        self._groups: dict[tuple[str, str], list[MessageKey]] = {}
        self._counts = {"allowed": 0, "unknown": 0, "refused": 0}

    def add(self, targets: Sequence[Target], forecasts: Sequence[Forecast]) -> None:
        """Take in these too. Raises as `summarize` does."""
        for target, forecast in zip(targets, forecasts, strict=True):
            self._counts[forecast.verdict] += 1
            if forecast.verdict == "refused":
                self._groups.setdefault((forecast.cause, forecast.remedy), []).append(target.key)

    def summary(self) -> ForecastSummary:
        """How they are expected to end."""
        refused = sorted(
            (RefusedGroup(cause, remedy, tuple(keys)) for (cause, remedy), keys in self._groups.items()),
            key=lambda group: -len(group.keys),
        )
        return ForecastSummary(self._counts["allowed"], self._counts["unknown"], tuple(refused))
