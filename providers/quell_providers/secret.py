"""A value that never prints itself."""

from collections.abc import Callable


class Secret:
    """A credential, fetched when first needed and shown by nothing but `reveal`.

    `repr`, `str`, formatting and pickling never give the value away, so a secret may stand in settings, in a local
    variable of a traceback or among the arguments of a task.

    Args:
        fetch: Returns the value; called at most once, when first revealed. It may block (a password manager asks for
            its own password), so reveal secrets in a thread.
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
            self._value = self._fetch()
        return self._value

    def __repr__(self) -> str:
        return "Secret(…)"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return format(repr(self), spec)

    def __reduce__(self) -> str:
        raise TypeError("a Secret can not be pickled")
