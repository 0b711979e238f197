"""Lines that were typed before. No widget."""


class LineHistory:
    """Lines of this session, the newest first, each once. Walking through them keeps the line that was being typed."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._position = -1
        """Which line is shown; -1 while it is none of them."""
        self._draft = ""

    def add(self, line: str) -> None:
        """Remember a line as the newest, and begin before it."""
        if line in self._lines:
            self._lines.remove(line)
        self._lines.insert(0, line)
        self._position = -1

    def older(self, typed: str) -> str:
        """The line before this one; the oldest stays."""
        if self._position < 0 or typed != self._lines[self._position]:
            self._draft, self._position = typed, -1
        following = self._position + 1
        while following < len(self._lines) and self._lines[following] == typed:
            following += 1
        if following == len(self._lines):
            return typed
        self._position = following
        return self._lines[following]

    def newer(self, typed: str) -> str:
        """The line after this one; after the newest, what was being typed."""
        if self._position < 0 or typed != self._lines[self._position]:
            return typed
        self._position -= 1
        return self._lines[self._position] if self._position >= 0 else self._draft
