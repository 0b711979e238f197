import random

import pytest

from quell.moderation.timeline import place
from quell.widgets.feed.sieve import CHUNK, Sieve
from quell_providers.model import Message
from tests.support.fake_provider import message


def odd(each: Message) -> bool:
    return int(each.id[1:]) % 2 == 1


def test_what_is_near_is_found_first() -> None:
    sieve = Sieve([message(number, "x") for number in range(10 * CHUNK)], 5 * CHUNK, odd)
    older, newer = sieve.step()
    assert [each.id for each in (older[-1], newer[0])] == [f"m{5 * CHUNK - 1:04}", f"m{5 * CHUNK + 1:04}"]
    assert (len(older) + len(newer), sieve.progress, sieve.done) == (CHUNK, 0.2, False)


@pytest.mark.parametrize("seed", range(10))
def test_every_match_is_found_once_while_more_arrive_and_some_change(seed: int) -> None:
    chance = random.Random(seed)
    count = chance.choice([0, 1, 300, 2000])
    messages = [message(2 * number, "x") for number in range(count)]
    sieve = Sieve(list(messages), chance.randint(0, count), odd_text)
    found: dict[str, Message] = {}
    number = 2 * count
    while not sieve.done:
        older, newer = sieve.step()
        assert not set(found) & {each.id for each in [*older, *newer]}
        found |= {each.id: each for each in [*older, *newer]}
        if chance.random() < 0.5:
            number += 2
            arrived = message(number, chance.choice(["x", "odd"]))
            messages.append(arrived)
            assert sieve.extend([arrived, messages[0]]) == []
        if messages and chance.random() < 0.5:
            index = chance.randrange(len(messages))
            messages[index] = message(int(messages[index].id[1:]), "odd")
            if sieve.replace(messages[index]):
                found[messages[index].id] = messages[index]
        if number > 2 * count + 200:
            break
    for _ in iter(lambda: sieve.done, True):
        found |= {each.id: each for part in sieve.step() for each in part}
    assert sorted(found.values(), key=place) == [each for each in messages if odd_text(each)]


def odd_text(each: Message) -> bool:
    return each.text == "odd"


@pytest.mark.parametrize("seed", range(10))
def test_a_message_that_comes_late_has_its_turn_or_is_told_to_have_none(seed: int) -> None:
    chance = random.Random(seed)
    known = [message(number, "x") for number in range(0, 4000, 2)]
    sieve = Sieve(list(known), chance.randint(0, len(known)), lambda each: True)
    found: list[Message] = []
    late = [message(number, "x") for number in chance.sample(range(1, 4000, 2), 200)]
    for each in late:
        found += sieve.extend([each, known[0]])
        if chance.random() < 0.1:
            found += [one for part in sieve.step() for one in part]
    while not sieve.done:
        found += [one for part in sieve.step() for one in part]
    everything = sorted([*known, *late], key=place)
    assert sorted(found, key=place) == everything
    assert sieve.messages == everything


def test_a_message_between_others_that_were_looked_at_has_no_turn() -> None:
    sieve = Sieve([message(2, "x"), message(4, "x")], 2, odd)
    sieve.step()
    late = message(3, "x")
    assert sieve.extend([late]) == [late]
    assert sieve.extend([message(5, "x")]) == []
    assert sieve.replace(late)
