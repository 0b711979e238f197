import gc
import weakref
from collections.abc import Iterator

import pytest

from quell.collector import MANY, OLD, Housekeeping, spare, spare_if_many


class Knot:
    """Garbage that only a full look finds."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    thresholds = gc.get_threshold()
    yield
    gc.set_threshold(*thresholds)
    gc.unfreeze()


def test_what_is_spared_is_passed_over() -> None:
    before = gc.get_freeze_count()
    spare()
    assert gc.get_freeze_count() > before


def test_large_collections_are_passed_over_and_small_ones_are_not() -> None:
    small, large = [object()] * MANY, [object()] * (MANY + 1)
    before = gc.get_freeze_count()
    spare_if_many(small)
    assert gc.get_freeze_count() == before
    spare_if_many(large)
    assert not any(each is large for each in gc.get_objects())


def test_only_the_youngest_are_looked_through_while_somebody_types() -> None:
    spare()
    young = Knot()
    lost = weakref.ref(young)
    del young
    [[] for _ in range(100 * gc.get_threshold()[0])]
    assert lost() is None
    assert gc.get_threshold()[2] > 1_000_000


def test_what_is_garbage_when_many_more_are_held_is_not_kept_for_ever() -> None:
    spare()
    keeping = Housekeeping()
    keeping.tick(0)
    young = Knot()
    knot = weakref.ref(young)
    del young
    keeping.tick(MANY)
    assert knot() is None


def test_what_grew_old_is_looked_through_while_somebody_types() -> None:
    spare()
    keeping = Housekeeping()
    keeping.tick(0)
    young = Knot()
    knot = weakref.ref(young)
    gc.collect(1)  # it is among the old ones now
    del young
    for _ in range(OLD):
        assert knot() is not None
        keeping.tick(0)
        gc.collect(1)
    keeping.tick(0)
    assert knot() is None


def test_once_many_more_are_held_they_are_passed_over() -> None:
    spare()
    keeping = Housekeeping()
    keeping.tick(0)
    held = [object()] * MANY
    keeping.tick(MANY - 1)
    assert any(each is held for each in gc.get_objects())
    keeping.tick(MANY)
    assert not any(each is held for each in gc.get_objects())


def test_where_nothing_was_spared_the_collector_is_left_alone() -> None:
    gc.unfreeze()
    gc.set_threshold(700, 10, 10)
    Housekeeping().tick(10 * MANY)
    assert gc.get_freeze_count() == 0
