import pytest

from quell.cli.bar import Bar, bar_line
from quell.moderation.deletion import Reason, State
from quell.moderation.progress import BatchProgress


def progress(
    *, accepted: int, queued: int, allowed: float | None, eta: float | None, makes_way: bool = False
) -> BatchProgress:
    return BatchProgress(
        id="b",
        reason=Reason("spam", ""),
        moderator="Mo",
        confirmed_at=0.0,
        rooms=(),
        states={State.ACCEPTED: accepted, State.QUEUED: queued},
        total=accepted + queued,
        dropped=0,
        speed=0.15 if allowed and allowed < 1 else 97.6,
        allowed=allowed,
        eta=eta,
        paused=False,
        urgent=False,
        makes_way=makes_way,
    )


@pytest.mark.parametrize(
    ("shown", "line"),
    [
        (
            progress(accepted=50, queued=100, allowed=100.0, eta=1.2),
            "[##########--------------------] 50/150  98/s, 100/s allowed  about 1 s left",
        ),
        (
            progress(accepted=20, queued=0, allowed=10 / 60, eta=0.0),
            "[##############################] 20/20  9/min, 10/min allowed",
        ),
        (
            progress(accepted=0, queued=3, allowed=None, eta=None),
            "[------------------------------] 0/3  98/s, no limit",
        ),
        (
            progress(accepted=1, queued=2, allowed=None, eta=None, makes_way=True),
            "[##########--------------------] 1/3  98/s, no limit  an urgent batch of another quell goes first",
        ),
    ],
)
def test_the_bar(shown: BatchProgress, line: str) -> None:
    assert bar_line(shown) == line


def test_a_line_makes_the_bar_go_only_where_both_share_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    for shares_terminal in (True, False):
        bar = Bar(shares_terminal=shares_terminal)
        bar.clear()
        bar.draw(progress(accepted=1, queued=1, allowed=None, eta=None))
        drawn = capsys.readouterr().err
        assert drawn.startswith("\r")
        assert "[###" in drawn
        assert "\n" not in drawn
        bar.clear()
        assert capsys.readouterr().err.startswith("\r") is shares_terminal
