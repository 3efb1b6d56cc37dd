"""Counts a simulated year from the lines of the story alone, so that they can be held against what the accounts say."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from schedulers.followups.records import Change, FollowUp, Obstacle, What
from schedulers.simulation.checks import ViolationError


@dataclass(slots=True)
class Cell:
    """One kind in one month: what arose, ended and was tried in it, and what stood at its end."""

    arising: int = 0
    cannot_be_met: int = 0  # said when it arose
    done: int = 0  # in time
    late: int = 0
    closed: Counter[str] = field(default_factory=Counter)
    attempts: int = 0
    open: int = 0  # at the month's end, whether in time or not
    overdue: int = 0  # of them


@dataclass(slots=True)
class Balance:
    """A kind since the beginning. due = on time + late + closed + open in time + open overdue."""

    due: int = 0
    on_time: int = 0
    late: int = 0
    closed: int = 0

    @property
    def owed(self) -> int:
        """What is still to be open."""
        return self.due - self.on_time - self.late - self.closed


class Tally:
    """The figures of a year while it is lived."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self.month = ""
        self.cells: defaultdict[tuple[str, str], Cell] = defaultdict(Cell)
        self.balances: defaultdict[str, Balance] = defaultdict(Balance)
        self.calls: Counter[tuple[str, date]] = Counter()  # by group and day
        self.seconds: Counter[tuple[str, str]] = Counter()  # of agents, by group and month

    def cell(self, kind: str) -> Cell:
        """A kind in the month that goes on."""
        return self.cells[kind, self.month]

    def note(self, change: Change) -> None:
        """A line of a story."""
        after = change.after
        if change.what not in _COUNTED:
            return
        cell, balance = self.cell(after.kind), self.balances[after.kind]
        if change.what is What.BORN:
            balance.due += 1
            cell.arising += 1
            cell.cannot_be_met += after.obstacle in _UNMEETABLE
        elif change.what is What.CLOSED:
            balance.closed += 1
            cell.closed[after.reason or ""] += 1
        elif after.fulfilled_at is not None and after.fulfilled_at > after.due_at:
            balance.late += 1
            cell.late += 1
        else:
            balance.on_time += 1
            cell.done += 1

    def check(self, items: Iterable[FollowUp], at: datetime, day: date) -> None:
        """At a midnight: what is open by the stories is open in the accounts, in time or overdue.

        Fixes what stood at the end of a month that is over. Raises ViolationError.
        """
        in_time, overdue = Counter[str](), Counter[str]()
        for each in items:
            (overdue if each.due_at < at else in_time)[each.kind] += 1
        for kind, balance in self.balances.items():
            found = in_time[kind] + overdue[kind]
            if balance.owed != found:
                what = f"{kind} on {day.isoformat()}: {found} open"
                raise ViolationError(self._seed, what, f"{balance.owed} of {balance.due} that were due")
        for kind in self.balances:
            cell = self.cell(kind)
            cell.open, cell.overdue = in_time[kind] + overdue[kind], overdue[kind]


_COUNTED = frozenset({What.BORN, What.DONE, What.CLOSED})
_UNMEETABLE = frozenset({Obstacle.NO_WINDOW, Obstacle.CAP})
