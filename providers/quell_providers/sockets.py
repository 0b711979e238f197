"""What the sockets of every service have in common."""

from websockets.asyncio.client import ClientConnection, connect

from quell_providers.batched import BatchedReading


class StraightConnect(connect):
    """Never follows a redirect: what logs in is sent only to where it was configured for."""

    def process_redirect(self, exc: Exception) -> Exception:
        """The redirect is an error like any other refused connection."""
        return exc


class BatchedConnection(BatchedReading, ClientConnection):
    """A connection that is read in batches while much comes."""

    @property
    def is_full(self) -> bool:
        """Whether it waits for whoever takes its messages."""
        return self.recv_messages.paused
