"""The words of what is said about a room. Pure."""

from collections.abc import Iterator

from textual.content import Content

from quell.display import printable
from quell.display.wording import KIND_GLYPHS, KIND_WORDS, in_a_row, plural, room_name
from quell.session.state import RoomState
from quell.widgets.naming import traits
from quell.widgets.notices import banner, gap_words, link_words

_LABEL = 9
"""Characters in front of each fact."""
GAPS_SHOWN = 8


def room_text(room: RoomState, service: str, *, now: float) -> Content:
    """All that is known of a room, a line a fact."""
    return Content("\n").join(_room_lines(room, service, now))


def _room_lines(room: RoomState, service: str, now: float) -> Iterator[Content]:
    model = room.room
    yield Content.styled(f"{KIND_GLYPHS[model.kind]} {room_name(model)}", "bold $primary")
    yield Content()
    yield _fact("kind", f"{KIND_WORDS[model.kind]} · {service} · {room.account}")
    yield _fact("id", model.id)
    if room.shares_name:
        yield _fact("", "another room of this account has the same name", "$warning")
    if model.topic:
        yield _fact("topic", model.topic)
    word, style = link_words(room)
    yield _fact("live", word, style)
    said = banner(room, now=now)
    if said is not None:
        yield _fact("", said.content.plain)
    yield from _history(room)
    for gap in room.timeline.gaps[-GAPS_SHOWN:]:
        yield _fact("gap", f"messages may be missing from {gap_words(gap)}", "$warning")
    if room.unreadable:
        passed_over = plural(room.unreadable, "frame or log record", "frames and log records")
        yield _fact("passed", f"{passed_over} could not be understood and were passed over", "$error")
    if not room.joined:
        yield _fact("member", "no: public rooms may be read without joining")
    if special := traits(model):
        yield _fact("marked", ", ".join(special), "$warning")
    if model.note:
        yield _fact("note", model.note, "$warning")
    for tag in model.tags:
        yield _fact("tag", tag)


def _history(room: RoomState) -> Iterator[Content]:
    if room.missing is not None:
        refusal = room.missing
        yield _fact("history", in_a_row(refusal.code, refusal.detail, refusal.cause, refusal.remedy), "$warning")
    elif room.history == "loaded":
        more = "older ones load on scrolling up" if room.older is not None else "that is all there is"
        yield _fact("history", f"{plural(len(room.timeline), 'message')} here; {more}")
    else:
        yield _fact("history", "is being loaded" if room.history == "loading" else "not asked for yet")


def _fact(name: str, text: str, style: str = "") -> Content:
    return Content.assemble((f"{name:<{_LABEL}}", "$foreground-muted"), (printable(text), style))
