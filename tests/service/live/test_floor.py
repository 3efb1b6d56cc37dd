"""The board of the service: every figure the report's at that instant, and what goes on told call by call."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from analytics.facts_in_memory import FactsInMemory
from analytics.metrics.cells import Group
from analytics.metrics.periods import day_period
from analytics.metrics.query import Query, ResultRow, run
from analytics.people.devices import DeviceMap
from config.calendars import OpenSpan, WeeklyHours
from config.people import AgentPeriod
from config.policies import Policy
from service.auth.rights import Seen
from service.dashboard.board import AgentActivity, Board
from service.dashboard.look import WHOLE, Look
from service.live.floor import Floor, opening_of
from service.live.hub import LiveHub
from service.live.parts import Teller
from telephony.calls.facts import Fact, State
from tests.analytics.factory import at, call, offering, state, talk, visit
from tests.analytics.metrics.asking import SHANGHAI, policy
from tests.analytics.test_captures import CAPTURES, facts_of

INSTANTS = 5
METRICS = (
    "calls", "inbound_answered", "inbound_abandoned", "visits_answered", "visits_abandoned", "visits_abandoned_short",
    "abandonment_rate", "service_level", "caller_three_ring_rate", "calls_inbound",
)  # fmt: skip
WORK = ("talk_minutes", "calls_handled", "three_ring_rate", "ring_within", "ring_offered")


class Standing:
    """A floor over facts that are told by hand."""

    def __init__(self, rules: Policy) -> None:
        self.hub = LiveHub(rules, DeviceMap())
        self.floor = Floor(self.hub, Teller(policy=rules, person_of=self.hub.person_of), dict)

    def board(self, now: datetime, look: Look = WHOLE, *, hurried: bool = False) -> Board:
        """The shift as of now."""
        return self.floor.board(look, now, ((), ()), hurried=hurried)


def asked(facts: list[Fact], now: datetime, names: tuple[str, ...], *groups: Group) -> dict[str, ResultRow]:
    """What the report says of the day up to an instant, by its first group."""
    period = day_period(now.astimezone(SHANGHAI).date(), SHANGHAI)
    found = run(Query(metrics=names, period=period, as_of=now, groups=groups), FactsInMemory(facts), policy())
    return {row.key[0] if row.key else "": row for row in found.rows}


@pytest.mark.parametrize("capture", CAPTURES, ids=lambda each: each.name)
async def test_every_figure_of_the_board_is_the_reports(capture: Path) -> None:
    """At five instants of a stream: the tiles, each agent, each queue, each hour."""
    facts, standing = facts_of(capture), Standing(policy())
    first, last = min(fact.at for fact in facts), max(fact.at for fact in facts)
    told: set[Fact] = set()
    for step in range(1, INSTANTS + 1):
        now = first + (last - first) * step / INSTANTS
        known = [fact for fact in facts if fact.at <= now]
        standing.hub.warm([fact for fact in known if fact not in told])
        told.update(known)
        check(standing.board(now), known, now)
    assert len(standing.board(last).queues) > 1


def check(board: Board, known: list[Fact], now: datetime) -> None:
    """Figure by figure."""
    whole = asked(known, now, METRICS)[""].values
    assert (board.calls, board.answered, board.abandoned) == (
        whole["calls"], whole["inbound_answered"], whole["inbound_abandoned"],
    )  # fmt: skip
    assert board.abandonment.value == whole["abandonment_rate"]
    assert board.abandonment.within == whole["visits_abandoned"] - whole["visits_abandoned_short"]  # type: ignore[operator]
    assert (board.level.value, board.abandoned_short) == (whole["service_level"], whole["visits_abandoned_short"])
    assert board.three_rings_caller.value == whole["caller_three_ring_rate"]
    agents = asked(known, now, WORK, Group.AGENT)
    shown = {each.agent: each for each in board.agents}
    for agent, row in agents.items():
        mine, rings = shown[agent], shown[agent].three_rings
        assert (mine.talk_ms, mine.calls) == (row.values["talk_minutes"], row.values["calls_handled"])
        found = tuple(row.values[name] for name in ("ring_within", "ring_offered", "three_ring_rate"))
        assert (rings.within, rings.counted, rings.value) == found
    queues, rung = asked(known, now, METRICS, Group.QUEUE), asked(known, now, WORK[2:], Group.QUEUE)
    for queue in board.queues:
        met = queues[queue.queue].values if queue.queue in queues else dict.fromkeys(METRICS)
        assert (queue.answered, queue.level.value) == (met["visits_answered"] or 0, met["service_level"])
        rate = rung[queue.queue].values["three_ring_rate"] if queue.queue in rung else None
        assert queue.three_rings.value == rate
    hours = asked(known, now, METRICS, Group.HOUR)
    assert {f"{each.hour:02d}": (each.calls, each.three_rings.value) for each in board.hours} == {
        hour: (row.values["calls_inbound"], row.values["caller_three_ring_rate"])
        for hour, row in hours.items()
        if row.values["calls_inbound"]
    }


async def test_what_goes_on_is_told_as_it_changes() -> None:
    """Waiting, ringing, talking; gone when it ends, and the agent is as his states say."""
    standing = Standing(policy())
    standing.hub.warm([state(State.LOGGED_IN, queue="sales"), call(), visit(joined=1)])
    board = standing.board(at(5))
    assert (board.waiting, board.waiting_ringing, board.longest_wait_since) == (1, 0, at(1))
    assert [(each.queue, each.waiting, each.longest_since) for each in board.queues] == [("sales", 1, at(1))]
    assert board.agents[0].activity is AgentActivity.READY
    standing.hub.warm([offering(ring=6)])
    assert standing.board(at(7)).agents[0].activity is AgentActivity.RINGING
    assert standing.board(at(7)).waiting_ringing == 1
    standing.hub.warm([talk(start=9)])
    assert standing.board(at(10)).agents[0].with_whom == call().customer
    standing.hub.warm([talk(start=9, end=20, revision=2), call(end=20, revision=2)])
    board = standing.board(at(21))
    assert (board.active, [each.call_id for each in board.recent]) == ((), [call().id])


async def test_a_hurried_look_tells_what_goes_on_before_the_figures() -> None:
    """It says that they are of an earlier moment; a look that is not hurried has those of now."""
    standing = Standing(policy())
    assert standing.board(at(0)).is_behind is False
    standing.hub.warm([call(), visit(joined=1), offering(ring=2)])
    hurried = standing.board(at(4), hurried=True)
    assert (hurried.waiting, hurried.calls, hurried.is_behind) == (1, 0, True)
    fresh = standing.board(at(4))
    assert (fresh.waiting, fresh.calls, fresh.is_behind) == (1, 1, False)


async def test_a_look_bounds_agents_queues_calls_and_figures() -> None:
    """By sight and by choice; a queue that was chosen before anybody called it waits with a row."""
    rows = (AgentPeriod(agent="1004", group="one"), AgentPeriod(agent="1005", group="two"))
    standing = Standing(policy(agents=rows))
    standing.hub.warm([call(), visit(joined=1), call("pbx/2.2"), visit("pbx/2.2", joined=2, queue="help")])
    board = standing.board(at(5), Look(queues=frozenset({"help"})))
    assert ([each.queue for each in board.queues], board.waiting, board.longest_wait_since) == (["help"], 1, at(2))
    assert [name for name, _ in board.queue_choices] == ["help", "sales"]
    grouped = standing.board(at(5), Look(groups=frozenset({"two"})))
    assert ([each.agent for each in grouped.agents], grouped.group_choices) == (["1005"], ("one", "two"))
    hers = standing.board(at(5), Look(seen=Seen(agents=frozenset({"1004"}), queues=frozenset({"sales"}))))
    assert ([each.agent for each in hers.agents], [each.queue for each in hers.queues]) == (["1004"], ["sales"])
    assert ([each.queue for each in hers.active], hers.calls) == (["sales"], 1)
    assert [name for name, _ in hers.queue_choices] == ["sales"]


async def test_a_pause_may_last_as_long_as_its_reason_allows() -> None:
    """The board says from when on it is over."""
    standing = Standing(policy())
    standing.hub.warm([state(State.PAUSED, start=10, reason="lunch")])
    assert standing.board(at(20)).agents[0].over_at == at(10 + 1800)


async def test_agents_stand_by_number_and_the_policys_are_always_there() -> None:
    """A place that is empty says that somebody is missing."""
    rows = tuple(AgentPeriod(agent=each) for each in ("1010", "999", "b", "1002"))
    standing = Standing(policy(agents=rows))
    shown = standing.board(at(0)).agents
    assert [each.agent for each in shown] == ["999", "1002", "1010", "b"]
    assert {each.activity for each in shown} == {AgentActivity.LOGGED_OUT}


async def test_other_people_in_force_are_told_anew() -> None:
    """Names and groups of who is there already."""
    standing = Standing(policy())
    standing.hub.warm([state(State.LOGGED_IN, queue="sales")])
    assert standing.board(at(1)).agents[0].name is None
    named = policy(agents=(AgentPeriod(agent="1004", name="王娜娜", group="one"),))
    standing.hub.settle(named, DeviceMap())
    (agent,) = standing.board(at(2)).agents
    assert (agent.name, agent.group, agent.activity) == ("王娜娜", "one", AgentActivity.READY)


def test_a_closed_centre_says_when_it_opens() -> None:
    """Tonight for tomorrow; without hours it is always open."""
    span = (OpenSpan(opens=datetime(2026, 1, 1, 8, 30).time(), closes=datetime(2026, 1, 1, 18).time()),)  # noqa: DTZ001
    rules = replace(policy(), hours=(WeeklyHours(days=(span,) * 7),))
    noon = datetime(2026, 11, 20, 12, tzinfo=SHANGHAI)
    assert opening_of(rules, noon).is_open
    evening = opening_of(rules, noon + timedelta(hours=6))
    assert (evening.is_open, evening.opens_at) == (False, noon + timedelta(hours=20, minutes=30))
    assert opening_of(policy(), noon).is_open
