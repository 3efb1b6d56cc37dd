"""What two voices do with one another: turns, answers, silence and talking at once. Pure, over stretches in order."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from analytics.recordings.stretches import joined, touched, within
from analytics.recordings.values import Stretch


def turns_of(own: Sequence[Stretch], others: Sequence[Stretch], pause_ms: int) -> tuple[Stretch, ...]:
    """Own speech with its pauses up to so long, unless the other speaks in such a pause (domain: speech rate)."""
    found: list[Stretch] = []
    for start, end in own:
        pause = (found[-1][1], start) if found else None
        if pause is not None and start - pause[0] <= pause_ms and not touched(others, pause):
            found[-1] = found[-1][0], end
        else:
            found.append((start, end))
    return tuple(found)


def answers(own: Sequence[Stretch], others: Sequence[Stretch]) -> tuple[int, ...]:
    """Delays in ms: each time that own speech begins after the other's has ended, with nothing of one's own between."""
    begins = [start for start, _ in others]
    found, spoken_until = [], -1
    for start, end in own:
        before = bisect_left(begins, start) - 1
        if before >= 0 and spoken_until <= others[before][1] <= start:
            found.append(start - others[before][1])
        spoken_until = end
    return tuple(found)


def silences_of(speech: Sequence[Stretch], bounds: Stretch, longer_than_ms: int) -> tuple[Stretch, ...]:
    """Stretches without any of these that are longer than so much."""
    edges = [bounds[0], *(each for stretch in joined(within(speech, bounds)) for each in stretch), bounds[1]]
    holes = zip(edges[::2], edges[1::2], strict=True)
    return tuple((start, end) for start, end in holes if end - start > longer_than_ms)
