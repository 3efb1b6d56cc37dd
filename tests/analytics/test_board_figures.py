"""What a board shows is what the reports show, at any instant of real streams: by agent, queue, hour and in scopes."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from analytics.day_figures import EVERYTHING, Scope
from analytics.facts_in_memory import FactsInMemory
from analytics.live import Live
from analytics.metrics.catalogue import METRICS
from analytics.metrics.cells import Group
from analytics.metrics.measures import Family
from analytics.metrics.periods import day_period
from analytics.metrics.query import Query, Result, run
from analytics.metrics.tallies import Tally
from telephony.calls.facts import Fact
from tests.analytics.factory import at
from tests.analytics.metrics.asking import SHANGHAI, policy
from tests.analytics.test_captures import CAPTURES, facts_of
from tests.analytics.test_live import calls_of, in_order, story

INSTANTS = 6
WORK = frozenset({Family.MINUTES, Family.PARTS, Family.RINGS, Family.TRANSFERS})
LOAD = frozenset({Family.CALLS, Family.WAITS})


def names_of(families: frozenset[Family]) -> tuple[str, ...]:
    """The metrics that these families alone make."""
    return tuple(name for name, each in METRICS.items() if each.families and each.families <= families)


def report(facts: list[Fact], now: datetime, families: frozenset[Family], *groups: Group, **more: object) -> Result:
    """What a report says of the day up to an instant."""
    period = day_period(now.astimezone(SHANGHAI).date(), SHANGHAI)
    names = tuple(name for name in names_of(families) if set(groups) <= METRICS[name].groups)
    query = Query(metrics=names, period=period, as_of=now, groups=groups, **more)  # type: ignore[arg-type]
    return run(query, FactsInMemory(facts), policy())


def same(tallies: dict[str, Tally], reported: Result) -> None:
    """Each row of the report is the board's, and the board has no other."""
    assert {row.key[0] for row in reported.rows} <= set(tallies)
    for key, tally in tallies.items():
        for name, value in reported.row(key).values.items():
            assert METRICS[name].value(tally) == value, (key, name)


def figures(tally: Tally) -> dict[str, object]:
    """What calls and callers met."""
    return {name: METRICS[name].value(tally) for name in names_of(LOAD)}


@pytest.mark.parametrize("capture", CAPTURES, ids=lambda each: each.name)
def test_every_figure_of_the_board_is_the_reports(capture: Path) -> None:
    """At six instants of a stream: by agent, by queue, by hour, the whole, and of one queue's scope."""
    facts = facts_of(capture)
    first, last = min(fact.at for fact in facts), max(fact.at for fact in facts)
    live, told = Live(policy()), set[Fact]()
    for step in range(1, INSTANTS + 1):
        now = first + (last - first) * step / INSTANTS
        known = [fact for fact in facts if fact.at <= now]
        live.handle([fact for fact in known if fact not in told])
        told.update(known)
        queue = min(each for each in live.figures(now).by_queue)
        scope = Scope(worked=frozenset({queue}), queues=frozenset({queue}))
        both = live.figures_in(now, (EVERYTHING, scope))
        board = both[EVERYTHING]
        same(board.by_agent, report(known, now, WORK, Group.AGENT))
        same(board.worked, report(known, now, WORK, Group.QUEUE))
        same(board.by_queue, report(known, now, LOAD, Group.QUEUE))
        hours = {f"{hour:02d}": tally for hour, tally in board.by_hour.items()}
        same(hours, report(known, now, LOAD, Group.HOUR))
        assert figures(board.whole) == report(known, now, LOAD).row().values
        one = report(known, now, LOAD, where={Group.QUEUE: (queue,)})
        assert figures(both[scope].whole) == one.row().values


def test_what_is_told_late_of_a_call_that_rests_counts_once() -> None:
    """Its sums are made again; nothing is doubled and nothing lost."""
    live = Live(policy())
    first = story(0, 0)
    live.handle(first)
    live.handle(story(1, 200))
    before = live.figures(at(300))
    assert before.whole["inbound_open"] == 0
    late = [fact for fact in first if getattr(fact, "revision", 0) == 3]
    live.handle(late)
    live.handle([*first])
    after = live.figures(at(300))
    assert after.whole == before.whole
    assert after.by_agent == before.by_agent


def test_a_scope_that_is_asked_for_late_has_the_whole_day() -> None:
    """Also what was forgotten before anybody asked."""
    live = Live(policy())
    for number in range(60):
        live.handle(in_order(story(number, number * 30.0)))
    scope = Scope(agents=frozenset({"1004"}))
    now = at(60 * 30 + 100)
    found = live.figures_in(now, (scope,))[scope]
    assert set(found.by_agent) == {"1004"}
    assert found.by_agent["1004"] == live.figures(now).by_agent["1004"]
    assert calls_of(live.snapshot(now)) == 60


def test_a_look_changes_nothing() -> None:
    """Two looks at one instant say the same, and a later one only what time alone changes."""
    live = Live(policy())
    live.handle(story(0, 0)[:8])
    once, again = live.figures(at(20)), live.figures(at(20))
    assert (once.whole, once.by_agent) == (again.whole, again.by_agent)
    later = live.figures(at(20) + timedelta(seconds=5))
    assert later.by_agent["1004"]["talk_ms"] == once.by_agent["1004"]["talk_ms"] + 5000
