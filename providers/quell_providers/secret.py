"""A value that never prints itself."""

from collections.abc import Callable

_HIDDEN = "Secret(…)"
_SHORTEST = 4
"""Characters of a value from which it is looked for in texts; shorter ones stand in every other word."""
_revealed: set[str] = set()
"""Every value that was revealed, so that it can be found in texts on their way out."""


def scrubbed(text: str) -> str:
    """The text without the value of any secret that was revealed so far."""
    for value in sorted(_revealed, key=len, reverse=True):
        text = text.replace(value, _HIDDEN)
    return text


class Secret:
    """A credential, fetched when first needed and shown by nothing but `reveal`.

    `repr`, `str`, formatting and pickling never give the value away, so a secret may stand in settings, in a local
    variable of a traceback or among the arguments of a task.

    Args:
        fetch: Returns the value; called when first revealed, and by `renew`. It may block (a password manager asks for
            its own password), so reveal and renew secrets in a thread.
    """

    __slots__ = ("_fetch", "_value")

    def __init__(self, fetch: Callable[[], str]) -> None:
        self._fetch = fetch
        self._value: str | None = None

    @classmethod
    def of(cls, value: str) -> "Secret":
        """A secret whose value is already at hand."""
        return cls(lambda: value)

    def reveal(self) -> str:
        """The value itself. Raises whatever fetching it raises."""
        if self._value is None:
            self._value = self._fetched()
        return self._value

    def renew(self) -> bool:
        """Fetch the value anew; returns whether it is another one, or the first. Raises whatever fetching it raises."""
        earlier, self._value = self._value, self._fetched()
        return self._value != earlier

    def _fetched(self) -> str:
        value = self._fetch()
        if len(value) >= _SHORTEST:
            _revealed.add(value)
        return value

    def __repr__(self) -> str:
        return _HIDDEN

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return format(repr(self), spec)

    def __reduce__(self) -> str:
        raise TypeError("a Secret can not be pickled")
