"""What one console works on."""

from dataclasses import dataclass
from pathlib import Path

from quell.config import Config


@dataclass(frozen=True, slots=True)
class Workspace:
    """A configuration, and where to write down what is done with it."""

    config: Config
    journal_path: Path
