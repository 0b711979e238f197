"""The words of the confirmation. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import overload

from textual.content import Content

from quell.display import clock_time, duration, printable
from quell.display.fences import with_blank
from quell.display.wording import in_a_row, plural, with_files
from quell.moderation.counts import Counts
from quell.moderation.deletion import Target
from quell.moderation.forecast import ForecastSummary
from quell.moderation.reasons import Preset
from quell_providers.provider import Capabilities

NAMES_SHOWN = 4
CAUSES_SHOWN = 2


def title(count: int, *, marked: bool) -> str:
    """What is about to happen, in one sentence."""
    if not marked:
        return "Delete the message under the cursor? (nothing is marked)"
    return f"Delete {plural(count, 'marked message')}?"


def counts(counted: Counts) -> list[Content]:
    """How many in which room and by whom. Those of one name are told apart by their ids."""
    return [_tally("in", _told_apart(counted.rooms)), _tally("by", _told_apart(counted.authors))]


class RowLines(Sequence[Content]):
    """The exact messages, one line each, made when it is asked for.

    Args:
        targets: The messages.
    """

    def __init__(self, targets: Sequence[Target]) -> None:
        self._targets = targets

    def __len__(self) -> int:
        return len(self._targets)

    @overload
    def __getitem__(self, index: int) -> Content: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Content]: ...
    def __getitem__(self, index: int | slice) -> Content | Sequence[Content]:
        return list(map(row, self._targets[index])) if isinstance(index, slice) else row(self._targets[index])


def row(target: Target) -> Content:
    """One message, on one line."""
    return Content.assemble(
        (clock_time(target.sent_at) if target.sent_at is not None else "--:--:--", "$foreground-muted"),
        "  ",
        (printable(target.room_name or target.room_id), "$accent"),
        "  ",
        (printable(target.author_name or target.author_id), "bold"),
        "  ",
        printable(with_files(target.text, target.attachments)) or "(no text)",
    )


def forecast_lines(summary: ForecastSummary | None) -> list[Content]:
    """What the services are expected to answer; `None` while that is being found out."""
    if summary is None:
        return [Content.styled("… finding out what is allowed", "$foreground-muted")]
    known = [
        (f"✓ {summary.allowed:,} allowed   " if summary.allowed else "", "$success"),
        (f"? {summary.unknown:,} known only when asked   " if summary.unknown else "", "$foreground-muted"),
    ]
    lines = [Content.assemble(*known)] if any(text for text, _ in known) else []
    for group in summary.refused[:CAUSES_SHOWN]:
        why = in_a_row(group.cause, group.remedy)
        lines.append(Content.styled(f"✗ {len(group.keys):,} will be refused: {why}", "$error"))
    if len(summary.refused) > CAUSES_SHOWN:
        rest = sum(len(group.keys) for group in summary.refused[CAUSES_SHOWN:])
        lines.append(Content.styled(f"✗ {rest:,} more will be refused for other causes", "$error"))
    if summary.refused:
        lines[-1] = Content.assemble(lines[-1], ("   x", "bold $accent"), " drops them")
    return lines


def hidden_line(hidden: int) -> list[Content]:
    """A warning of messages that the filter hides."""
    if not hidden:
        return []
    be = "is" if hidden == 1 else "are"
    return [
        Content.assemble(
            (f"⚠ {hidden:,} of these {be} hidden by your filter   ", "$warning"), ("h", "bold $accent"), " drops them"
        )
    ]


def preset_line(presets: Iterable[Preset]) -> Content:
    """The keys of the reasons."""
    parts: list[tuple[str, str]] = []
    for preset in presets:
        parts += [(printable(preset.key), "bold $accent"), (f"\u00a0{printable(preset.code)}   ", "")]
    return Content.assemble(*parts)


def effect_lines(
    accounts: Iterable[str], services: Mapping[str, str], capabilities: Mapping[str, Capabilities]
) -> list[Content]:
    """Where the reason goes and what deleting means, once for each service that takes part."""
    lines = []
    taking_part = {services[account]: capabilities[account] for account in accounts}
    for name, able in taking_part.items():
        sent = (
            f"the reason is sent along, up to {able.reason_limit} characters"
            if able.reason_limit is not None
            else "takes no reason; it stays in your journal"
        )
        lines.append(
            Content.assemble(
                (f"{printable(name)}: ", "bold"), (f"{sent}. {printable(able.deletion_effect)}", "$foreground-muted")
            )
        )
    return lines


def wait_line(seconds: float, grace_seconds: float) -> Content:
    """How long it takes, and how it can be stopped."""
    takes = "at once" if seconds < 1 else f"in about {duration(seconds)} at the rate allowed"
    if grace_seconds:
        return Content.styled(
            f"Held for {duration(grace_seconds)} first (u stops it), then done {takes}.", "$foreground-muted"
        )
    return Content.styled(f"Done {takes}.", "$foreground-muted")


def key_line(*, urgent: bool) -> Content:
    """What the keys of the dialog do."""
    return Content.assemble(
        ("Enter", "bold $accent"),
        " deletes   ",
        ("Esc", "bold $accent"),
        " cancels   ",
        ("!", "bold $accent"),
        (" urgent: before every other batch", "bold $warning") if urgent else " urgent",
    )


def reason_limit(accounts: Iterable[str], capabilities: Mapping[str, Capabilities]) -> int | None:
    """Characters that every service taking part accepts; `None`: none of them takes a reason."""
    limits = {capabilities[account].reason_limit for account in accounts}
    return min((limit for limit in limits if limit is not None), default=None)


def _told_apart(counted: Counter[tuple[str, str]]) -> Counter[str]:
    """How often each of these is meant, by name; with its id behind the name where another one is named the same.

    Args:
        counted: How often each id is meant, with the name that is shown for it.
    """
    shared = Counter(name for _, name in counted)
    return Counter({f"{name} ({id_})" if shared[name] > 1 else name: often for (id_, name), often in counted.items()})


def _tally(word: str, counted: Counter[str]) -> Content:
    shown = [f"{with_blank(printable(name))}{count:,}" for name, count in counted.most_common(NAMES_SHOWN)]
    rest = len(counted) - len(shown)
    more = f" and {rest:,} more" if rest else ""
    return Content.assemble((f"{word} ", "$foreground-muted"), " · ".join(shown), (more, "$foreground-muted"))
