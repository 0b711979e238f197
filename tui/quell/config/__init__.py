"""Accounts and settings, read from one TOML file."""

from quell.config.load import load_bookkeeping, load_config
from quell.config.paths import journal_path
from quell.config.problem import ConfigError, Problem
from quell.config.settings import Account, Bookkeeping, Config, ConsoleSettings, DeletionSettings, JournalSettings

__all__ = [
    "Account",
    "Bookkeeping",
    "Config",
    "ConfigError",
    "ConsoleSettings",
    "DeletionSettings",
    "JournalSettings",
    "Problem",
    "journal_path",
    "load_bookkeeping",
    "load_config",
]
