"""The configuration as the rest of Quell sees it."""

from dataclasses import dataclass, field
from pathlib import Path

from msgspec import Struct

from quell.moderation.reasons import PRESETS, Preset
from quell_providers.provider import Provider, ProviderPlugin

LONGEST_GRACE = 30.0
"""Seconds; a deletion that waits longer than this is a deletion forgotten."""


@dataclass(frozen=True, slots=True)
class Account:
    """One configured login to one service."""

    name: str
    plugin: ProviderPlugin
    settings: Struct
    """An instance of `plugin.settings`."""

    def open(self) -> Provider:
        """A provider for this account. Imports the service's libraries; asks the service nothing yet."""
        return self.plugin.open(self.settings)


class DeletionSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The table `[deletion]`."""

    grace_seconds: float = 5.0
    """How long a confirmed deletion can still be stopped before anything is sent; 0 to 30."""
    reason_required: bool = False
    type_count_above: int = 50
    """Above this many messages, the number has to be typed to confirm."""

    def __post_init__(self) -> None:
        if not 0 <= self.grace_seconds <= LONGEST_GRACE:
            raise ValueError(f"grace_seconds must be 0 to {LONGEST_GRACE:.0f} seconds, not {self.grace_seconds:g}")
        if self.type_count_above < 0:
            raise ValueError("type_count_above must be 0 or more")


class ConsoleSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The table `[console]`."""

    theme: str = ""
    """Name of a colour theme; empty: the one Quell comes with."""
    follow_rooms: int = 20
    """How many rooms of an account are followed from the start; others when they are opened."""

    def __post_init__(self) -> None:
        if self.follow_rooms < 0:
            raise ValueError("follow_rooms must be 0 or more")


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Everything a configuration file says."""

    path: Path
    accounts: tuple[Account, ...]
    """At least one, with distinct names, in the order of the file."""
    moderator: str
    """Who is named in the journal."""
    deletion: DeletionSettings = field(default_factory=DeletionSettings)
    reasons: tuple[Preset, ...] = PRESETS
    console: ConsoleSettings = field(default_factory=ConsoleSettings)
