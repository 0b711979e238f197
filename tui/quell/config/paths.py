"""Where Quell's files lie."""

import os
from pathlib import Path

from platformdirs import user_config_path, user_data_path

VARIABLE = "QUELL_CONFIG"


def config_path(explicit: Path | None = None) -> Path:
    """The configuration file: the one given, else the one that `QUELL_CONFIG` names, else the user's own."""
    if explicit is not None:
        return explicit
    named = os.environ.get(VARIABLE)
    return Path(named) if named else user_config_path("quell") / "config.toml"


def journal_path() -> Path:
    """The journal: `journal.sqlite3` in the user's data folder."""
    return user_data_path("quell") / "journal.sqlite3"
