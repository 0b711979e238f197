"""The filter language: what matches, and what is said about a line that is not a query."""

import pytest

from quell.moderation.query import QueryError, parse
from quell_providers.model import Author, Message


def message(text: str = "", **fields: object) -> Message:
    values: dict[str, object] = {
        "id": "m1",
        "room_id": "r",
        "author": Author(id="u1", name="Amara Okafor", username="amara.o"),
        "text": text,
        "sent_at": 1.0,
    }
    return Message(**(values | fields))  # type: ignore[arg-type]  # fields differ from test to test


SPAM = message("FREE Nitro → https://discord-gift.example/x now")


@pytest.mark.parametrize(
    "line",
    [
        "",
        "   ",
        "nitro",
        "NITRO free",
        "free nitro now",
        '"free nitro"',
        "okafor",
        "amara.o nitro",
        "from:amara",
        "From:OKAFOR",
        'from:"amara okafor"',
        "has:link",
        "HAS:Link nitro",
        "-buy",
        "not buy",
        "NOT buy nitro",
        "-is:deleted -is:edited",
        "not is:deleted",
        "-from:lena",
        "not not nitro",
        "not -nitro",
        '-"nitro free"',
        "https://discord",
        "gift.example/x",
        "→",
        "-has:file",
    ],
)
def test_matches(line: str) -> None:
    assert parse(line).matches(SPAM)


@pytest.mark.parametrize(
    "line",
    [
        "buy",
        "nitro buy",
        '"nitro free"',
        '"okafor free"',
        "from:lena",
        "-nitro",
        "not nitro",
        "free -nitro",
        "has:file",
        "is:deleted",
        "is:edited",
        "-has:link",
        "not from:amara",
        "-from:okafor",
    ],
)
def test_does_not_match(line: str) -> None:
    assert not parse(line).matches(SPAM)


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("STRASSE", "Die Straße"),
        ("straße", "STRASSE"),
        ("привет", "ПРИВЕТ всем"),
        ("12:30", "see you at 12:30"),
        ("note:", "note: none"),
        ("re:zero", "watching Re:Zero"),
        ("not-a-word", "not-a-word"),
        ("nothing", "nothing here"),
        ('"not"', "do not"),
        ('"-x"', "rm -x"),
        ("--force", "git push --force"),
        ('"two\nlines"', "two\nlines"),
        ('"" a', "a"),
    ],
)
def test_words_that_could_be_taken_for_something_else(line: str, text: str) -> None:
    query = parse(line)
    assert query.matches(message(text))
    assert not query.matches(message("something else", author=Author("u", "b")))


@pytest.mark.parametrize("text", ["http://x.example", "HTTPS://X.EXAMPLE", "see www.x.example"])
def test_has_link(text: str) -> None:
    assert parse("has:link").matches(message(text))


@pytest.mark.parametrize("text", ["", "awww.so cute", "http is a protocol"])
def test_has_no_link(text: str) -> None:
    assert not parse("has:link").matches(message(text))


def test_flags() -> None:
    assert parse("has:file").matches(message(attachments=("a.png",)))
    assert parse("is:deleted").matches(message(deleted=True))
    assert parse("is:edited").matches(message(edited_at=2.0))


def test_a_name_is_not_looked_for_in_the_text() -> None:
    assert not parse("from:lena").matches(message("lena said so"))
    assert parse("from:amara.o").matches(message("hi"))


@pytest.mark.parametrize(
    ("line", "position", "problem"),
    [
        ('free "nitro', 5, "not closed"),
        ('from:"amara', 5, "not closed"),
        ("from:", 5, "needs a name"),
        ("nitro from: x", 11, "needs a name"),
        ("has:cheese", 4, "“has:link” or “has:file”"),
        ("a is:gone", 5, "“is:deleted” or “is:edited”"),
        ("is:", 3, "“is:deleted” or “is:edited”"),
        ("form:amara", 0, "“from:” may be meant"),
        ("-form:amara", 1, "“from:” may be meant"),
        ("hass:link", 0, "“has:” may be meant"),
        ("nitro not", 9, "“not” needs a word"),
        ("nitro not not ", 14, "“not” needs a word"),
        ("nitro -", 6, "directly after"),
        ("- nitro", 0, "directly after"),
    ],
)
def test_problems_are_placed_and_named(line: str, position: int, problem: str) -> None:
    with pytest.raises(QueryError) as raised:
        parse(line)
    assert raised.value.position == position
    assert problem in raised.value.problem
