"""What people reported: messages and users (`chat.reportMessage`, `moderation.reportUser`)."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from quell_providers.sandbox.clock import Clock
from quell_providers.sandbox.rocketchat.wire import Document
from quell_providers.sandbox.world import ALPHABET, Person


@dataclass(frozen=True, slots=True)
class Dismissal:
    """How a report was dealt with."""

    by: str
    """Person id of the moderator."""
    at: float
    reason: str
    action: str


@dataclass(slots=True, eq=False)
class Report:
    """One report, with everything as it stood when it was made."""

    id: str
    at: float
    reporter: Document
    description: str
    author: Person
    """Who wrote the message, or was reported."""
    message: Document | None = None
    """The message as it was; `None` where a user was reported."""
    room: Document | None = None
    reported_user: Document | None = None
    dismissal: Dismissal | None = None

    @property
    def message_id(self) -> str:
        """The message reported; empty where a user was."""
        return str(self.message["_id"]) if self.message else ""


class Reports:
    """Every report ever made; dismissed ones are kept, but no longer listed."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._ids = Random(0)  # its own, so that reports do not change what the world draws next
        self._all: list[Report] = []

    def add(
        self,
        reporter: Document,
        description: str,
        author: Person,
        *,
        message: Document | None = None,
        room: Document | None = None,
        reported_user: Document | None = None,
    ) -> Report:
        """File a report: of a message in a room, or of a user."""
        report_id = "".join(self._ids.choices(ALPHABET, k=17))
        report = Report(report_id, self._clock.now(), reporter, description, author, message, room, reported_user)
        self._all.append(report)
        return report

    def find(self, report_id: str) -> Report | None:
        """A report by id, dismissed ones too."""
        return next((report for report in self._all if report.id == report_id), None)

    def open(self, wanted: Callable[[Report], bool]) -> list[Report]:
        """Reports that nobody has dismissed yet, newest first."""
        found = [report for report in self._all if report.dismissal is None and wanted(report)]
        return sorted(found, key=lambda report: report.at)[::-1]

    def dismiss(self, wanted: Callable[[Report], bool], by: Person, reason: str, action: str) -> None:
        """Have reports no longer listed."""
        dismissal = Dismissal(by.id, self._clock.now(), reason, action)
        for report in self._all:
            if wanted(report):
                report.dismissal = dismissal
