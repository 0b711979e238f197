"""The forecast of a batch: counted, and grouped by cause."""

import pytest

from quell.moderation.forecast import ForecastSummary, RefusedGroup, summarize
from quell_providers.provider import Forecast
from tests.unit.quell.moderation.simulation import key, target

ALLOWED = Forecast(verdict="allowed")
UNKNOWN = Forecast(verdict="unknown", cause="not loaded")
OLD = Forecast(verdict="refused", cause="older than 10 minutes", remedy="bypass-time-limit-edit-and-delete")
LOCKED = Forecast(verdict="refused", cause="read-only room", remedy="post-readonly")


def test_counts_and_groups() -> None:
    targets = [target(f"m{number}") for number in range(6)]
    summary = summarize(targets, [LOCKED, ALLOWED, OLD, UNKNOWN, ALLOWED, OLD])
    assert summary == ForecastSummary(
        allowed=2,
        unknown=1,
        refused=(
            RefusedGroup(OLD.cause, OLD.remedy, (key("m2"), key("m5"))),
            RefusedGroup(LOCKED.cause, LOCKED.remedy, (key("m0"),)),
        ),
    )
    assert summary.refused_keys == (key("m2"), key("m5"), key("m0"))


def test_the_same_cause_with_another_remedy_is_another_group() -> None:
    other = Forecast(verdict="refused", cause=OLD.cause, remedy="ask the admin")
    assert len(summarize([target("a"), target("b")], [OLD, other]).refused) == 2


def test_nothing() -> None:
    assert summarize([], []) == ForecastSummary(0, 0, ())


def test_every_target_needs_its_forecast() -> None:
    with pytest.raises(ValueError):
        summarize([target("a")], [])
