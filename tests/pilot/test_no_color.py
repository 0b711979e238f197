"""Nothing is coloured for those who set NO_COLOR: every sign has to speak for itself then."""

from pathlib import Path

import pytest
from textual.color import Color

from tests.support.stage import FakeStage, stage


def colors(console: FakeStage) -> set[Color]:
    """All colours on the screen."""
    styles = {segment.style for strip in console.app.screen._compositor.render_strips() for segment in strip}
    rich = {color for style in styles if style is not None for color in (style.color, style.bgcolor)}
    return {Color.from_rich_color(color) for color in rich if color is not None}


async def test_no_part_of_the_screen_has_a_color(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with stage(tmp_path) as console:
        console.feed.action_mark()
        await console.settle()
        found = colors(console)
        assert len(found) > 5
        assert {color for color in found if not color.r == color.g == color.b} == set()


async def test_there_are_colors_otherwise(tmp_path: Path) -> None:
    async with stage(tmp_path) as console:
        assert {color for color in colors(console) if not color.r == color.g == color.b}
