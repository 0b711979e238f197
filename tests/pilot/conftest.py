"""What is drawn a few times a second for the sake of its cost is drawn at once here: nobody waits for the clock."""

import pytest
from textual.css.stylesheet import Stylesheet

from quell.screens import main
from quell.widgets import room_view
from quell.widgets.detail import pane
from quell.widgets.feed import feed
from tests.support.styles import parsed_once

SOON = 0.001
"""Seconds."""


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Stylesheet, "_parse_rules", parsed_once)
    for name in ("SIDE_FRAME", "DETAIL_FRAME", "PASSING_FRAME"):
        monkeypatch.setattr(main, name, SOON)
    monkeypatch.setattr(pane, "PASSING_REST", SOON)
    monkeypatch.setattr(room_view, "STATE_FRAME", SOON)
    monkeypatch.setattr(feed, "PASSING", SOON)
