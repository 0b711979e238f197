"""How the states of a deletion look: always a glyph and a word, so that colour only repeats them."""

from collections.abc import Mapping

from quell.moderation.deletion import Deletion, State

GLYPHS: Mapping[State, str] = {
    State.HELD: "◔",
    State.QUEUED: "·",
    State.SENT: "→",
    State.ACCEPTED: "✓",
    State.CONFIRMED: "✓",
    State.GONE: "○",
    State.REFUSED: "✗",
    State.FAILED: "!",
    State.UNKNOWN: "?",
    State.CANCELLED: "–",
}

WORDS: Mapping[State, str] = {
    State.HELD: "held",
    State.QUEUED: "queued",
    State.SENT: "sent",
    State.ACCEPTED: "accepted",
    State.CONFIRMED: "deleted",
    State.GONE: "already gone",
    State.REFUSED: "refused",
    State.FAILED: "failed",
    State.UNKNOWN: "unknown",
    State.CANCELLED: "cancelled",
}

COLOURS: Mapping[State, str] = {
    State.HELD: "$warning",
    State.QUEUED: "$warning",
    State.SENT: "$accent",
    State.ACCEPTED: "$success",
    State.CONFIRMED: "$success",
    State.GONE: "$foreground-muted",
    State.REFUSED: "$error",
    State.FAILED: "$error",
    State.UNKNOWN: "$error",
    State.CANCELLED: "$foreground-muted",
}
"""Of the theme, for texts; the feed has styles of its own."""


def label(deletion: Deletion, *, now: float) -> str:
    """Glyph and word of a deletion's state, with the seconds left while it is held.

    Args:
        deletion: Whose state to show.
        now: Unix seconds.
    """
    text = f"{GLYPHS[deletion.state]} {WORDS[deletion.state]}"
    if deletion.state is State.HELD and deletion.held_until is not None:
        return f"{text} {max(0, round(deletion.held_until - now))}s"
    return text
