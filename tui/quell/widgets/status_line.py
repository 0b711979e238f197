"""The top line: accounts, traffic, and the sums of all deletions."""

from textual.content import Content
from textual.widgets import Static

from quell.display import GLYPHS, printable
from quell.moderation.deletion import State
from quell.session.session import Session

_BARS = "▁▂▃▄▅▆▇█"
_PHASES = {"ready": "●", "connecting": "…", "refused": "✗", "unreachable": "↻"}
_WORDS = {"ready": "", "connecting": " connecting", "refused": " login refused", "unreachable": " unreachable"}
WIDE = 110
"""Width in cells from which names and bars are shown too."""


class StatusLine(Static):
    """One line that is always true: counts are sums of states, never plans."""

    def __init__(self, session: Session, *, id: str) -> None:  # noqa: A002 - Textual's own name
        super().__init__(" Quell", id=id, markup=False)
        self._session = session

    def on_resize(self) -> None:
        """Use the new width."""
        self.show()

    def show(self) -> None:
        """Bring the line up to date."""
        session = self._session
        now = session.now()
        wide = self.size.width >= WIDE
        left = Content.assemble((" Quell ", "bold $primary"), " ", *_accounts(session, wide))
        traffic = _traffic(session, now, wide)
        right = Content.assemble(*traffic, " ", *_sums(session, worded=True), " ")
        if left.cell_length + right.cell_length > self.size.width:
            right = Content.assemble(*traffic, " ", *_sums(session, worded=False), " ")
        space = max(self.size.width - left.cell_length - right.cell_length, 1)
        self.update(Content.assemble(left, " " * space, right), layout=False)


def _accounts(session: Session, wide: bool) -> list[Content | tuple[str, str]]:
    parts: list[Content | tuple[str, str]] = []
    for account in session.accounts.values():
        style = {"ready": "$success", "connecting": "$foreground-muted"}.get(account.phase, "$error")
        parts.append((f"{_PHASES[account.phase]} ", style))
        parts.append((printable(account.name), "bold"))
        who = f" {printable(account.identity.name)}" if wide and account.identity else ""
        wanted = session.codes.awaits(account.name)
        parts.append(
            (" wants a code" if wanted else _WORDS[account.phase], "$warning" if wanted else "$foreground-muted")
        )
        parts.append((f"{who}  ", "$foreground-muted"))
    return parts


def _traffic(session: Session, now: float, wide: bool) -> list[tuple[str, str]]:
    rate = session.meter.rate(now=now)
    history = session.meter.history(now=now)
    top = max(*history, 1)
    bars = "".join(_BARS[min(count * (len(_BARS) - 1) // top, len(_BARS) - 1)] for count in history)
    return [(f"{rate:.0f} msg/s ", "$foreground-muted"), (bars if wide else "", "$accent")]


def _sums(session: Session, *, worded: bool) -> list[tuple[str, str]]:
    totals = session.engine.totals()
    done = totals[State.ACCEPTED] + totals[State.CONFIRMED]
    sums = [
        (totals[State.HELD], GLYPHS[State.HELD], "held", "$warning"),
        (totals[State.QUEUED] + totals[State.SENT], GLYPHS[State.QUEUED], "queued", "$warning"),
        (done, GLYPHS[State.CONFIRMED], "done", "$success"),
        (totals[State.GONE], GLYPHS[State.GONE], "gone", "$foreground-muted"),
        (totals[State.REFUSED], GLYPHS[State.REFUSED], "refused", "$error"),
        (totals[State.FAILED], GLYPHS[State.FAILED], "failed", "$error"),
        (totals[State.UNKNOWN], GLYPHS[State.UNKNOWN], "unknown", "$error"),
    ]
    always = {"held", "queued", "done", "refused"}
    parts: list[tuple[str, str]] = []
    for count, glyph, word, style in sums:
        if count or word in always:
            text = f" {count} {word}" if worded else f" {glyph}{count}"
            parts.append((text, style if count else "$foreground-muted"))
    return parts
