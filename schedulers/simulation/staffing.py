"""How many agents the promises of a policy need, estimated from what it says and from how customers answer. Pure.

A kind needs people in two ways: for the work of a year in the hours at which its customers may be disturbed while an
agent is here, and for the one day on which it is owed to all. Kinds of narrow hours count first: who is here for them
has the other hours for the rest.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import ceil

from config.contact_times import ContactTimes
from config.followups import (
    Basis,
    ContactRules,
    DueKind,
    Every,
    FollowUpKind,
    FulfilledBy,
    Result,
    TriggerKind,
    Windows,
)
from config.policies import Policy
from schedulers.customers.records import Customer
from schedulers.simulation.behaviour import ANSWERED, ANSWERS, LONGEST_TALK, MEAN_TALK, Answer, answer_rate, share
from schedulers.simulation.crew import EARLY, LATE, ON_LEAVE, RESTS, RESTS_ON_HOLIDAY
from schedulers.simulation.floor import BY_VISIT, MARKING, MEAN_RINGS, REVIEW, VISITING, WRAP_UP
from schedulers.simulation.outside import ANSWERED as CALLING_IN
from schedulers.simulation.outside import MISSED, OTHER_RATE, PROMISES, RATES
from schedulers.simulation.people import OF_A_BRANCH

YEAR, DAY, HALF_HOUR, HOUR = 365, timedelta(days=1), timedelta(minutes=30), timedelta(hours=1)
HERE = (1 - RESTS / 7) * (1 - ON_LEAVE / YEAR)
"""The share of days on which an agent works."""
BUSY = 0.7
"""The share of his time that is planned for: lists are each agent's own, and do not even out."""
PEAK = 1.5
"""So many times the people of the year at most for its busiest day: nobody hires twice as many for one day."""
STEP_A_YEAR = {Every.DAY: 365.0, Every.WEEK: 52.0, Every.MONTH: 12.0, Every.YEAR: 1.0}
PERIODS = {"week": 52.0, "month": 12.0, "quarter": 4.0, "year": 1.0}
CONTINUING = 0.1
"""How often a year a kind is owed that follows from another one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What a kind asks for: hours of work a year, and on the one day that it is owed to all, if there is one.

    `here`: in how many hours a year an agent can do it; `here_that_day`: in how many of that day.
    """

    work: float
    here: float
    work_that_day: float = 0.0
    here_that_day: float = 0.0


def agents_for(policy: Policy, sample: tuple[Customer, ...], total: int, last: date) -> int:
    """How many agents the promises need beside the leaders in the year to a day, by an estimate from some customers."""
    return agents_of(needs_of(policy, sample, total, last))


def agents_of(needs: Iterable[Need]) -> int:
    """So many that each kind's hours hold its work and that of all kinds with narrower ones; three at least."""
    able = sorted((each for each in needs if each.here), key=lambda each: each.here)
    work, plain, peak = 0.0, 0.0, 0.0
    for each in able:
        work += each.work
        plain = max(plain, work / each.here / BUSY)
        if each.here_that_day:
            peak = max(peak, each.work_that_day / each.here_that_day)
    return max(3, ceil(max(plain, min(peak, PEAK * plain))))


def needs_of(policy: Policy, sample: tuple[Customer, ...], total: int, last: date) -> list[Need]:
    """What each kind asks for, and the calls of customers that are answered between."""
    promises = policy.resolve(datetime.combine(last, EARLY[0], tzinfo=policy.zone)).promises
    shifts = _Shifts(policy, promises.contact, last)
    each_stands_for = total / max(1, len(sample))
    found = [
        _need(kind, policy, shifts, sum(_is_meant(kind, told) for told in sample) * each_stands_for)
        for kind in promises.kinds
    ]
    calls = Need(work=CALLING_IN * total * (MEAN_RINGS + MEAN_TALK) / HOUR, here=shifts.hours(None).a_year)
    return [*found, calls]


def _is_meant(kind: FollowUpKind, told: Customer) -> bool:
    agrees = kind.basis is not Basis.CONSENT or told.consent is True
    return agrees and all(match.holds(told.attribute(match.key)) for match in kind.who)


def _need(kind: FollowUpKind, policy: Policy, shifts: _Shifts, meant: float) -> Need:
    windows = kind.windows if kind.fulfilled_by in {FulfilledBy.TALK, FulfilledBy.CONTACT} else None
    hours = shifts.hours(windows)
    one = _spent_on_one(kind, hours.answer_rate) / HOUR
    is_one_day = kind.trigger.kind is TriggerKind.FESTIVAL and kind.due.kind is DueKind.ON_THE_DAY
    return Need(
        work=meant * _a_year(kind, policy) * one,
        here=hours.a_year,
        work_that_day=meant * one if is_one_day else 0.0,
        here_that_day=hours.a_day * (1 - RESTS_ON_HOLIDAY) if is_one_day else 0.0,
    )


def _spent_on_one(kind: FollowUpKind, rate: float) -> timedelta:
    """What one follow-up takes of an agent's time: all its tries, and what ends it."""
    match kind.fulfilled_by:
        case FulfilledBy.TALK:
            return _calls(kind.attempts.most, rate)
        case FulfilledBy.CONTACT if kind.in_person:
            return VISITING
        case FulfilledBy.CONTACT if kind.min_talk > LONGEST_TALK:  # only a visit will do, and it comes in its turn
            return VISITING + _calls(1, rate) * ((1 - BY_VISIT) / BY_VISIT)
        case FulfilledBy.CONTACT:
            return VISITING * BY_VISIT + _calls(kind.attempts.most, rate) * (1 - BY_VISIT)
        case FulfilledBy.MARK:
            return MARKING
        case FulfilledBy.MESSAGE:
            return timedelta()


def _calls(most: int, rate: float) -> timedelta:
    """Calls until somebody talks, so many at most; those who ask for another time are called once more."""
    talks = rate * share(ANSWERED, Result.TALKED)
    tries = (1 - (1 - talks) ** most) / talks
    return tries * (REVIEW + MEAN_RINGS + WRAP_UP + talks * MEAN_TALK) / (1 - share(ANSWERS, Answer.NOT_NOW))


def _a_year(kind: FollowUpKind, policy: Policy) -> float:
    """How often a year a kind is owed to a customer for whom it is meant."""
    further = len(kind.repeat)
    every = STEP_A_YEAR[kind.every.unit] / kind.every.count if kind.every else 0.0
    match kind.trigger.kind:
        case TriggerKind.EVENT | TriggerKind.CAMPAIGN:
            return RATES.get(kind.trigger.name, OTHER_RATE) * (1 + further + every)
        case TriggerKind.PERIOD:
            return PERIODS[kind.trigger.name]
        case TriggerKind.TOP:
            return PERIODS[kind.trigger.name] * kind.top / OF_A_BRANCH
        case TriggerKind.MEMBER:
            return every or 1.0
        case TriggerKind.FESTIVAL:
            return float(len(policy.versions[-1].promises.major)) if kind.trigger.name == "major" else 1.0
        case TriggerKind.MISSED_CALL:
            return MISSED
        case TriggerKind.PROMISE:
            return PROMISES
        case TriggerKind.BIRTHDAY:
            return 1.0
        case _:
            return CONTINUING


@dataclass(frozen=True, slots=True, kw_only=True)
class _Hours:
    """In how many hours an agent can do something: in a year, on a day on which it can be done at all."""

    a_year: float
    a_day: float
    answer_rate: float  # of the customers who are called in them


class _Shifts:
    """The hours of agents in a year, as far as customers may be disturbed in them; each windows' worked out once."""

    def __init__(self, policy: Policy, contact: ContactRules, last: date) -> None:
        self._policy, self._contact = policy, contact
        self._first = last - DAY * (YEAR - 1)
        self._known: dict[Windows | None, _Hours] = {}

    def hours(self, windows: Windows | None) -> _Hours:
        """Those within some windows; whole shifts for what disturbs nobody."""
        if windows not in self._known:
            self._known[windows] = self._count(windows)
        return self._known[windows]

    def _count(self, windows: Windows | None) -> _Hours:
        times = None if windows is None else ContactTimes(self._policy.openings, self._contact, windows)
        total, answered, days = 0.0, 0.0, set[date]()
        for day in (self._first + DAY * each for each in range(YEAR)):
            for at, share_here in self._half_hours(day):
                if times is None or times.permits(at):
                    total += share_here
                    answered += share_here * answer_rate(at, is_holiday=False)
                    days.add(day)
        a_year = total * HERE
        return _Hours(
            a_year=a_year,
            a_day=a_year / len(days) if days else 0.0,
            answer_rate=answered / total if total else answer_rate(at, is_holiday=False),
        )

    def _half_hours(self, day: date) -> Iterable[tuple[datetime, float]]:
        """The middle of each half hour of the shifts, with the hours that agents are here in it: half have each."""
        for opens, closes in (EARLY, LATE):
            at = datetime.combine(day, opens, tzinfo=self._policy.zone) + HALF_HOUR / 2
            while at.time() < closes:
                yield at, HALF_HOUR / HOUR / 2
                at += HALF_HOUR
