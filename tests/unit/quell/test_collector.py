import gc
import weakref
from collections.abc import Iterator

import pytest

from quell.collector import EVERY_SECONDS, REST_SECONDS, Housekeeping, spare


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


def test_garbage_that_was_spared_is_found_once_nobody_types() -> None:
    keeping = Housekeeping(0.0)
    knot = weakref.ref(Knot())
    spare()
    gc.collect()
    assert knot() is not None
    late = EVERY_SECONDS + REST_SECONDS
    keeping.key(late - 1.0)
    assert not keeping.tick(late)
    assert knot() is not None
    assert keeping.tick(late + REST_SECONDS)
    assert knot() is None
    assert not keeping.tick(late + 2 * REST_SECONDS)
