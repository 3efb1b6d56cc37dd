"""The rules that decide figures: those that no other file of tests holds, and that each sentence has its test."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import chain
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from analytics.facts_in_memory import FactsInMemory
from analytics.metrics.catalogue import METRICS
from analytics.metrics.cells import Group
from analytics.metrics.definitions import Unit
from analytics.metrics.periods import Period, day_period, month_period, parse_period
from analytics.metrics.query import Query, run
from analytics.people.devices import Assignment, DeviceMap
from config.calendars import OpenSpan, WeeklyHours
from config.closings import Closings
from config.minutes import MinuteRule, Rounding
from config.policies import Policy, PolicyVersion
from telephony.calls.facts import Disposition, Fact, OfferingOutcome, RingFrom
from tests.analytics.factory import at, call, offering, talk, visit
from tests.analytics.metrics.asking import SHANGHAI, TODAY, ask, figure, policy
from tests.analytics.metrics.sentences import SENTENCES

BERLIN = ZoneInfo("Europe/Berlin")
ROOT = Path(__file__).resolve().parents[3]
MICROSECOND = timedelta(microseconds=1)
MIDNIGHT = 15 * 3600  # seconds after START, which is 09:00
TOMORROW = day_period(date(2026, 11, 3), SHANGHAI)
ANSWERED = OfferingOutcome.ANSWERED


@pytest.mark.parametrize(("sentence", "file", "test"), SENTENCES, ids=[each[0] for each in SENTENCES])
def test_every_sentence_has_its_test(sentence: str, file: str, test: str) -> None:
    """Under the name that the list gives."""
    assert f"def {test}(" in (ROOT / file).read_text(encoding="utf-8"), sentence


@pytest.mark.parametrize(
    ("disposition", "counted"),
    [(Disposition.PICKED_UP, "inbound_menu_only"), (Disposition.VOICEMAIL, "inbound_voicemail")],
)
def test_what_no_human_answered_is_picked_up_and_not_answered(disposition: Disposition, counted: str) -> None:
    """Menu, message and mailbox pick up; the two instants are two fields."""
    facts = [call(picked_up_at=at(1), end=60, disposition=disposition)]
    names = ("inbound_answered", counted, "answer_rate", "customer_talks", "handled")
    assert list(ask(facts, *names).row().values.values()) == [0, 1, 0, 0, 0]


def test_without_an_alert_the_ring_begins_when_the_device_was_dialled() -> None:
    """The fact says so, and its ring counts from there."""
    for end, within in ((14.999, 1), (15.0, 0)):
        dialled = offering(ring=0, ring_from=RingFrom.DIAL, end=end, outcome=ANSWERED)
        assert figure([call(), dialled], "ring_within") == within


def test_refused_after_the_alert_counts_and_before_it_does_not() -> None:
    """A refusal that the phone gave by itself is nobody's fault, and has rung for nothing."""
    facts = [
        call(),
        offering(id="a", end=2, outcome=OfferingOutcome.DECLINED),
        offering(id="b", ring=3, end=3, outcome=OfferingOutcome.BUSY),
    ]
    names = ("ring_offered", "ring_declined", "ring_busy", "three_ring_rate")
    assert list(ask(facts, *names).row().values.values()) == [1, 1, 1, 0]


def test_a_caller_is_not_decided_while_a_phone_may_still_ring_for_him() -> None:
    """In the menu he has not gone without a ring yet; when he has left he never rang."""
    left = [call(end=40, disposition=Disposition.ABANDONED)]
    assert figure(left, "caller_never_rang", as_of=at(39.999999)) == 0
    assert figure(left, "caller_never_rang", as_of=at(40)) == 1
    rung = [call(answered=33, end=60), offering(ring=30, end=33, outcome=ANSWERED)]
    assert [figure(rung, "caller_never_rang", as_of=at(seconds)) for seconds in (10, 31, 60)] == [0, 0, 0]


@pytest.mark.parametrize("name", [name for name, each in METRICS.items() if each.unit is Unit.RATE or each.over])
def test_every_rate_and_average_over_nothing_is_null(name: str) -> None:
    """Never 0 or 100 %: neither of a period nor of a day in it."""
    assert figure([], name) is None
    assert ask([], name, groups=(Group.DAY,)).row("2026-11-02").values == {name: None}


def test_the_minutes_of_a_local_member_are_those_of_the_person_at_the_phone() -> None:
    """The queue knows a Local channel; the mapping knows the interface first, then the phone behind it."""
    through = {"interface": "Local/1004@queue-agents/n"}
    facts = [call(), talk(end=60, **through), offering(end=3, outcome=ANSWERED, **through)]
    assert figure(facts, "talk_minutes", key="1004") == 60_000
    assert figure(facts, "ring_within", key="1004") == 1


def seated(*rows: tuple[str, str, float, float]) -> DeviceMap:
    """Who sat at which device from when to when, in seconds after START."""
    return DeviceMap(
        Assignment(
            interface=interface,
            agent=agent,
            valid_from=at(start),
            valid_to=at(end),
        )
        for interface, agent, start, end in rows
    )


def test_who_sat_at_the_device_when_the_talk_began_has_its_minutes() -> None:
    """A change of seats at 09:01 does not cut a talk that goes on."""
    devices = seated(("PJSIP/1004", "wang", 0, 60), ("PJSIP/1004", "li", 60, 3600))
    facts = [call(), talk(id="a", start=59.999999, end=90), talk(id="b", start=100, end=110)]
    query = Query(metrics=("talk_minutes",), period=TODAY, as_of=TODAY.end, groups=(Group.AGENT,))
    found = run(query, FactsInMemory(facts, devices), policy()).rows
    assert {row.key[0]: row.values["talk_minutes"] for row in found} == {"li": 10_000, "wang": 30_000}


def rounded(rounding: Rounding, zone: ZoneInfo = SHANGHAI) -> Policy:
    """A policy that rounds so."""
    return policy(PolicyVersion(minutes=MinuteRule(rounding=rounding)), zone=zone)


@pytest.mark.parametrize(
    ("rounding", "seconds", "minutes"),
    [
        (Rounding.PER_CALL_UP, 60.0, 1),
        (Rounding.PER_CALL_UP, 60.001, 2),
        (Rounding.PER_CALL_UP, 0.001, 1),
        (Rounding.PER_CALL_HALF_UP, 29.999, 0),
        (Rounding.PER_CALL_HALF_UP, 30.0, 1),
        (Rounding.PER_CALL_HALF_UP, 89.999, 1),
        (Rounding.PER_CALL_HALF_UP, 90.0, 2),
        (Rounding.CLOCK, 59.999999, 0),
        (Rounding.CLOCK, 60.0, 1),
        (Rounding.CLOCK, 119.999, 1),
    ],
)
def test_a_call_is_rounded_at_its_edges(rounding: Rounding, seconds: float, minutes: int) -> None:
    """A millisecond less or more decides; what is exact is shown beside it."""
    facts = [call(), talk(end=seconds)]
    assert figure(facts, "talk_minutes", key="1004", rules=rounded(rounding)) == minutes * 60_000
    assert figure(facts, "exact_talk_minutes", key="1004", rules=rounded(rounding)) == int(seconds * 1000)


@pytest.mark.parametrize("rounding", Rounding)
def test_a_rounded_call_over_midnight_is_rounded_once(rounding: Rounding) -> None:
    """Both days together have the very minutes of the whole call."""
    facts = [
        call(start=MIDNIGHT - 30),
        talk(id="a", start=MIDNIGHT - 20, end=MIDNIGHT + 30.4),
        talk(id="b", start=MIDNIGHT + 45, end=MIDNIGHT + 60),
    ]
    rules = rounded(rounding)
    both = parse_period("2026-11-02/2026-11-04", SHANGHAI)
    parts = [figure(facts, "talk_minutes", key="1004", period=each, rules=rules, as_of=TOMORROW.end) or 0
             for each in (TODAY, TOMORROW)]  # fmt: skip
    whole = {
        Rounding.EXACT: 65_400,
        Rounding.PER_CALL_UP: 120_000,
        Rounding.PER_CALL_HALF_UP: 60_000,
        Rounding.CLOCK: 120_000,
    }[rounding]
    assert sum(parts) == whole == figure(facts, "talk_minutes", key="1004", period=both, rules=rules)


OCTOBER, NOVEMBER = (month_period(2026, month, SHANGHAI) for month in (10, 11))
NAMES = ("calls", "visits", "ring_offered", "calls_handled", "talk_minutes")


def begun(start: datetime) -> list[Fact]:
    """A call, its stay in a queue, its ringing and its talk, all from one instant on."""
    second = timedelta(seconds=1)
    return [
        call(start=start, answered=start, end=start + 10 * second),
        visit(joined=start, left=start),
        offering(ring=start, end=start + 3 * second, outcome=ANSWERED),
        talk(start=start, end=start + 10 * second),
    ]


def test_the_month_ends_at_midnight_by_the_centres_clock() -> None:
    """What begins a microsecond before is October's, though its minutes are November's but for that microsecond."""
    midnight = datetime(2026, 10, 31, 16, tzinfo=UTC)
    before, after = begun(midnight - MICROSECOND), begun(midnight)
    for facts, october, november in (
        (before, [1, 1, 1, 1, 0], [0, 0, 0, 0, 10_000]),
        (after, [0] * 5, [1, 1, 1, 1, 10_000]),
    ):
        assert list(ask(facts, *NAMES, period=OCTOBER, as_of=NOVEMBER.end).row().values.values()) == october
        assert list(ask(facts, *NAMES, period=NOVEMBER).row().values.values()) == november


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25)])
@pytest.mark.parametrize("rounding", [Rounding.EXACT, Rounding.CLOCK])
def test_on_both_days_when_clocks_change_every_minute_counts_once(
    day: date, hours: int, rounding: Rounding
) -> None:
    """The hour that is skipped gives nothing, the one that comes twice gives two, and the hours make the day."""
    period = day_period(day, BERLIN)
    facts = [call(start=period.start), talk(start=period.start - timedelta(hours=1), end=period.end)]
    rules = rounded(rounding, BERLIN)
    hour_ms = 3_600_000
    assert figure(facts, "talk_minutes", period=period, rules=rules) == hours * hour_ms
    by_hour = ask(facts, "talk_minutes", period=period, groups=(Group.HOUR,), rules=rules).rows
    found = {row.key[0]: row.values["talk_minutes"] for row in by_hour}
    assert found.pop("02", 0) == (2 * hour_ms if hours == 25 else 0)
    assert set(found.values()) == {hour_ms}
    assert len(found) == 23


def test_a_call_in_the_hour_that_comes_twice_is_counted_in_it_once() -> None:
    """02:30 of summer time and 02:30 of winter time are two calls of one hour of the clock."""
    period = day_period(date(2026, 10, 25), BERLIN)
    twice = [datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1)]
    facts = [call(f"pbx/{number}.1", start=start, end=start) for number, start in enumerate(twice)]
    found = ask(facts, "calls", period=period, groups=(Group.HOUR,), rules=policy(zone=BERLIN)).rows
    assert {row.key: row.values["calls"] for row in found} == {("02",): 2}


def test_of_two_calls_at_once_the_one_on_hold_gives_no_minutes() -> None:
    """An agent who holds one customer for another has the minutes of whom he hears."""
    facts = [
        call("pbx/1.1"),
        talk("pbx/1.1", end=100, holds=((20, 70),)),
        call("pbx/2.1", start=15),
        talk("pbx/2.1", start=20, end=70),
    ]
    assert figure(facts, "talk_minutes", key="1004") == 100_000
    assert figure(facts, "hold_minutes", key="1004") == 50_000
    assert figure(facts, "calls_handled", key="1004") == 2


def test_every_answering_figure_is_split_by_the_hours_in_which_it_began() -> None:
    """Open from nine to six on weekdays; the edges are nine, which is in, and six, which is out."""
    nine_to_six = (OpenSpan(opens=time(9), closes=time(18)),)
    week = WeeklyHours(days=(*(nine_to_six,) * 5, (), ()))
    rules = policy(hours=(week,), closings=Closings(closed=(date(2026, 11, 3),)))
    begins = {
        "out": (-MICROSECOND.total_seconds(), 9 * 3600),
        "in": (0.0, 9 * 3600 - 0.000001),
        "holiday": (86_400.0,),
    }
    facts: list[Fact] = []
    for number, seconds in enumerate(chain.from_iterable(begins.values())):
        call_id = f"pbx/{number}.1"
        facts += [
            call(call_id, start=seconds, end=seconds + 20),
            offering(call_id, ring=seconds, end=seconds + 3, outcome=ANSWERED),
        ]
        facts.append(visit(call_id, joined=seconds, left=seconds + 3))
    both = parse_period("2026-11-02/2026-11-04", SHANGHAI)
    for name in ("calls", "visits", "ring_within"):
        found = ask(facts, name, period=both, groups=(Group.HOURS,), rules=rules).rows
        assert {row.key[0]: row.values[name] for row in found} == {
            hours: len(each) for hours, each in begins.items()
        }, name


def late(day: date) -> Period:
    """A day that begins at six."""
    return day_period(day, SHANGHAI, time(6))


@pytest.mark.parametrize(("clock", "first"), [("05:59:59.999999", 1), ("06:00:00", 0)])
def test_a_business_day_may_begin_at_six(clock: str, first: int) -> None:
    """Up to then the night belongs to the day before; the clock's hour stays the clock's."""
    start = datetime.fromisoformat(f"2026-11-03T{clock}+08:00")
    rules = policy(day_start=time(6))
    monday, tuesday = (late(date(2026, 11, day)) for day in (2, 3))
    facts = [call(start=start, end=start + timedelta(seconds=9))]
    more: dict[str, Any] = {"rules": rules, "as_of": tuesday.end}
    assert [figure(facts, "calls", period=each, **more) for each in (monday, tuesday)] == [first, 1 - first]
    both = parse_period("2026-11-02/2026-11-04", SHANGHAI, time(6))
    by_day = ask(facts, "calls", period=both, groups=(Group.DAY,), **more).rows
    assert [row.values["calls"] for row in by_day] == [first, 1 - first]
    by_hour = ask(facts, "calls", period=both, groups=(Group.HOUR,), **more).rows
    assert [row.key for row in by_hour] == [(clock[:2],)]
