"""What became of a message's deletion, and what would become of one. Pure."""

from quell.display import COLOURS, duration, label
from quell.moderation.deletion import Deletion
from quell.widgets.detail.message_text import moment
from quell.widgets.detail.parts import GAP, Field, Line, Part
from quell.widgets.detail.subject import Subject
from quell_providers.provider import Forecast

_VERDICTS = {"allowed": ("yes", "$success"), "refused": ("no", "$error"), "unknown": ("not known", "$warning")}


def deletion_parts(subject: Subject) -> list[Part]:
    """Our own deletion of the message; else that somebody deleted it, and why, where the service tells."""
    deletion, message = subject.deletion, subject.message
    if deletion is not None:
        state = Line(label(deletion, now=subject.now), f"bold {COLOURS[deletion.state]}")
        return [GAP, state, *outcome_parts(deletion)]
    if not message.deleted:
        return []
    parts: list[Part] = [GAP, Line("○ deleted, not from here", "bold $foreground-muted")]
    if message.deletion_reason:
        parts.append(Field("reason", message.deletion_reason))
    return parts


def outcome_parts(deletion: Deletion) -> list[Part]:
    """What became of a deletion, a line a fact."""
    parts: list[Part] = []
    if deletion.reason.text:
        parts.append(Field("reason", deletion.reason.text))
    refusal = deletion.refusal
    if refusal is not None:
        said = " ".join(part for part in (refusal.code, refusal.detail) if part)
        for name, text in (("said", said), ("why", refusal.cause), ("help", refusal.remedy)):
            if text:
                parts.append(Field(name, text))
        if refusal.retry_after is not None:
            parts.append(Field("again", f"in {duration(refusal.retry_after)}"))
    if deletion.operation_id:
        parts.append(Field("op", deletion.operation_id))
    if deletion.attempt:
        parts.append(Field("tries", str(deletion.attempt)))
    parts.append(Field("at", moment(deletion.at)))
    return parts


def forecast_parts(subject: Subject, forecast: Forecast | None) -> list[Part]:
    """Whether the message can be deleted, and why not."""
    if not subject.deletable:
        return []
    if forecast is None:
        return [GAP, Line("can delete: …", "$foreground-muted")]
    verdict, style = _VERDICTS[forecast.verdict]
    parts: list[Part] = [GAP, Line(f"can delete: {verdict}", f"bold {style}")]
    for name, text in (("why", forecast.cause), ("help", forecast.remedy)):
        if text:
            parts.append(Field(name, text))
    return parts
