"""Sets of instants as sorted, disjoint, half-open intervals (start, end) of whole numbers: pure."""

from __future__ import annotations

from collections.abc import Iterable

Interval = tuple[int, int]
Intervals = tuple[Interval, ...]


def union(intervals: Iterable[Interval]) -> Intervals:
    """Sorted, with what overlaps or touches as one; empty ones are left out."""
    found: list[Interval] = []
    for start, end in sorted(each for each in intervals if each[0] < each[1]):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return tuple(found)


def less(intervals: Iterable[Interval], taken: Iterable[Interval]) -> Intervals:
    """What is in the first and not in the second."""
    left = union(intervals)
    for start, end in union(taken):
        left = tuple(
            part for each in left for part in ((each[0], min(each[1], start)), (max(each[0], end), each[1]))
        )
        left = tuple(each for each in left if each[0] < each[1])
    return left


def common(intervals: Iterable[Interval], others: Iterable[Interval]) -> Intervals:
    """What is in both."""
    second = union(others)
    return tuple(
        (max(start, begin), min(end, stop))
        for start, end in union(intervals)
        for begin, stop in second
        if max(start, begin) < min(end, stop)
    )


def length(intervals: Iterable[Interval]) -> int:
    """How long all of them are together; they are disjoint."""
    return sum(end - start for start, end in intervals)
