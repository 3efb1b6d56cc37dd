"""Where a value is counted: one cell for each combination of what figures can be told apart by.

Roll-ups store cells; a question groups them into rows. What a cell names was in force when the call or offering began
(domain.md §1 *In force*): the agent's group and tier, the number's line and branch, the service code, the hours.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from analytics.errors import QueryError
from analytics.metrics.in_force import InForce
from analytics.metrics.measures import Family, Sheet
from analytics.metrics.tallies import Tally
from analytics.values import Called, OfCall

QUARTERS_AN_HOUR = 4
MINUTES_A_QUARTER = 15
NO_TIME = -1
"""Weekday and quarter of what is not told apart by them."""


class Cell(NamedTuple):
    """One combination. '' where something is not known, is in no group, or is not told apart."""

    agent: str = ""
    group: str = ""
    tier: str = ""
    queue: str = ""
    did: str = ""
    line: str = ""
    branch: str = ""
    code: str = ""
    direction: str = ""
    hours: str = ""
    reason: str = ""  # of a pause
    weekday: int = NO_TIME  # 0 is Monday
    quarter: int = NO_TIME  # of an hour, 0 to 95, by the clocks of the centre's zone
    call_id: str = ""  # only where the calls behind a figure are asked for

    @property
    def sheet(self) -> Sheet:
        """Agents' time is not told apart by the clock; calls are."""
        return Sheet.AGENTS if self.weekday == NO_TIME else Sheet.LOAD


Cells = dict[Cell, Tally]
"""What was counted, by cell."""


class Group(StrEnum):
    """By what the rows of a result are told apart. The names are also those of filters."""

    AGENT = "agent"
    GROUP = "group"  # the agent's group
    TIER = "tier"  # the agent's tier
    QUEUE = "queue"
    DID = "did"  # the number that was dialled
    LINE = "line"  # the number's name
    BRANCH = "branch"
    CODE = "code"  # service code
    DIRECTION = "direction"
    HOURS = "hours"  # in, out, holiday
    REASON = "reason"  # of a pause
    QUARTER_HOUR = "quarter_hour"  # of the day: 09:15
    HOUR = "hour"  # of the day: 09
    WEEKDAY = "weekday"  # 1 is Monday
    DAY = "day"
    WEEK = "week"  # ISO: 2026-W48
    MONTH = "month"
    CALL = "call"  # the calls behind a figure


def parse_groups(text: str) -> tuple[Group, ...]:
    """Read `agent`, `agent,day` or `none`. Raise QueryError."""
    names = [each.strip() for each in text.split(",")]
    known = {each.value: each for each in Group}
    if names == ["none"]:
        return ()
    unknown = [each for each in names if each not in known]
    if unknown:
        raise QueryError(f"group: found {unknown[0]!r}, expected none or one of {', '.join(known)}")
    return tuple(known[each] for each in names)


IN_TIME = frozenset({Group.DAY, Group.WEEK, Group.MONTH})
"""Told apart by the stretch of the period."""

OF_THE_DAY = frozenset({Group.QUARTER_HOUR, Group.HOUR})
OF_PEOPLE = frozenset({Group.AGENT, Group.GROUP, Group.TIER})
OF_CALLS = frozenset(
    {Group.QUEUE, Group.DID, Group.LINE, Group.BRANCH, Group.CODE, Group.DIRECTION, Group.HOURS, Group.CALL}
)
IN_ANY = IN_TIME | OF_THE_DAY | {Group.WEEKDAY}


def groups_of(family: Family) -> frozenset[Group]:
    """By what the measures of a family can be told apart."""
    if family is Family.STATES:
        return IN_ANY | OF_PEOPLE | {Group.REASON}
    if family.sheet is Sheet.AGENTS:
        return IN_ANY | OF_PEOPLE | OF_CALLS
    return IN_ANY | OF_CALLS


class Placing:
    """Finds the cells of values; asks the policy once for each number, queue and person."""

    def __init__(self, in_force: InForce, *, by_call: bool = False) -> None:
        self._in_force = in_force
        self._by_call = by_call
        self._lines: dict[tuple[int, str | None, str | None], tuple[str, str, str]] = {}

    def of_agent(self, agent: str, call: OfCall, queue: str | None, at_us: int) -> Cell:
        """The cell of what an agent did in a call."""
        person = self._in_force.person(agent, at_us)
        line, branch, code = self._line(call, queue, call.start_us)
        return Cell(
            agent,
            person.group,
            person.tier,
            queue or "",
            call.did or "",
            line,
            branch,
            call.code or code,
            call.direction.value if call.direction else "",
            self._in_force.hours(at_us),
            call_id=call.call_id if self._by_call else "",
        )

    def of_state(self, agent: str, at_us: int, queue: str | None = None, reason: str = "") -> Cell:
        """The cell of a state, which belongs to no call."""
        person = self._in_force.person(agent, at_us)
        return Cell(agent, person.group, person.tier, queue or "", reason=reason)

    def of_call(self, call: OfCall | Called, queue: str | None, at_us: int) -> Cell:
        """The cell of a call, or of a visit in a queue, that began at an instant."""
        line, branch, code = self._line(call, queue, call.start_us)
        weekday, quarter = self._in_force.clock.place(at_us)
        return Cell(
            queue=queue or "",
            did=call.did or "",
            line=line,
            branch=branch,
            code=call.code or code,
            direction=call.direction.value if call.direction else "",
            hours=self._in_force.hours(at_us),
            weekday=weekday,
            quarter=quarter,
            call_id=call.call_id if self._by_call else "",
        )

    def _line(self, call: OfCall | Called, queue: str | None, at_us: int) -> tuple[str, str, str]:
        """Line, branch and service code of a number and a queue."""
        index = self._in_force.index(at_us)
        key = (index, call.did, queue)
        found = self._lines.get(key)
        if found is None:
            rules = self._in_force.policy.versions[index]
            line = rules.line_of(call.did)
            found = self._lines[key] = (
                line.name if line else "",
                rules.branch_of(call.did, queue) or "",
                rules.code_of(call.did, queue) or "",
            )
        return found


def regroup(cells: Mapping[Cell, Tally], sheet: Sheet, field: str = "") -> dict[str, Tally]:
    """The tallies of one sheet, told apart by a field of the cell; all in one under '' without."""
    rows: dict[str, Tally] = {}
    for cell, tally in cells.items():
        if cell.sheet is sheet:
            rows.setdefault(getattr(cell, field) if field else "", Tally()).absorb(tally)
    return rows
