"""Which linkedids are one call: those that one channel bore, and those of channels that a transfer joined. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from telephony.pbxlogs.dossiers import extra_of
from telephony.pbxlogs.rows import CelRow

JOINING = frozenset({"ATTENDEDTRANSFER", "BLINDTRANSFER", "PICKUP"})
"""Events that name further channels of the same call."""


def channels_joined(row: CelRow) -> Iterator[str]:
    """The unique ids of the other channels that a joining row names."""
    for name, value in extra_of(row).items():
        if name.endswith("uniqueid") and value and value != row.uniqueid:
            yield value


class Joins:
    """An equivalence of linkedids; only those that are joined with another are held."""

    def __init__(self) -> None:
        self._parents: dict[str, str] = {}

    def join(self, linkedids: Iterable[str]) -> None:
        """All of these are one call."""
        first: str | None = None
        for each in linkedids:
            if first is None:
                first = self._root(each)
            else:
                self._parents[self._root(each)] = first
                first = self._root(first)

    def groups(self) -> list[list[str]]:
        """The linkedids of each call that has several."""
        found: dict[str, list[str]] = {}
        for each in list(self._parents):
            found.setdefault(self._root(each), []).append(each)
        return [group for group in found.values() if len(group) > 1]

    def _root(self, linkedid: str) -> str:
        parents = self._parents
        root = linkedid
        while (above := parents.setdefault(root, root)) != root:
            root = above
        while linkedid != root:
            parents[linkedid], linkedid = root, parents[linkedid]
        return root
