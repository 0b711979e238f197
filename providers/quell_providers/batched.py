"""Reading a busy socket in batches.

A message that is read on its own costs several times what it costs among others: the event loop wakes up for it, and
finds everything it needs pushed out of the processor's caches. Nobody sees a message before the next frame anyway.
"""

import asyncio

BATCH_SECONDS = 0.048
"""For so long a busy socket is left alone; a message waits no longer than that."""

_BUSY_SECONDS = 0.1
"""Data that comes sooner than this after other data is part of a stream…"""
_BUSY_READS = 4
"""…once that happened so often in a row. A login and other talk to and fro are over before."""
_BACKLOG = 32 * 1024
"""Bytes that come at once where much is waiting: that is to be taken in as fast as it goes."""


class BatchedReading(asyncio.Protocol):
    """Mixed into the protocol of a connection, in front of it; lets data gather while much of it comes."""

    transport: asyncio.Transport
    _last_read = 0.0
    _reads = 0

    @property
    def is_full(self) -> bool:
        """Whether the connection has stopped reading by itself, for want of room."""
        return False

    def data_received(self, data: bytes) -> None:
        """Pass data on, and do without more for a moment."""
        super().data_received(data)
        loop = asyncio.get_running_loop()
        now = loop.time()
        self._reads = self._reads + 1 if now - self._last_read < _BUSY_SECONDS else 0
        self._last_read = now
        if self._reads >= _BUSY_READS and len(data) < _BACKLOG and not self.is_full:
            self.transport.pause_reading()
            loop.call_later(BATCH_SECONDS, self._read_on)

    def _read_on(self) -> None:
        if not self.is_full and not self.transport.is_closing():
            self.transport.resume_reading()
