"""Exact histograms of durations, from which any whole threshold is answered after the fact.

Waits and talks are in seconds, and bucket k holds (k − 1, k]: "within N seconds" includes N, so it is the sum of the
buckets up to N. Rings are in tenths of a second, and bucket k holds [k − 1, k): a ring of exactly the limit is late
(domain: equality is late), so "before N" is the sum of the buckets up to N as well. Either way nothing is estimated.
A histogram is a mapping of bucket to count; stored, it is pairs of 32-bit numbers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

SECOND_US = 1_000_000
TENTH_US = 100_000

PAIRS = np.dtype([("bucket", "<u4"), ("count", "<u4")])

LARGEST_TABLE = 4_000_000
"""Places of a table of sums: 32 MB."""

Spread = dict[int, int]
"""Bucket to count."""


def bucket_closed(duration_us: int, width_us: int = SECOND_US) -> int:
    """The bucket k whose (k − 1, k] holds a duration; nothing at all is in bucket 0."""
    return -(-duration_us // width_us) if duration_us > 0 else 0


def bucket_open(duration_us: int, width_us: int = TENTH_US) -> int:
    """The bucket k whose [k − 1, k) holds a duration."""
    return max(duration_us, 0) // width_us + 1


def up_to(spread: Mapping[int, int], threshold_us: int, width_us: int) -> int | None:
    """How many are in time by a threshold; None for one that is no whole number of buckets."""
    if threshold_us % width_us:
        return None
    last = threshold_us // width_us
    return sum([count for bucket, count in spread.items() if bucket <= last])


def encode(spread: Mapping[int, int]) -> bytes | None:
    """A histogram as bytes, by bucket; None for an empty one."""
    if not spread:
        return None
    return np.array(sorted(spread.items()), dtype=PAIRS).tobytes()


def decode(stored: bytes | None) -> Spread:
    """A histogram from bytes."""
    if not stored:
        return {}
    pairs = np.frombuffer(stored, dtype=PAIRS)
    return dict(zip(pairs["bucket"].tolist(), pairs["count"].tolist(), strict=True))


def merge(stored: Sequence[bytes | None]) -> list[Spread]:
    """Stored histograms, each of which may be several put one after the other: their sums, one for each."""
    buckets, counts, owners = _concatenated(stored)
    if not buckets.size:
        return [{} for _ in stored]
    width = int(buckets.max()) + 1
    places, sums = _summed(owners * width + buckets, counts, len(stored) * width)
    edges = np.searchsorted(places // width, np.arange(len(stored) + 1)).tolist()
    named, counted = (places % width).tolist(), sums.astype(np.int64).tolist()
    return [dict(zip(named[start:end], counted[start:end], strict=True)) for start, end in pairwise(edges)]


def _summed(
    places: NDArray[np.int64], counts: NDArray[np.float64], size: int
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The places in order, each once, and the sums of their counts; sorting is slower than a table of all places."""
    if size > LARGEST_TABLE:
        once, inverse = np.unique(places, return_inverse=True)
        return once, np.bincount(inverse, weights=counts).astype(np.float64)
    table = np.bincount(places, weights=counts).astype(np.float64)
    once = np.flatnonzero(table)
    return once, table[once]


def _concatenated(
    stored: Sequence[bytes | None],
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.int64]]:
    """All pairs of all histograms in one go: buckets, counts and whose each pair is."""
    parts = [each or b"" for each in stored]
    pairs = np.frombuffer(b"".join(parts), dtype=PAIRS)
    lengths = np.array([len(each) // PAIRS.itemsize for each in parts], dtype=np.int64)
    owners = np.repeat(np.arange(len(parts)), lengths)
    # Counts stay exact as float64: they are far below 2 ** 53.
    return pairs["bucket"].astype(np.int64), pairs["count"].astype(np.float64), owners


def reached_by(spread: Mapping[int, int], share: Fraction) -> int | None:
    """The first bucket by which so large a share of all is counted; None of nothing."""
    total = sum(spread.values())
    counted = 0
    for bucket, count in sorted(spread.items()):
        counted += count
        if counted >= total * share:
            return bucket
    return None
