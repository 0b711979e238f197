"""How a training shift went, in words."""

from collections.abc import Iterator, Sequence

from quell.display import Printable, printable
from quell_providers.sandbox.score import Mistake, Score

_LISTED = 20
"""Mistakes of each kind that are told one by one."""
_LONGEST_TEXT = 60


def score_lines(score: Score) -> Iterator[Printable]:
    """The score in one line, then the mistakes and why they are some, the first ones in front."""
    yield printable(f"Shift: {score.summary()}, of {score.shown} messages")
    yield from _mistakes("missed", score.missed)
    yield from _mistakes("wrongly removed", score.wrong)


def _mistakes(kind: str, mistakes: Sequence[Mistake]) -> Iterator[Printable]:
    for mistake in mistakes[:_LISTED]:
        post = mistake.post
        text = post.text if len(post.text) <= _LONGEST_TEXT else f"{post.text[:_LONGEST_TEXT]}…"
        yield printable(
            f"  {kind} in {post.place.name or post.place.id}: {post.author.username}: {text} — {mistake.why}"
        )
    if len(mistakes) > _LISTED:
        yield printable(f"  {kind}: {len(mistakes) - _LISTED} more")
