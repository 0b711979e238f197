"""A service that does nothing but limit: DeleteMessage of IVS and chat.delete of Rocket.Chat, with a chosen latency.

Run as a process of its own, so that it does not share an event loop with what is measured; it prints its port.
`POST /reset` takes a limit and empties the record, `GET /figures` tells what was accepted and refused.
"""

import asyncio
import json
import math
import time
from dataclasses import dataclass, field

ROOM_ID = "AbCdEf123456"
ROOM_ARN = f"arn:aws:ivschat:us-west-2:123456789012:room/{ROOM_ID}"
_MOMENT = "2026-01-01T00:00:00Z"
_ROOM = {"arn": ROOM_ARN, "id": ROOM_ID, "name": "bench", "createTime": _MOMENT, "updateTime": _MOMENT}


@dataclass
class Limit:
    """A token bucket (`burst`), or a fixed window (`window` seconds, of `rate` calls); `rate` 0 is no limit."""

    rate: float = 0.0
    burst: float = 0.0
    window: float = 0.0
    latency: float = 0.02
    left: float = 0.0
    since: float = 0.0
    accepted: dict[str, int] = field(default_factory=dict)
    throttled: int = 0

    def take(self) -> bool:
        now = time.monotonic()
        if self.rate == 0:
            return True
        if self.window:
            if now >= self.since + self.window:
                self.left, self.since = self.rate, now
        else:
            self.left = min(self.burst, self.left + (now - self.since) * self.rate)
            self.since = now
        if self.left < 1:
            self.throttled += 1
            return False
        self.left -= 1
        return True

    @property
    def reset_in(self) -> float:
        return max(self.since + self.window - time.monotonic(), 0.0)


class Service:
    """One connection at a time is answered in order; many connections side by side."""

    def __init__(self) -> None:
        self.limit = Limit()

    async def connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while request := await _request(reader):
                status, headers, body = await self._answer(*request)
                lines = [f"HTTP/1.1 {status} X", "Content-Type: application/json", f"Content-Length: {len(body)}"]
                lines += [f"{name}: {value}" for name, value in headers.items()]
                writer.write("\r\n".join([*lines, "", ""]).encode() + body)
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _answer(self, path: str, body: bytes) -> tuple[int, dict[str, str], bytes]:
        if path == "/reset":
            given = json.loads(body)
            self.limit = Limit(
                **given, left=given.get("burst", 0.0), since=time.monotonic() if "burst" in given else -math.inf
            )
            return _json({})
        if path == "/figures":
            return _json({"accepted": self.limit.accepted, "throttled": self.limit.throttled})
        if path == "/ListRooms":
            return _json({"rooms": [_ROOM]})
        limit = self.limit
        await asyncio.sleep(limit.latency / 2)
        if not path.endswith(("/DeleteMessage", "/chat.delete")):
            return _json({"success": False}, 404)
        request = json.loads(body)
        message_id = request["msgId"] if "msgId" in request else request["id"]
        allowed = limit.take()
        if allowed:
            limit.accepted[message_id] = limit.accepted.get(message_id, 0) + 1
        answer = _rocketchat(limit, allowed) if "msgId" in request else _ivs(allowed)
        await asyncio.sleep(limit.latency / 2)
        return answer


def _ivs(allowed: bool) -> tuple[int, dict[str, str], bytes]:
    if allowed:
        return _json({"id": "123456789012"})
    return _json({"message": "Rate exceeded"}, 429, {"x-amzn-errortype": "ThrottlingException"})


def _rocketchat(limit: Limit, allowed: bool) -> tuple[int, dict[str, str], bytes]:
    headers = {
        "X-RateLimit-Limit": str(int(limit.rate)),
        "X-RateLimit-Remaining": str(int(limit.left)),
        "X-RateLimit-Reset": str(int((time.time() + limit.reset_in) * 1000)),
    }
    if allowed:
        return _json({"success": True}, 200, headers)
    wait = math.ceil(limit.reset_in)
    error = (
        f"Error, too many requests. Please slow down. You must wait {wait} seconds before trying this endpoint again."
    )
    return _json({"success": False, "error": f"{error} [error-too-many-requests]"}, 429, headers)


def _json(value: object, status: int = 200, headers: dict[str, str] | None = None) -> tuple[int, dict[str, str], bytes]:
    return status, headers or {}, json.dumps(value).encode()


async def _request(reader: asyncio.StreamReader) -> tuple[str, bytes] | None:
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    except asyncio.IncompleteReadError:
        return None
    first, *lines = head.split("\r\n")
    length = next((int(line.split(":")[1]) for line in lines if line.lower().startswith("content-length:")), 0)
    return first.split()[1], await reader.readexactly(length)


async def main() -> None:
    server = await asyncio.start_server(Service().connection, "127.0.0.1", 0, backlog=256)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
