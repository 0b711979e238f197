"""One call of the control plane, as its operation sees it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from quell_providers.sandbox.ivs.configurations import Configuration
from quell_providers.sandbox.ivs.keys import AccessKey
from quell_providers.sandbox.ivs.rooms import Room

Body = dict[str, Any]
"""A decoded JSON object."""
Resource = Room | Configuration


@dataclass(frozen=True, slots=True)
class Call:
    """A call that is well formed and allowed."""

    key: AccessKey
    body: Body
    resource: Resource | None
    """What it is about; `None` where it is about no one thing."""

    @property
    def room(self) -> Room:
        """The room it is about."""
        assert isinstance(self.resource, Room)
        return self.resource

    @property
    def configuration(self) -> Configuration:
        """The logging configuration it is about."""
        assert isinstance(self.resource, Configuration)
        return self.resource


def iso(at: float) -> str:
    """A time as the control plane writes it."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
