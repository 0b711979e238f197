import pytest

from quell.widgets.marking import SameText
from tests.support.fake_provider import message


@pytest.mark.parametrize(
    ("text", "other", "same"),
    [
        ("FREE  nitro", "free nitro ", True),
        ("free nitro", "fr\u200bee n\u0456tro", True),
        ("free nitro", "free nitro!", False),
        ("🔥", "👍", False),
        ("", "\u200b", True),
    ],
)
def test_same_text(text: str, other: str, same: bool) -> None:
    assert SameText(text)(message(1, other)) is same
