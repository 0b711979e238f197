"""Whatever bytes come over the connection itself, below JSON, a call of boto3 is answered or refused."""

import asyncio
import gzip
import itertools

from quell_providers.ivs.settings import IvsSettings
from quell_providers.refusal import RefusalKind, RefusedError
from tests.unit.quell_providers.ivs.test_calls import calling, read_head, server, settings
from tests.unit.quell_providers.mutation import Damage

__all__ = ["settings"]


async def test_whatever_bytes_come_a_call_is_refused_or_answered(settings: IvsSettings) -> None:
    body, head = b'{"rooms": [{"arn": "a", "id": "b"}]}', b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
    packed = gzip.compress(body, mtime=0)
    originals = (
        head + b"Content-Length: 36\r\n\r\n" + body,
        head + b"Transfer-Encoding: chunked\r\n\r\n24\r\n" + body + b"\r\n0\r\n\r\n",
        head + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(packed) + packed,
        b"HTTP/1.1 503 Busy\r\nx-amzn-errortype: Throttled:x\r\nContent-Length: 2\r\n\r\n{}",
    )
    damage, turns, kinds = Damage(23), itertools.cycle(originals), set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_head(reader)
        writer.write(damage.scramble(next(turns)))

    async with server(serve) as url, calling(settings, url) as calls:
        for _ in range(200):
            try:
                await calls.call(lambda client: client.list_rooms(maxResults=1), about="the rooms")
            except RefusedError as error:
                kinds.add(error.refusal.kind)
    assert RefusalKind.LOST in kinds
