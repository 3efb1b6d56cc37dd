"""Chance without a state: what falls depends on the seed and on what is thrown for, never on the order of throws."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b
from typing import TypeVar

WHOLE = 1 << 64
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Dice:
    """Throws of one seed. The same question gets the same answer, so that work can be done again after a crash."""

    seed: int

    def roll(self, *what: object) -> float:
        """A number in [0, 1)."""
        text = "\x1f".join(map(str, (self.seed, *what)))
        return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big") / WHOLE

    def between(self, low: int, high: int, *what: object) -> int:
        """A whole number in [low, high]."""
        return low + int(self.roll(*what) * (high - low + 1))

    def count(self, expected: float, *what: object) -> int:
        """How often something happens that is expected so often: whole, right in the mean."""
        spread = expected * (0.8 + 0.4 * self.roll("spread", *what))
        return int(spread) + (self.roll(*what) < spread % 1)

    def pick(self, weighed: Iterable[tuple[T, float]], *what: object) -> T:
        """One of several, each as often as its weight says."""
        told = list(weighed)
        left = self.roll(*what) * sum(weight for _, weight in told)
        for value, weight in told:
            left -= weight
            if left < 0:
                return value
        return told[-1][0]
