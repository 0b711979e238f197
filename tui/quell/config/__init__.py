"""Accounts and settings, read from one TOML file."""

from quell.config.load import load_config
from quell.config.paths import journal_path
from quell.config.problem import ConfigError, Problem
from quell.config.settings import Account, Config, ConsoleSettings, DeletionSettings

__all__ = [
    "Account",
    "Config",
    "ConfigError",
    "ConsoleSettings",
    "DeletionSettings",
    "Problem",
    "journal_path",
    "load_config",
]
