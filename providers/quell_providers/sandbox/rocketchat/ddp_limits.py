"""How often methods may be called and streams subscribed to over DDP, with the server's default numbers."""

from collections.abc import Hashable

from quell_providers.sandbox.clock import Clock
from quell_providers.sandbox.rocketchat.errors import MeteorError
from quell_providers.sandbox.rocketchat.limiter import FixedWindow, Hit
from quell_providers.sandbox.rocketchat.wire import milliseconds

_STREAMS = "stream-"
"""Names that begin like this have windows four times as long and as wide."""


class DdpLimits:
    """Every rule at once. The rule for addresses exempts 127.0.0.1, so that it never applies here."""

    def __init__(self, clock: Clock) -> None:
        self._by_user = FixedWindow(1200, 60.0, clock)
        self._by_connection = FixedWindow(600, 60.0, clock)
        self._by_user_and_name = FixedWindow(20, 10.0, clock)
        self._by_connection_and_name = FixedWindow(10, 10.0, clock)
        self._by_user_and_stream = FixedWindow(80, 40.0, clock)
        self._by_connection_and_stream = FixedWindow(40, 40.0, clock)

    def count(self, name: str, user_id: str | None, connection: Hashable) -> None:
        """Count a method call or a subscription. Raises `MeteorError` where it is one too many for any rule."""
        of_stream = name.startswith(_STREAMS)
        hits: list[Hit] = [self._by_connection.hit(connection)]
        hits.append(
            (self._by_connection_and_stream if of_stream else self._by_connection_and_name).hit((connection, name))
        )
        if user_id is not None:
            hits.append(self._by_user.hit(user_id))
            hits.append((self._by_user_and_stream if of_stream else self._by_user_and_name).hit((user_id, name)))
        refused = [hit for hit in hits if not hit.allowed]
        if refused:
            longest = max(refused, key=lambda hit: hit.reset_in)
            reason = (
                "Error, too many requests. Please slow down. "
                f"You must wait {longest.wait_seconds} seconds before trying again."
            )
            raise MeteorError("too-many-requests", reason, {"timeToReset": milliseconds(longest.reset_in)})
