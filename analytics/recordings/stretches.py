"""Stretches of time: of flags that stand every 10 ms, and of (from, to) in milliseconds. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from analytics.recordings.values import Stretch

Flags = NDArray[np.bool_]
Edges = NDArray[np.int64]


def runs(flags: Flags) -> tuple[Edges, Edges]:
    """First of each run of true values, and the first after it."""
    turns = np.diff(np.concatenate(([0], flags.astype(np.int8), [0])))
    return np.flatnonzero(turns == 1), np.flatnonzero(turns == -1)


def filled(count: int, begins: Edges, ends: Edges) -> Flags:
    """Flags that are true in these runs, which do not overlap."""
    turns = np.zeros(count + 1, np.int8)
    turns[begins] += 1
    np.subtract.at(turns, ends, 1)
    return np.cumsum(turns[:-1]) > 0


def closed(flags: Flags, most: int) -> Flags:
    """With gaps of at most so many filled."""
    begins, ends = runs(flags)
    if not len(begins):
        return flags
    far = begins[1:] - ends[:-1] > most
    return filled(len(flags), begins[np.append(True, far)], ends[np.append(far, True)])


def longer(flags: Flags, least: int) -> Flags:
    """Without runs that are shorter than so many."""
    begins, ends = runs(flags)
    kept = ends - begins >= least
    return filled(len(flags), begins[kept], ends[kept])


def held(begins_by: Flags, goes_on_by: Flags) -> Flags:
    """Runs of `goes_on_by` in which `begins_by` is true somewhere (hysteresis)."""
    begins, ends = runs(goes_on_by)
    sums = np.cumsum(np.concatenate(([0], begins_by)))
    kept = sums[ends] > sums[begins]
    return filled(len(goes_on_by), begins[kept], ends[kept])


def within(stretches: Iterable[Stretch], bounds: Stretch) -> Iterator[Stretch]:
    """What of them lies within the bounds."""
    for start, end in stretches:
        begin, stop = max(start, bounds[0]), min(end, bounds[1])
        if begin < stop:
            yield begin, stop


def touched(stretches: Sequence[Stretch], bounds: Stretch) -> bool:
    """Whether any of them, in order and apart, reaches into the bounds."""
    behind = bisect_left(stretches, (bounds[1],))
    return behind > 0 and stretches[behind - 1][1] > bounds[0]


def without(bounds: Stretch, holes: Iterable[Stretch]) -> tuple[Stretch, ...]:
    """What is left of a stretch when these are cut out."""
    left, at = [], bounds[0]
    for start, end in sorted(within(holes, bounds)):
        if start > at:
            left.append((at, start))
        at = max(at, end)
    if at < bounds[1]:
        left.append((at, bounds[1]))
    return tuple(left)


def joined(stretches: Iterable[Stretch], most_ms: int = 0) -> tuple[Stretch, ...]:
    """In order, those with at most so much between them as one."""
    found: list[Stretch] = []
    for start, end in sorted(stretches):
        if found and start - found[-1][1] <= most_ms:
            found[-1] = found[-1][0], max(found[-1][1], end)
        else:
            found.append((start, end))
    return tuple(found)


def common(ones: Sequence[Stretch], others: Sequence[Stretch]) -> tuple[Stretch, ...]:
    """Where both are; each in order, and apart."""
    found, here, there = [], 0, 0
    while here < len(ones) and there < len(others):
        start, end = max(ones[here][0], others[there][0]), min(ones[here][1], others[there][1])
        if start < end:
            found.append((start, end))
        if ones[here][1] <= others[there][1]:
            here += 1
        else:
            there += 1
    return tuple(found)


def total(stretches: Iterable[Stretch]) -> int:
    """How long they are together."""
    return sum(end - start for start, end in stretches)
