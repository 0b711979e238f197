"""What the builders of the detail pane say, and that none of it is dropped without a sign."""

import json
import re

import msgspec
import pytest

from quell.moderation.deletion import Deletion, Reason, State, Target
from quell.moderation.journal import AuthorRecord, PastBatch
from quell.moderation.selection import Selection
from quell.moderation.timeline import Timeline
from quell.session.state import RoomState
from quell.widgets.detail.author_text import card_parts, past_parts
from quell.widgets.detail.code_points import CodePointLines
from quell.widgets.detail.copying import copies, told
from quell.widgets.detail.message_text import LINKS_SHOWN, REPLIES_SHOWN, place_parts, text_parts, thread_parts
from quell.widgets.detail.nearby import author_here
from quell.widgets.detail.outcome_text import deletion_parts, forecast_parts
from quell.widgets.detail.parts import Part, laid_out
from quell.widgets.detail.subject import AuthorHere, Findings, Nearby, Subject
from quell_providers.model import Author, Message, Room
from quell_providers.provider import Forecast
from quell_providers.refusal import Refusal, RefusalKind
from tests.support.fake_provider import message
from tests.support.stage import NOW


def read(parts: list[Part]) -> str:
    return " ".join(" ".join(str(line) for line in laid_out(parts, 60)).split())


def test_of_a_huge_text_the_rest_is_told_and_can_be_had() -> None:
    huge = "x" * 250_000 + "the end"
    shown = read(text_parts(message(1, huge)))
    assert "It is too long to be shown: Y r copies all of it, c lists every character." in shown
    assert [each.text for each in copies(message(1, huge)) if each.key == "r"] == [json.dumps(huge)]
    points = CodePointLines([("text", huge)])
    assert "LATIN SMALL LETTER D" in str(points[len(huge)])
    assert "too long" not in read(text_parts(message(1, "x" * 240_000 + "\ny")))


def subject(looked_at: Message, *others: Message, state: State | None = None) -> Subject:
    room = RoomState("work", Room(id="r1", name="general", kind="channel"), Timeline())
    room.timeline.add([looked_at, *others])
    deletion = None
    if state is not None:
        target = Target(account="work", provider="x", room_id="r1", room_name="general", message_id=looked_at.id)
        no = Refusal(kind=RefusalKind.THROTTLED, detail="slow down", retry_after=90.0)
        deletion = Deletion(
            id="d",
            batch_id="b",
            target=target,
            reason=Reason("spam", "ads"),
            state=state,
            at=NOW,
            attempt=2,
            operation_id="op\x1b7",
            refusal=no,
            held_until=NOW + 3,
        )
    return Subject(room, looked_at, deletion, marked=False, service="Rocket.Chat", now=NOW, passing=False)


def test_a_message_is_never_cut() -> None:
    long = message(1, "word " * 2_000)
    assert read(text_parts(long)).count("word") == 2_000
    assert read(text_parts(message(1, ""))) == "(no text)"


def test_more_links_and_replies_than_are_shown_are_counted() -> None:
    many = message(1, " ".join(f"https://a.example/{number}" for number in range(LINKS_SHOWN + 3)))
    assert "… and 3 more links: press l" in read(text_parts(many))
    replies = tuple(
        msgspec.structs.replace(message(number, f"reply {number}"), thread_id="m0001") for number in range(10, 60)
    )
    shown = read(thread_parts(subject(message(1, "?")), Nearby(AuthorHere(), replies)))
    assert "50 replies to this message loaded" in shown
    assert f"… and {50 - REPLIES_SHOWN} more replies" in shown
    assert "reply 59" in shown
    first = read(thread_parts(subject(replies[0], message(1, "?")), Nearby(AuthorHere(), replies)))
    assert re.search(r"▸ \d\d:\d\d:\d\d Amara Okafor: reply 10 ", first)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("", "author Vlad here"),
        ("Sender.UserId", "author Vlad name none was given; this is the user id"),
        ("Sender.Attributes.name", "bound by the chat's own server (Sender.Attributes.name)"),
        ("Attributes.name", "claimed by the client, can be forged (Attributes.name)"),
    ],
)
def test_where_a_name_came_from_is_told_with_what_it_is_worth(source: str, words: str) -> None:
    assert words in read(card_parts(Author("u", "Vlad", name_source=source), Findings()))


def test_the_card_keeps_its_height_while_answers_come_in() -> None:
    author = Author("u", "Vlad")
    nearby = Nearby(AuthorHere(1_204, 9, 2, NOW - 86_400), ())
    record = AuthorRecord({State.CONFIRMED: 2, State.REFUSED: 1}, (PastBatch(NOW, Reason("spam", "x\x07"), 2),))
    waiting = laid_out(card_parts(author, Findings()), 34)
    answered = laid_out(card_parts(author, Findings(nearby=nearby, record=record)), 60)
    assert [str(line) for line in waiting][1:] == ["here    …", "first   …", "journal …"]
    assert len(waiting) == len(answered)
    told = " ".join(" ".join(map(str, answered)).split())
    assert "here 1,204 messages · 9 marked · 2 deleted first seen" in told
    assert "journal 2 deleted · 1 refused" in told


def test_why_an_author_was_deleted_before_is_told_or_why_that_is_not_known() -> None:
    record = AuthorRecord({State.CONFIRMED: 2}, (PastBatch(NOW, Reason("spam", "x\x07"), 2),))
    assert read(past_parts(Findings(record=record))).endswith("2× spam: x␇")
    long = AuthorRecord({State.CONFIRMED: 1_000}, record.latest)
    assert "… and more before these" in read(past_parts(Findings(record=long)))
    broken = Findings(record_problem="locked\x1b")
    assert "journal not known" in read(card_parts(Author("u", "Vlad"), broken))
    assert read(past_parts(broken)).endswith("of this author why locked␛")
    assert past_parts(Findings()) == []


@pytest.mark.parametrize("state", list(State))
def test_every_state_of_our_deletion_has_its_words(state: State) -> None:
    told = read(deletion_parts(subject(message(1, "hi"), state=state)))
    assert "reason ads" in told
    assert "said slow down" in told
    assert "again in 1 min 30 s" in told
    assert "op op␛7" in told
    assert "tries 2" in told
    assert ("◔ held 3s" in told) is (state is State.HELD)


@pytest.mark.parametrize("state", [None, *State])
def test_a_forecast_is_for_what_can_still_be_deleted(state: State | None) -> None:
    looked_at = subject(message(1, "hi"), state=state)
    open_to = {None, State.REFUSED, State.FAILED, State.UNKNOWN, State.CANCELLED}
    assert bool(forecast_parts(looked_at, Forecast(verdict="allowed"))) is (state in open_to)
    gone = msgspec.structs.replace(looked_at.message, deleted=True)
    assert forecast_parts(looked_at._replace(message=gone), None) == []


@pytest.mark.parametrize(
    ("forecast", "words"),
    [
        (None, "can delete: …"),
        (Forecast(verdict="allowed"), "can delete: yes"),
        (Forecast(verdict="refused", cause="too old", remedy="ask\x1b"), "can delete: no why too old help ask␛"),
        (Forecast(verdict="unknown", cause="an app may"), "can delete: not known why an app may"),
    ],
)
def test_a_forecast_has_a_word_and_a_cause(forecast: Forecast | None, words: str) -> None:
    assert read(forecast_parts(subject(message(1, "hi")), forecast)) == words


def test_ids_and_room_are_printable() -> None:
    odd = msgspec.structs.replace(message(1, "hi"), id="m\x1b1", thread_id="t\u202e")
    told = read(place_parts(subject(odd)))
    assert "room # general Rocket.Chat · work · r1 id m␛1 user id amara.okafor thread t⟦U+202E⟧" in told


async def test_what_stands_around_a_message_is_counted_over_all_that_is_loaded() -> None:
    mine = [message(number, "x", author="Vlad") for number in range(0, 12_000, 2)]
    others = [msgspec.structs.replace(message(number, "y"), thread_id="m0001") for number in range(1, 12_000, 2)]
    gone = msgspec.structs.replace(mine[7], deleted=True)
    looked_at = subject(mine[0], *mine[1:7], gone, *mine[8:], *others)
    room = looked_at.room
    selection = Selection()
    selection.add(room.key, ["m0002", "m0001"])
    here = await author_here(room, "vlad", selection)
    assert here == AuthorHere(6_000, 1, 1, mine[0].sent_at)
    assert len(room.timeline.replies("m0001")) == 6_000
    assert await author_here(room, "nobody", selection) == AuthorHere()


def test_what_can_be_copied_is_printable_or_escaped() -> None:
    hostile = message(1, "a\x7f\x1b]52;c;x\x07\n\ud800 https://a.example/\u202e", author="V\x9b")
    for copy in copies(hostile):
        assert all(character.isprintable() or character == "\n" for character in copy.text), copy
        assert copy.text.encode()
        assert "OSC 52" in told(copy)
    assert [copy.key for copy in copies(hostile)] == ["t", "i", "u", "n", "1", "r"]
    assert [copy.key for copy in copies(message(1, ""))] == ["i", "u", "n"]
