"""A question on the terminal, in the middle of asynchronous work."""

import asyncio
import sys

import click


async def ask(question: str) -> str:
    """The line typed in answer, without blanks around it; empty when there is none (Ctrl+D).

    Can be cancelled while it waits, which a thread that reads the terminal could not.
    """
    click.echo(f"{question} ", nl=False, err=True)
    typed = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_reader(sys.stdin.fileno(), typed.set)
    try:
        await typed.wait()
    finally:
        loop.remove_reader(sys.stdin.fileno())
    return sys.stdin.readline().strip()
