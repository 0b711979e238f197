import pytest

from quell_providers.sandbox.ivs.pattern import PatternError, parse

RECORD = (
    '{"event_timestamp":"2026-01-01T00:00:00.000Z","type":"MESSAGE","version":"1.0","payload":'
    '{"Content":"buy [now]","Sender":{"UserId":"amara.1"},"Size":12,"Flag":true}}'
)


@pytest.mark.parametrize(
    "pattern",
    [
        "",
        "  ",
        '{ $.type = "MESSAGE" }',
        '{$.type="MESSAGE"}',
        "{ $.type = MESSAGE }",
        '{ $.type != "EVENT" }',
        '{ $.payload.Sender.UserId = "amara*" }',
        '{ $.payload.Content = "buy [now]" }',
        "{ $.payload.Size = 12 }",
        "{ $.payload.Size = 12.0 }",
        '{ $.type = "EVENT" || $.version = "1.0" }',
        '{ $.type = "EVENT" && $.type = "EVENT" || $.version = "1.0" }',
        '{ ($.type = "EVENT" || $.type = "MESSAGE") && $.version = "1.0" }',
        "MESSAGE",
        '"buy [now]"',
        "buy amara",
        "?nothing ?buy",
        "MESSAGE -EVENT",
    ],
)
def test_patterns_that_match(pattern: str) -> None:
    assert parse(pattern)(RECORD)


@pytest.mark.parametrize(
    "pattern",
    [
        '{ $.type = "EVENT" }',
        '{ $.type = "message" }',
        '{ $.type != "MESSAGE" }',
        '{ $.nothing = "x" }',
        '{ $.nothing != "x" }',
        '{ $.type.deeper = "x" }',
        '{ $.payload = "x" }',
        "{ $.payload.Size = 13 }",
        "{ $.payload.Size = twelve }",
        "{ $.payload.Flag = 1 }",
        '{ $.payload.Content = "buy ?now?" }',
        '{ $.type = "MESSAGE" && $.version = "2.0" }',
        "EVENT",
        "message",
        "buy sell",
        "?nothing ?here",
        "MESSAGE -buy",
    ],
)
def test_patterns_that_do_not_match(pattern: str) -> None:
    assert not parse(pattern)(RECORD)


def test_what_is_no_json_matches_no_members() -> None:
    assert not parse('{ $.type = "MESSAGE" }')("type MESSAGE")
    assert not parse('{ $.type != "MESSAGE" }')("[1]")


@pytest.mark.parametrize(
    "pattern",
    [
        "{}",
        "{ $.type }",
        "{ $.type = }",
        "{ type = 1 }",
        '{ $.type = "MESSAGE }',
        "{ $.type > 1 }",
        "{ $.type ( 1 }",
        '{ ($.type = "MESSAGE" }',
        '{ $.type = "MESSAGE") }',
        '{ $.type = "MESSAGE" $.type = "MESSAGE" }',
        '"unclosed',
        'a"b',
    ],
)
def test_patterns_that_are_not_understood(pattern: str) -> None:
    with pytest.raises(PatternError):
        parse(pattern)
