"""How many messages of which account, room and author a batch has. Pure."""

from collections import Counter
from collections.abc import Sequence

from quell.moderation.deletion import Target


class Counts:
    """Counts targets, some at a time."""

    def __init__(self, targets: Sequence[Target] = ()) -> None:
        self.accounts: Counter[str] = Counter()
        """By the account that deletes them."""
        self.rooms: Counter[tuple[str, str]] = Counter()
        """By the room's id and the name that is shown for it; raw."""
        self.authors: Counter[tuple[str, str]] = Counter()
        """By the author's id and the name that is shown for it; raw."""
        self.add(targets)

    def add(self, targets: Sequence[Target]) -> None:
        """Count these too."""
        self.accounts.update([target.account for target in targets])
        self.rooms.update([(each.room_id, f"{each.account}/{each.room_name or each.room_id}") for each in targets])
        self.authors.update(
            [(each.author_id, each.author_name or each.author_id or "unknown author") for each in targets]
        )
