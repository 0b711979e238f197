"""What becomes of calls whose answers are damaged, or nearly right."""

import asyncio
import itertools
from collections.abc import Awaitable, Callable, Sequence

import pytest

from quell_providers.refusal import RefusedError


async def is_answered(call: Awaitable[object], case: object) -> bool:
    """Whether a call succeeds; it may be refused with a cause, and nothing else."""
    try:
        async with asyncio.timeout(10):
            await call
    except RefusedError as error:
        if not error.refusal.cause:
            pytest.fail(f"refused without a cause after {case!a}")
        return False
    except Exception as error:  # noqa: BLE001 - whatever it is, it is what was looked for
        pytest.fail(f"{type(error).__name__}: {error}\nafter {case!a}")
    return True


async def answered_and_refused(calls: Sequence[Callable[[], Awaitable[object]]], count: int) -> tuple[int, int]:
    """Make these calls in turn, so many in all: how many succeeded, and how many were refused with a cause."""
    outcomes = [
        await is_answered(call(), f"call {number}")
        for number, call in enumerate(itertools.islice(itertools.cycle(calls), count))
    ]
    return outcomes.count(True), outcomes.count(False)
