"""The leaves of a query that look at anything but text: flags, times, lengths."""

import operator
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from quell.moderation.deletion import State
from quell.moderation.links import has_link
from quell.moderation.query.errors import QueryError
from quell.moderation.query.facts import Facts
from quell.moderation.query.moments import EXPECTED, duration, moment
from quell.moderation.query.nodes import Match, Node
from quell.moderation.query.tokens import Token
from quell_providers.model import Message

_DELETED = frozenset({State.CONFIRMED, State.GONE})
_OTHER_STATES = (State.HELD, State.QUEUED, State.SENT, State.ACCEPTED, State.UNKNOWN, State.CANCELLED)


@dataclass(frozen=True)
class _Flag:
    """A value of `has:` or `is:`."""

    compile: Callable[[Facts], Match]
    volatile: bool = False
    cost: int = 1


def _is_deleted(facts: Facts) -> Match:
    state = facts.state
    return lambda message: message.deleted or state(message) in _DELETED


def _in_state(wanted: State) -> Callable[[Facts], Match]:
    def compile_flag(facts: Facts) -> Match:
        state = facts.state
        return lambda message: state(message) is wanted

    return compile_flag


def _plain(match: Match) -> Callable[[Facts], Match]:
    return lambda facts: match


FLAGS: dict[str, dict[str, _Flag]] = {
    "has": {
        "link": _Flag(_plain(lambda message: has_link(message.text)), cost=4),
        "file": _Flag(_plain(lambda message: bool(message.attachments))),
    },
    "is": {
        "deleted": _Flag(_is_deleted, volatile=True, cost=3),
        "refused": _Flag(_in_state(State.REFUSED), volatile=True, cost=3),
        "failed": _Flag(_in_state(State.FAILED), volatile=True, cost=3),
        "edited": _Flag(_plain(lambda message: message.edited_at is not None)),
        "thread": _Flag(_plain(lambda message: message.thread_id is not None)),
        "mine": _Flag(lambda facts: facts.is_mine, cost=2),
        "marked": _Flag(lambda facts: facts.is_marked, volatile=True, cost=2),
        **{state.value: _Flag(_in_state(state), volatile=True, cost=3) for state in _OTHER_STATES},
    },
}
"""What may stand behind `has:` and `is:`."""


class FlagTerm(Node):
    """`has:` and `is:`.

    Raises:
        QueryError: There is no such flag.
    """

    def __init__(self, token: Token) -> None:
        flags = FLAGS[token.field]
        found = flags.get(token.value.lower())
        if found is None:
            typed = token.value.lower()
            unfinished = any(flag.startswith(typed) for flag in flags)
            raise QueryError(token.value_at, _unknown(token, flags), unfinished=unfinished)
        self._flag = found
        self.cost, self.volatile = found.cost, found.volatile

    def compile(self, facts: Facts) -> Match:
        """Looks at a field of the message, or asks."""
        return self._flag.compile(facts)


def _unknown(token: Token, flags: Iterable[str]) -> str:
    *others, last = flags
    return f"“{token.field}:” takes {', '.join(others)} or {last}."


DUE_PART = 1 / 40
MOST_DUE = 15.0
"""How far behind the clock `since:` may be: this part of its length of time, and at the most so many seconds."""


class TimeTerm(Node):
    """`since:` and `before:`. How long ago is counted anew for every message; other times when matching begins.

    Raises:
        QueryError: The value is no time.
    """

    def __init__(self, token: Token) -> None:
        if not token.value:
            raise QueryError(token.value_at, f"“{token.field}:” needs a time: {EXPECTED}.", unfinished=True)
        self._since = token.field == "since"
        self._ago = duration(token.value)
        self._moment = None if self._ago is not None else moment(token.value, token.value_at)
        if self._ago is not None:
            self.volatile, self.due = True, min(max(self._ago * DUE_PART, 1.0), MOST_DUE)

    def compile(self, facts: Facts) -> Match:
        """Compares when the message was sent."""
        now, ago = facts.now, self._ago
        if self._moment is not None:
            return _compared(self._since, self._moment(now()))
        assert ago is not None
        if self._since:
            return lambda message: message.sent_at >= now() - ago
        return lambda message: message.sent_at < now() - ago


def _compared(since: bool, moment_meant: float) -> Match:
    if since:
        return lambda message: message.sent_at >= moment_meant
    return lambda message: message.sent_at < moment_meant


_COMPARISONS: dict[str, Callable[[int, int], bool]] = {
    ">": operator.gt,
    "<": operator.lt,
    ">=": operator.ge,
    "<=": operator.le,
    "=": operator.eq,
}
_LENGTH = re.compile(r"(>=|<=|>|<|=)(.*)", re.DOTALL)


class LengthTerm(Node):
    """`len>280`: how many characters (code points) the text has.

    Raises:
        QueryError: No whole number follows.
    """

    def __init__(self, token: Token) -> None:
        found = _LENGTH.fullmatch(token.value)
        assert found is not None
        if not (found[2].isascii() and found[2].isdecimal() and len(found[2]) < 10):
            position, problem = token.value_at + found.start(2), f"“len{found[1]}” needs a number of characters"
            raise QueryError(position, f"{problem}: len{found[1]}280.", unfinished=not found[2])
        self._compare, self._limit = _COMPARISONS[found[1]], int(found[2])

    def compile(self, facts: Facts) -> Match:
        """Compares the length."""
        compare, limit = self._compare, self._limit

        def match(message: Message) -> bool:
            return compare(len(message.text), limit)

        return match
