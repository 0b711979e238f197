"""Words, phrases and names: what is compared, and in which form."""

import pytest

from quell.moderation.query import parse
from quell.moderation.query.forms import KEPT_LENGTH, Forms
from quell.moderation.query.texts import Verdicts
from quell_providers.model import Author
from tests.unit.quell.moderation.query.support import Known, finds, matches, message


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("nitro", "FREE NITRO"),
        ("NITRO", "free nitro"),
        ("nitro", "ＮІТＲО"),
        ("nitro", "n\u200bi\u200dtro"),
        ("nitro", "ni\x1btro"),
        ("nitro", "Nitro\tnow\n"),
        ("ＮІТＲО", "free nitro"),
        ("n\u200bitro", "free nitro"),
        ("straße", "STRASSE"),
        ("STRASSE", "Die Straße"),
        ("привет", "ПРИВЕТ всем"),
        ('"free nitro"', "free  nitro"),
        ('"free nitro"', "free\n\tnitro"),
        ('"free  nitro"', "FREE NITRO"),
        ('" free nitro "', "free nitro"),
        ('"free nitro"', "ｆｒｅｅ\u3000nitro"),
        ("👏", "gg 👏"),
        ("→", "a → b"),
    ],
)
def test_what_reads_the_same_is_found(line: str, text: str) -> None:
    assert finds(line, text, "something else") == [text]


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("nitro", "n i t r o"),
        ("nitro", "nltro"),
        ('"free nitro"', "nitro free"),
        ('"free nitro"', "free, nitro"),
        ("naïve", "naive"),
    ],
)
def test_what_reads_differently_is_not(line: str, text: str) -> None:
    assert finds(line, text) == []


AMARA = Author(id="u1", name="Ａmara Okafor", username="amara.o")


def test_words_are_looked_for_in_the_names_of_the_author_too_but_not_across_them() -> None:
    said = message("hello there", author=AMARA)
    assert matches("okafor hello", said)
    assert matches("amara.o", said)
    assert matches('"amara okafor"', said)
    assert not matches('"okafor amara"', said)
    assert not matches('"amara.o hello"', said)


def test_a_name_is_not_looked_for_in_the_text() -> None:
    said = message("lena said so", author=AMARA)
    assert not matches("from:lena", said)
    assert matches("from:AMARA", said)
    assert matches("from:amara.o", said)
    assert matches('from:"amara okafor"', said)
    assert not matches('from:"amara  o.kafor"', said)


def test_names_and_rooms_take_regexes() -> None:
    raider = message(author=Author("u2", "user1234"))
    assert matches(r"from:/^user\d{4}$/", raider)
    assert matches(r"from:/^USER/", raider)
    assert not matches(r"from:/^1234/", raider)
    # A service without usernames leaves them empty.
    assert not matches(r"from:/^.?$/", raider)
    assert matches(r"from:/^AMARA\.o$/", message(author=AMARA))
    assert matches(r"in:/^gen/", raider, Known(rooms={"r1": "general"}))


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("from:vlad_*", ["vlad_1998", "Vlad_"]),
        ("from:*vlad*", ["vlad_1998", "xX_vlad_Xx", "Vlad_", "vlad"]),
        ("from:x*v*x", ["xX_vlad_Xx"]),
        ("from:vla*lad", []),
        ('from:"vlad_*"', []),
        ('from:"a*b"', ["a*b"]),
        ("-from:*", []),
    ],
)
def test_a_star_stands_for_anything_in_a_whole_name(line: str, found: list[str]) -> None:
    names = ["vlad_1998", "xX_vlad_Xx", "Vlad_", "vlad", "a*b"]
    match = parse(line).matcher(Known())
    assert [name for name in names if match(message(author=Author("u", name)))] == found


def test_many_stars_take_no_longer_than_one() -> None:
    assert not matches(f"from:{'a*' * 500}b", message(author=Author("u", "a" * 5_000)))


def test_authors_and_rooms_by_their_ids() -> None:
    said = message(author=Author("4fAbC", "Vlad", "vlad"), room_id="KolYPnXv1s6S")
    facts = Known(rooms={"KolYPnXv1s6S": "general"})
    for line in ("from:4fAbC", 'from:"4fAbC"', "in:KolYPnXv1s6S"):
        assert matches(line, said, facts)
    for line in ("from:4fabc", "from:4fA", "in:KolY", "from:/4fAbC/"):
        assert not matches(line, said, facts)


def test_rooms_by_their_accounts() -> None:
    facts = Known(rooms={"r1": "general"})
    for line in ("in:work/", "in:work/general", "in:Work/gen", "in:w*/g*"):
        assert matches(line, message(), facts)
    for line in ("in:work", "in:live/general", "in:general/"):
        assert not matches(line, message(), facts)


@pytest.mark.parametrize("line", ["in:general", "in:#General", "in:gener", 'in:"general"', "-in:finals"])
def test_rooms_by_their_names(line: str) -> None:
    facts = Known(rooms={"r1": "ｇeneral", "r2": "finals"})
    match = parse(line).matcher(facts)
    assert match(message(room_id="r1"))
    assert not match(message(room_id="r2"))


def test_a_room_that_gets_another_name_is_known_by_it() -> None:
    facts = Known(rooms={"r1": "general"})
    match = parse("in:lobby").matcher(facts)
    assert not match(message())
    facts.rooms["r1"] = "lobby"
    assert match(message())


def test_verdicts_are_reached_once_a_name_and_do_not_pile_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quell.moderation.query.texts._KEPT_VERDICTS", 10)
    judged: list[str] = []

    def judge(name: str) -> bool:
        judged.append(name)
        return name == "n3"

    verdicts = Verdicts(judge)
    names = [f"n{number}" for number in range(10)]
    for _ in range(3):
        assert [name for name in names if verdicts[name]] == ["n3"]
    assert judged == names
    assert verdicts["n10"] is False
    assert len(verdicts) == 1


def test_forms_of_words_do_not_pile_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quell.moderation.query.forms._KEPT_FORMS", 10)
    forms = Forms()
    for number in range(25):
        assert forms[f"ß{number}"] == f"ss{number}"
    assert len(forms) <= 10
    assert forms["ß" * KEPT_LENGTH + "!"] == "ss" * KEPT_LENGTH + "!"
    assert all(len(word) <= KEPT_LENGTH for word in forms)
