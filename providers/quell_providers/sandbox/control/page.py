"""The control page as HTML: state, faults, forms, ground truth. It loads nothing and runs no script."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from html import escape
from itertools import islice
from typing import TYPE_CHECKING

from quell_providers.sandbox.fault_spec import EXAMPLES, format_fault
from quell_providers.sandbox.faults import KINDS
from quell_providers.sandbox.score import Mistake

if TYPE_CHECKING:
    from quell_providers.sandbox.sandbox import Sandbox

_NEWEST = 50
"""Deletions, calls and mistakes that are listed."""
_LONGEST_TEXT = 120
_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 1.5rem auto; padding: 0 1rem; color: #222 }
table { border-collapse: collapse; width: 100% } td, th { text-align: left; padding: .15rem .6rem .15rem 0 }
th { font-weight: 600 } tr { border-bottom: 1px solid #ddd } h2 { margin: 1.6rem 0 .4rem; font-size: 1.1rem }
form { display: inline-flex; flex-wrap: wrap; gap: .4rem; margin: .2rem 1rem .2rem 0 } .wide { min-width: 28rem }
.problem { background: #fdd; padding: .5rem } code, .mono { font-family: ui-monospace, monospace; font-size: 13px }
@media (prefers-color-scheme: dark) { body { background: #181818; color: #ddd } tr { border-color: #444 }
.problem { background: #633 } }
"""


def render(sandbox: "Sandbox", problem: str = "") -> str:
    """The whole page, with what was wrong with a form on top."""
    parts = [
        f'<p class="problem" role="alert">{escape(problem)}</p>' if problem else "",
        _state(sandbox),
        _score(sandbox),
        _faults(sandbox),
        _actions(sandbox),
        _deletions(sandbox),
        _calls(sandbox),
    ]
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Quell sandbox</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head>'
        f"<body><h1>Quell sandbox</h1>{''.join(parts)}</body></html>\n"
    )


def _state(sandbox: "Sandbox") -> str:
    options, truth = sandbox.options, sandbox.truth
    scenario = f"{options.scenario}{' (over)' if sandbox.player.is_over else ''}"
    facts = {
        "Scenario": f"{scenario}, {options.rate:g} messages a second, speed {options.speed:g}, seed {options.seed}",
        "Time": _time(options.clock.now()),
        "Amazon IVS Chat": f"{sandbox.ivs.endpoint_url} · {len(truth.messages(service='ivs'))} messages",
        "Rocket.Chat": f"{sandbox.rocketchat.url} · {len(truth.messages(service='rocketchat'))} messages",
    }
    return _table((), facts.items()) + '<p><a href="./">Refresh</a></p>'


def _score(sandbox: "Sandbox") -> str:
    score = sandbox.truth.score()
    if not score.shown:
        return ""
    return (
        f"<h2>Score</h2><p>{escape(score.summary())}</p>"
        + _mistakes("Missed so far", score.missed)
        + _mistakes("Wrongly removed", score.wrong)
    )


def _mistakes(title: str, mistakes: Sequence[Mistake]) -> str:
    if not mistakes:
        return ""
    rows = ((m.post.place.name, m.post.author.username, _short(m.post.text), m.why) for m in mistakes[-_NEWEST:])
    return f"<h3>{title}</h3>" + _table(("room", "author", "text", "why"), rows)


def _faults(sandbox: "Sandbox") -> str:
    rows = "".join(
        f'<tr><td class="mono">{escape(format_fault(handle.fault))}</td><td>{handle.hits} of {handle.seen}</td><td>'
        + _form("remove-fault", f'<input type="hidden" name="number" value="{handle.number}">', "Remove")
        + "</td></tr>"
        for handle in sandbox.faults.active()
    )
    examples = ", ".join(f"<code>{escape(example)}</code>" for example in EXAMPLES)
    field = '<input class="wide mono" name="spec" aria-label="fault" required>'
    return (
        f"<h2>Faults</h2><table><tr><th>fault</th><th>struck</th><th></th></tr>{rows}</table>"
        + _form("add-fault", field, "Add")
        + f"<p>What can go wrong: {', '.join(KINDS)}. Such as {examples}.</p>"
    )


def _actions(sandbox: "Sandbox") -> str:
    options = "".join(
        f'<option value="{escape(place.id)}">{escape(place.service)}: {escape(place.name or place.id)}</option>'
        for place in sandbox.world.places.values()
    )
    room = f'<select name="room" aria-label="room">{options}</select>'
    author = '<input name="author" aria-label="author" value="admin" required>'
    text = '<input class="wide" name="text" aria-label="text" required>'
    count = '<input name="count" aria-label="messages" type="number" min="1" max="5000" value="100">'
    return (
        "<h2>Let something happen</h2>"
        + _form("drop", '<input type="hidden" name="service" value="ivs">', "Drop IVS connections")
        + _form("drop", '<input type="hidden" name="service" value="rocketchat">', "Drop Rocket.Chat connections")
        + f"<br>{_form('post', room + author + text, 'Post')}<br>{_form('raid', room + count, 'Raid')}"
    )


def _deletions(sandbox: "Sandbox") -> str:
    places = sandbox.world.places
    newest = reversed(sandbox.truth.deletions()[-_NEWEST:])
    rows = (
        (_time(each.at), places[each.room_id].name, each.message_id, each.by, each.reason or "")
        for each in newest
        if each.room_id in places
    )
    return "<h2>Deletions</h2>" + _table(("at", "room", "message", "by", "reason"), rows)


def _calls(sandbox: "Sandbox") -> str:
    newest = islice(reversed(sandbox.truth.calls()), _NEWEST)
    rows = (
        (_time(c.at), c.service, c.route, c.caller, c.room_id, c.message_id, str(c.status), c.fault) for c in newest
    )
    return "<h2>Calls</h2>" + _table(("at", "service", "route", "caller", "room", "message", "status", "fault"), rows)


def _form(action: str, fields: str, label: str) -> str:
    return f'<form method="post" action="{action}">{fields}<button>{label}</button></form>'


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    top = "<tr>" + "".join(f"<th>{escape(each)}</th>" for each in head) + "</tr>" if head else ""
    body = "".join("<tr>" + "".join(f"<td>{_bdi(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table>{top}{body}</table>"


def _bdi(text: str) -> str:
    """Text that may try to turn round what stands beside it."""
    return f"<bdi>{escape(text)}</bdi>"


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_TEXT else f"{text[:_LONGEST_TEXT]}…"


def _time(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%H:%M:%S UTC")
