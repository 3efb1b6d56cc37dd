"""Who is dialled for whom: priorities, turns, who is behind, owners, skills, trunks, and promised times."""

from __future__ import annotations

from datetime import timedelta

import pytest

from analytics.reports.quota import Standing
from schedulers.campaigns.eligible import busy_owner, share_behind
from schedulers.campaigns.pacing import rate_window
from schedulers.campaigns.records import DialMode, Why
from tests.schedulers.campaigns.worlds import NOW, agent, assigned, campaign, candidate, pairs, room, trunk

MINUTE = timedelta(minutes=1)


def test_who_is_most_behind_is_served_first() -> None:
    """Of two who may take a call the one further behind gets it; of equals the one who is free longer."""
    behind, on_plan = agent("1002", behind=0.4), agent("1001", since=NOW - MINUTE)
    assert pairs(assigned([candidate("A")], [on_plan, behind])[0]) == [("A", "1002")]
    waiting = agent("1003", since=NOW - 2 * MINUTE)
    assert pairs(assigned([candidate("A")], [on_plan, waiting])[0]) == [("A", "1003")]


def test_what_is_agreed_goes_before_what_is_due() -> None:
    """A time agreed with the customer first, then the earliest due; who is left over is told that no agent is free."""
    agreed = candidate("A", agreed_at=NOW, due_at=NOW + timedelta(days=9))
    soon, later = candidate("B", due_at=NOW), candidate("C")
    made, whys = assigned([later, soon, agreed], [agent("1001"), agent("1002")])
    assert pairs(made) == [("A", "1001"), ("B", "1002")]
    assert whys == {(1, "C"): Why.NO_AGENT}


def test_the_higher_priority_gets_the_agent() -> None:
    """A campaign of more weight goes first whatever is due in the other."""
    campaigns = [campaign(1), campaign(2, priority=5)]
    made, whys = assigned([candidate("A", due_at=NOW), candidate("B", 2)], [agent()], campaigns)
    assert (pairs(made), whys) == ([("B", "1001")], {(1, "A"): Why.NO_AGENT})


def test_equal_campaigns_take_turns() -> None:
    """The one served longest ago begins, and the turn passes on with each call, whatever is due in either."""
    told = [candidate(f"A{each}", due_at=NOW) for each in range(3)] + [
        candidate(f"B{each}", 2) for each in range(3)
    ]
    free = [agent(each) for each in ("1000", "1001", "1002")]
    campaigns = [campaign(1), campaign(2)]
    made, _ = assigned(told, free, campaigns, last_served={1: NOW, 2: NOW - MINUTE})
    assert [customer for customer, _ in pairs(made)] == ["B0", "A0", "B1"]
    never, _ = assigned(told, free, campaigns, last_served={1: NOW - MINUTE})
    assert [customer for customer, _ in pairs(never)] == ["B0", "A0", "B1"]


def test_what_is_its_owners_alone_waits_for_him() -> None:
    """Nobody else is put through, neither one of the group nor its leader; what anyone may do needs the group."""
    mine = candidate("A", anyone=False, owner="1003")
    made, whys = assigned([mine], [agent("1002"), agent("1000")])
    assert (made, whys) == ([], {(1, "A"): Why.NO_AGENT})
    assert pairs(assigned([mine], [agent("1002"), agent("1003")])[0]) == [("A", "1003")]
    assert assigned([candidate("A")], [agent("9001", group="management")])[0] == []


def test_a_skill_is_asked_of_who_is_not_the_owner() -> None:
    """Who speaks the dialect takes it though another is more behind."""
    free = [agent("1002", behind=0.9), agent("1003")]
    assert pairs(assigned([candidate("A", skill="sichuan")], free)[0]) == [("A", "1003")]


def test_a_campaign_names_who_calls() -> None:
    """Its groups or its agents, and nobody else though the kind would allow him; and only on its own PBX."""
    told = [candidate("A", owner="9001", group="management")]
    boss = agent("9001", group="management")
    assert assigned(told, [boss], [campaign(groups=("service",))])[0] == []
    assert pairs(assigned(told, [boss], [campaign(groups=("service",), agents=("9001",))])[0]) == [("A", "9001")]
    assert assigned(told, [agent("9001", group="management", pbx="q")])[0] == []


def test_an_agent_on_two_pbxs_takes_one_call() -> None:
    """He is dialled for where the campaign is, and once."""
    free = [agent("1001", pbx="q", device="PJSIP/q1001", since=NOW - MINUTE), agent("1001")]
    made, whys = assigned([candidate("A"), candidate("B")], free)
    assert [each.agent.pbx for each in made] == ["p"]
    assert whys == {(1, "B"): Why.NO_AGENT}


def test_nobody_idles_who_could_be_given_somebody() -> None:
    """Who is behind takes what is his alone, and the other one what anyone may do, though it is more urgent."""
    anyones, mine = candidate("A", due_at=NOW), candidate("B", anyone=False, owner="1002")
    made, whys = assigned([anyones, mine], [agent("1002", behind=0.9), agent("1001")])
    assert (pairs(made), whys) == ([("A", "1001"), ("B", "1002")], {})


def test_a_customer_or_number_is_dialled_once() -> None:
    """In two campaigns, or two customers behind one number: the second is told that the first lives."""
    campaigns = [campaign(1), campaign(2)]
    told = [candidate("A", number="+861"), candidate("A", 2, number="+862"), candidate("B", number="+861")]
    made, whys = assigned(told, [agent("1001"), agent("1002"), agent("1003")], campaigns)
    assert pairs(made) == [("A", "1001")]
    assert whys == {(2, "A"): Why.ALIVE, (1, "B"): Why.ALIVE}


@pytest.mark.parametrize(
    ("other", "placed", "why"),
    [
        ({"channels": 5, "live": 4}, 1, Why.TRUNK_FULL),
        ({"per_second": 3.9, "last_second": 1}, 2, Why.TRUNK_RATE),
        ({"channels": 2, "live": 3, "per_second": 1, "last_second": 9}, 0, Why.TRUNK_FULL),
        ({"per_second": 0.5}, 1, Why.TRUNK_RATE),
        ({"per_second": 0.0}, 0, Why.TRUNK_RATE),
        ({"name": "another"}, 0, Why.TRUNK_FULL),
    ],
)
def test_a_trunk_takes_no_more_than_it_may(other: dict[str, float | int], placed: int, why: Why) -> None:
    """Channels first, then calls a second; a trunk that nobody knows has none."""
    limited = trunk(**other)
    free = [agent(each) for each in ("1000", "1001", "1002")]
    made, whys = assigned([candidate(each) for each in "ABCD"], free, trunks=[limited])
    assert len(made) == placed
    assert list(whys.values()).count(why) == 3 - placed + (placed < 3)
    assert room(limited) == placed or limited.name == "another"


def test_slow_trunks_are_counted_over_longer() -> None:
    """A call each two seconds is counted over two seconds; what takes one a second or more, or none, over one."""
    assert [rate_window(each) for each in (20, 1, 0.5, 0)] == [timedelta(seconds=each) for each in (1, 1, 2, 1)]


def test_in_preview_the_trunk_is_asked_when_the_agent_dials() -> None:
    """He looks at the record while the trunk is full."""
    made, _ = assigned([candidate("A")], [agent()], [campaign(mode=DialMode.PREVIEW)], [trunk(channels=0)])
    assert pairs(made) == [("A", "1001")]


def test_a_promised_time_without_its_agent_goes_to_the_leader() -> None:
    """Five minutes after the time, not before; not where a trunk was the reason, and not what nobody agreed."""
    mine = candidate("A", anyone=False, owner="1003", agreed_at=NOW - 5 * MINUTE)
    fresh = candidate("B", anyone=False, owner="1003", agreed_at=NOW - 5 * MINUTE + timedelta(microseconds=1))
    due = candidate("C", anyone=False, owner="1003", due_at=NOW - 9 * MINUTE)
    told = [mine, fresh, due]
    _, whys = assigned(told, [agent("1001")])
    assert busy_owner(told, whys, 5 * MINUTE, NOW) == [mine]
    _, whys = assigned(told, [agent("1003")], trunks=[trunk(channels=0)])
    assert busy_owner(told, whys, 5 * MINUTE, NOW) == []


def test_how_far_somebody_is_behind() -> None:
    """What is missing of what is due by now; over it, without a floor, or before anything is due he is not behind."""
    due = Standing(floor_ms=100, projected_ms=None, due_ms=40)
    assert [share_behind(due, talked) for talked in (0, 10, 40, 90)] == [1.0, 0.75, 0.0, 0.0]
    assert share_behind(Standing(floor_ms=None, projected_ms=5, due_ms=None), 3) == 0.0
    assert share_behind(Standing(floor_ms=100, projected_ms=None, due_ms=0), 0) == 0.0
    assert share_behind(None, 0) == 0.0
