"""Runs the cases of a client that lives in a process of its own.

The child writes one JSON object a line: `{"case", "says", "outcome", "detail"}` for each outcome, and
`{"ask", "id", "with"}` when it needs something done to the sandbox. That is answered on its standard input with
`{"id", "value"}`, or `{"id", "error"}` when it failed.
"""

import asyncio
import json
from asyncio.subprocess import PIPE, Process
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from tests.conformance.cases import Report, describe
from tests.conformance.installation import HERE

Answer = Callable[[dict[str, Any]], Awaitable[object]]
"""Does something to the sandbox; takes what the child gave with its wish, returns what it is told."""

_LONGEST_LINE = 2**20
_SECONDS = 60.0


async def play_child(report: Report, name: str, command: list[str], answers: Mapping[str, Answer]) -> None:
    """Run a child to its end, fulfil its wishes and tell its outcomes. Its own death is a failure too."""
    child = await asyncio.create_subprocess_exec(
        *command, stdin=PIPE, stdout=PIPE, stderr=PIPE, cwd=HERE.parents[1], limit=_LONGEST_LINE
    )
    assert child.stderr is not None
    complaints = asyncio.create_task(child.stderr.read())
    try:
        async with asyncio.timeout(_SECONDS):
            await _converse(report, child, answers)
            status = await child.wait()
    except TimeoutError:
        child.kill()
        status = await child.wait()
        report.tell("FAIL", name, "the cases end", f"not after {_SECONDS:.0f} s")
    else:
        if status:
            report.tell("FAIL", name, "the client ends without an error", f"status {status}: {await _tail(complaints)}")
    await complaints


async def _converse(report: Report, child: Process, answers: Mapping[str, Answer]) -> None:
    assert child.stdin is not None
    assert child.stdout is not None
    async for line in child.stdout:
        said = json.loads(line)
        if "ask" in said:
            child.stdin.write(json.dumps(await _fulfil(said, answers)).encode() + b"\n")
            await child.stdin.drain()
        else:
            report.tell(said["outcome"], said["case"], said["says"], said["detail"])


async def _fulfil(wish: dict[str, Any], answers: Mapping[str, Answer]) -> dict[str, object]:
    try:
        return {"id": wish["id"], "value": await answers[wish["ask"]](wish["with"])}
    except Exception as error:  # noqa: BLE001 - the case that asked fails with it
        return {"id": wish["id"], "error": describe(error)}


async def _tail(complaints: "asyncio.Task[bytes]") -> str:
    return (await complaints).decode(errors="replace")[-500:]
