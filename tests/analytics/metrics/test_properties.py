"""What holds for any calls: parts add up, nothing lies outside what holds it, later knowledge only adds."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from analytics.facts_in_memory import FactsInMemory
from analytics.metrics.catalogue import DISTRIBUTIONS, METRICS
from analytics.metrics.cells import Group
from analytics.metrics.definitions import Unit
from analytics.metrics.periods import Period, custom_period, parse_period
from analytics.metrics.query import Query, Result, run
from analytics.metrics.spreads import SECOND_US, encode, merge, up_to
from config.minutes import MinuteKind, MinuteRule, Rounding
from config.policies import NumberLists, Policy, PolicyVersion
from telephony.calls.facts import CallFact, Fact
from tests.analytics.factory import START
from tests.analytics.metrics.asking import policy
from tests.analytics.metrics.drawn import calls_of_a_day, instants_of

ZONES = ("Asia/Shanghai", "Europe/Berlin", "America/Sao_Paulo")
AS_OF = START + timedelta(days=30)
SUMMED = tuple(name for name, each in METRICS.items() if not each.over and each.empty == 0 and name != "talks_open")
"""What adds up: counts and durations. Talks that go on are counted in each part in which they do."""

UNDECIDED = {
    "inbound_open",
    "visits_open",
    "ring_open",
    "talks_open",
    "contacts_open",
    "missed_not_called_back",
}
"""Counts of what is not decided yet: later knowledge takes from them."""

DECIDED = tuple(name for name, each in METRICS.items() if each.unit is Unit.COUNT and name not in UNDECIDED)


def rules(rounding: Rounding = Rounding.EXACT, zone: str = ZONES[0], *counts: MinuteKind) -> Policy:
    """A policy that rounds and counts so, and knows a shared number."""
    minutes = MinuteRule(rounding=rounding, counts=frozenset({MinuteKind.TALK, *counts}))
    version = PolicyVersion(minutes=minutes, numbers=NumberLists(short_codes=("95588",)))
    return policy(version, zone=ZoneInfo(zone))


def whole(zone: str = ZONES[0]) -> Period:
    """Five days around all that is drawn."""
    return parse_period("2026-11-01/2026-11-06", ZoneInfo(zone))


def asked(facts: list[Fact], metrics: tuple[str, ...], period: Period, how: Policy, **more: Any) -> Result:
    """The answer over facts, as known when all is over unless told otherwise."""
    query = Query(**({"metrics": metrics, "period": period, "as_of": AS_OF} | more))
    return run(query, FactsInMemory(facts), how)


def added(results: list[dict[str, Any]]) -> Counter[str]:
    """The sums of several rows."""
    total: Counter[str] = Counter()
    for values in results:
        total.update({name: value or 0 for name, value in values.items()})
    return total


@given(
    data=st.data(),
    facts=calls_of_a_day(),
    zone=st.sampled_from(ZONES),
    rounding=st.sampled_from(Rounding),
    counts=st.sampled_from(MinuteKind),
)
def test_the_parts_of_any_split_add_up(
    data: st.DataObject, facts: list[Fact], zone: str, rounding: Rounding, counts: MinuteKind
) -> None:
    """In any zone, however minutes are rounded, also where the cut is on the very instant at which something ends."""
    how, period = rules(rounding, zone, counts), whole(zone)
    near = st.integers(-60_000, 60_000).map(lambda us: timedelta(microseconds=us))
    edges = st.tuples(st.sampled_from(instants_of(facts)), st.one_of(st.just(timedelta()), near))
    cuts = sorted({at + by for at, by in data.draw(st.lists(edges, max_size=3))})
    instants = [period.start, *(each for each in cuts if period.start < each < period.end), period.end]
    parts = [custom_period(one, other, ZoneInfo(zone)) for one, other in pairwise(instants)]
    total = added([asked(facts, SUMMED, part, how).row().values for part in parts])
    assert total == added([asked(facts, SUMMED, period, how).row().values])


@given(facts=calls_of_a_day(), zone=st.sampled_from(ZONES), group=st.sampled_from(Group))
def test_the_rows_of_any_grouping_add_up(facts: list[Fact], zone: str, group: Group) -> None:
    """By agent, queue, line, hours or clock; and by call, so that every figure opens into the calls behind it."""
    names = tuple(name for name in SUMMED if group in METRICS[name].groups)
    how, period = rules(zone=zone), whole(zone)
    rows = asked(facts, names, period, how, groups=(group,)).rows
    assert added([row.values for row in rows]) == added([asked(facts, names, period, how).row().values])


BY_CALL = (Group.CALL,)


@given(facts=calls_of_a_day())
def test_every_count_opens_into_the_calls_behind_it(facts: list[Fact]) -> None:
    """A call counts once at most among calls, and what has no call behind it cannot be opened."""
    names = tuple(name for name in DECIDED if Group.CALL in METRICS[name].groups)
    rows = asked(facts, names, whole(), rules(), groups=BY_CALL).rows
    assert added([row.values for row in rows]) == added([asked(facts, names, whole(), rules()).row().values])
    assert {row.key[0] for row in rows} <= {fact.id for fact in facts if isinstance(fact, CallFact)}
    assert all(row.values["calls"] == 1 for row in rows)


@given(facts=calls_of_a_day())
def test_ring_lies_within_wait_and_talk_with_hold_within_the_call(facts: list[Fact]) -> None:
    """Of every call, in whole milliseconds."""
    lasted = {
        fact.id: -(-(fact.ended_at - fact.started_at) // timedelta(milliseconds=1))
        for fact in facts
        if isinstance(fact, CallFact) and fact.ended_at is not None
    }
    names = ("average_ring", "average_wait", "exact_talk_minutes", "hold_minutes", "consult_minutes")
    for row in asked(facts, names, whole(), rules(), groups=BY_CALL).rows:
        ring, wait, *spoken = row.values.values()
        assert ring is None or wait is None or ring <= wait
        assert sum(each or 0 for each in spoken) <= lasted[row.key[0]]


@given(data=st.data(), facts=calls_of_a_day())
def test_later_knowledge_never_lowers_a_count_of_what_is_decided(data: st.DataObject, facts: list[Fact]) -> None:
    """As of any two instants, also those at which something ends."""
    hours = st.integers(0, 100).map(lambda each: START + timedelta(hours=each))
    instants = st.one_of(st.sampled_from(instants_of(facts)), hours)
    early, late = sorted(data.draw(st.tuples(instants, instants)))
    before, after = (_counts(facts, at) for at in (early, late))
    assert {name: (before[name], after[name]) for name in DECIDED if before[name] > after[name]} == {}


def _counts(facts: list[Fact], as_of: datetime) -> Counter[str]:
    return added([asked(facts, DECIDED, whole(), rules(), as_of=as_of).row().values])


@given(facts=calls_of_a_day(), seconds=st.integers(0, 60))
def test_histograms_of_parts_merge_into_that_of_the_whole_and_answer_any_threshold(
    facts: list[Fact], seconds: int
) -> None:
    """As they are stored; and what a threshold finds in them is what counting anew by it finds."""
    names = tuple(DISTRIBUTIONS)
    told = asked(facts, (), whole(), rules(), distributions=names).row()
    days = asked(facts, (), whole(), rules(), distributions=names, groups=(Group.DAY,)).rows
    for name in names:
        stored = [encode(row.spreads[name]) for row in days]
        assert merge([b"".join(each or b"" for each in stored)]) == [told.spreads[name]]
    within = counted_within(facts, seconds)
    assert up_to(told.spreads["wait_spread"], seconds * SECOND_US, SECOND_US) == within


def counted_within(facts: list[Fact], seconds: int) -> object:
    """Visits answered within so many seconds, counted from the facts by a policy that says so."""
    plain = rules()
    level = replace(plain.versions[0].service_level, within=timedelta(seconds=seconds))
    how = replace(plain, versions=(replace(plain.versions[0], service_level=level),))
    return asked(facts, ("visits_answered_within",), whole(), how).row().values["visits_answered_within"]
