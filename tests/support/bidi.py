"""What a terminal that reorders text by the Unicode bidirectional algorithm (UAX #9) makes of a line.

The part of it that plain text without direction controls meets, in a line whose direction is left to right. Paired
brackets (rule N0) are neutral here: a pair with a left-to-right character between is left to right by that rule, and
every other pair lies within one text.
"""

import unicodedata
from collections.abc import Sequence

_NEUTRAL = frozenset({"B", "S", "WS", "ON", "BN"})
_NUMBERS = frozenset({"EN", "AN"})


def reordered(line: str) -> str:
    """The characters of a line as they stand on the screen, from left to right."""
    levels = _levels(line)
    places = list(range(len(line)))
    for level in range(max(levels, default=0), 0, -1):  # L2
        start = 0
        while start < len(places):
            end = start
            while end < len(places) and levels[places[end]] >= level:
                end += 1
            places[start:end] = places[start:end][::-1]
            start = end + 1
    return "".join(line[place] for place in places)


def _levels(line: str) -> list[int]:
    kinds = _neutrals_resolved(_weak_resolved([unicodedata.bidirectional(each) or "L" for each in line]))
    levels = [1 if kind == "R" else 2 if kind in _NUMBERS else 0 for kind in kinds]  # I1
    for place in range(len(line) - 1, -1, -1):  # L1
        if unicodedata.bidirectional(line[place]) not in ("WS", "S", "B"):
            break
        levels[place] = 0
    return levels


def _weak_resolved(found: Sequence[str]) -> list[str]:
    kinds = list(found)
    strong = before = "L"
    for place, kind in enumerate(kinds):  # W1 to W3
        kind = before if kind == "NSM" else kind
        if kind in ("L", "R", "AL"):
            strong = kind
        kinds[place] = before = "AN" if kind == "EN" and strong == "AL" else kind
    kinds = ["R" if kind == "AL" else kind for kind in kinds]
    for place in range(1, len(kinds) - 1):  # W4
        around = kinds[place - 1]
        if around == kinds[place + 1] and (kinds[place], around) in (("ES", "EN"), ("CS", "EN"), ("CS", "AN")):
            kinds[place] = around
    for places in (range(1, len(kinds)), range(len(kinds) - 2, -1, -1)):  # W5
        step = 1 if places.step == 1 else -1
        for place in places:
            if kinds[place] == "ET" and kinds[place - step] == "EN":
                kinds[place] = "EN"
    strong = "L"
    for place, kind in enumerate(kinds):  # W6, W7
        kind = "ON" if kind in ("ES", "ET", "CS") else kind
        strong = kind if kind in ("L", "R") else strong
        kinds[place] = "L" if kind == "EN" and strong == "L" else kind
    return kinds


def _neutrals_resolved(found: Sequence[str]) -> list[str]:
    kinds = list(found)
    start = 0
    while start < len(kinds):  # N1, N2
        end = start
        while end < len(kinds) and kinds[end] in _NEUTRAL:
            end += 1
        sides = {
            "R" if side in ("R", *_NUMBERS) else "L"
            for side in (kinds[start - 1] if start else "L", kinds[end] if end < len(kinds) else "L")
        }
        kinds[start:end] = [sides.pop() if len(sides) == 1 else "L"] * (end - start)
        start = end + 1
    return kinds
