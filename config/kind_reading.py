"""Reads one [[version.followup]]: a kind of promise, key by key. Its phrases are those of `config.promise_grammar`."""

from __future__ import annotations

import re
from datetime import time, timedelta
from itertools import pairwise

from config.calendars import WEEKDAYS
from config.followups import (
    Alarm,
    Attempts,
    Basis,
    Due,
    DueKind,
    Every,
    FollowUpKind,
    FulfilledBy,
    Match,
    Mode,
    OwnerRule,
    Result,
    Step,
    Trigger,
    TriggerKind,
    Windows,
)
from config.policy_tables import CLOCK, read_spans
from config.promise_grammar import (
    EXPECTED_DUE,
    EXPECTED_SPAN,
    EXPECTED_STEP,
    EXPECTED_TRIGGER,
    due_of,
    span_of,
    step_of,
    trigger_of,
)
from config.reading import Table
from config.showing import one_of, shown

ID = r"[a-z0-9_]{1,40}"
EXPECTED_ID = "a name of small letters, digits and _"
EXPECTED_CLOCKS = 'a list of times of day such as ["11:00", "16:00"]'
EXPECTED_MATCH = 'conditions such as { class = ["general"], amount = { at_least = 100 } }'
MAX_TALK = 3600
MAX_TRIES = 50
NUMBER = "number"


def read_kind(table: Table) -> FollowUpKind:
    """One kind; what it does not say has its default."""
    plain = FollowUpKind(id="", name_zh="", name_en="", trigger=MISSED, due=AT_ONCE)
    kind = FollowUpKind(
        id=table.required("kind", expected=EXPECTED_ID, pattern=ID),
        name_zh=table.required("name_zh"),
        name_en=table.required("name_en"),
        source=table.text("source", ""),
        trigger=_trigger(table),
        due=_due(table, "due") or AT_ONCE,
        due_unset=_due(table, "due_unset") if table.has("due_unset") else None,
        approvals=table.integer("approvals", 0, low=0, high=5),
        repeat=_repeat(table),
        every=_every(table),
        first=table.flag("first", True),
        open_before=_span(table, "open_before") or timedelta(),
        top=table.integer("top", 0, low=1, high=1000),
        lunar=table.flag("lunar", False),
        where=_matches(table, "where"),
        who=_matches(table, "who"),
        windows=_windows(table),
        owner=table.choice("owner", OwnerRule.NAMED),
        group=table.optional("group"),
        skill=table.optional("skill"),
        anyone=table.flag("anyone", False),
        attempts=_attempts(table.table("attempts")),
        mode=table.choice("mode", Mode.PREVIEW),
        fulfilled_by=table.choice("fulfilled_by", FulfilledBy.TALK),
        in_person=table.flag("in_person", False),
        min_talk=timedelta(seconds=table.integer("min_talk", 10, low=0, high=MAX_TALK)),
        inbound=table.flag("inbound", False),
        agreed=table.flag("agreed", True),
        one_open=table.checked("one_open", "", NUMBER.__eq__, f'"{NUMBER}"'),
        survey=table.optional("survey"),
        script_zh=table.text("script_zh", ""),
        script_en=table.text("script_en", ""),
        reasons=table.texts("reasons", expected="a list of reasons") if table.has("reasons") else plain.reasons,
        basis=table.choice("basis", Basis.SERVICE),
        overdue=table.choice("overdue", Alarm.LEADER),
        at_once=table.choice("at_once", Alarm.NOBODY),
        announce=_span(table, "announce"),
        level_up=table.flag("level_up", False),
    )
    table.done()
    return kind


MISSED = Trigger(kind=TriggerKind.MISSED_CALL)
AT_ONCE = Due(kind=DueKind.ELAPSED)
"""Stand for what was read badly; they are never handed out without their error."""


def _trigger(table: Table) -> Trigger:
    text = table.checked("trigger", "", trigger_of, EXPECTED_TRIGGER)
    if not table.has("trigger"):
        table.note("trigger", "nothing", EXPECTED_TRIGGER)
    return trigger_of(text) or MISSED


def _due(table: Table, key: str) -> Due | None:
    if not table.has(key):
        table.note(key, "nothing", EXPECTED_DUE)
    return due_of(table.checked(key, "", due_of, EXPECTED_DUE))


def _span(table: Table, key: str) -> timedelta | None:
    return span_of(table.checked(key, "", span_of, EXPECTED_SPAN))


def _every(table: Table) -> Step | None:
    return step_of(table.checked("every", "", step_of, EXPECTED_STEP))


def _repeat(table: Table) -> tuple[Step, ...]:
    texts = table.texts("repeat", expected=f"a list of {EXPECTED_STEP}")
    steps = tuple(step for step in map(step_of, texts) if step)
    if len(steps) < len(texts):
        table.note("repeat", shown(next(text for text in texts if not step_of(text))), EXPECTED_STEP)
    elif any(_rough(a) >= _rough(b) for a, b in pairwise(steps)):
        table.note("repeat", "distances that do not grow", "each one further than the one before")
    return steps


DAYS = {Every.DAY: 1, Every.WEEK: 7, Every.MONTH: 30, Every.YEAR: 365}


def _rough(step: Step) -> int:
    """Days, near enough to compare two distances."""
    return step.count * DAYS[step.unit]


def _windows(table: Table) -> Windows:
    clocks = table.texts("near", expected=EXPECTED_CLOCKS, pattern=CLOCK)
    expected = f"a list of {one_of(WEEKDAYS)}"
    names = table.texts("weekdays", expected=expected, pattern="|".join(WEEKDAYS))
    return Windows(
        spans=read_spans(table, "windows"),
        near=tuple(time.fromisoformat(clock) for clock in clocks),
        edges=table.flag("edges", False),
        weekdays=tuple(WEEKDAYS.index(name) for name in names),
        closed_days=table.flag("closed_days", False),
    )


def _attempts(table: Table) -> Attempts:
    plain = Attempts()
    attempts = Attempts(
        least=table.integer("least", plain.least, low=1, high=MAX_TRIES),
        most=table.integer("most", plain.most, low=1, high=MAX_TRIES),
        uncounted=table.integer("uncounted", plain.uncounted, low=1, high=MAX_TRIES),
        days=table.integer("days", plain.days, low=1, high=30),
        windows=table.integer("windows", plain.windows, low=1, high=30),
        spacing=tuple((result, span) for result in Result if (span := _span(table, result.value)) is not None),
    )
    table.done()
    return attempts


def _matches(table: Table, key: str) -> tuple[Match, ...]:
    """Conditions by attribute, in the order of the file: a list of texts, `{ at_least = N }` or `{ is = […] }`."""
    value = table.raw(key)
    if value is None:
        return ()
    if not isinstance(value, dict):
        table.note(key, shown(value), EXPECTED_MATCH)
        return ()
    matches = [_match(name, wanted) for name, wanted in value.items()]
    wrong = next((name for name, match in zip(value, matches, strict=True) if match is None), None)
    if wrong is not None:
        table.note(key, f"another condition on {shown(wrong)}", EXPECTED_MATCH)
    return tuple(match for match in matches if match)


def _match(name: str, wanted: object) -> Match | None:
    if not re.fullmatch(ID, name):
        return None
    if not isinstance(wanted, dict):
        values = _texts(wanted)
        return Match(key=name, values=values) if values else None
    low, values, missing = wanted.get("at_least"), _texts(wanted.get("is")), wanted.get("or_missing", False)
    whole = isinstance(low, int) and not isinstance(low, bool)
    asked = {"at_least"} if whole else {"is"} if values else set()
    if not asked or not isinstance(missing, bool) or set(wanted) - {"or_missing"} != asked:
        return None
    return Match(key=name, values=values, at_least=low if whole else None, or_missing=missing)


def _texts(wanted: object) -> tuple[str, ...]:
    texts = wanted if isinstance(wanted, list) else []
    good = all(isinstance(each, str) and each.strip() and each.isprintable() for each in texts)
    return tuple(texts) if good else ()
