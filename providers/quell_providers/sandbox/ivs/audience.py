"""Who is connected: every open messaging socket, by room."""

from collections import defaultdict

from aiohttp import WSCloseCode

from quell_providers.sandbox.ivs.connection import Connection
from quell_providers.sandbox.outbox import Outgoing
from quell_providers.sandbox.world import Place


class Audience:
    """All open connections."""

    def __init__(self) -> None:
        self._by_room: dict[str, set[Connection]] = defaultdict(set)

    def join(self, connection: Connection) -> None:
        """Somebody came in."""
        self._by_room[connection.session.place.id].add(connection)

    def leave(self, connection: Connection) -> None:
        """Somebody is gone, or is to hear no more."""
        self._by_room[connection.session.place.id].discard(connection)

    def tell(self, place: Place, frame: Outgoing) -> None:
        """Send a frame to everybody in a room."""
        for connection in tuple(self._by_room.get(place.id, ())):
            connection.send(frame)

    def send_out(self, place: Place, user_id: str) -> None:
        """Close all connections of a user to a room, after what was sent to them before."""
        for connection in tuple(self._by_room.get(place.id, ())):
            if connection.session.user_id == user_id:
                self.leave(connection)
                connection.close(WSCloseCode.OK)

    def everybody(self) -> list[Connection]:
        """All connections, of all rooms."""
        return [connection for connections in self._by_room.values() for connection in connections]
