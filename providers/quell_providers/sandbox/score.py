"""How well somebody moderated messages whose right answers are known."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from quell_providers.sandbox.world import Post


@dataclass(frozen=True, slots=True)
class Label:
    """The right answer to one message."""

    remove: bool
    why: str
    """For people: what is wrong with the message, or why it is fine although it may not look so."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """A message that was treated wrongly."""

    post: Post
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What came of a training shift."""

    shown: int
    """Messages posted so far."""
    to_remove: int
    """Those among them that must be removed."""
    removed: int
    """Those of `to_remove` that were."""
    missed: tuple[Mistake, ...]
    """What must be removed and was not, in the order of posting."""
    wrong: tuple[Mistake, ...]
    """What was removed and is fine, in the order of posting."""
    seconds: float | None
    """Median time from posting to removal; `None`: nothing was removed rightly."""

    @property
    def percent(self) -> int:
        """0 to 100: what was removed rightly less what was removed wrongly, of what must be removed."""
        if not self.to_remove:
            return 0
        return max(0, round(100 * (self.removed - len(self.wrong)) / self.to_remove))

    def summary(self) -> str:
        """One line for people."""
        parts = [
            f"{self.percent} %",
            f"{self.removed} of {self.to_remove} removed",
            f"{len(self.missed)} missed",
            f"{len(self.wrong)} wrongly removed",
        ]
        if self.seconds is not None:
            parts.append(f"median {self.seconds:.0f} s until removal")
        return " · ".join(parts)


def score(labelled: Sequence[tuple[Post, Label]]) -> Score:
    """Compare what became of messages with what should have."""
    bad = [(post, label) for post, label in labelled if label.remove]
    waits = [post.deleted_at - post.sent_at for post, _ in bad if post.deleted_at is not None]
    return Score(
        shown=len(labelled),
        to_remove=len(bad),
        removed=len(waits),
        missed=tuple(Mistake(post, label.why) for post, label in bad if post.deleted_at is None),
        wrong=tuple(
            Mistake(post, label.why) for post, label in labelled if not label.remove and post.deleted_at is not None
        ),
        seconds=median(waits) if waits else None,
    )
