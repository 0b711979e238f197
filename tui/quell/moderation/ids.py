"""A set of ids that may be a million, and no change of which takes long at once."""

from collections.abc import Collection, Iterable, Iterator
from itertools import chain, islice

PAGE = 300_000
"""Ids in one page at the most, but for those of one change. A set that outgrows its memory is moved at once: that takes
long at 314,573 and twice as long at 629,146; but each page more is one more to look into."""

CHUNK = 512
"""Ids that are taken over in one step."""


class Ids(Collection[str]):
    """Ids, in no order.

    A copy takes no time: pages are shared until one of the two changes them.
    """

    def __init__(self) -> None:
        self._pages: list[set[str]] = []
        """No id is in two of them."""
        self._shared: list[bool] = []
        """Of each page, whether a copy has it too."""

    def __contains__(self, sought: object) -> bool:
        return any(sought in page for page in self._pages)

    def __iter__(self) -> Iterator[str]:
        return chain.from_iterable(self._pages)

    def __len__(self) -> int:
        return sum(map(len, self._pages))

    def copy(self) -> "Ids":
        """The same ids; later changes of one do not change the other."""
        made = Ids()
        made._pages = self._pages[:]
        made._shared = [True] * len(made._pages)
        self._shared = made._shared[:]
        return made

    def among(self, ids: Iterable[str]) -> set[str]:
        """Those of these that are in."""
        given = set(ids)
        return set().union(*(page & given for page in self._pages))

    def add(self, ids: Iterable[str]) -> None:
        """Put these in."""
        new = set(ids)
        for page in self._pages:
            if not page.isdisjoint(new):
                new = new - page  # not in place, which would go through the whole page
        self._put_in(new)

    def discard(self, ids: Iterable[str]) -> None:
        """Take these out, where they are in."""
        self._take_out(set(ids))

    def toggle(self, ids: Iterable[str]) -> None:
        """Take out those of these that are in, and put in the others."""
        given = set(ids)
        self._put_in(given - self._take_out(given))

    def merging(self, others: "Ids") -> Iterator[None]:
        """Put all of these in, a step at a time. They are not to be changed meanwhile."""
        left = iter(others)
        while some := set(islice(left, CHUNK)):
            self.add(some)
            yield

    def pages(self) -> list[set[str]]:
        """What the ids are kept in, to be given back piece by piece once nobody needs them."""
        return self._pages

    def _take_out(self, given: set[str]) -> set[str]:
        """Take out those of these that are in, and return them."""
        taken: set[str] = set()
        for number, page in enumerate(self._pages):
            if found := page & given:
                self._own(number).difference_update(found)
                taken |= found
        if not all(self._pages):
            self._shared = [shared for page, shared in zip(self._pages, self._shared, strict=True) if page]
            self._pages = [page for page in self._pages if page]
        return taken

    def _put_in(self, new: set[str]) -> None:
        """Put in these, none of which is in."""
        if not new:
            return
        if not self._pages or len(self._pages[-1]) >= PAGE:
            self._pages.append(set())
            self._shared.append(False)
        self._own(len(self._pages) - 1).update(new)

    def _own(self, number: int) -> set[str]:
        """A page that no copy has, to be changed."""
        if self._shared[number]:
            self._shared[number] = False
            self._pages[number] = self._pages[number].copy()
        return self._pages[number]
