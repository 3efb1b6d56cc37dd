"""A planned day as lists, pure: of each owner the contacts in their order, and what cannot be reached today.

Columns grow chunk by chunk and are sorted once at the end; a list is cut out of them when somebody asks for it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from schedulers.followups.day_plan import Items, Place, Placed, Whole

Ids = npt.NDArray[np.bytes_]

_COLUMNS = ("id", "owner", "kind", "due", "place", "at", "lead", "is_agreed")
_TYPES: tuple[Any, ...] = ("S20", np.int32, np.int16, np.int64, np.int8, np.int64, np.int32, np.bool_)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One item of an owner's list. `at_us`: when its contact is made, and `lead` the item that it is made for."""

    id: str
    place: Place
    due_us: int
    at_us: int | None
    lead: str | None
    is_agreed: bool


class Growing:
    """Takes planned chunks in, each of whole customers."""

    def __init__(self) -> None:
        self._chunks: list[tuple[npt.NDArray[Any], ...]] = []
        self._count = 0

    def add(self, ids: Ids, items: Items, placed: Placed) -> None:
        """One more chunk."""
        lead = np.where(placed.lead < 0, -1, placed.lead + self._count)
        told = (ids, items.owner, items.kind, items.due, placed.place, placed.at, lead, placed.is_agreed)
        self._chunks.append(tuple(each.astype(kind) for each, kind in zip(told, _TYPES, strict=True)))
        self._count += len(ids)

    def finish(self, owners: Sequence[str]) -> DayLists:
        """All of it, sorted. owners: names by their codes."""
        chunks, self._chunks = self._chunks, []
        columns: dict[str, npt.NDArray[Any]] = {}
        for number in reversed(range(len(_COLUMNS))):
            parts = [chunk[number] for chunk in chunks]
            columns[_COLUMNS[number]] = np.concatenate(parts) if parts else np.empty(0, dtype=_TYPES[number])
            chunks = [chunk[:number] for chunk in chunks]  # what is copied is let go of
        return DayLists(owners, columns)


class DayLists:
    """The lists of all owners."""

    def __init__(self, owners: Sequence[str], columns: dict[str, npt.NDArray[Any]]) -> None:
        self._owners = tuple(owners)
        self._columns = columns
        self._order, self._ends = self._sorted()

    def __len__(self) -> int:
        return len(self._order)

    @property
    def owners(self) -> tuple[str, ...]:
        """Everybody who owns something of the day."""
        return tuple(sorted(self._owners))

    def counts(self) -> dict[Place, int]:
        """How many items stand where."""
        found = Counter(dict(enumerate(np.bincount(self._columns["place"], minlength=len(Place)).tolist())))
        return {place: found[place.value] for place in Place}

    def of(self, owner: str) -> Iterator[Entry]:
        """The list of one owner: his work in its order, what rides along after its contact, at last what must wait."""
        if owner not in self._owners:
            return iter(())
        code = self._owners.index(owner)
        return map(self._entry, self._order[self._ends[code] : self._ends[code + 1]])

    def _entry(self, place: int) -> Entry:
        columns = self._columns
        lead = int(columns["lead"][place])
        return Entry(
            id=columns["id"][place].decode(),
            place=Place(int(columns["place"][place])),
            due_us=int(columns["due"][place]),
            at_us=int(columns["at"][place]) if lead >= 0 else None,
            lead=columns["id"][lead].decode() if lead >= 0 else None,
            is_agreed=bool(columns["is_agreed"][place]),
        )

    def _sorted(self) -> tuple[Whole, Whole]:
        """The items by owner, contact and urgency, and where each owner's begin and end."""
        columns = self._columns
        turn = self._turns()
        order = np.lexsort((columns["due"], columns["place"], turn, columns["owner"]))
        owners = columns["owner"][order]
        return order, np.searchsorted(owners, np.arange(len(self._owners) + 1))

    def _turns(self) -> npt.NDArray[np.int32]:
        """The turn of each item's contact; of what has none, one after all."""
        columns = self._columns
        leads = np.flatnonzero((columns["place"] == Place.CONTACT) | (columns["place"] == Place.DESK))
        is_agreed = columns["is_agreed"][leads]
        urgency = np.where(is_agreed, columns["at"][leads], columns["due"][leads])
        sorted_leads = leads[np.lexsort((columns["kind"][leads], urgency, ~is_agreed))]
        turns = np.full(len(columns["place"]) + 1, len(leads), dtype=np.int32)
        turns[sorted_leads] = np.arange(len(leads), dtype=np.int32)
        turn: npt.NDArray[np.int32] = turns[columns["lead"]]  # -1 is the last one, which has no contact
        return turn
