"""Effective-dated values, laid over one another: pure.

A stretch that is laid over others takes its time from them: what was in force is ended where the new one
begins, and goes on where the new one ends. Neighbours with the same value become one, so laying the same
stretches over twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import groupby, pairwise

from analytics.people.devices import BEGINNING_OF_TIME, END_OF_TIME
from analytics.people.records import Stretch
from config.people import AgentPeriod
from telephony.clock import from_microseconds, to_microseconds


def lay_over(stretches: Iterable[Stretch], new: Iterable[Stretch]) -> tuple[Stretch, ...]:
    """What is in force after each of `new` was laid over what is there, sorted by key and time."""
    laid = _by_key(stretches)
    for each in new:
        of_key = laid.get(each.key, [])
        laid[each.key] = [rest for old in of_key for rest in _outside(old, each)] + [each]
    return joined(each for of_key in laid.values() for each in of_key)


def _by_key(stretches: Iterable[Stretch]) -> dict[str, list[Stretch]]:
    found: dict[str, list[Stretch]] = {}
    for each in stretches:
        found.setdefault(each.key, []).append(each)
    return found


def _outside(old: Stretch, new: Stretch) -> Iterable[Stretch]:
    if old.end_us <= new.start_us or new.end_us <= old.start_us:
        yield old
        return
    if old.start_us < new.start_us:
        yield replace(old, end_us=new.start_us)
    if new.end_us < old.end_us:
        yield replace(old, start_us=new.end_us)


def joined(stretches: Iterable[Stretch]) -> tuple[Stretch, ...]:
    """Sorted by key and time, and neighbours with the same value as one."""
    found: list[Stretch] = []
    for each in sorted(stretches):
        last = found[-1] if found else None
        if last and (last.key, last.value, last.end_us) == (each.key, each.value, each.start_us):
            found[-1] = replace(last, end_us=each.end_us)
        else:
            found.append(each)
    return tuple(found)


def until_the_next(stretches: Iterable[Stretch]) -> list[Stretch]:
    """Stretches of one file: one without an end holds until the next of its key begins."""
    ended: list[Stretch] = []
    for _, of_key in groupby(sorted(stretches), key=lambda each: each.key):
        rows = list(of_key)
        for each, following in zip(rows, [*rows[1:], None], strict=True):
            is_open = each.end_us == END_OF_TIME and following and following.start_us > each.start_us
            ended.append(replace(each, end_us=following.start_us) if is_open and following else each)
    return ended


def value_at(stretches: Iterable[Stretch], key: str, at_us: int) -> str | None:
    """The value in force at an instant."""
    found = (each.value for each in stretches if each.key == key and each.start_us <= at_us < each.end_us)
    return next(found, None)


# -- groups and tiers as a policy holds them ----------------------------------------------------


def split_periods(periods: Iterable[AgentPeriod]) -> tuple[tuple[Stretch, ...], tuple[Stretch, ...]]:
    """Groups and tiers apart, from rows that hold both."""
    rows = tuple(periods)
    groups = (_stretch(each, each.group) for each in rows if each.group)
    tiers = (_stretch(each, each.tier) for each in rows if each.tier)
    return joined(groups), joined(tiers)


def _stretch(row: AgentPeriod, value: str) -> Stretch:
    return Stretch(
        key=row.agent,
        start_us=BEGINNING_OF_TIME if row.start is None else to_microseconds(row.start),
        end_us=END_OF_TIME if row.end is None else to_microseconds(row.end),
        value=value,
    )


def joint_periods(groups: Iterable[Stretch], tiers: Iterable[Stretch]) -> tuple[AgentPeriod, ...]:
    """A row for each stretch in which neither group nor tier changed, by agent and time."""
    grouped, tiered = _by_key(groups), _by_key(tiers)
    return tuple(
        period
        for agent in sorted({*grouped, *tiered})
        for period in _periods_of(agent, grouped.get(agent, []), tiered.get(agent, []))
    )


def _periods_of(agent: str, groups: list[Stretch], tiers: list[Stretch]) -> Iterable[AgentPeriod]:
    edges = sorted({edge for each in (*groups, *tiers) for edge in (each.start_us, each.end_us)})
    for start, end in pairwise(edges):
        group, tier = value_at(groups, agent, start), value_at(tiers, agent, start)
        if group or tier:
            yield AgentPeriod(
                agent=agent,
                tier=tier,
                group=group,
                start=None if start == BEGINNING_OF_TIME else from_microseconds(start),
                end=None if end == END_OF_TIME else from_microseconds(end),
            )
