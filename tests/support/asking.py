"""Asking a process that answers every line of JSON with one."""

import json
from asyncio.subprocess import Process
from typing import Any


async def ask(process: Process, question: dict[str, Any]) -> Any:
    """Its answer to a question. Raises `RuntimeError` when it has ended."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(json.dumps(question).encode() + b"\n")
    await process.stdin.drain()
    line = await process.stdout.readline()
    if not line:
        raise RuntimeError("the process that was asked has ended")
    return json.loads(line)
