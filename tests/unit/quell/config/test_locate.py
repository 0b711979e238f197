import pytest

from quell.config.locate import KeyPath, key_lines, line_of

DOCUMENT = '''\
# a comment
moderator = "Mo"
a.b.c = 2
long = [
  1,
  2,
]

[accounts]
[accounts.work]
url = """
[accounts.no]
x = 1
"""   # a comment

   [ accounts . "live" ]  # spaces are allowed
region = "x"
token = { env = "A", file = "B" }

[[reasons]]
key = "1"
[deletion]
grace_seconds = 1

[[reasons]]
key = "2"
[[reasons.more]]
x = 1
[[reasons.more]]
x = 2
[p.q]
z = 1'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("moderator",), 2),
        (("a", "b", "c"), 3),
        (("long",), 4),
        (("accounts",), 9),
        (("accounts", "work"), 10),
        (("accounts", "work", "url"), 11),
        (("accounts", "live"), 16),
        (("accounts", "live", "region"), 17),
        (("accounts", "live", "token"), 18),
        (("reasons", 0), 20),
        (("reasons", 0, "key"), 21),
        (("deletion", "grace_seconds"), 23),
        (("reasons", 1, "key"), 26),
        (("reasons", 1, "more", 0, "x"), 28),
        (("reasons", 1, "more", 1, "x"), 30),
        (("p", "q", "z"), 32),
    ],
)
def test_every_key_has_its_line(path: KeyPath, line: int) -> None:
    assert key_lines(DOCUMENT)[path] == line


def test_what_looks_like_a_key_inside_a_string_is_none() -> None:
    assert ("accounts", "no") not in key_lines(DOCUMENT)


def test_windows_line_ends_count_once() -> None:
    assert key_lines("\r\na = 1\r\n\r\n[t]\r\nb = 2\r\n") == {("a",): 2, ("t",): 4, ("t", "b"): 5}


def test_other_line_separators_do_not_count() -> None:
    assert key_lines('a = "\u2028"\nb = 1')[("b",)] == 2


def test_a_missing_key_is_found_at_its_table() -> None:
    lines = key_lines("\n[accounts.work]\nurl = 1")
    assert line_of(("accounts", "work", "token"), lines) == 2
    assert line_of(("accounts", "work", "url", "x"), lines) == 3


def test_a_key_without_any_parent_has_no_line() -> None:
    assert line_of(("accounts",), key_lines("moderator = 'Mo'")) is None
