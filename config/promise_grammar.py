"""The small phrases of a promise: "72 hours", "2 working days", "event:order", "2 a day", "3 months".

Each function tells a phrase, or None for what is no such phrase; the caller says where it stood. The same phrases
are listed in docs/policies.md.
"""

from __future__ import annotations

import re
from datetime import timedelta

from config.festival_names import FESTIVAL_NAMES
from config.followups import Cap, Due, DueKind, Every, Result, Step, Trigger, TriggerKind

MAX_COUNT = 999
PERIODS = ("week", "month", "quarter", "year")
TOP_PERIODS = ("month", "quarter")
MAJOR = "major"
NAME = r"[a-z0-9_]{1,40}"

EXPECTED_DUE = (
    '"N minutes", "N hours", "N open minutes", "N open hours", "N days", "N working days", "on the day", '
    '"in the period", "as promised" or "by hand"'
)
EXPECTED_SPAN = 'a span such as "10 minutes", "2 hours" or "1 day", N from 1 to 999'
EXPECTED_STEP = 'a distance such as "2 weeks" or "6 months", N from 1 to 999'
EXPECTED_CAP = 'caps such as "2 a day", "5 a week" or "9 a month"'
EXPECTED_TRIGGER = (
    "missed_call, promise, promise:NAME, outcome:RESULT, event:NAME, campaign, campaign:NAME, member, "
    "period:week|month|quarter|year, "
    "top:month|quarter, birthday, festival:NAME, festival:major, done:KIND, closed:KIND or unsatisfied:KIND"
)

_COUNTED = re.compile(r"(?P<count>[1-9][0-9]{0,2}) (?P<unit>[a-z][a-z ]*[a-z])")
_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400}
_PLAIN_DUE = {
    "on the day": DueKind.ON_THE_DAY,
    "in the period": DueKind.IN_THE_PERIOD,
    "as promised": DueKind.PROMISED,
    "by hand": DueKind.BY_HAND,
}
_CAP_DAYS = {"day": 1, "week": 7, "month": 30}
_EITHER = {TriggerKind.PROMISE, TriggerKind.CAMPAIGN}
"""Triggers that may have a name and need none."""
_ALONE = {TriggerKind.MISSED_CALL, TriggerKind.MEMBER, TriggerKind.BIRTHDAY, *_EITHER}
_NAMES: dict[TriggerKind, tuple[str, ...]] = {
    TriggerKind.PERIOD: PERIODS,
    TriggerKind.TOP: TOP_PERIODS,
    TriggerKind.OUTCOME: tuple(Result),
    TriggerKind.FESTIVAL: (MAJOR, *FESTIVAL_NAMES),
}


def span_of(text: str) -> timedelta | None:
    """A duration by the clock: "10 seconds", "1 minute", "2 hours", "1 day" (24 h)."""
    count, unit = _counted(text)
    return timedelta(seconds=count * _SECONDS[unit]) if unit in _SECONDS else None


def due_of(text: str) -> Due | None:
    """By when: see EXPECTED_DUE."""
    if text in _PLAIN_DUE:
        return Due(kind=_PLAIN_DUE[text])
    count, unit = _counted(text)
    if unit in ("day", "working day"):
        return Due(kind=DueKind.DAYS if unit == "day" else DueKind.WORKING_DAYS, amount=count)
    kind = DueKind.OPEN if unit.startswith("open ") else DueKind.ELAPSED
    unit = unit.removeprefix("open ")
    return Due(kind=kind, span=timedelta(seconds=count * _SECONDS[unit])) if unit in ("minute", "hour") else None


def step_of(text: str) -> Step | None:
    """A distance by the calendar: "10 days", "2 weeks", "6 months", "1 year"."""
    count, unit = _counted(text)
    return Step(count=count, unit=Every(unit)) if unit in tuple(Every) else None


def cap_of(text: str) -> Cap | None:
    """No more than so many contacts: "2 a day" (24 h), "5 a week" (7 × 24 h), "9 a month" (30 × 24 h)."""
    found = re.fullmatch(r"([1-9][0-9]{0,2}) a (day|week|month)", text)
    return Cap(count=int(found[1]), span=timedelta(days=_CAP_DAYS[found[2]])) if found else None


def trigger_of(text: str) -> Trigger | None:
    """What makes it arise: see EXPECTED_TRIGGER. Whether a named kind is there is not known here."""
    word, colon, name = text.partition(":")
    kind = next((each for each in TriggerKind if each.value == word), None)
    if kind is None:
        return None
    if not colon:
        return Trigger(kind=kind) if kind in _ALONE else None
    if kind in _ALONE - _EITHER or not re.fullmatch(NAME, name):
        return None
    allowed = _NAMES.get(kind)
    return Trigger(kind=kind, name=name) if allowed is None or name in allowed else None


def _counted(text: str) -> tuple[int, str]:
    """ "2 hours" is (2, "hour"), with or without its s; (0, "") for anything else."""
    found = _COUNTED.fullmatch(text)
    return (int(found["count"]), found["unit"].removesuffix("s")) if found else (0, "")
