"""How much of a recording somebody listened to, from the stretches that the player tells. Pure.

What a browser tells is a claim: stretches are cut to the file's length and counted once, however often they are told.
"""

from __future__ import annotations

from collections.abc import Iterable

MOST_SPANS = 500

Span = tuple[int, int]
"""From, to, in milliseconds of the file."""


def read_spans(told: object) -> list[Span]:
    """Spans from JSON: [[0, 4200], [9000, 12000]]. Raises ValueError: what was found and expected."""
    if not isinstance(told, list) or len(told) > MOST_SPANS:
        raise ValueError(f"spans: found {type(told).__name__}, expected at most {MOST_SPANS} pairs of milliseconds")
    return [_span(each) for each in told]


def _span(told: object) -> Span:
    match told:
        case [int(start), int(end)] if (
            not isinstance(start, bool) and not isinstance(end, bool) and 0 <= start <= end
        ):
            return start, end
    raise ValueError(f"spans: found {told!r:.60}, expected a pair of milliseconds such as [0, 4200]")


def heard_ms(spans: Iterable[Span], length_ms: int | None) -> int:
    """How many milliseconds of the file these cover, each once."""
    total, reached = 0, 0
    for start, end in sorted(spans):
        stop = end if length_ms is None else min(end, length_ms)
        total += max(stop - max(start, reached), 0)
        reached = max(reached, stop)
    return total
