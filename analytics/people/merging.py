"""What an import makes of everybody: the new state, what changes, and what is refused. Pure.

Rows with a key of their own (an agent, a certificate, a day's change) replace the row with that key. What holds
for a while (devices, groups, tiers, assignments) is laid over what is there. What a file does not name stays.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, replace
from datetime import date, tzinfo
from itertools import pairwise
from typing import Any

from analytics.metrics.periods import start_of_day
from analytics.people.columns import Kind
from analytics.people.devices import BEGINNING_OF_TIME, END_OF_TIME
from analytics.people.records import Agent, People, ShiftAssignment, Stretch
from analytics.people.rows import Place, Placed, Read, Refusal, refused
from analytics.people.stretches import joined, lay_over, until_the_next

FIELDS: dict[Kind, str] = {
    Kind.AGENTS: "agents",
    Kind.DEVICES: "devices",
    Kind.GROUPS: "groups",
    Kind.TIERS: "tiers",
    Kind.CERTIFICATES: "certificates",
    Kind.SHIFTS: "patterns",
    Kind.ROTATIONS: "rotations",
    Kind.ASSIGNMENTS: "assignments",
    Kind.CHANGES: "changes",
    Kind.LEAVE: "leaves",
    Kind.FACTS: "facts",
}
"""Where `People` holds the records of a kind."""

KEYS: dict[Kind, Callable[[Any], tuple[Hashable, ...]]] = {
    Kind.AGENTS: lambda each: (each.agent,),
    Kind.CERTIFICATES: lambda each: (each.agent, each.code, each.role),
    Kind.SHIFTS: lambda each: (each.name,),
    Kind.ROTATIONS: lambda each: (each.name,),
    Kind.CHANGES: lambda each: (each.agent, each.day, each.kind),
    Kind.LEAVE: lambda each: (each.agent, each.start_us),
    Kind.FACTS: lambda each: (each.agent, each.month, each.kind),
}
"""What tells one record of a kind from another, where it does not hold for a while only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What an import would do."""

    new: People
    refusals: tuple[Refusal, ...]
    read: dict[Kind, int]  # good rows by kind


def plan_import(old: People, told: Read, zone: tzinfo) -> Plan:
    """Lay what files told over everybody. Rows that contradict each other or name nobody are refused."""
    good, refusals = list(told.placed), list(told.refusals)
    # Twice, because a rotation that is refused is no shift that an assignment may name.
    for check in (_twice, _overlapping, _unknown_agents, _unknown_shifts, _unknown_shifts):
        bad = check(good, old)
        refusals += bad.values()
        good = [each for place, each in enumerate(good) if place not in bad]
    new = old.with_agents(frozenset(each.agent for each in good if each.agent and each.kind is Kind.DEVICES))
    for kind in Kind:
        rows = [each.record for each in good if each.kind is kind]
        if rows:
            new = replace(new, **{FIELDS[kind]: _merged(kind, getattr(new, FIELDS[kind]), rows)})
    counts = {kind: sum(each.kind is kind for each in good) for kind in Kind}
    return Plan(
        new=_while_here(_named(new, good), zone),
        refusals=tuple(sorted(refusals, key=lambda each: (each.file, each.sheet or "", each.row or 0))),
        read={kind: count for kind, count in counts.items() if count},
    )


# -- checks: place of a bad row → why ----------------------------------------------------------------

Checked = dict[int, Refusal]


def _twice(rows: list[Placed], _: People) -> Checked:
    """Two rows of an import with one key and different contents; the same row twice is no harm."""
    first: dict[tuple[Hashable, ...], Placed] = {}
    bad: Checked = {}
    for at, each in enumerate(rows):
        if each.kind in KEYS:
            known = first.setdefault((each.kind, *KEYS[each.kind](each.record)), each)
            if known.record != each.record:
                bad[at] = refused(
                    each.place, None, f"found another content in {_where(known.place)}, expected one row"
                )
    return bad


def _overlapping(rows: list[Placed], _: People) -> Checked:
    """Rows that hold at the same time for one key; an open one ends where the next begins."""
    bad: Checked = {}
    by_key: dict[tuple[Kind, str], list[tuple[Stretch, int]]] = {}
    for at, each in enumerate(rows):
        if each.kind not in KEYS:
            stretch = _as_stretch(each.record)
            by_key.setdefault((each.kind, stretch.key), []).append((stretch, at))
    for found in by_key.values():
        found.sort(key=lambda pair: (pair[0].start_us, pair[0].end_us, pair[1]))
        for (one, first), (other, second) in pairwise(found):
            is_open = one.end_us == END_OF_TIME and one.start_us < other.start_us
            if one != other and other.start_us < one.end_us and not is_open:
                why = f"found it at the same time as {_where(rows[first].place)}, expected rows that follow each other"
                bad[second] = refused(rows[second].place, "from", why)
    return bad


def _unknown_agents(rows: list[Placed], old: People) -> Checked:
    telling = (Kind.AGENTS, Kind.DEVICES)
    known = {each.agent for each in old.agents} | {each.agent for each in rows if each.kind in telling}
    return {
        at: refused(
            each.place, "agent", f"found {each.agent!r}, expected an agent who is known: import agents first"
        )
        for at, each in enumerate(rows)
        if each.agent is not None and each.agent not in known
    }


def _unknown_shifts(rows: list[Placed], old: People) -> Checked:
    patterns = {each.name for each in old.patterns} | _names(rows, Kind.SHIFTS)
    everything = patterns | {each.name for each in old.rotations} | _names(rows, Kind.ROTATIONS)
    bad: Checked = {}
    for at, each in enumerate(rows):
        known = everything if each.kind is Kind.ASSIGNMENTS else patterns
        column = "weeks" if each.kind is Kind.ROTATIONS else "shift"
        unknown = [name for name in _shifts_named(each) if name not in known]
        if unknown:
            expected = ", ".join(sorted(known)) or "none: import shifts first"
            bad[at] = refused(each.place, column, f"found {unknown[0]!r}, expected a known shift: {expected}")
    return bad


def _names(rows: list[Placed], kind: Kind) -> set[str]:
    return {each.record.name or "" for each in rows if each.kind is kind and hasattr(each.record, "name")}


def _shifts_named(each: Placed) -> Iterable[str]:
    if each.kind is Kind.ROTATIONS:
        return [week for week in getattr(each.record, "weeks", ()) if week is not None]
    shift = getattr(each.record, "shift", None)
    return [shift] if shift is not None else []


def _where(place: Place) -> str:
    return f"row {place.row}" + (f" of sheet {place.sheet}" if place.sheet else "")


# -- laying over --------------------------------------------------------------------------------------


def _merged(kind: Kind, old: tuple[Any, ...], rows: list[Any]) -> tuple[Any, ...]:
    if kind in KEYS:
        by_key = {KEYS[kind](each): each for each in old}
        for each in rows:
            by_key[KEYS[kind](each)] = _with_the_known(each, by_key.get(KEYS[kind](each)))
        return tuple(by_key[key] for key in sorted(by_key))
    laid = lay_over(map(_as_stretch, old), until_the_next(map(_as_stretch, rows)))
    return tuple(map(_as_assignment, laid)) if kind is Kind.ASSIGNMENTS else laid


def _with_the_known(new: Any, old: Any) -> Any:
    """Of an agent, what a list leaves empty stays as it was known."""
    if not isinstance(new, Agent) or old is None:
        return new
    joined_on, left_on = new.joined or old.joined, new.left or old.left
    return replace(new, name=new.name or old.name, joined=joined_on, left=left_on)


def _as_stretch(row: Any) -> Stretch:
    """Assignments hold by local dates: their stretch counts days instead of microseconds."""
    if isinstance(row, Stretch):
        return row
    return Stretch(
        key=row.agent,
        start_us=BEGINNING_OF_TIME if row.start is None else row.start.toordinal(),
        end_us=END_OF_TIME if row.end is None else row.end.toordinal(),
        value=row.shift,
    )


def _as_assignment(stretch: Stretch) -> ShiftAssignment:
    return ShiftAssignment(
        agent=stretch.key,
        shift=stretch.value,
        start=None if stretch.start_us == BEGINNING_OF_TIME else date.fromordinal(stretch.start_us),
        end=None if stretch.end_us == END_OF_TIME else date.fromordinal(stretch.end_us),
    )


def _named(people: People, rows: list[Placed]) -> People:
    """Who has no name yet is called as any row calls him."""
    names = {each.agent: each.name for each in rows if each.name}
    agents = tuple(each if each.name else replace(each, name=names.get(each.agent)) for each in people.agents)
    return replace(people, agents=agents)


def _while_here(people: People, zone: tzinfo) -> People:
    """No group and no tier before an agent joined or after he left."""
    persons = {each.agent: each for each in people.agents}

    def here(stretches: tuple[Stretch, ...]) -> tuple[Stretch, ...]:
        cut = (_cut(each, persons.get(each.key), zone) for each in stretches)
        return joined(each for each in cut if each.start_us < each.end_us)

    return replace(people, groups=here(people.groups), tiers=here(people.tiers))


def _cut(stretch: Stretch, person: Agent | None, zone: tzinfo) -> Stretch:
    if person is None:
        return stretch
    start = BEGINNING_OF_TIME if person.joined is None else start_of_day(person.joined, zone)
    end = END_OF_TIME if person.left is None else start_of_day(person.left, zone)
    return replace(stretch, start_us=max(start, stretch.start_us), end_us=min(end, stretch.end_us))
