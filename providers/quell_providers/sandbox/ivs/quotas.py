"""How much the account may have and ask for (IVS Chat User Guide, service quotas)."""

from collections.abc import Mapping

from quell_providers.sandbox.clock import Clock
from quell_providers.sandbox.ivs.throttle import TokenBucket

MESSAGING_PER_CONNECTION = 10
"""Requests a second over one messaging socket."""

CALLS_PER_SECOND: Mapping[str, float] = {
    "CreateChatToken": 200,
    "DeleteMessage": 100,
    "DisconnectUser": 100,
    "SendEvent": 100,
    "CreateRoom": 5,
    "DeleteRoom": 5,
    "GetRoom": 5,
    "ListRooms": 5,
    "UpdateRoom": 5,
    "CreateLoggingConfiguration": 3,
    "DeleteLoggingConfiguration": 3,
    "GetLoggingConfiguration": 3,
    "ListLoggingConfigurations": 3,
    "UpdateLoggingConfiguration": 3,
    "ListTagsForResource": 10,
    "TagResource": 10,
    "UntagResource": 10,
}


class Quotas:
    """The account's quotas; each operation has a rate of its own.

    What the messaging socket can do too, DeleteMessage and DisconnectUser, it does at the expense of the same rate.

    Args:
        clock: What rates are measured with.
        deletions: Calls of DeleteMessage a second.
    """

    def __init__(self, clock: Clock, *, deletions: float) -> None:
        self._clock = clock
        self._buckets = {name: TokenBucket(rate, clock) for name, rate in CALLS_PER_SECOND.items()}
        self.set_rate("DeleteMessage", deletions)
        self.rooms = 50_000
        """Rooms that there may be."""
        self.logging_configurations = 10
        """Logging configurations that there may be."""

    def rate(self, operation: str) -> float:
        """Calls of an operation a second."""
        return self._buckets[operation].per_second

    def set_rate(self, operation: str, per_second: float, burst: float | None = None) -> None:
        """Allow so many calls of an operation a second from now on, and `burst` at once; else one second's worth."""
        self._buckets[operation] = TokenBucket(per_second, self._clock, burst)

    def take(self, operation: str) -> bool:
        """Use up one call of an operation; false when there is none left."""
        return self._buckets[operation].take()
