"""Tests of config.followup_reading, kind_reading and promise_grammar: what a version says of follow-ups."""

from __future__ import annotations

from datetime import time, timedelta
from pathlib import Path

import pytest

from config.calendars import OpenSpan
from config.followups import (
    Alarm,
    Cap,
    ContactRules,
    Due,
    DueKind,
    Every,
    FollowUpKind,
    FulfilledBy,
    Group,
    Match,
    Promises,
    Result,
    Step,
    Trigger,
    TriggerKind,
)
from config.policy_loader import load_policy
from config.promise_grammar import cap_of, due_of, span_of, step_of, trigger_of

WHOLE = """name = "ours"
[[version]]
[version.contact]
windows = ["09:00-12:00", "13:00-20:00"]
caps = ["1 a day", "3 a week", "9 a month"]
nudge = "15 minutes"
nudge_leader = "1 minute"
punctual = "2 minutes"
duty = ["1001"]
major_festivals = ["spring_festival"]
[[version.group]]
group = "service"
leaders = ["1001", "1002"]
above = "management"
[[version.group]]
group = "management"
leaders = ["1"]
[[version.reason]]
id = "moved"
name_zh = "已搬走"
name_en = "moved away"
[[version.survey]]
id = "satisfaction"
least = 20
[[version.survey.question]]
id = "mark"
text_zh = "请打分"
text_en = "Your mark?"
scale = 5
content_from = 4
[[version.followup]]
kind = "care"
name_zh = "关怀"
name_en = "Care"
source = "D"
trigger = "event:report"
due = "by hand"
due_unset = "7 working days"
approvals = 2
repeat = ["3 months", "6 months"]
first = false
open_before = "3 days"
where = { class = ["general"], amount = { at_least = 100 } }
who = { tier = ["core"] }
windows = ["10:00-11:30"]
near = ["11:00"]
edges = true
weekdays = ["mon", "sat"]
closed_days = true
owner = "group"
group = "service"
skill = "sichuan"
anyone = true
mode = "direct"
min_talk = 30
agreed = false
one_open = "number"
survey = "satisfaction"
script_zh = "您好"
script_en = "Good day"
reasons = ["moved"]
basis = "consent"
overdue = "duty"
at_once = "duty"
[version.followup.attempts]
least = 2
most = 4
uncounted = 6
days = 1
windows = 1
busy = "5 minutes"
"""


def read(folder: Path, text: str) -> Promises:
    """What a policy of this text promises."""
    path = folder / "ours.toml"
    path.write_text(text, encoding="utf-8")
    return load_policy(path).versions[0].promises


def test_every_key_of_a_kind_is_read(tmp_path: Path) -> None:
    """Each key reaches its field, and none of them has its default by chance."""
    (kind,) = read(tmp_path, WHOLE).kinds
    assert (kind.id, kind.name_zh, kind.name_en, kind.source) == ("care", "关怀", "Care", "D")
    assert kind.trigger == Trigger(kind=TriggerKind.EVENT, name="report")
    assert (kind.due.kind, kind.due_unset) == (DueKind.BY_HAND, Due(kind=DueKind.WORKING_DAYS, amount=7))
    assert kind.repeat == (Step(count=3, unit=Every.MONTH), Step(count=6, unit=Every.MONTH))
    assert kind.where == (Match(key="class", values=("general",)), Match(key="amount", at_least=100))
    assert (kind.windows.near, kind.windows.weekdays) == ((time(11),), (0, 5))
    assert (kind.attempts.most, kind.attempts.space(Result.BUSY)) == (4, timedelta(minutes=5))
    assert (kind.min_talk, kind.overdue, kind.open_before) == (timedelta(seconds=30), Alarm.DUTY, timedelta(days=3))
    plain = FollowUpKind(id="", name_zh="", name_en="", trigger=kind.trigger, due=kind.due)
    same = {
        "trigger",
        "due",
        "every",
        "top",
        "lunar",
        "inbound",
        "fulfilled_by",
        "announce",
        "level_up",
        "in_person",
    }
    names = set(FollowUpKind.__slots__) - same
    assert [name for name in sorted(names) if getattr(kind, name) == getattr(plain, name)] == []


def test_a_condition_may_hold_where_nothing_is_known(tmp_path: Path) -> None:
    """A list with `or_missing`, or a figure with it; by itself a condition asks for something known."""
    plain = 'where = { class = ["general"], amount = { at_least = 100 } }'
    lax = (
        'where = { class = { is = ["general"], or_missing = true }, amount = { at_least = 1, or_missing = true } }'
    )
    (strict,), (kind,) = read(tmp_path, WHOLE).kinds, read(tmp_path, WHOLE.replace(plain, lax)).kinds
    assert kind.where == (
        Match(key="class", values=("general",), or_missing=True),
        Match(key="amount", at_least=1, or_missing=True),
    )
    assert [match.holds(None) for match in (*strict.where, *kind.where)] == [False, False, True, True]
    assert [match.holds(about) for match, about in zip(kind.where, ("major", 0), strict=True)] == [False, False]


def test_contact_groups_reasons_and_surveys_are_read(tmp_path: Path) -> None:
    """What holds for every kind, and what kinds name."""
    promises = read(tmp_path, WHOLE)
    assert promises.contact.windows[1] == OpenSpan(opens=time(13), closes=time(20))
    assert promises.contact.caps == tuple(
        Cap(count=n, span=timedelta(days=d)) for n, d in ((1, 1), (3, 7), (9, 30))
    )
    contact = promises.contact
    assert (contact.nudge, contact.punctual) == (timedelta(minutes=15), timedelta(minutes=2))
    assert promises.duty == ("1001",)
    assert promises.group("service") == Group(group="service", leaders=("1001", "1002"), above="management")
    survey = promises.survey("satisfaction")
    assert survey is not None
    assert (survey.least, survey.questions[0].scale, survey.questions[0].content_from) == (20, 5, 4)
    assert (promises.major, promises.reason("moved") is not None) == (("spring_festival",), True)


def test_a_kind_that_says_little_has_the_defaults(tmp_path: Path) -> None:
    """Kind, names, trigger and due are all that it must say."""
    text = (
        'name = "ours"\n[[version]]\n[[version.followup]]\nkind = "a"\nname_zh = "甲"\nname_en = "A"\n'
        'trigger = "promise"\ndue = "as promised"\noverdue = "owner"\n'
    )
    promises = read(tmp_path, text)
    due = Due(kind=DueKind.PROMISED)
    wanted = Trigger(kind=TriggerKind.PROMISE)
    plain = FollowUpKind(id="a", name_zh="甲", name_en="A", trigger=wanted, due=due, overdue=Alarm.OWNER)
    assert promises.kinds == (plain,)
    assert promises.contact == ContactRules()
    assert plain.fulfilled_by is FulfilledBy.TALK


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("5 minutes", Due(kind=DueKind.ELAPSED, span=timedelta(minutes=5))),
        ("72 hours", Due(kind=DueKind.ELAPSED, span=timedelta(hours=72))),
        ("1 open hour", Due(kind=DueKind.OPEN, span=timedelta(hours=1))),
        ("30 open minutes", Due(kind=DueKind.OPEN, span=timedelta(minutes=30))),
        ("3 days", Due(kind=DueKind.DAYS, amount=3)),
        ("1 working day", Due(kind=DueKind.WORKING_DAYS, amount=1)),
        ("on the day", Due(kind=DueKind.ON_THE_DAY)),
        ("in the period", Due(kind=DueKind.IN_THE_PERIOD)),
        ("0 hours", None),
        ("72hours", None),
        ("2 open days", None),
        ("2 seconds", None),
        ("-1 days", None),
        ("1000 days", None),
    ],
)
def test_a_due_phrase_means_one_thing(text: str, due: Due | None) -> None:
    """A number and a unit, or one of the plain phrases; anything else is none."""
    assert due_of(text) == due


def test_spans_steps_and_caps_have_their_units() -> None:
    """A day of a span is 24 hours, a step's month is the calendar's, a cap's month is 30 days."""
    assert (span_of("1 day"), span_of("2 weeks")) == (timedelta(hours=24), None)
    assert (step_of("2 weeks"), step_of("2 hours")) == (Step(count=2, unit=Every.WEEK), None)
    assert (cap_of("2 a month"), cap_of("2 per day")) == (Cap(count=2, span=timedelta(days=30)), None)


@pytest.mark.parametrize(
    "text", ["missed_call", "promise", "promise:dialect", "period:week", "top:month", "done:a"]
)
def test_a_trigger_is_written_as_it_is_read(text: str) -> None:
    """What a trigger says of itself is the phrase of the policy."""
    assert str(trigger_of(text)) == text


@pytest.mark.parametrize(
    "text", ["", "missed_call:a", "event", "period:day", "top:week", "festival:easter", "done:"]
)
def test_other_triggers_are_none(text: str) -> None:
    """A name too many, none where one is needed, or one that nobody knows."""
    assert trigger_of(text) is None
