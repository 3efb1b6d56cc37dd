"""The wallboard: what goes on, the day's figures by the same formulas, and a memory that stays small."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.board import Board
from analytics.facts_in_memory import FactsInMemory
from analytics.live import Live
from analytics.metrics.catalogue import METRICS
from analytics.metrics.cells import Group
from analytics.metrics.measures import Family
from analytics.metrics.query import Query, run
from analytics.metrics.tallies import Tally
from config.policies import MinuteRule, PolicyVersion, Rounding
from telephony.calls.facts import Fact, OfferingOutcome, State, VisitEnd
from tests.analytics.factory import at, call, offering, state, talk, visit
from tests.analytics.metrics.asking import TODAY, policy

ROUNDED_UP = policy(PolicyVersion(minutes=MinuteRule(rounding=Rounding.PER_CALL_UP)))


def story(number: int, start: float) -> list[Fact]:
    """One answered call as a tracker tells it: revision by revision, each in its time."""
    call_id = f"pbx/{number}.1"
    device = f"PJSIP/{1004 + number % 3}"
    more: dict[str, Any] = {"device": device}
    rang = OfferingOutcome.ANSWERED
    end = start + 40 + number % 50
    return [
        call(call_id, start=start),
        visit(call_id, joined=start + 1),
        offering(call_id, ring=start + 2, **more),
        offering(call_id, ring=start + 2, end=start + 9, outcome=rang, revision=2, at=at(start + 9), **more),
        visit(call_id, joined=start + 1, left=start + 9, ended=VisitEnd.ANSWERED, revision=2, at=at(start + 9)),
        call(call_id, start=start, answered=start + 9, revision=2, at=at(start + 9)),
        talk(call_id, start=start + 9, **more),
        state(State.TALKING, start=start + 9, interface=device, call_id=call_id),
        state(State.TALKING, start=start + 9, end=end, interface=device, call_id=call_id, revision=2, at=at(end)),
        talk(call_id, start=start + 9, end=end, revision=2, at=at(end), **more),
        call(call_id, start=start, answered=start + 9, end=end, revision=3, at=at(end)),
        state(State.WRAP_UP, start=end, end=end + 10, interface=device, at=at(end + 10)),
    ]


def in_order(*stories: list[Fact]) -> list[Fact]:
    """All facts by the time of their newest event."""
    return sorted((fact for each in stories for fact in each), key=lambda fact: fact.at)


def calls_of(board: Board) -> object:
    """How many calls the day has had."""
    return METRICS["calls"].value(board.whole)


def figures(tally: Tally, *families: Family) -> dict[str, object]:
    """All figures that can be taken from a tally of these families."""
    return {name: each.value(tally) for name, each in METRICS.items() if each.families <= set(families)}


def test_an_open_call_shows_who_waits_rings_and_talks() -> None:
    """As far as it has come."""
    live = Live(policy())
    told = story(0, 0)
    live.handle(told[:3])
    ringing = live.snapshot(at(5)).calls[0]
    assert (ringing.queue, ringing.waiting_since, ringing.ringing, ringing.talking) == (
        "sales",
        at(1),
        ("1004",),
        (),
    )
    assert live.snapshot(at(5)).waiting == 1
    live.handle(told[3:8])
    board = live.snapshot(at(20))
    assert (board.calls[0].queue, board.calls[0].ringing, board.calls[0].talking) == (None, (), ("1004",))
    assert [(each.agent, each.state) for each in board.agents] == [("1004", State.TALKING)]
    live.handle(told[8:])
    assert live.snapshot(at(50)).calls == ()


def test_of_several_states_the_first_in_precedence_is_shown() -> None:
    """Who talks while paused talks; queues are those he is logged in to."""
    live = Live(policy())
    live.handle(
        [
            state(State.LOGGED_IN, queue="sales"),
            state(State.PAUSED, start=10, reason="lunch"),
            state(State.TALKING, start=12),
            state(State.AVAILABLE, start=0, end=5),
        ]
    )
    shown = live.snapshot(at(20)).agents[0]
    assert (shown.state, shown.since, shown.queues) == (State.TALKING, at(12), ("sales",))
    live.handle([state(State.TALKING, start=12, end=30, revision=2)])
    assert (live.snapshot(at(31)).agents[0].state, live.snapshot(at(31)).agents[0].reason) == (
        State.PAUSED,
        "lunch",
    )


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_the_wallboard_shows_what_the_report_shows(data: st.DataObject) -> None:
    """At any instant, however many calls were forgotten: same facts, same formulas, same figures."""
    starts = data.draw(st.lists(st.integers(0, 3000), min_size=1, max_size=12))
    facts = in_order(*(story(number, start) for number, start in enumerate(starts)))
    known = facts[: data.draw(st.integers(1, len(facts)))]
    size = data.draw(st.integers(1, len(known)))
    live = Live(ROUNDED_UP)
    for start in range(0, len(known), size):
        live.handle(known[start : start + size])
    now = max(fact.at for fact in known)
    board = live.snapshot(now)
    families = {Family.MINUTES, Family.PARTS, Family.RINGS, Family.TRANSFERS}
    names = tuple(name for name, each in METRICS.items() if each.families <= families)
    query = Query(metrics=names, period=TODAY, as_of=now, groups=(Group.AGENT,))
    report = run(query, FactsInMemory(known), ROUNDED_UP)
    assert {agent: figures(tally, *families) for agent, tally in board.by_agent.items()} == {
        row.key[0]: row.values for row in report.rows
    }
    names = tuple(name for name, each in METRICS.items() if each.families == {Family.CALLS})
    query = Query(metrics=names, period=TODAY, as_of=now)
    assert figures(board.whole, Family.CALLS) == run(query, FactsInMemory(known), ROUNDED_UP).row().values


def test_memory_does_not_grow_with_the_day() -> None:
    """Of two thousand calls, one after another, only the last minutes are held."""
    live = Live(policy())
    most = 0
    for number in range(2000):
        live.handle(in_order(story(number, number * 20.0)))
        most = max(most, live.held)
    assert most < 250
    assert calls_of(live.snapshot(at(2000 * 20 + 100))) == 2000


def test_a_fact_of_a_forgotten_call_is_passed_over() -> None:
    """Told again hours later, it is not counted twice."""
    live = Live(policy())
    live.handle(story(0, 0))
    live.handle(story(1, 3600))
    live.handle(story(0, 0))
    assert calls_of(live.snapshot(at(3700))) == 2


def test_merged_calls_are_one_call() -> None:
    """Whatever was told under the younger's id is the older's."""
    live = Live(policy())
    live.handle([call("pbx/1.1"), call("pbx/2.2", start=5), talk("pbx/2.2", start=7)])
    live.handle([call("pbx/2.2", start=5, revision=2, merged_into="pbx/1.1")])
    live.handle([offering("pbx/2.2", ring=9, device="PJSIP/1005")])
    board = live.snapshot(at(20))
    assert [(each.call_id, each.talking, each.ringing) for each in board.calls] == [
        ("pbx/1.1", ("1004",), ("1005",))
    ]
    assert calls_of(board) == 1


def test_at_midnight_the_days_figures_begin_anew() -> None:
    """A talk that goes on is counted from midnight on."""
    midnight = 15 * 3600
    live = Live(policy())
    live.handle(story(0, midnight - 7200))
    live.handle([call("pbx/9.9", start=midnight - 60), talk("pbx/9.9", start=midnight - 30)])
    assert calls_of(live.snapshot(at(midnight - 1))) == 2
    board = live.snapshot(at(midnight + 90))
    assert calls_of(board) == 0
    assert board.by_agent["1004"]["talk_ms"] == 90_000
