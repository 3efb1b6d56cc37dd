"""Numbers that were missed and not spoken with since: who is to be called back now.

Rows, the latest missed call first: `{"number", "number_e164", "times", "first_missed_at", "last_missed_at",
"disposition", "queue", "wait_seconds", "longest_wait_seconds", "missed_again", "last_agent", "last_agent_at"}`.

A call is missed, and a number can be called back, by the very rules of the metric `missed_not_called_back`, which
counts a number once a day and within limits.first_contact hours. Of one day and within those hours its count is that of
the rows with `missed_again` false: a number that was spoken with and then missed again is owed a call, though the
first one was returned. Withheld numbers, switchboards and short codes cannot be called back and are not here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from analytics.metrics.fold_customers import can_be_called_back, is_answered, is_missed
from analytics.metrics.formulas import left_us
from analytics.metrics.in_force import InForce
from analytics.metrics.periods import Period
from analytics.reports.report import Cell, Report
from analytics.values import Called, LastTalk, Source, Waited
from config.policies import Policy
from telephony.calls.facts import Direction
from telephony.calls.record import instant
from telephony.clock import from_microseconds, to_microseconds
from telephony.numbers import to_e164

LastTalks = Callable[[Collection[str]], Mapping[str, LastTalk]]
"""Numbers → who spoke with each last, however long ago."""


@dataclass(slots=True, kw_only=True)
class Owed:
    """The missed calls of one number since somebody spoke with it, in order of time."""

    calls: list[Called] = field(default_factory=list)
    again: bool = False  # an earlier missed call was followed by a talk

    def spoken(self, at_us: int) -> None:
        """Somebody spoke with the number in a call that began at an instant."""
        left = [each for each in self.calls if each.start_us >= at_us]
        self.again = self.again or len(left) < len(self.calls)
        self.calls = left


def missed_report(source: Source, policy: Policy, period: Period, as_of: datetime, last_talks: LastTalks) -> Report:
    """Numbers whose missed calls began in a period, and with which nobody has spoken since, as known at an instant."""
    found = owed(source, InForce(policy), period, to_microseconds(as_of))
    queues = _last_visits(source.waits_of([each.calls[-1].call_id for each in found.values()]))
    talks = last_talks(list(found))
    ordered = sorted(found.items(), key=lambda each: (-each[1].calls[-1].start_us, each[0]))
    rows = tuple(_row(policy, number, each, queues, talks.get(number)) for number, each in ordered)
    return Report(name="missed", period=period.label, as_of=as_of, rows=rows, warnings=())


def owed(source: Source, in_force: InForce, period: Period, as_of_us: int) -> Mapping[str, Owed]:
    """By number, what is missed and not answered yet."""
    found: dict[str, Owed] = {}
    for called in source.calls(period.start_us, max(period.end_us, as_of_us + 1)):
        number = called.customer
        if number is None or called.start_us > as_of_us or in_force.leaves_out_number(number, called.start_us):
            continue
        if is_answered(called, as_of_us):
            if number in found:
                found[number].spoken(called.start_us)
        elif called.start_us < period.end_us and _is_owed(called, in_force, as_of_us):
            found.setdefault(number, Owed()).calls.append(called)
    return {number: each for number, each in found.items() if each.calls}


def _is_owed(called: Called, in_force: InForce, as_of_us: int) -> bool:
    rules = in_force.version(called.start_us)
    is_inbound = called.direction is Direction.INBOUND
    return is_inbound and is_missed(called, rules, as_of_us) and can_be_called_back(called, rules)


def _last_visits(waits: Iterable[Waited]) -> dict[str, str]:
    """Call to the queue that it was in last."""
    return {each.call.call_id: each.queue for each in sorted(waits, key=lambda each: each.joined_us)}


def _row(
    policy: Policy, number: str, found: Owed, queues: Mapping[str, str], talk: LastTalk | None
) -> dict[str, Cell]:
    last = found.calls[-1]
    return {
        "number": number,
        "number_e164": to_e164(number, policy.country),
        "times": len(found.calls),
        "first_missed_at": instant(from_microseconds(found.calls[0].start_us)),
        "last_missed_at": instant(from_microseconds(last.start_us)),
        "disposition": last.disposition.value if last.disposition else None,
        "queue": queues.get(last.call_id),
        "wait_seconds": _stayed(last),
        "longest_wait_seconds": max(map(_stayed, found.calls)),
        "missed_again": found.again,
        "last_agent": talk.agent if talk else None,
        "last_agent_at": instant(from_microseconds(talk.at_us)) if talk else None,
    }


def _stayed(called: Called) -> float:
    """From the call's beginning to its caller's leaving."""
    left = left_us(called) or called.end_us or called.start_us
    return (left - called.start_us) // 1000 / 1000
