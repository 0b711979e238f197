import msgspec
import pytest

from quell.moderation.links import links_in, taken_apart
from tests.support.fake_provider import message


def written(text: str) -> list[str]:
    return [link.written for link in links_in(message(1, text))]


SEVERAL = {
    "(https://a.example/wiki_(disambiguation)) and <http://b.example>": [
        "https://a.example/wiki_(disambiguation)",
        "http://b.example",
    ],
    "“https://a.example/x”, «www.b.example», https://c.example…": [
        "https://a.example/x",
        "www.b.example",
        "https://c.example",
    ],
    "https://a.example,https://b.example|https://c.example;d": [
        "https://a.example",
        "https://b.example",
        "https://c.example;d",
    ],
    "httрs://gооd.examрle/7 and disсоrd.gg/x or evil.exаmple/y": [
        "httрs://gооd.examрle/7",
        "disсоrd.gg/x",
        "evil.exаmple/y",
    ],
    "<https://evil.example/a|good> <b.example|www.c.example>": ["https://evil.example/a", "b.example", "www.c.example"],
}


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("nothing here, see you.later", []),
        ("look: https://a.example/x.", ["https://a.example/x"]),
        ("(https://a.example/wiki_(disambiguation)) and <http://b.example>", None),
        ("HTTPS://A.example/X, www.b.example!", ["HTTPS://A.example/X", "www.b.example"]),
        ("[good](https://evil.example/a)", ["https://evil.example/a"]),
        ("https://a.example https://a.example", ["https://a.example"]),
        ("steam://run/1 javascript:alert(1)", ["steam://run/1"]),
        ("ht\u2060tps://a.ex\u200bample/\u202ex", ["https://a.example/x"]),
        ("abchttps://a.example", ["abchttps://a.example"]),
        ("join discord.gg/abc.", ["discord.gg/abc"]),
        ("httрs://gооd.examрle/7 and disсоrd.gg/x or evil.exаmple/y", None),
        ("5 руб.шт/мес, и т.д/и т.п/", []),
        ("“https://a.example/x”, «www.b.example», https://c.example…", None),
        ("https://a.example,https://b.example|https://c.example;d", None),
        ("https://a.example/x,y;z|w", ["https://a.example/x,y;z|w"]),
        ("<https://evil.example/a|good> <b.example|www.c.example>", None),
        ("[https://good.example](https://evil.example/a)", ["https://good.example", "https://evil.example/a"]),
        ("[a](b) [c](d.example/(e))", ["d.example/(e)"]),
    ],
)
def test_links_are_found_without_what_stands_around_them(text: str, links: list[str] | None) -> None:
    assert written(text) == (SEVERAL[text] if links is None else links)


def test_the_links_of_a_quote_count() -> None:
    quoting = msgspec.structs.replace(message(1, "this?"), quote="Vlad: http://a.example")
    assert [link.host for link in links_in(quoting)] == ["a.example"]


@pytest.mark.parametrize(
    ("link", "host", "address", "warning"),
    [
        ("https://a.example/x?y=1#z", "a.example", "https://a.example/x?y=1#z", ""),
        ("http://a.example:8080/", "a.example:8080", "http://a.example:8080/", "not encrypted"),
        ("www.a.example/x", "www.a.example", "https://www.a.example/x", "names no scheme"),
        ("https://good.example@evil.example/", "evil.example", "https://good.example@evil.example/", "before the @"),
        ("https://evil.example\\@good.example/", "evil.example", "https://evil.example/@good.example/", "backslash"),
        ("https://pаypal.example/", "pаypal.example", "https://xn--pypal-4ve.example/", "mixes letters"),
        ("https://bücher.example/", "bücher.example", "https://xn--bcher-kva.example/", "beyond ASCII"),
        ("https://xn--pypal-4ve.example/", "xn--pypal-4ve.example", "https://xn--pypal-4ve.example/", "pаypal"),
        ("https://127.0.0.1/", "127.0.0.1", "https://127.0.0.1/", "is a number"),
        ("https://2130706433/", "2130706433", "https://2130706433/", "is a number"),
        ("https://[::1]:80/", "::1:80", "https://[::1]:80/", "is a number"),
        ("https://a.example/фу \u202e", "a.example", "https://a.example/%D1%84%D1%83%20%E2%80%AE", ""),
        ("https://a.example/\ud800", "a.example", "https://a.example/%EF%BF%BD", ""),
    ],
)
def test_a_link_is_taken_apart_as_a_browser_would(link: str, host: str, address: str, warning: str) -> None:
    found = taken_apart(link)
    assert (found.host, found.address) == (host, address)
    assert found.address.isascii()
    assert warning in " ".join(found.warnings)
    assert bool(found.warnings) == bool(warning)


@pytest.mark.parametrize(
    ("link", "why"),
    [
        ("https://[::1/", "can not be understood"),
        ("https:///x", "can not be understood"),
        ("https://a.example:99999/", "can not be understood"),
        ("https://a\x07b.example/", "can not be understood"),
        (f"https://{'ü' * 300}.example/", "can not be understood"),
        ("file://host/etc/passwd", "never opened"),
        ("javascript://a.example/%0aalert(1)", "never opened"),
        ("javascript://%0aalert(1)", "can not be understood"),
        ("httрs://a.example/", "Its scheme only looks like https"),
        ("ѕteam://run/1", "Its scheme only looks like steam"),
    ],
)
def test_what_is_no_web_address_is_never_opened(link: str, why: str) -> None:
    found = taken_apart(link)
    assert found.address == ""
    assert why in " ".join(found.warnings)


def test_a_link_with_invisible_characters_is_found_and_says_so() -> None:
    (link,) = links_in(message(1, "https://a.ex\u200bample"))
    assert link.host == "a.example"
    assert "Invisible characters were hidden in it." in link.warnings


@pytest.mark.parametrize(
    ("link", "in_letters", "is_lookalike"),
    [
        ("https://gоogle.example/", "gоogle.example", True),
        ("https://аррӏе.example/", "аррӏе.example", True),
        ("https://xn--80ak6aa92e.example/", "аррӏе.example", True),
        ("https://пример.example/", "пример.example", False),
        ("https://münchen.example/", "münchen.example", False),
        ("https://example.org/", "example.org", False),
        ("https://xn--0.example/", "xn--0.example", False),
    ],
)
def test_hosts_that_look_like_others(link: str, in_letters: str, is_lookalike: bool) -> None:
    found = taken_apart(link)
    assert (found.at.in_letters, found.at.is_lookalike) == (in_letters, is_lookalike)
    assert is_lookalike == ("look-alike" in " ".join(found.warnings))


def test_only_a_link_with_a_user_says_so() -> None:
    assert taken_apart("ftp://good.example@evil.example/").has_user
    assert not taken_apart("https://evil.example\\@good.example/").has_user


@pytest.mark.parametrize(
    ("text", "posing_as"),
    [
        ("[https://good.example/login](https://evil.example/a)", "good.example"),
        ("[good.example](https://evil.example/a)", "good.example"),
        ("<https://evil.example/a|www.good.example>", "good.example"),
        ("[see good.example/x here](evil.example)", "good.example"),
        ("[good.example](https://www.good.example/a)", ""),
        ("[good.example](https://login.good.example/a)", ""),
        ("[click here](https://evil.example/a)", ""),
        ("[](https://evil.example/a)", ""),
        ("[bücher.example](https://xn--bcher-kva.example)", ""),
    ],
)
def test_words_that_name_another_host_than_they_lead_to(text: str, posing_as: str) -> None:
    link = next(each for each in links_in(message(1, text)) if "evil" in each.host or not posing_as)
    assert link.posing_as == posing_as
    assert ("name another host" in " ".join(link.warnings)) == bool(posing_as)


def test_a_link_behind_words_says_which() -> None:
    (link,) = links_in(message(1, "[ click\u200b here ](https://a.example)"))
    assert "It stands behind the words “click here”." in link.warnings


@pytest.mark.parametrize(
    ("piece", "found"),
    [
        *(("a-", 0), ("[", 0), ("<", 0), ("](", 0), ("a.", 0), (",", 0), ("<a.b|", 0), ("(a.b)", 0), ("[](", 0)),
        *(("https://", 1), ("x.yy/,", 1), ("[a](b.c/", 1), ("[a](b.cc)", 1), ("https://x.example/)))))))", 1)),
    ],
)
def test_a_text_made_to_take_long_does_not(piece: str, found: int) -> None:
    assert len(links_in(message(1, piece * (40_000 // len(piece))))) == found


def test_a_host_is_read_by_its_looks() -> None:
    assert "can be read as evil.example:" in " ".join(taken_apart("https://ｅvil.example/").warnings)
