"""Services that do nothing but talk, as fast as they are told to: one IVS chat room, and one IRC channel.

Run as a program it prints a JSON line with its ports; each line on stdin is then an order: `{"to": "ivs" or "irc",
"count": messages, "rate": messages a second, or 0 for as fast as possible}`. When all is sent it prints `{"sent": …}`.
The last message of every order ends with the word of the order, `last-COUNT`.
"""

import asyncio
import json
import random
import re
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from aiohttp import web

ARN = "arn:aws:ivschat:us-west-2:123456789012:room/firehose0001"
WORDS = re.findall(
    r"\w+", "stream goal lag clip gg raid buy now free nitro hello anyone coming what a play that was so close lol mods"
)
NICKS = 500
TICK = 0.01
Send = Callable[[int, str], object]


def texts(count: int) -> Iterator[tuple[str, str]]:
    """Nick and text of so many messages; the same every time."""
    chance = random.Random(11)
    for number in range(count):
        words = chance.choices(WORDS, k=chance.randint(2, 24))
        if chance.random() < 0.02:
            words.append("discord")
        yield f"viewer{chance.randrange(NICKS)}", " ".join(words) + (f" last-{count}" if number == count - 1 else "")


def ivs_frame(number: int, nick: str, text: str) -> str:
    """A MESSAGE frame as the IVS messaging socket sends it."""
    return json.dumps(
        {
            "Type": "MESSAGE",
            "Id": f"m{number:011}",
            "RequestId": "",
            "Attributes": {"MessageID": f"m{number:011}"},
            "Content": text,
            "SendTime": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "Sender": {"UserId": nick, "Attributes": {"displayName": nick}},
        }
    )


class Firehose:
    """Both services, on loopback."""

    def __init__(self) -> None:
        self._socket: web.WebSocketResponse | None = None
        self._irc: asyncio.StreamWriter | None = None
        self._number = 0

    async def call(self, request: web.Request) -> web.Response:
        """The calls of the control plane that a console makes before it listens."""
        room = {"arn": ARN, "id": "firehose0001", "name": "firehose", "loggingConfigurationIdentifiers": []}
        room |= dict.fromkeys(("createTime", "updateTime"), "2026-01-01T00:00:00Z")
        later = "2036-01-01T00:00:00Z"
        answers: dict[str, dict[str, object]] = {
            "ListRooms": {"rooms": [room]},
            "GetRoom": {**room, "maximumMessageLength": 500, "maximumMessageRatePerSecond": 100},
            "CreateChatToken": {"token": "token", "tokenExpirationTime": later, "sessionExpirationTime": later},
        }
        return web.json_response(answers[request.match_info["operation"]])

    async def listen(self, request: web.Request) -> web.WebSocketResponse:
        """The messaging socket."""
        self._socket = web.WebSocketResponse(protocols=["token"], compress=False)
        await self._socket.prepare(request)
        async for _ in self._socket:
            pass
        return self._socket

    async def irc(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """As much of an IRC server as a client needs to sit in one channel."""
        nick = "moderator"
        while line := (await reader.readline()).decode(errors="replace").strip():
            command, _, rest = line.partition(" ")
            if command == "NICK":
                nick = rest.lstrip(":")
            elif command == "CAP" and rest.startswith("LS"):
                writer.write(b":bench CAP * LS :\r\n")
            elif command == "USER":
                names = " ".join(f"viewer{number}" for number in range(NICKS))
                welcome = [f"001 {nick} :hello", f"422 {nick} :none"]
                joined = [f"353 {nick} = #firehose :{names}", f"366 {nick} #firehose :end"]
                writer.write("".join(f":bench {each}\r\n" for each in welcome).encode())
                writer.write(f":{nick}!m@bench JOIN #firehose\r\n".encode())
                writer.write("".join(f":bench {each}\r\n" for each in joined).encode())
                self._irc = writer
            elif command == "PING":
                writer.write(f":bench PONG bench {rest}\r\n".encode())

    async def send(self, to: str, count: int, rate: float) -> None:
        """Carry out an order."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        for sent, (nick, text) in enumerate(texts(count)):
            if rate and (ahead := sent / rate - (loop.time() - began)) > 0:
                await asyncio.sleep(ahead + TICK)
            if to == "irc":
                assert self._irc is not None
                self._irc.write(f":{nick}!{nick}@bench PRIVMSG #firehose :{text}\r\n".encode())
                if sent % 64 == 0:
                    await self._irc.drain()
            else:
                assert self._socket is not None
                self._number += 1
                await self._socket.send_str(ivs_frame(self._number, nick, text))
        tell({"sent": count})


def tell(what: object) -> None:
    print(json.dumps(what), flush=True)


async def main() -> None:
    firehose = Firehose()
    app = web.Application()
    app.router.add_post("/{operation}", firehose.call)
    app.router.add_get("/", firehose.listen)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    irc = await asyncio.start_server(firehose.irc, "127.0.0.1", 0)
    tell({"ivs": runner.addresses[0][1], "irc": irc.sockets[0].getsockname()[1]})
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while order := await reader.readline():
        await firehose.send(**json.loads(order))
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(main())
