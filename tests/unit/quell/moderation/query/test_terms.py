"""Flags, times and lengths: what each looks at."""

from datetime import datetime, timedelta

import pytest

from quell.moderation.deletion import State
from quell.moderation.query import parse
from tests.unit.quell.moderation.query.support import NOW, Known, finds, matches, message

MINUTE, HOUR, DAY = 60.0, 3_600.0, 86_400.0


@pytest.mark.parametrize(
    "text",
    [
        *("http://x.example", "HTTPS://X.EXAMPLE", "see www.x.example", "discord.gg/abc now", "bit.ly/1"),
        *("ht\u200btps://x.example", "disc\u2060ord.gg/abc", "steam://run/1", "[here](x.example)"),
        "httрs://x.examрle/7",
    ],
)
def test_has_link(text: str) -> None:
    assert matches("has:link", message(text))


@pytest.mark.parametrize(
    "text", ["", "awww.so cute", "http is a protocol", "and/or", "well... / no", "e.g. this", "[a](b)"]
)
def test_has_no_link(text: str) -> None:
    assert not matches("has:link", message(text))


def test_what_the_message_tells_itself() -> None:
    plain = message("hi")
    for line, other in (
        ("has:file", message("hi", attachments=("a.png",))),
        ("is:deleted", message("hi", deleted=True)),
        ("is:edited", message("hi", edited_at=NOW)),
        ("is:thread", message("hi", thread_id="m0")),
    ):
        assert matches(line, other)
        assert not matches(line, plain)
        assert matches(f"-{line}", plain)


@pytest.mark.parametrize(
    ("line", "states"),
    [
        ("is:deleted", {State.CONFIRMED, State.GONE}),
        ("is:refused", {State.REFUSED}),
        ("is:failed", {State.FAILED}),
        ("is:held", {State.HELD}),
        ("is:queued", {State.QUEUED}),
        ("is:sent", {State.SENT}),
        ("is:accepted", {State.ACCEPTED}),
        ("is:unknown", {State.UNKNOWN}),
        ("is:cancelled", {State.CANCELLED}),
    ],
)
def test_how_a_deletion_stands(line: str, states: set[State]) -> None:
    found = {state for state in State if matches(line, message("hi"), Known(states={"m1": state}))}
    assert found == states
    assert not matches(line, message("hi"))


def test_marks_and_own_messages() -> None:
    facts = Known(marked={"m1"}, mine={"m2"})
    match_marked, match_mine = parse("is:marked").matcher(facts), parse("is:mine").matcher(facts)
    assert (match_marked(message(id="m1")), match_marked(message(id="m2"))) == (True, False)
    assert (match_mine(message(id="m1")), match_mine(message(id="m2"))) == (False, True)
    facts.marked.clear()
    assert not match_marked(message(id="m1"))


@pytest.mark.parametrize(
    ("length", "seconds"),
    [
        ("90s", 90),
        ("10m", 10 * MINUTE),
        ("10M", 10 * MINUTE),
        ("2h", 2 * HOUR),
        ("1h30m", 1.5 * HOUR),
        ("3d", 3 * DAY),
        ("1w", 7 * DAY),
        ("0s", 0),
    ],
)
def test_how_long_ago(length: str, seconds: float) -> None:
    just_in, just_out = message(sent_at=NOW - seconds), message(sent_at=NOW - seconds - 1)
    assert matches(f"since:{length}", just_in)
    assert not matches(f"since:{length}", just_out)
    assert matches(f"before:{length}", just_out)
    assert not matches(f"before:{length}", just_in)


def test_how_long_ago_moves_with_the_clock_and_a_time_of_day_does_not() -> None:
    facts = Known()
    recent, today = parse("since:10m").matcher(facts), parse("since:today").matcher(facts)
    sent_now = message(sent_at=NOW)
    assert recent(sent_now)
    assert today(sent_now)
    facts.clock += 2 * DAY
    assert not recent(sent_now)
    assert today(sent_now)
    assert not matches("since:today", sent_now, facts)


def _at(days_ago: int, hour: int = 0, minute: int = 0, second: int = 0) -> float:
    """Unix seconds of a local time of day, so many days before `NOW`."""
    day = datetime.fromtimestamp(NOW) - timedelta(days=days_ago)
    return day.replace(hour=hour, minute=minute, second=second, microsecond=0).timestamp()


def _past_and_coming(minutes: int) -> str:
    return datetime.fromtimestamp(NOW + minutes * MINUTE).strftime("%H:%M")


@pytest.mark.parametrize(
    ("moment", "begins"),
    [
        ("today", _at(0)),
        ("Yesterday", _at(1)),
        (_past_and_coming(-5), NOW - 5 * MINUTE - NOW % MINUTE),
        # A time that is still to come today was yesterday for the last time.
        (_past_and_coming(5), NOW + 5 * MINUTE - NOW % MINUTE - DAY),
        (datetime.fromtimestamp(NOW - 3).strftime("%H:%M:%S"), NOW - 3),
        (datetime.fromtimestamp(_at(3)).strftime("%Y-%m-%d"), _at(3)),
        (datetime.fromtimestamp(_at(3)).strftime("%Y-%m-%dT14:30"), _at(3, 14, 30)),
        (datetime.fromtimestamp(_at(3)).strftime("%Y-%m-%dt14:30:05"), _at(3, 14, 30, 5)),
        (datetime.fromtimestamp(_at(3)).strftime('"%Y-%m-%d 14:30"'), _at(3, 14, 30)),
        ("9999-12-31", datetime(9999, 12, 31).timestamp()),
    ],
)
def test_times_of_day_and_dates(moment: str, begins: float) -> None:
    just_in, just_out = message(sent_at=begins), message(sent_at=begins - 1)
    assert matches(f"since:{moment}", just_in)
    assert not matches(f"since:{moment}", just_out)
    assert matches(f"before:{moment}", just_out)
    assert not matches(f"before:{moment}", just_in)


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("len>2", ["abc", "abcd"]),
        ("len>=2", ["ab", "abc", "abcd"]),
        ("len<2", ["", "a"]),
        ("len<=2", ["", "a", "ab"]),
        ("len=2", ["ab"]),
        ("LEN>2 len<4", ["abc"]),
        ("-len>2", ["", "a", "ab"]),
    ],
)
def test_lengths(line: str, found: list[str]) -> None:
    assert finds(line, "", "a", "ab", "abc", "abcd") == found


def test_a_length_counts_code_points() -> None:
    assert finds("len=2", "é", "e\u0301", "👏👏") == ["e\u0301", "👏👏"]
