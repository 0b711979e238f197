"""What is said around a feed, for every way in which a room can stand."""

import pytest

from quell.moderation.query import parse
from quell.moderation.timeline import Timeline
from quell.session.state import RoomState
from quell.widgets.notices import banner, link_words, notice, title
from quell_providers.model import Gap, LinkState, Room, StateChanged
from quell_providers.refusal import Refusal, RefusalKind
from tests.support.fake_provider import message

NOW = 1_767_258_100.0
"""2026-01-01 09:01:40 UTC."""

TURN = "The server lets 20 rooms be opened in 40 seconds; this one waits its turn."


pytestmark = pytest.mark.usefixtures("utc")


def state(link: StateChanged | None = None, *, retry_at: float | None = None, **room: object) -> RoomState:
    model = Room(id="AbCd1234wxyz", **({"name": "finals", "kind": "room"} | room))  # type: ignore[arg-type]
    return RoomState("live", model, Timeline(), link=link, retry_at=retry_at)


def linked(how: LinkState, *, detail: str = "", cause: str = "", remedy: str = "") -> StateChanged:
    return StateChanged("AbCd1234wxyz", how, detail, cause, remedy)


def said(room: RoomState, now: float = NOW) -> str:
    shown = banner(room, now=now)
    return "" if shown is None else shown.content.plain


@pytest.mark.parametrize(
    ("link", "word"),
    [
        (None, "not followed"),
        (linked("connecting"), "connecting"),
        (linked("connecting", cause=TURN), "waits its turn"),
        (linked("catching_up"), "catching up"),
        (linked("live"), "live"),
        (linked("reconnecting"), "reconnecting"),
        (linked("refused"), "refused"),
        (linked("closed"), "closed"),
    ],
)
def test_the_title_says_how_the_room_stands(link: StateChanged | None, word: str) -> None:
    room = state(link)
    assert link_words(room)[0] == word
    assert title(room, "Amazon IVS Chat").plain == f"⬡ finals  {word}  Amazon IVS Chat · live"


def test_a_room_that_is_live_needs_no_banner_unless_something_is_to_be_known() -> None:
    assert said(state(linked("live"))) == ""
    hint = "You are not in this room, and the server tells only its members of deletions."
    assert said(state(linked("live", cause=hint))) == hint


def test_a_room_that_must_wait_says_why_and_for_how_long() -> None:
    room = state(linked("connecting", cause=TURN), retry_at=NOW + 12)
    assert said(room) == f"… Waiting to connect to the live messages of this room — {TURN} — in 12 s"
    assert said(room, NOW + 5).endswith("in 7 s")
    assert said(room, NOW + 30).endswith("waits its turn.")


def test_a_lost_connection_counts_down() -> None:
    room = state(linked("reconnecting", detail="reset \x1b[2J"), retry_at=NOW + 4)
    assert said(room) == "↻ Connection lost: reconnecting — next attempt in 4 s — reset ␛[2J"
    assert "in 1 s" in said(room, NOW + 3)


def test_catching_up_may_have_to_wait() -> None:
    room = state(linked("catching_up", cause="Too many calls."), retry_at=NOW + 9)
    assert said(room).endswith("— Too many calls. — goes on in 9 s")


def test_a_refusal_is_told_with_cause_and_remedy() -> None:
    room = state(linked("refused", detail="403", cause="no", remedy="ask"))
    assert said(room) == "✗ No live messages — 403 — no — ask"


def test_a_gap_is_told_with_its_times_until_something_newer_came() -> None:
    room = state(linked("live"))
    room.timeline.apply(Gap(room.room.id, since=NOW - 100, until=NOW - 40))
    assert said(room) == "⚠ Messages may be missing: 09:00:00 to 09:01:00 (1 min) was not received"
    room.timeline.add([message(1, "newer", at=NOW)])
    assert said(room) == ""


@pytest.mark.parametrize(
    ("cause", "remedy"),
    [
        ("This room's chat log goes to the S3 bucket logs\x07, which can not be read from here.", "Attach CloudWatch."),
        ("This room keeps no chat log.", "Attach a logging configuration (ivschat:UpdateRoom)."),
        ("You may not read the log group.", "Allow logs:GetLogEvents."),
    ],
)
def test_a_room_without_history_says_so_in_one_line(cause: str, remedy: str) -> None:
    room = state(linked("live"))
    room.history, room.missing = "missing", Refusal(kind=RefusalKind.NOT_FOUND, cause=cause, remedy=remedy)
    assert remedy in notice([room], query=None).content.plain
    room.timeline.add([message(1, "live")])
    line = said(room)
    assert line == f"No earlier messages — {cause} — {remedy}".replace("\x07", "␇")
    assert "\n" not in line


def test_what_is_special_about_a_room_is_in_its_title() -> None:
    room = state(linked("live"), name="", encrypted=True, archived=True, read_only=True, topic="old\nnews")
    room.joined, room.unreadable = False, 2
    assert title(room, "X").plain == (
        "⬡ (AbCd1234wxyz)  live  2 unreadable frames  not joined · encrypted · archived · read-only  X · live  old⏎news"
    )
    assert "can be deleted, but not read" in said(room)


def test_the_review_handler_is_told_behind_the_service() -> None:
    note = "messages are reviewed by the Lambda function guard before anyone sees them (when that fails: DENY)"
    room = state(linked("live"), note=note)
    assert title(room, "X").plain == f"⬡ finals  live  X · live  {note}"


def test_rooms_of_one_name_show_their_ids() -> None:
    room = state(linked("live"))
    room.shares_name = True
    assert title(room, "X").plain.startswith("⬡ finals (AbCd1234wxyz)  live")


def test_no_name_is_so_long_that_it_hides_how_the_room_stands() -> None:
    room = state(linked("reconnecting"), name="\u202e管理者\x1b[2J " * 20)
    shown = title(room, "X").plain
    assert shown.index("reconnecting") < 40
    assert "…" in shown


def test_several_empty_rooms_speak_for_all_of_them() -> None:
    busy, quiet = state(linked("live")), state(linked("live"))
    busy.timeline.add([message(1, "live")])
    assert "Nothing matches the filter" in notice([quiet, busy], query=parse("zebra")).content.plain
    quiet.history = "loading"
    assert "Loading" in notice([busy, quiet], query=None).content.plain
    busy.history = quiet.history = "loaded"
    assert "No messages yet in these 2 rooms" in notice([quiet, busy], query=None).content.plain


def test_a_filter_without_matches_says_what_helps() -> None:
    room, other = state(linked("live")), state(linked("live"), name="lobby\x07")
    room.timeline.add([message(1, "live")])
    told = notice([room], query=parse("zebra in:finals")).content.plain
    assert "older messages" not in told
    assert "none of the rooms" not in told
    room.older = "page 2"
    told = notice([room], query=parse("zebra (in:lob or in:fin*)")).content.plain
    assert "k looks through older messages, too." in told
    assert "“in:lob” is none of the rooms that are looked at: finals. A looks at all." in told
    told = notice([room, other] * 4, query=parse("-in:lob zebra in:/^x/")).content.plain
    assert "“in:^x” is none of the rooms that are looked at: finals, lobby␇, " in told
    assert "and 2 more." in told
    assert "in:lob”" not in told
