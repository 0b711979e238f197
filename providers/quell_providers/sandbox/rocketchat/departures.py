"""What is gone and still told of to those who ask what changed: subscriptions and rooms."""

from dataclasses import dataclass

from quell_providers.sandbox.rocketchat.wire import Document, instant


@dataclass(frozen=True, slots=True)
class _Departure:
    id: str
    at: float
    person_id: str
    """Whose subscription it was; empty for a room."""


class Departures:
    """Subscriptions that ended and rooms that closed, in order."""

    def __init__(self) -> None:
        self._all: list[_Departure] = []

    def add_room(self, place_id: str, at: float) -> None:
        """A room closed."""
        self._all.append(_Departure(place_id, at, ""))

    def add_subscription(self, subscription_id: str, person_id: str, at: float) -> None:
        """Somebody is no longer in a room."""
        self._all.append(_Departure(subscription_id, at, person_id))

    def rooms_since(self, since: float) -> list[Document]:
        """`remove` of `rooms.get`."""
        return self._since(since, "")

    def subscriptions_since(self, since: float, person_id: str) -> list[Document]:
        """`remove` of `subscriptions.get`."""
        return self._since(since, person_id)

    def _since(self, since: float, person_id: str) -> list[Document]:
        return [
            {"_id": gone.id, "_deletedAt": instant(gone.at)}
            for gone in self._all
            if gone.person_id == person_id and gone.at > since
        ]
