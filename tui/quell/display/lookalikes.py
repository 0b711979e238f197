"""Names that can be mistaken for somebody else's. Pure, and incremental: one look-up for each name."""

import unicodedata
from functools import lru_cache
from typing import NamedTuple

from quell.moderation.matching import skeleton


class _Owner(NamedTuple):
    author_id: str | None
    """`None`: nobody was met yet who bears exactly this name."""
    name: str
    weight: int
    """0: the first who bore the name; 1: a name of staff, and whoever first bore exactly that; 2: staff for certain."""


class LookAlikes:
    """Who is here or belongs to the staff, and whom a newcomer's name imitates.

    The first to bear a name is taken for its owner, unless staff bears it.
    """

    def __init__(self) -> None:
        self._owners: dict[str, _Owner] = {}
        """By the forms in which a name can be read."""
        self._staff: set[str] = set()
        """Ids of those who belong to it for certain. They imitate nobody."""

    def expect(self, name: str) -> None:
        """Take note of somebody of the staff of whom no more is known than the name."""
        self._own(_Owner(None, name, 1))

    def add(self, author_id: str, name: str, *, staff: bool = False) -> None:
        """Take note of somebody; as often as they are seen.

        Args:
            author_id: Their id.
            name: Their display name, which proves nothing.
            staff: Whether they belong to the staff for certain.
        """
        if staff:
            self._staff.add(author_id)
        self._own(_Owner(author_id, name, 2 if staff else 0))

    def lookalike_of(self, author_id: str, name: str) -> str | None:
        """The name, raw, of somebody else whom this name can be mistaken for; `None` when there is nobody."""
        if author_id in self._staff:
            return None
        others = [owner for form in _forms(name) if (owner := self._owners.get(form)) and owner.author_id != author_id]
        return max(others, key=lambda owner: owner.weight).name if others else None

    def _own(self, one: _Owner) -> None:
        for form in _forms(one.name):
            owner = self._owners.get(form)
            if owner is None or one.weight > owner.weight:
                self._owners[form] = one
            elif owner.author_id is None and one.name == owner.name:
                self._owners[form] = owner._replace(author_id=one.author_id)


@lru_cache(10_000)
def _forms(name: str) -> frozenset[str]:
    """A name as the eye reads it: as it is written, where `I` looks like `l`, and with case meaning nothing."""
    written = " ".join(unicodedata.normalize("NFKC", name).split())
    return frozenset({skeleton(written), skeleton(written.casefold())} - {""})
