import json

import pytest

from quell_providers.sandbox.rocketchat.wire import instant, milliseconds, parse_time, to_ejson, to_rest


@pytest.mark.parametrize(
    ("seconds", "iso", "ms"),
    [
        (0.0, "1970-01-01T00:00:00.000Z", 0),
        (1_760_000_000.1234, "2025-10-09T08:53:20.123Z", 1_760_000_000_123),
        (1_760_000_000.9996, "2025-10-09T08:53:21.000Z", 1_760_000_001_000),
    ],
)
def test_times_in_both_protocols(seconds: float, iso: str, ms: int) -> None:
    assert to_rest({"ts": instant(seconds)}) == f'{{"ts":"{iso}"}}'.encode()
    assert to_ejson({"ts": instant(seconds)}) == f'{{"ts":{{"$date":{ms}}}}}'
    assert milliseconds(parse_time(iso)) == ms


def test_times_without_an_offset_are_utc() -> None:
    assert parse_time("2025-10-09T08:53:20") == parse_time("2025-10-09T10:53:20+02:00") == 1_760_000_000


@pytest.mark.parametrize("text", ["привет 👋", "\ud800 alone", "\x1b]0;title\x07", "\u202e"])
def test_any_text_can_be_written(text: str) -> None:
    assert json.loads(to_rest({"msg": text})) == {"msg": text}
    assert json.loads(to_ejson({"msg": text}).encode()) == {"msg": text}


def test_nothing_else_is_guessed_at() -> None:
    with pytest.raises(TypeError, match="set has no place"):
        to_rest({"roles": {"admin"}})
