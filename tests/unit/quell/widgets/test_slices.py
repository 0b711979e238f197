"""Long work in slices, on a node whose timers are fired by hand."""

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

from quell.pauses import REST
from quell.widgets import slices
from quell.widgets.slices import DISPOSED, Disposal, Slices


class Node:
    """Keeps what is to be called later."""

    def __init__(self) -> None:
        self.due: list[tuple[float, Callable[[], object]]] = []

    def set_timer(self, seconds: float, call: Callable[[], object]) -> Any:
        self.due.append((seconds, call))
        return self

    def stop(self) -> None:
        self.due.clear()

    def fire(self) -> None:
        (_, call) = self.due.pop()
        call()


def test_work_goes_on_after_a_rest_until_it_is_done(monkeypatch: Any) -> None:
    monkeypatch.setattr(slices, "SLICE", 0.0)
    node, did, done = Node(), list[int](), list[bool]()

    def work() -> Iterator[None]:
        for number in range(3):
            did.append(number)
            yield

    each = Slices(node, lambda: done.append(True))  # type: ignore[arg-type]  # as much of a node as it needs
    each.start(work())
    assert (did, [seconds for seconds, _ in node.due]) == ([], [REST])
    for count in (1, 2, 3):
        node.fire()
        assert (len(did), done, each.busy) == (count, [], True)
    node.fire()
    assert (done, each.busy, node.due) == ([True], False, [])


def test_long_lists_are_emptied_part_by_part_and_short_ones_left_alone(monkeypatch: Any) -> None:
    monkeypatch.setattr(slices, "SLICE", 0.0)
    node = Node()
    dispose = Disposal(node)  # type: ignore[arg-type]  # as above
    short, long, other = [0] * DISPOSED, [0] * (2 * DISPOSED), [0] * (DISPOSED + 1)
    for each in (short, long, other):
        dispose(each)
    lengths = []
    while node.due:
        node.fire()
        lengths.append(len(long) + len(other))
    assert len(short) == DISPOSED
    assert lengths[-1] == 0
    assert all(before - after <= DISPOSED for before, after in pairwise(lengths))
