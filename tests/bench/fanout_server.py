"""One of the two servers that `tests.bench.sandbox` compares, in a process and on a core of its own.

`sandbox RATE` is the sandbox in the middle of a raid. `bare RATE` is aiohttp and nothing else, sending ready-made
frames that come as JSON on stdin: for each message the number of the group of clients that gets it, and its text.
The first line on stdout tells where it is; each line on stdin then asks for the figures so far.
"""

import asyncio
import json
import os
import sys
import time
from collections.abc import Callable

from aiohttp import web

from quell_providers.sandbox.sandbox import Sandbox, SandboxOptions

TICK_SECONDS = 0.02


async def lines() -> asyncio.StreamReader:
    reader = asyncio.StreamReader(limit=2**26)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    return reader


def tell(what: object) -> None:
    print(json.dumps(what), flush=True)


async def report(asked: asyncio.StreamReader, figures: Callable[[], tuple[int, float]]) -> None:
    while await asked.readline():
        messages, behind = figures()
        tell({"messages": messages, "behind": behind, "cpu": time.process_time(), "at": time.time()})


async def run_sandbox(rate: float) -> None:
    async with Sandbox(SandboxOptions(rate=rate, scenario="raid", rocketchat_limit=(0, 0.0))) as sandbox:
        posted = 0

        def count(_: object) -> None:
            nonlocal posted
            posted += 1

        sandbox.world.listen(count)
        finals = next(place for place in sandbox.world.places_of("ivs") if place.name == "finals")
        rooms = [place.id for place in sandbox.world.places_of("rocketchat")]
        logins = [sandbox.rocketchat.login_as(person.username) for person in sandbox.cast.crew]
        tokens = [login.auth_token for login in logins]
        tell(
            {
                **sandbox.describe(),
                "finals": finals.id,
                "rooms": rooms,
                "tokens": tokens,
                "users": [login.user_id for login in logins],
            }
        )
        await report(await lines(), lambda: (posted, sandbox.player.behind))


async def run_bare(rate: float) -> None:
    groups: tuple[set[web.WebSocketResponse], ...] = (set(), set())
    sent = 0
    late = 0.0

    async def accept(request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        group = groups[int(request.query["group"])]
        group.add(socket)
        async for _ in socket:
            pass
        group.discard(socket)
        return socket

    async def send(messages: list[tuple[int, str]]) -> None:
        nonlocal sent, late
        began = time.monotonic()
        while True:
            due = int((time.monotonic() - began) * rate)
            late = max(0.0, (due - sent) / rate - TICK_SECONDS)
            while sent < due:
                group, text = messages[sent % len(messages)]
                for socket in tuple(groups[group]):
                    await socket.send_str(text)
                sent += 1
            await asyncio.sleep(TICK_SECONDS)

    app = web.Application()
    app.router.add_get("/", accept)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    asked = await lines()
    messages = json.loads(await asked.readline())
    sending = asyncio.create_task(send(messages))
    tell({"url": f"ws://127.0.0.1:{runner.addresses[0][1]}/"})
    await report(asked, lambda: (sent, late))
    sending.cancel()
    await runner.cleanup()


if __name__ == "__main__":
    os.sched_setaffinity(0, {0})
    asyncio.run({"sandbox": run_sandbox, "bare": run_bare}[sys.argv[1]](float(sys.argv[2])))
