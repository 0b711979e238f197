"""A room of the service as a room of the model."""

from quell_providers.ivs.answers import ReviewHandler, RoomSummary
from quell_providers.model import Room


def room_of(summary: RoomSummary) -> Room:
    """The room, with one line on who reviews its messages and whether there is a record of them."""
    notes = [_review(summary.message_review_handler), "" if summary.logging_configuration_identifiers else _NO_LOG]
    return Room(
        id=summary.id,
        name=summary.name,
        kind="room",
        note="; ".join(note for note in notes if note),
        tags=tuple(f"{key}={value}" for key, value in sorted(summary.tags.items())),
    )


_NO_LOG = "keeps no chat log, so there is no history"


def _review(handler: ReviewHandler | None) -> str:
    if handler is None or not handler.uri:
        return ""
    name = handler.uri.partition(":function:")[2] or handler.uri
    verdict = "rejected" if handler.fallback_result == "DENY" else "let through"
    return (
        f"messages are reviewed, and perhaps rewritten, by the Lambda function {name} before anyone sees them"
        f" (when that fails they are {verdict}: {handler.fallback_result})"
    )
