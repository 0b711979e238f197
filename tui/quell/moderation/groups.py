"""Messages by something that they share, such as their author or their thread."""

from collections import Counter
from collections.abc import Container, Iterable, Sequence


class Groups:
    """Ids of messages by what they share, in each group in the order in which they came."""

    def __init__(self) -> None:
        self._ids: dict[str, list[str]] = {}

    def __getitem__(self, shared: str) -> Sequence[str]:
        return self._ids.get(shared, ())

    def add(self, shared: str, message_id: str) -> None:
        """Put a message into a group."""
        self._ids.setdefault(shared, []).append(message_id)

    def forget(self, gone: Iterable[str], kept: Container[str]) -> None:
        """Let go of messages.

        Args:
            gone: The group of each message that is let go of.
            kept: The ids of all messages that are not.
        """
        for shared, count in Counter(gone).items():
            ids = self._ids.get(shared, [])
            # Those that go are the first that came, unless some came late or are kept for longer than others.
            if any(message_id in kept for message_id in ids[:count]):
                ids[:] = [message_id for message_id in ids if message_id in kept]
            else:
                del ids[:count]
            if not ids:
                self._ids.pop(shared, None)
