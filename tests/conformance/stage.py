"""The sandbox that cases are played on: nothing happens in it by itself, and time passes only when a case wants it."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from quell_providers.sandbox.clock import ManualClock
from quell_providers.sandbox.sandbox import Sandbox, SandboxOptions


@dataclass(frozen=True, slots=True)
class Stage:
    """A running sandbox."""

    sandbox: Sandbox
    clock: ManualClock


@asynccontextmanager
async def stage(
    *, rocketchat_limit: tuple[int, float] = (0, 0.0), rocketchat_version: str = "8.8", rocketchat_path: str = ""
) -> AsyncIterator[Stage]:
    """A fresh sandbox. Chat logs lag as on the real service; without another wish, Rocket.Chat limits nobody."""
    clock = ManualClock(time.time())
    options = SandboxOptions(
        rate=0,
        clock=clock,
        ivs_log_delay_seconds=10,
        rocketchat_limit=rocketchat_limit,
        rocketchat_version=rocketchat_version,
        rocketchat_path=rocketchat_path,
    )
    async with Sandbox(options) as sandbox:
        yield Stage(sandbox, clock)
