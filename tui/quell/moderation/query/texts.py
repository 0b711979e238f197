"""The leaves of a query that look for text: words, phrases, regexes, names of authors and rooms."""

from collections.abc import Callable, Iterable, Sequence

from quell.moderation.matching import matching_form
from quell.moderation.query.errors import QueryError
from quell.moderation.query.facts import Facts, NamedRoom
from quell.moderation.query.forms import text_form
from quell.moderation.query.nodes import Match, Node
from quell.moderation.query.regex import Regex
from quell.moderation.query.shown import Shown, Span
from quell.moderation.query.tokens import Kind, Token
from quell_providers.model import Message

_KEPT_VERDICTS = 1 << 16


class Verdicts(dict[str, bool]):
    """What was found out about each name; a room has few names and many messages.

    Args:
        judge: Finds it out.
    """

    def __init__(self, judge: Callable[[str], bool]) -> None:
        super().__init__()
        self._judge = judge

    def __missing__(self, name: str) -> bool:
        if len(self) >= _KEPT_VERDICTS:
            self.clear()
        verdict = self[name] = self._judge(name)
        return verdict


def _wanted_form(token: Token) -> str:
    wanted = matching_form(token.value)
    if token.value.strip() and not wanted:
        problem = "Words are compared without invisible characters, and this is nothing else; a regex can find it."
        raise QueryError(token.value_at, problem)
    return wanted


class TextTerm(Node):
    """A word or a phrase, looked for in the text and in the names of its author, all in their form for matching.

    Raises:
        QueryError: It has nothing but invisible characters.
    """

    cost = 4

    def __init__(self, token: Token) -> None:
        self._wanted = _wanted_form(token)

    def compile(self, facts: Facts) -> Match:
        """Tries what is cheap first: most texts are printable ASCII, and most names were seen before."""
        wanted = self._wanted
        spaced = " " in wanted
        in_names = Verdicts(lambda name: wanted in matching_form(name))

        def match(message: Message) -> bool:
            text = message.text
            # Printable ASCII differs from its form in case and in runs of spaces only.
            if text.isascii():
                if wanted in text.lower():
                    return True
                if (not text.isprintable() or (spaced and "  " in text)) and wanted in text_form(text):
                    return True
            elif wanted in text_form(text):
                return True
            author = message.author
            return in_names[author.name] or in_names[author.username]

        return match

    def spans(self, shown: Shown) -> Iterable[Span]:
        """Every occurrence in the form of the shown text."""
        wanted, form = self._wanted, shown.form
        start = form.text.find(wanted) if wanted else -1
        while start >= 0:
            yield form.origin(start, start + len(wanted))
            start = form.text.find(wanted, start + len(wanted))


class RegexTerm(Node):
    """A regex, looked for in the text exactly as it was sent, so that it can find disguises themselves.

    Raises:
        QueryError: See `Regex`.
    """

    cost = 15

    def __init__(self, token: Token) -> None:
        self._regex = Regex(token.value, token.value_at)

    def compile(self, facts: Facts) -> Match:
        """Searches the text."""
        matches = self._regex.matches
        return lambda message: matches(message.text)

    def spans(self, shown: Shown) -> Iterable[Span]:
        """The first matches in the text as it was sent."""
        sent = shown.sent
        return (sent.origin(start, end) for start, end in self._regex.spans(sent.text))


def _fits(pieces: Sequence[str], form: str) -> bool:
    """Whether a form is these pieces with anything between them. In time in proportion to its length."""
    first, *middle, last = pieces
    at, end = len(first), len(form) - len(last)
    if at > end or not (form.startswith(first) and form.endswith(last)):
        return False
    for piece in middle:
        found = form.find(piece, at, end)
        if found < 0:
            return False
        at = found + len(piece)
    return True


class NameTerm(Node):
    """`from:` and `in:`: a part of a name in its form for matching, or a regex on the name as it is.

    Where a `*` stands for anything (not in quotes), it is the whole name. Ids are compared as they are. With a `/`, a
    room is looked for by its account too: `in:work/general`.

    Raises:
        QueryError: There is no name, or no regex.
    """

    cost = 2

    def __init__(self, token: Token) -> None:
        self._of_room = token.field == "in"
        self._source = token.value
        self._id = ""
        if token.kind is Kind.REGEX:
            self._judge: Callable[[str], bool] = Regex(token.value, token.value_at).matches
            return
        self._id = token.value
        wanted = _wanted_form(token)
        if self._of_room and token.kind is Kind.WORD:
            wanted = wanted.removeprefix("#")
        if not wanted:
            raise QueryError(token.value_at, f"“{token.field}:” needs a name.", unfinished=True)
        pieces = wanted.split("*") if token.kind is Kind.WORD else [wanted]
        if len(pieces) > 1:
            self._judge = lambda name: _fits(pieces, matching_form(name))
        else:
            self._judge = lambda name: wanted in matching_form(name)

    def compile(self, facts: Facts) -> Match:
        """Judges each name once."""
        verdicts, wanted_id = Verdicts(self._judge), self._id
        if self._of_room:
            return _match_of_room(verdicts, wanted_id, facts)

        def match(message: Message) -> bool:
            author = message.author
            if verdicts[author.name] or author.id == wanted_id:
                return True
            # Where the service has no usernames, a regex for an empty one would find everybody.
            return author.username != "" and verdicts[author.username]

        return match

    def strange_rooms(self, rooms: Sequence[NamedRoom]) -> Iterable[str]:
        """The name, where it is that of a room, and of none of these."""
        if self._of_room and not any(map(self._is_room, rooms)):
            yield self._source

    def _is_room(self, room: NamedRoom) -> bool:
        if self._judge(room.name) or room.id == self._id:
            return True
        return "/" in self._id and self._judge(f"{room.account}/{room.name}")


def _match_of_room(verdicts: Verdicts, wanted_id: str, facts: Facts) -> Match:
    name, account, with_account = facts.room_name, facts.account, "/" in wanted_id

    def match(message: Message) -> bool:
        if verdicts[name(message)] or message.room_id == wanted_id:
            return True
        return with_account and verdicts[f"{account(message)}/{name(message)}"]

    return match
