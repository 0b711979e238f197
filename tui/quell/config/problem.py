"""What is wrong with a configuration, told so that it can be mended: file, line, key, why, and what to do instead."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from quell.config.locate import KeyPath, key_lines, line_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that must be changed before the configuration can be used."""

    file: Path
    message: str
    key: str = ""
    """Dotted path of the key, such as `accounts.work.token`; empty where it is about the whole file."""
    line: int | None = None
    """Counted from 1."""
    column: int | None = None
    """Counted from 1; known for syntax errors only."""
    hint: str = ""
    """What to write or do instead."""

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)
        told = ": ".join(part for part in (place, self.key, self.message) if part)
        return f"{told}\n  {self.hint}" if self.hint else told


class ConfigError(Exception):
    """The configuration can not be used; `problems` holds everything that was found, in the order of the file."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class Findings:
    """Collects the problems of one file by key, and finds their lines at the end.

    Args:
        file: Where the text came from.
        text: A valid TOML document.
    """

    def __init__(self, file: Path, text: str) -> None:
        self._file = file
        self._text = text
        self._found: list[tuple[KeyPath, str, str]] = []

    def __bool__(self) -> bool:
        return bool(self._found)

    def add(self, path: KeyPath, message: str, hint: str = "") -> None:
        """Note a problem with the key at this path."""
        self._found.append((path, message, hint))

    def problems(self) -> list[Problem]:
        """Everything noted so far, in the order of the file."""
        lines = key_lines(self._text)
        problems = [
            Problem(file=self._file, line=line_of(path, lines), key=dotted(path), message=message, hint=hint)
            for path, message, hint in self._found
        ]
        return sorted(problems, key=lambda problem: problem.line or 0)


def dotted(path: KeyPath) -> str:
    """The path as people write it: `reasons[2].text`, where positions count from 1."""
    key = "".join(f".{part}" if isinstance(part, str) else f"[{part + 1}]" for part in path)
    return key.removeprefix(".")


def suggestion(unknown: str, known: Iterable[str]) -> str:
    """A sentence that names the nearest valid word, or all valid words when none is near."""
    words = sorted(known)
    near = difflib.get_close_matches(unknown.lower(), words, n=1, cutoff=0.6)
    return f"did you mean `{near[0]}`?" if near else f"known here: {', '.join(words)}"
