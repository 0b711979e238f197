"""Names that can be mistaken for somebody else's. Pure, and incremental: one look-up for each name."""

import unicodedata
from functools import lru_cache

from quell.moderation.matching import skeleton


class LookAlikes:
    """Who is here, and whom a newcomer's name imitates.

    The first to bear a name is taken for its owner, unless staff bears it too.
    """

    def __init__(self) -> None:
        self._owners: dict[str, tuple[str, str, bool]] = {}
        """Owner's id, name, and whether they are staff, by the forms in which the name can be read."""

    def add(self, author_id: str, name: str, *, staff: bool = False) -> None:
        """Take note of somebody; as often as they are seen."""
        for form in _forms(name):
            owner = self._owners.get(form)
            if owner is None or (staff and not owner[2]):
                self._owners[form] = (author_id, name, staff)

    def lookalike_of(self, author_id: str, name: str) -> str | None:
        """The name, raw, of somebody else whom this name can be mistaken for; `None` when there is nobody."""
        others = [owner for form in _forms(name) if (owner := self._owners.get(form)) and owner[0] != author_id]
        return max(others, key=lambda owner: owner[2])[1] if others else None


@lru_cache(10_000)
def _forms(name: str) -> frozenset[str]:
    """A name as the eye reads it: as it is written, where `I` looks like `l`, and with case meaning nothing."""
    written = " ".join(unicodedata.normalize("NFKC", name).split())
    return frozenset({skeleton(written), skeleton(written.casefold())} - {""})
