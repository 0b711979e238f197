from collections.abc import Sequence
from datetime import date
from random import Random
from typing import overload

import pytest

from quell.moderation.timeline import place
from quell.widgets.feed.dividers import Between, Dividers, dividers
from quell_providers.model import Gap, Message
from tests.support.fake_provider import message

NOON = 1_767_268_800.0
"""2026-01-01 12:00 UTC."""
DAY = 86_400.0


pytestmark = pytest.mark.usefixtures("utc")


def test_a_day_is_named_above_its_first_message_and_an_empty_day_not_at_all() -> None:
    messages = [message(0, "a", at=NOON), message(1, "b", at=NOON + 3 * DAY), message(2, "c", at=NOON + 3 * DAY)]
    assert dividers(messages, Between()) == {place(messages[1]): "Sunday, 04 January 2026"}


def test_one_day_has_no_line() -> None:
    assert dividers([message(0, "a", at=NOON), message(1, "b", at=NOON)], Between()) == {}
    assert dividers([], Between()) == {}


def test_a_gap_stands_above_the_first_message_after_it_with_its_times() -> None:
    messages = [message(0, "a", at=NOON), message(60, "b", at=NOON)]
    gap = Gap("r1", since=NOON + 5, until=NOON + 30)
    assert dividers(messages, Between([gap])) == {place(messages[1]): "⚠ messages may be missing: 12:00:05 to 12:00:30"}


def test_a_gap_after_the_last_message_has_no_line_yet() -> None:
    assert dividers([message(0, "a", at=NOON)], Between([Gap("r1", since=NOON + 5, until=NOON + 30)])) == {}


def test_a_gap_and_a_new_day_share_a_line() -> None:
    messages = [message(0, "a", at=NOON), message(1, "b", at=NOON + DAY)]
    gap = Gap("r1", since=NOON + 5, until=NOON + DAY)
    assert dividers(messages, Between([gap]))[place(messages[1])].startswith(
        "Friday, 02 January 2026  ·  ⚠ messages may be missing"
    )


def test_unread_messages_begin_with_a_line_also_when_the_first_of_them_is_filtered_out() -> None:
    messages = [message(number, "x", at=NOON) for number in (0, 2, 4)]
    line = {place(messages[1]): "new since you were here"}
    assert dividers(messages, Between(unread_from=place(messages[1]))) == line
    assert dividers(messages, Between(unread_from=place(message(1, "filtered out", at=NOON)))) == line
    assert dividers(messages, Between(unread_from=place(message(5, "filtered out", at=NOON)))) == {}


@pytest.mark.parametrize("seed", range(30))
def test_what_is_renewed_in_part_is_what_is_found_anew(seed: int) -> None:
    dice = Random(seed)
    pool = [message(number, "x", at=NOON + 3 * DAY * dice.random() - 60.0 * number) for number in range(60)]
    shown = sorted(dice.sample(pool, 30), key=place)
    kept = Dividers()
    between = Between()
    for step in range(40):
        before = {each: kept.above(place(each)) for each in pool}
        changed = [each for each in pool if dice.random() < 0.03]
        shown = sorted(
            {each.id: each for each in shown if each not in changed or dice.random() < 0.5}.values(), key=place
        )
        shown = sorted([*shown, *(each for each in changed if each not in shown and dice.random() < 0.7)], key=place)
        if dice.random() < 0.2:
            at = NOON + 3 * DAY * dice.random()
            between = between._replace(gaps=[*between.gaps, Gap("r1", since=at - 60.0, until=at)])
        if dice.random() < 0.2:
            between = between._replace(unread_from=place(dice.choice(pool)))
        if dice.random() < 0.1:
            between = between._replace(let_go_until=place(dice.choice(pool)), let_go="let go of")
        if dice.random() < 0.1:
            between = between._replace(today=date(2026, 1, dice.randrange(1, 5)))
        since = min(map(place, changed), default=(NOON + 9 * DAY, "")) if step else None
        told = kept.renew(shown, between, since=since)
        right = dividers(shown, between)
        assert {place(each): kept.above(place(each)) for each in shown} == {
            place(each): right.get(place(each), "") for each in shown
        }, f"seed {seed}, step {step}"
        assert {place(each) for each in shown if before[each] != kept.above(place(each))} <= told


class Counted(Sequence[Message]):
    """Messages that count how often one of them is looked at."""

    def __init__(self, messages: list[Message]) -> None:
        self.messages = messages
        self.looks = 0

    def __len__(self) -> int:
        return len(self.messages)

    @overload
    def __getitem__(self, index: int) -> Message: ...
    @overload
    def __getitem__(self, index: slice) -> list[Message]: ...
    def __getitem__(self, index: int | slice) -> Message | list[Message]:
        self.looks += 1
        return self.messages[index]


def test_a_message_more_costs_the_same_after_a_day_and_after_ten_years() -> None:
    looks = []
    for days in (1, 3650):
        rows = Counted([message(day, "x", at=NOON + day * DAY) for day in range(days + 1)])
        kept = Dividers()
        kept.renew(rows, Between())
        newest = message(days + 1, "x", at=NOON + (days + 1) * DAY)
        rows.messages.append(newest)
        rows.looks = 0
        assert kept.renew(rows, Between(), since=place(newest)) == {place(newest)}
        looks.append(rows.looks)
    # Finding the place of one among thousands takes a few looks more than among two.
    assert looks[1] <= looks[0] + 12


def test_years_without_a_message_cost_nothing() -> None:
    rows = Counted([message(0, "x", at=0.0), message(1, "x", at=NOON)])
    assert len(dividers(rows, Between())) == 1
    assert rows.looks < 20


def test_where_messages_are_missing_is_told_of_several_rooms() -> None:
    messages = [message(0, "a", at=NOON), message(1, "b", at=NOON + 99)]
    gaps = [Gap(f"r{number}", since=NOON + number, until=NOON + 30 + number) for number in (1, 2, 3, 1)]
    several = Between(gaps=gaps, names={"r1": "# general", "r2": "# mods", "r3": "⬡ finals"})
    told = "⚠ messages may be missing in # general, # mods and 1 more: 12:00:01 to 12:00:33"
    assert dividers(messages, several) == {place(messages[1]): told}
    one = dividers(messages, several._replace(gaps=gaps[:1]))
    assert "missing in # general: 12:00:01" in one[place(messages[1])]
    alone = dividers(messages, Between(gaps=gaps))
    assert alone == {place(messages[1]): "⚠ messages may be missing: 12:00:01 to 12:00:33"}


def test_where_a_room_begins_that_goes_on_further_back() -> None:
    messages = [message(number, "a", at=NOON) for number in range(3)]
    kept = Dividers()
    kept.renew(messages, Between())
    beginnings = [(place(messages[1]), "# general"), (place(message(9, "filtered out", at=NOON)), "# mods")]
    begun = Between(beginnings=beginnings)
    assert kept.renew(messages, begun, since=place(messages[2])) == {place(messages[1])}
    assert kept.above(place(messages[1])) == "# general is not loaded further back"
    assert kept.renew(messages, Between(), since=place(messages[2])) == {place(messages[1])}


def test_what_was_let_go_of_is_told_where_all_is_there_again() -> None:
    kept, *messages = [message(number, "x", at=NOON) for number in range(4)]
    between = Between(let_go_until=place(messages[0]), let_go="9 let go of")
    assert dividers([kept, *messages[1:]], between) == {place(messages[1]): "9 let go of"}
    assert dividers([kept], between) == {}
    gap = Gap("r1", since=NOON, until=messages[1].sent_at)
    both = dividers(messages[1:], between._replace(gaps=[gap]))[place(messages[1])]
    assert both.startswith("9 let go of  ·  ⚠ messages may be missing")


def test_a_room_in_which_nothing_was_said_today_tells_of_which_day_it_is() -> None:
    messages = [message(0, "a", at=NOON), message(1, "b", at=NOON)]
    assert dividers(messages, Between(today=date(2026, 1, 1))) == {}
    assert dividers(messages, Between(today=date(2026, 1, 2))) == {place(messages[0]): "Thursday, 01 January 2026"}
    assert dividers([], Between(today=date(2026, 1, 2))) == {}
