"""What a filter costs: CPU time for one message of 100,000.

The contenders are the standard library on the same messages in the same run: `in` on the casefolded text, which finds
no disguise and no author, and `re`. For a pattern that makes `re` go back in the text, what doubling the text costs.
"""

import re
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from quell.moderation.deletion import State
from quell.moderation.query import parse
from quell_providers.model import Author, Message

MESSAGES = 100_000
ROUNDS = 5
ALLOWED_MICROSECONDS = 0.6
"""For a word on ASCII texts."""
_ENGLISH = "the that was what a game chat this is so good no yes where when raid mods team win lose lol"
_EMOJI = "👏 😂 ❤️ naïve café “quote” — 🎉"
_UKRAINIAN = "добрий день хто знає коли почнеться фінал сьогодні ввечері команда гра дуже так ні чат"

Match = Callable[[Message], object]


class NoFacts:
    """Facts of messages that nobody touched."""

    def state(self, message: Message) -> State | None:
        return None

    def is_marked(self, message: Message) -> bool:
        return False

    def is_mine(self, message: Message) -> bool:
        return False

    def room_name(self, message: Message) -> str:
        return "general"

    def account(self, message: Message) -> str:
        return "work"

    def now(self) -> float:
        return 0.0


@dataclass(frozen=True)
class Case:
    """A query and the plainest way to something like it."""

    line: str
    contender: Match
    described: str


def _contender_regex() -> Match:
    search = re.compile(r"ni+tr[o0]", re.IGNORECASE).search
    return lambda message: search(message.text)


CASES = [
    Case("nitro", lambda message: "nitro" in message.text.casefold(), "in, text only"),
    Case('"free nitro"', lambda message: "free nitro" in message.text.casefold(), "in, text only"),
    Case("free nitro -has:link", lambda message: "nitro" in message.text.casefold(), "in, one word"),
    Case("from:user17", lambda message: "user17" in message.author.name.casefold(), "in, name only"),
    Case(r"/ni+tr[o0]/", _contender_regex(), "re"),
]


def messages(talk: str, *, rare: str = "") -> list[Message]:
    """Talk of 500 authors; a hundredth is spam, and a fifth has a rare word where there are any."""
    random = Random(1)
    words, rare_words = talk.split(), rare.split()
    authors = [Author(f"u{number}", f"User {number}", f"user{number}") for number in range(500)]
    made = []
    for number in range(MESSAGES):
        said = random.choices(words, k=random.randint(1, 14))
        if rare_words and random.random() < 0.2:
            said.append(random.choice(rare_words))
        if random.random() < 0.01:
            said.append("FREE Nitro")
        made.append(
            Message(
                id=f"m{number}", room_id="r", author=random.choice(authors), text=" ".join(said), sent_at=float(number)
            )
        )
    return made


def microseconds(match: Match, given: Sequence[Message]) -> float:
    """CPU time for one message, in a run over all of them."""
    started = time.process_time()
    for message in given:
        match(message)
    return (time.process_time() - started) / len(given) * 1e6


def measure(case: Case, given: Sequence[Message]) -> float:
    """Print what a query costs in turns with its contender; returns microseconds a message."""
    match = parse(case.line).matcher(NoFacts())
    ours, theirs = [], []
    for _ in range(ROUNDS):
        ours.append(microseconds(match, given))
        theirs.append(microseconds(case.contender, given))
    mine, plain = statistics.median(ours), statistics.median(theirs)
    print(f"  {case.line:<22} {mine:5.2f} µs;  {case.described:<14} {plain:5.2f} µs;  ratio {mine / plain:.1f}")
    return mine


def _seconds(search: Callable[[str], object], text: str) -> float:
    started = time.process_time()
    search(text)
    return time.process_time() - started


def measure_dearest() -> None:
    """Print what the dearest patterns that are accepted cost on the longest messages of either service."""
    for pattern, unit in (("(.?){320}z", "a"), ("(.?){320}z", "ж"), ("a{990}b", "a"), (r"\pL{12}\d", "абв")):
        match = parse(f"/{pattern}/").matcher(NoFacts())
        long = [
            Message(id="m", room_id="r", author=Author("u", "n"), text=unit * (length // len(unit)), sent_at=0.0)
            for length in (500, 5_000)
        ]
        took = [microseconds(match, [message]) / 1000 for message in long]
        print(f"  /{pattern}/ on {unit}…: 500 characters {took[0]:.2f} ms, 5,000 characters {took[1]:.2f} ms")


def measure_catastrophe() -> None:
    """Print what twice as much text costs an engine that goes back in it, and ours."""
    pattern = r"(\w+\s?)+#"
    plain = re.compile(pattern).search
    match = parse(f"/{pattern}/").matcher(NoFacts())

    def ours(text: str) -> bool:
        return match(Message(id="m", room_id="r", author=Author("u", "n"), text=text, sent_at=0.0))

    theirs = [_seconds(plain, "a" * length + "!") for length in (10, 20)]
    mine = [_seconds(ours, "a" * length + "!") for length in (1_000_000, 2_000_000)]
    print(f"  re, 10 and 20 characters: {theirs[0]:.6f} and {theirs[1]:.3f} s;  ratio {theirs[1] / theirs[0]:,.0f}")
    print(f"  ours, 1 and 2 million:    {mine[0]:.6f} and {mine[1]:.3f} s;  ratio {mine[1] / mine[0]:.1f}")


def main() -> None:
    print(f"Filters, CPU time for one message, median of {ROUNDS} runs over {MESSAGES:,}")
    print(" ASCII texts")
    plain = messages(_ENGLISH)
    costs = [measure(case, plain) for case in CASES]
    verdict = "holds" if costs[0] <= ALLOWED_MICROSECONDS else "MISSED"
    print(f"  a word on ASCII texts: {costs[0]:.2f} µs, at most {ALLOWED_MICROSECONDS:g}: {verdict}")
    print(" Every fifth text with emoji or accents")
    mixed = messages(_ENGLISH, rare=_EMOJI)
    for case in CASES:
        measure(case, mixed)
    print(" Ukrainian texts")
    ukrainian = messages(_UKRAINIAN)
    for case in CASES:
        measure(case, ukrainian)
    print(r" The regex (\w+\s?)+# on a text that it nearly matches")
    measure_catastrophe()
    print(" The dearest patterns that are accepted, first search")
    measure_dearest()


if __name__ == "__main__":
    main()
