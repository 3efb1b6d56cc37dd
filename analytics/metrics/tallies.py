"""What one row of a result is counted in, before any ratio is taken."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from analytics.metrics.spreads import Spread


class Tally:
    """The measures of one agent, queue, day …: what was not counted is 0.

    sums: measures that add up. greatest: measures of which the greatest counts. spreads: histograms, by name.
    """

    __slots__ = ("greatest", "spreads", "sums")

    def __init__(
        self,
        sums: Mapping[str, int] | None = None,
        greatest: Mapping[str, int] | None = None,
        spreads: Mapping[str, Spread] | None = None,
    ) -> None:
        self.sums: defaultdict[str, int] = defaultdict(int, sums or {})
        self.greatest: dict[str, int] = dict(greatest or {})
        self.spreads: dict[str, Spread] = {name: dict(each) for name, each in (spreads or {}).items()}

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Tally):
            return NotImplemented
        return self.as_values() == other.as_values()

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Tally({self.as_values()})"

    def as_values(self) -> dict[str, object]:
        """All that is not nothing: what two tallies are compared by."""
        counted: dict[str, object] = {name: value for name, value in self.sums.items() if value}
        counted |= {name: value for name, value in self.greatest.items() if value}
        return counted | {name: each for name, each in self.spreads.items() if each}

    def __getitem__(self, measure: str) -> int:
        """A measure's value; 0 where it was not counted."""
        return self.sums.get(measure) or self.greatest.get(measure, 0)

    def total(self, measures: Iterable[str]) -> int:
        """The sum of some measures."""
        return sum(self[each] for each in measures)

    def reach(self, measure: str, value: int) -> None:
        """Keep the greatest."""
        if value > self.greatest.get(measure, 0):
            self.greatest[measure] = value

    def spread(self, name: str, bucket: int) -> None:
        """Count one in a bucket of a histogram."""
        counts = self.spreads.get(name)
        if counts is None:
            counts = self.spreads[name] = {}
        counts[bucket] = counts.get(bucket, 0) + 1

    def absorb(self, other: Tally) -> None:
        """Add what another counted."""
        sums = self.sums
        for name, value in other.sums.items():
            sums[name] += value
        for name, value in other.greatest.items():
            self.reach(name, value)
        for name, counts in other.spreads.items():
            mine = self.spreads.get(name)
            if mine is None:
                self.spreads[name] = dict(counts)
                continue
            for bucket, count in counts.items():
                mine[bucket] = mine.get(bucket, 0) + count
