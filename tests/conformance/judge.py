"""Asks the vendor's own schemas: `@rocket.chat/rest-typings` on requests, `@rocket.chat/core-typings` on documents."""

import asyncio
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from tests.conformance.installation import node_script
from tests.support.asking import ask

_LONGEST_LINE = 2**22


class Judge:
    """The validators, running in Node from the first question on."""

    def __init__(self) -> None:
        self._process: Process | None = None
        self._turn = asyncio.Lock()

    async def problems(self, schema: str, value: object) -> list[str]:
        """What is wrong with a value by a schema; empty: nothing.

        Args:
            schema: A validator's name in rest-typings, such as `isChatDeleteProps`, or a document's in core-typings,
                such as `IMessage`.
            value: What is judged; plain JSON.
        """
        async with self._turn:
            verdict = await self._ask({"schema": schema, "value": value})
        if "failed" in verdict:
            raise RuntimeError(verdict["failed"])
        return list(verdict["problems"])

    async def close(self) -> None:
        """End the process."""
        if self._process is not None:
            assert self._process.stdin is not None
            self._process.stdin.close()
            await self._process.wait()

    async def _ask(self, question: dict[str, object]) -> dict[str, Any]:
        if self._process is None:
            command = node_script("judge")
            self._process = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, limit=_LONGEST_LINE)
        answer: dict[str, Any] = await ask(self._process, question)
        return answer


@asynccontextmanager
async def judging() -> AsyncIterator[Judge]:
    """A judge for as long as the context lasts."""
    judge = Judge()
    try:
        yield judge
    finally:
        await judge.close()
