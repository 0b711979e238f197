"""What one console works on."""

from dataclasses import dataclass
from pathlib import Path

from quell.config import Config


class WorkspaceError(Exception):
    """There is nothing to work on; says why in words for the moderator. Text of another program may stand in it."""


@dataclass(frozen=True, slots=True)
class Workspace:
    """A configuration, and where to write down what is done with it."""

    config: Config
    journal_path: Path
