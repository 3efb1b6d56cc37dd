"""The figures of one day by what a board tells apart: agents, queues, hours. Sums are kept, not made anew.

What is over is absorbed once; what goes on is laid over it at each look. So a look costs what goes on now, and not
what the day has had.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

from analytics.metrics.cells import NO_TIME, QUARTERS_AN_HOUR, Cells
from analytics.metrics.measures import Sheet
from analytics.metrics.tallies import Tally

K = TypeVar("K")

MOST_SCOPES = 64
"""Of how many scopes sums are kept; those not asked for longest are made anew when they are."""


class Place(NamedTuple):
    """Where a day's measures are kept: of an agent in a queue, or of a queue in an hour."""

    sheet: Sheet
    agent: str
    queue: str
    hour: int  # by the centre's clocks, 0 to 23; NO_TIME for what agents did


Placed = dict[Place, Tally]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Whose figures are summed; None is everybody's. Calls that came to no queue are in `queues` None only."""

    agents: frozenset[str] | None = None
    worked: frozenset[str] | None = None  # the queues in which these agents' work counts
    queues: frozenset[str] | None = None  # the queues whose calls and callers count

    def has(self, place: Place) -> bool:
        """Whether what is kept there counts."""
        if place.sheet is Sheet.LOAD:
            return self.queues is None or place.queue in self.queues
        mine = self.agents is None or place.agent in self.agents
        return mine and (self.worked is None or place.queue in self.worked)


EVERYTHING = Scope()


def placed(cells: Cells) -> Placed:
    """Cells as a board tells them apart."""
    found: Placed = {}
    for cell, tally in cells.items():
        hour = NO_TIME if cell.quarter == NO_TIME else cell.quarter // QUARTERS_AN_HOUR
        place = Place(cell.sheet, cell.agent, cell.queue, hour)
        _into(found, place).absorb(tally)
    return found


class Figures:
    """Sums of some measures, told apart. Agents' work and what calls met stand on two sheets, as in reports."""

    __slots__ = ("by_agent", "by_hour", "by_queue", "whole", "worked")

    def __init__(self) -> None:
        self.by_agent: dict[str, Tally] = {}
        self.by_queue: dict[str, Tally] = {}  # what calls and callers met in each queue
        self.worked: dict[str, Tally] = {}  # what agents did in each queue: rings
        self.by_hour: dict[int, Tally] = {}
        self.whole = Tally()  # both sheets

    def absorb(self, found: Mapping[Place, Tally], scope: Scope) -> None:
        """Add what counts in this scope."""
        for place, tally in found.items():
            if not scope.has(place):
                continue
            self.whole.absorb(tally)
            if place.sheet is Sheet.LOAD:
                _into(self.by_queue, place.queue).absorb(tally)
                _into(self.by_hour, place.hour).absorb(tally)
            else:
                _into(self.by_agent, place.agent).absorb(tally)
                _into(self.worked, place.queue).absorb(tally)

    def over(self, base: Figures) -> Figures:
        """These laid over a base, which stays as it is; a tally to which nothing was added is the base's own."""
        laid = Figures()
        laid.by_agent = _laid(base.by_agent, self.by_agent)
        laid.by_queue = _laid(base.by_queue, self.by_queue)
        laid.worked = _laid(base.worked, self.worked)
        laid.by_hour = _laid(base.by_hour, self.by_hour)
        laid.whole = _sum((base.whole, self.whole))
        return laid


class DaySums:
    """The sums of what is over today, in each scope that somebody asks for."""

    def __init__(self) -> None:
        self.kept: Placed = {}
        self._scopes: OrderedDict[Scope, Figures] = OrderedDict()

    def absorb(self, found: Mapping[Place, Tally]) -> None:
        """Add what will not change any more."""
        for place, tally in found.items():
            _into(self.kept, place).absorb(tally)
        for scope, figures in self._scopes.items():
            figures.absorb(found, scope)

    def of(self, scope: Scope) -> Figures:
        """The sums of a scope; not to be changed."""
        figures = self._scopes.get(scope)
        if figures is None:
            figures = self._scopes[scope] = Figures()
            figures.absorb(self.kept, scope)
        self._scopes.move_to_end(scope)
        while len(self._scopes) > MOST_SCOPES:
            self._scopes.popitem(last=False)
        return figures


def _into(rows: dict[K, Tally], key: K) -> Tally:
    tally = rows.get(key)
    if tally is None:
        tally = rows[key] = Tally()
    return tally


def _laid(base: dict[K, Tally], more: dict[K, Tally]) -> dict[K, Tally]:
    return base | {key: _sum((base[key], tally)) if key in base else tally for key, tally in more.items()}


def _sum(tallies: Iterable[Tally]) -> Tally:
    whole = Tally()
    for each in tallies:
        whole.absorb(each)
    return whole
