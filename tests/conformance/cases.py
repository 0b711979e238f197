"""What a case is, and how its outcome is told: one line each, a count at the end."""

import sys
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Generic, Literal, TypeVar

Outcome = Literal["ok", "FAIL", "left out"]
S = TypeVar("S")
R = TypeVar("R")


class MismatchError(AssertionError):
    """The sandbox did not do what the real service does."""


class LeftOutError(Exception):
    """The case cannot be run; the text says why."""


@dataclass(frozen=True, slots=True)
class Case(Generic[S, R]):
    """One thing that must hold on a stage."""

    name: str
    says: str
    run: Callable[[S], R]


class Table(Generic[S, R]):
    """The cases of one client, in the order in which they are written down."""

    def __init__(self) -> None:
        self.cases: list[Case[S, R]] = []

    def case(self, name: str, says: str) -> Callable[[Callable[[S], R]], Callable[[S], R]]:
        """Enter the decorated function into the table."""

        def enter(run: Callable[[S], R]) -> Callable[[S], R]:
            self.cases.append(Case(name, says, run))
            return run

        return enter


@dataclass(slots=True)
class Report:
    """Tells every outcome when it is known, and counts."""

    counts: Counter[Outcome] = field(default_factory=Counter)

    def heading(self, text: str) -> None:
        """Say whose cases follow."""
        _say(f"\n{text}")

    def tell(self, outcome: Outcome, name: str, says: str, detail: str = "") -> None:
        """Tell one outcome; the detail says why it is not ok."""
        self.counts[outcome] += 1
        _say(f"{outcome:<8}  {name}  {says}" + (f": {' '.join(detail.split())}" if detail else ""))

    def close(self) -> bool:
        """Give the count, and return whether nothing failed."""
        passed, failed, skipped = (self.counts[outcome] for outcome in ("ok", "FAIL", "left out"))
        _say(f"\n{passed} passed, {failed} failed, {skipped} skipped")
        return failed == 0


async def play(report: Report, cases: Iterable[Case[S, Awaitable[None]]], stage: S) -> None:
    """Run cases one after the other on one stage."""
    for case in cases:
        try:
            await case.run(stage)
        except LeftOutError as reason:
            report.tell("left out", case.name, case.says, str(reason))
        except Exception as error:  # noqa: BLE001 - whatever a case raises is its failure, and the next one still runs
            report.tell("FAIL", case.name, case.says, describe(error))
        else:
            report.tell("ok", case.name, case.says)


def describe(error: Exception) -> str:
    """A failure in one line; the kind of error only where it is not plainly a mismatch."""
    return str(error) if isinstance(error, MismatchError) else f"{type(error).__name__}: {error}"


def expect(actual: object, wanted: object, what: str) -> None:
    """Raise MismatchError unless both are equal."""
    if actual != wanted:
        raise MismatchError(f"{what} is {actual!r}, not {wanted!r}")


def require(holds: object, otherwise: str) -> None:
    """Raise MismatchError with this text unless something holds."""
    if not holds:
        raise MismatchError(otherwise)


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
