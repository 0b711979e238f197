"""Freezes what a picture must not depend on: the time zone, animations and blinking cursors."""

import pytest
from textual.css.stylesheet import Stylesheet
from textual.widgets import Input

from quell.screens import main
from quell.widgets import room_view
from quell.widgets.detail import pane as detail
from quell.widgets.feed import feed
from tests.support.styles import parsed_once


@pytest.fixture(autouse=True)
def still(monkeypatch: pytest.MonkeyPatch, utc: None) -> None:
    monkeypatch.setattr(Stylesheet, "_parse_rules", parsed_once)
    monkeypatch.setenv("TEXTUAL_ANIMATIONS", "none")
    for rest in ("REST", "PASSING_REST"):
        monkeypatch.setattr(detail, rest, 0.001)
    # What waits its turn to be drawn would or would not be in the picture.
    for wait in ("SIDE_FRAME", "DETAIL_FRAME", "PASSING_FRAME"):
        monkeypatch.setattr(main, wait, 0.001)
    monkeypatch.setattr(room_view, "STATE_FRAME", 0.001)
    monkeypatch.setattr(feed, "PASSING", 0.001)
    monkeypatch.setattr(Input, "_restart_blink", lambda self: None)
    monkeypatch.setattr(Input, "_toggle_cursor", lambda self: None)
