"""Roll-ups: the same figures as the facts give, for every question, and never a stale one."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, select

from analytics.metrics.catalogue import DISTRIBUTIONS, METRICS
from analytics.metrics.cells import Group, groups_of
from analytics.metrics.measures import FAMILY_OF
from analytics.metrics.periods import DayClock, Period, clock_of, month_period, parse_period
from analytics.metrics.query import Query, Result, run
from analytics.storage import rolling
from analytics.storage.queries import StoredFacts
from analytics.storage.rollup_models import changed_hours, rollup_spans
from config.people import AgentPeriod, Line
from config.policies import MinuteRule, Policy, PolicyVersion, Rounding
from telephony.calls.facts import Direction, Disposition, Fact, OfferingOutcome, State, TalkKind, VisitEnd
from tests.analytics.factory import call, offering, recording, state, talk, transfer, visit
from tests.analytics.metrics.asking import SHANGHAI, policy
from tests.analytics.stored import store_facts
from tests.extent import WHOLE

pytestmark = pytest.mark.slow

FIRST = datetime(2026, 10, 24, 16, tzinfo=UTC)  # midnight in Shanghai, and in Berlin the night of the change
NOW = datetime(2026, 11, 9, 4, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
LINES = (Line(did="4001234567", name="sales", branch="north", code="510"), Line(did="95588", name="help"))


def roll_up(reading: Engine, writing: Engine, how: Policy, now: datetime, **more: object) -> int:
    """All stale days, from plain facts."""
    return rolling.roll_up(reading, writing, how, now, source_of=StoredFacts, **more)  # type: ignore[arg-type]


def rules(**more: object) -> Policy:
    """Minutes that are rounded by call, lines, and an agent who moves."""
    rounded = MinuteRule(rounding=Rounding.PER_CALL_UP)
    moved = FIRST + timedelta(days=7, hours=3)
    agents = (
        AgentPeriod(agent="1004", group="north", tier="one", end=moved),
        AgentPeriod(agent="1004", group="south", tier="two", start=moved),
    )
    return policy(PolicyVersion(minutes=rounded, lines=LINES), agents=agents, **more)


def days_of_calls(seed: int, days: int = 15, a_day: int = 12) -> list[Fact]:
    """Calls at any time of so many days: some over midnight, some transferred, some never answered."""
    rng = random.Random(seed)
    facts: list[Fact] = []
    for number in range(days * a_day):
        start = FIRST + timedelta(seconds=rng.uniform(0, days * 86_400 - 4000))
        facts += a_call(rng, f"pbx/{number}.1", start)
    for number, device in enumerate(("PJSIP/1004", "PJSIP/1005")):
        began = FIRST + timedelta(hours=3 + number)
        facts += [
            state(State.LOGGED_IN, interface=device, queue="sales", start=began, end=began + timedelta(days=9)),
            state(State.PAUSED, interface=device, queue="sales", start=began + timedelta(hours=2), reason="meal"),
        ]
    return facts


def a_call(rng: random.Random, call_id: str, start: datetime) -> list[Fact]:
    """One call in one of its fates."""

    def after(seconds: float) -> datetime:
        return start + timedelta(seconds=seconds)

    customer = rng.choice(("13800138000", "13800138001", "13800138002", None, "95588"))
    more = {"customer": customer, "did": rng.choice(("4001234567", "95588", None))}
    wait, ring, length = rng.uniform(0, 40), rng.choice((rng.uniform(0, 30), 15.0)), rng.expovariate(1 / 400)
    fate = rng.random()
    if fate < 0.25:
        left = after(wait)
        return [
            call(call_id, start=start, end=left, disposition=Disposition.ABANDONED, **more),
            visit(call_id, joined=start, left=left, ended=VisitEnd.ABANDONED, queue=rng.choice(("sales", "help"))),
            offering(call_id, ring=start, end=left, outcome=OfferingOutcome.CALLER_GAVE_UP, device="PJSIP/1005"),
        ]
    answered, end = after(wait + ring), after(wait + ring + length)
    direction = rng.choice((Direction.INBOUND, Direction.INBOUND, Direction.OUTBOUND, Direction.INTERNAL))
    queue = rng.choice(("sales", "help"))
    facts: list[Fact] = [
        call(call_id, start=start, answered=answered, end=end, direction=direction, **more),
        visit(call_id, joined=start, left=answered, ended=VisitEnd.ANSWERED, queue=queue),
        offering(call_id, ring=after(wait), end=answered, outcome=OfferingOutcome.ANSWERED, queue=queue),
    ]
    middle = after(wait + ring + length / 2)
    if rng.random() < 0.4:
        kind = rng.choice((TalkKind.CUSTOMER, TalkKind.CONFERENCE))
        facts += [
            talk(call_id, id=f"{call_id}/a", start=answered, end=middle, queue=queue),
            talk(call_id, id=f"{call_id}/b", start=middle, end=end, device="PJSIP/1005", kind=kind, queue=None),
            transfer(call_id, at=middle, completed=rng.random() < 0.8),
        ]
    else:
        holds = ((answered, middle),) if rng.random() < 0.3 else ()
        facts.append(talk(call_id, start=answered, end=end, holds=holds, queue=queue))
    wrap_up = state(State.WRAP_UP, start=end, end=end + timedelta(seconds=10), queue=queue, call_id=call_id)
    return [*facts, wrap_up, *([recording(call_id, at=answered)] if rng.random() < 0.7 else [])]


def asked(store: Engine, query: Query, how: Policy, clock: DayClock | None) -> Result:
    """The answer from the store, with roll-ups or without."""
    with store.connect() as connection:
        return run(query, StoredFacts(connection, clock), how)


def every(period: Period, *groups: Group, **more: object) -> Query:
    """All metrics and distributions that can be told apart so."""
    return Query(
        metrics=tuple(name for name, each in METRICS.items() if set(groups) <= each.groups),
        distributions=tuple(name for name in DISTRIBUTIONS if set(groups) <= groups_of(FAMILY_OF[name])),
        period=period,
        as_of=NOW,
        groups=groups,
        **more,  # type: ignore[arg-type]
    )


def both(store: Engine, query: Query, how: Policy) -> tuple[Result, Result]:
    """The answer from roll-ups, and the answer from the facts alone."""
    return asked(store, query, how, clock_of(how)), asked(store, query, how, None)


PERIODS = ("2026-10", "2026-11", "2026-10-25", "2026-10-31T11:30/2026-11-03T09:13")
BROAD: list[tuple[Group, ...]] = [
    (),
    (Group.AGENT,),
    (Group.QUEUE, Group.LINE),
    (Group.TIER, Group.MONTH),
    (Group.DAY,),
]
FINE: list[tuple[Group, ...]] = [
    *((group,) for group in Group if group is not Group.CALL),
    (Group.AGENT, Group.DAY),
    (Group.QUEUE, Group.QUARTER_HOUR),
]


@pytest.fixture(params=["shanghai", "berlin", "late"])
def centre(request: pytest.FixtureRequest) -> Policy:
    """A centre in China, one where clocks change within the days, and one whose day begins at six."""
    zones = {"shanghai": rules(), "berlin": rules(zone=BERLIN), "late": rules(day_start=time(6))}
    return zones[request.param]


Asked = tuple[str, tuple[Group, ...]]


def share_of(asked_for: list[Asked], store: Engine, centre: Policy) -> list[Asked]:
    """All of it. On PostgreSQL, where it takes four times as long, the three centres of ./test share it among them."""
    if WHOLE or store.dialect.name == "sqlite":
        return asked_for
    return asked_for[(rules(), rules(zone=BERLIN), rules(day_start=time(6))).index(centre) :: 3]


@pytest.mark.slow
def test_roll_ups_and_facts_give_the_same_figures(store: Engine, centre: Policy) -> None:
    """For every metric, by everything, over years, months, days and edges inside a day."""
    store_facts(store, days_of_calls(1))
    assert roll_up(store, store, centre, NOW) > 300
    asked_for = [
        *((text, groups) for groups in BROAD for text in PERIODS),
        *(("2026-10-31/2026-11-03", each) for each in FINE),
    ]
    for text, groups in share_of(asked_for, store, centre):
        period = parse_period(text, centre.zone, centre.day_start)
        rolled, plain = both(store, every(period, *groups), centre)
        assert rolled.rows == plain.rows, (text, groups)
        assert rolled.warnings == plain.warnings
    query = Query(
        metrics=("calls", "talk_minutes"), period=parse_period("2026", centre.zone, centre.day_start), as_of=NOW
    )
    rolled, plain = both(store, query, centre)
    assert rolled.rows == plain.rows
    assert (rolled.from_facts < 60, plain.from_facts) == (True, 365)


THRESHOLDS: list[dict[str, object]] = [
    {"within": timedelta(seconds=7)},
    {"rings": 1, "within": timedelta()},
]


@pytest.mark.parametrize("more", [{"rings": 2}, *(THRESHOLDS if WHOLE else THRESHOLDS[1:])])
def test_any_whole_threshold_is_answered_exactly_after_the_fact(store: Engine, more: dict[str, object]) -> None:
    """From the histograms of roll-ups as from the facts."""
    centre = rules()
    store_facts(store, days_of_calls(2))
    roll_up(store, store, centre, NOW)
    for groups in ((), (Group.AGENT,), (Group.QUEUE,), (Group.DAY,)):
        rolled, plain = both(store, every(month_period(2026, 11, SHANGHAI), *groups, **more), centre)
        assert rolled.rows == plain.rows, groups
        assert rolled.from_facts < plain.from_facts


def test_a_choice_is_the_same_from_both(store: Engine) -> None:
    """Of agents, queues, lines and codes."""
    centre = rules()
    store_facts(store, days_of_calls(3))
    roll_up(store, store, centre, NOW)
    month = month_period(2026, 11, SHANGHAI)
    for where in (
        {Group.QUEUE: frozenset({"sales"})},
        {Group.CODE: frozenset({"510"}), Group.DIRECTION: frozenset({"inbound"})},
    ):
        names = tuple(name for name, each in METRICS.items() if set(where) <= each.groups)
        rolled, plain = both(store, Query(metrics=names, period=month, as_of=NOW, where=where), centre)
        assert rolled.rows == plain.rows


@pytest.mark.slow
def test_the_parts_of_a_period_add_up_to_it(store: Engine) -> None:
    """However it is cut: every count and every sum, from facts and from roll-ups."""
    centre = rules()
    store_facts(store, days_of_calls(4))
    roll_up(store, store, centre, NOW)
    rng = random.Random(5)
    names = tuple(name for name, each in METRICS.items() if not each.over and each.empty == 0)
    whole = parse_period("2026-10-24/2026-11-09", SHANGHAI)
    total = asked(store, Query(metrics=names, period=whole, as_of=NOW), centre, clock_of(centre)).row().values
    for _ in range(3):
        cuts = sorted(rng.randrange(whole.start_us, whole.end_us) for _ in range(6))
        edges = [whole.start_us, *cuts, whole.end_us]
        parts = [replace(whole, start_us=a, end_us=b) for a, b in pairwise(edges)]
        found = [
            asked(store, Query(metrics=names, period=part, as_of=NOW), centre, clock_of(centre)).row().values
            for part in parts
        ]
        for name in set(names) - {"talks_open"}:
            assert sum(values[name] or 0 for values in found) == total[name], name
    for group in (Group.AGENT, Group.QUEUE, Group.DIRECTION, Group.HOUR, Group.DAY, Group.LINE, Group.CALL):
        summed = tuple(name for name in names if group in METRICS[name].groups)
        rows = asked(store, Query(metrics=summed, period=whole, as_of=NOW, groups=(group,)), centre, None).rows
        for name in summed:
            assert sum(row.values[name] or 0 for row in rows) == total[name], (group, name)


def test_a_changed_fact_makes_its_day_stale_until_it_is_rolled_up_again(store: Engine) -> None:
    """In between the figures come from the facts: never an old one."""
    centre = rules()
    start = FIRST + timedelta(days=3)
    month = month_period(2026, 10, SHANGHAI)
    query = Query(metrics=("calls_handled", "talk_minutes"), period=month, as_of=NOW)

    def figures() -> tuple[list[object], int]:
        found = asked(store, query, centre, clock_of(centre))
        return list(found.row().values.values()), found.from_facts

    store_facts(store, [call(start=start, answered=start, end=start + timedelta(seconds=60))])
    roll_up(store, store, centre, NOW)
    assert figures() == ([0, 0], 0)
    store_facts(store, [talk(start=start, end=start + timedelta(seconds=60))])
    assert figures() == ([1, 60_000], 1)
    assert roll_up(store, store, centre, NOW) == 5  # with the days whose customers may have called again on it
    assert figures() == ([1, 60_000], 0)
    with store.connect() as connection:
        assert connection.execute(select(changed_hours)).all() == []


def test_a_mark_that_came_while_rolling_up_is_kept(store: Engine) -> None:
    """What was stored in between is rolled up next time."""
    centre = rules()
    start = FIRST + timedelta(days=3)
    store_facts(store, [call(start=start, answered=start, end=start + timedelta(seconds=60))])
    told: list[date] = []

    def meanwhile(progress: object) -> None:
        if not told:
            told.append(FIRST.date())
            if store.dialect.name == "postgresql":
                store_facts(store, [talk(start=start, end=start + timedelta(seconds=60))])

    roll_up(store, store, centre, NOW, told=meanwhile)
    if store.dialect.name != "postgresql":
        store_facts(store, [talk(start=start, end=start + timedelta(seconds=60))])
    query = Query(metrics=("calls_handled",), period=month_period(2026, 10, SHANGHAI), as_of=NOW)
    rolled, plain = both(store, query, centre)
    assert rolled.row().values == plain.row().values == {"calls_handled": 1}


def test_a_day_in_which_something_goes_on_is_not_rolled_up(store: Engine) -> None:
    """Nor is one that is not over."""
    centre = rules()
    start = NOW - timedelta(days=2)
    store_facts(store, [call(start=start, answered=start), talk(start=start)])
    roll_up(store, store, centre, NOW)
    with store.connect() as connection:
        days = {row.span for row in connection.execute(select(rollup_spans)) if row.span % 100}
    assert 20261107 not in days
    assert {20261106, 20261108} <= days
    assert 20261109 not in days


def test_another_policy_is_not_answered_from_the_old_ones_roll_ups(store: Engine) -> None:
    """Its days are made anew, and the old ones dropped."""
    store_facts(store, days_of_calls(6, days=3))
    roll_up(store, store, rules(), NOW)
    other = policy(PolicyVersion(minutes=MinuteRule(rounding=Rounding.EXACT)))
    month = month_period(2026, 10, SHANGHAI)
    rolled, plain = both(store, Query(metrics=("talk_minutes",), period=month, as_of=NOW), other)
    assert rolled.row().values == plain.row().values
    assert rolled.from_facts == 31
    roll_up(store, store, other, NOW)
    assert (
        asked(store, Query(metrics=("talk_minutes",), period=month, as_of=NOW), other, clock_of(other)).from_facts
        == 0
    )
    assert digests(store) == {other.digest()}


def digests(store: Engine) -> set[str]:
    """Of the policies whose roll-ups are stored."""
    with store.connect() as connection:
        return set(connection.execute(select(rollup_spans.c.digest)).scalars())


def test_as_of_an_earlier_instant_what_was_decided_later_is_read_from_the_facts(store: Engine) -> None:
    """A call that went on over midnight was open then."""
    centre = rules()
    start = FIRST + timedelta(days=3, hours=23, minutes=59)
    end = start + timedelta(minutes=30)
    store_facts(store, [call(start=start, answered=start, end=end), talk(start=start, end=end)])
    roll_up(store, store, centre, NOW)
    day = parse_period("2026-10-28", SHANGHAI)
    names = ("inbound_open", "inbound_answered", "talk_minutes")
    for minutes, expected in ((5, [1, 0]), (31, [0, 1])):
        query = Query(metrics=names, period=day, as_of=start + timedelta(minutes=minutes))
        rolled, plain = both(store, query, centre)
        assert rolled.row().values == plain.row().values
        assert list(rolled.row().values.values())[:2] == expected


def test_a_late_fact_changes_what_was_known_of_the_customers_of_days_before_and_after(store: Engine) -> None:
    """Who calls again a day later was not served at once, though his own day has no mark."""
    centre = rules()
    first, second = FIRST + timedelta(days=3, hours=10), FIRST + timedelta(days=4, hours=9)
    names = ("contacts", "contacts_final", "repeat_calls", "missed_not_called_back")
    query = Query(metrics=names, period=parse_period("2026-10", SHANGHAI), as_of=NOW)
    store_facts(store, a_short_talk("pbx/1.1", first))
    roll_up(store, store, centre, NOW)
    for call_id, start in (("pbx/2.1", second), ("pbx/3.1", first - timedelta(hours=20))):
        store_facts(store, a_short_talk(call_id, start))
        for _ in range(2):
            rolled, plain = both(store, query, centre)
            assert rolled.rows == plain.rows
            roll_up(store, store, centre, NOW)
    assert rolled.from_facts == 0
    assert rolled.row().values == {
        "contacts": 3,
        "contacts_final": 1,
        "repeat_calls": 2,
        "missed_not_called_back": 0,
    }


def a_short_talk(call_id: str, start: datetime) -> list[Fact]:
    """A customer's call that is answered at once and lasts a minute."""
    end = start + timedelta(seconds=60)
    return [call(call_id, start=start, answered=start, end=end), talk(call_id, start=start, end=end)]
