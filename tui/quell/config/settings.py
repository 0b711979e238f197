"""The configuration as the rest of Quell sees it."""

import math
from dataclasses import dataclass, field
from pathlib import Path

from msgspec import Struct

from quell.moderation.evidence import EvidencePolicy, Keep
from quell.moderation.reasons import PRESETS, Preset
from quell_providers.provider import Provider, ProviderPlugin

LONGEST_GRACE = 30.0
"""Seconds; a deletion that waits longer than this is a deletion forgotten."""
LONGEST_EVIDENCE = 3650
"""Days; who needs a text for longer exports it."""
_DAY = 24 * 60 * 60.0


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
    ceiling_per_minute: dict[str, float] = {}
    """By account: deletions in a minute, whatever the service allows, so that others who share its limit have room."""

    def __post_init__(self) -> None:
        if not 0 <= self.grace_seconds <= LONGEST_GRACE:
            raise ValueError(f"grace_seconds must be 0 to {LONGEST_GRACE:.0f} seconds, not {self.grace_seconds:g}")
        if self.type_count_above < 0:
            raise ValueError("type_count_above must be 0 or more")
        if not all(0 < ceiling < math.inf for ceiling in self.ceiling_per_minute.values()):
            raise ValueError("ceiling_per_minute must be more than 0 for every account")


class ConsoleSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The table `[console]`."""

    theme: str = ""
    """Name of a colour theme; empty: the one Quell comes with."""
    follow_rooms: int = 20
    """How many rooms of an account are followed from the start; others when they are opened."""
    keep_messages: int = 200_000
    """How many messages of a room are kept; marked ones and those being deleted stay beyond it."""

    staff: tuple[str, ...] = ()
    """Names of people whom others may imitate, and user names or ids by which they are told from those who do."""

    def __post_init__(self) -> None:
        if self.follow_rooms < 0:
            raise ValueError("follow_rooms must be 0 or more")
        if self.keep_messages < 1:
            raise ValueError("keep_messages must be 1 or more")
        if not all(name.strip() for name in self.staff):
            raise ValueError("staff must be names of people, and an empty one is none")


class JournalSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The table `[journal]`."""

    evidence: Keep = "full"
    """What is kept of the words of a deleted message: none, a hash, an excerpt of 120 characters, or all of them."""
    evidence_ttl_days: int = 30
    """Days after which they are erased; 1 to 3650."""

    def __post_init__(self) -> None:
        if not 1 <= self.evidence_ttl_days <= LONGEST_EVIDENCE:
            raise ValueError(f"evidence_ttl_days must be 1 to {LONGEST_EVIDENCE}, not {self.evidence_ttl_days}")

    @property
    def policy(self) -> EvidencePolicy:
        """The same, as the journal takes it."""
        return EvidencePolicy(keep=self.evidence, seconds=self.evidence_ttl_days * _DAY)


@dataclass(frozen=True, slots=True)
class Bookkeeping:
    """What the journal alone needs of a configuration."""

    moderator: str
    """Who is named in the journal."""
    journal: JournalSettings | None
    """`None` where there is no configuration, so that nobody knows for how long evidence shall be kept."""


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
    journal: JournalSettings = field(default_factory=JournalSettings)
