"""Whatever is to be dialled: nobody twice, no trunk over its limits, no agent idle, no campaign starved."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from schedulers.campaigns.eligible import first_served, key_of, may_take
from schedulers.campaigns.pacing import assign
from schedulers.campaigns.records import Campaign, Candidate, DialMode, FreeAgent, Trunk, Why
from schedulers.followups.owning import may_do
from schedulers.followups.records import FollowUp
from tests.schedulers.campaigns.worlds import NOW, STAFF, agent, assigned, campaign, candidate, pairs, room, trunk
from tests.schedulers.followups.worlds import centre

AGENTS = ("1000", "1001", "1002", "1003", "9000", "9001")
GROUPS = ("service", "management")
MINUTE = timedelta(minutes=1)

CAMPAIGNS = st.builds(
    campaign,
    st.integers(1, 4),
    mode=st.sampled_from((DialMode.PROGRESSIVE, DialMode.PROGRESSIVE, DialMode.PREVIEW)),
    priority=st.integers(0, 2),
    groups=st.sampled_from(((), (), ("service",), ("management",))),
    agents=st.sampled_from(((), (), ("1003",))),
    pbx=st.sampled_from("ppq"),
    trunk=st.sampled_from("tu"),
)
CANDIDATES = st.builds(
    candidate,
    st.sampled_from("ABCDEFGHIJ"),
    st.integers(1, 4),
    number=st.sampled_from(("+1", "+2", "+3", "+4", "+5", "+6", "+7", "+8")),
    owner=st.sampled_from(AGENTS),
    group=st.sampled_from((*GROUPS, None)),
    anyone=st.booleans(),
    skill=st.sampled_from((None, None, "sichuan")),
    agreed_at=st.one_of(st.none(), st.none(), st.integers(0, 9).map(lambda each: NOW - each * MINUTE)),
    due_at=st.integers(-9, 9).map(lambda each: NOW + each * MINUTE),
)
FREE = st.builds(
    agent,
    st.sampled_from(AGENTS),
    group=st.sampled_from(GROUPS),
    pbx=st.sampled_from("ppq"),
    behind=st.sampled_from((0.0, 0.0, 0.3, 1.0)),
    since=st.integers(0, 3).map(lambda each: NOW - each * MINUTE),
)
TRUNKS = st.lists(
    st.builds(
        trunk, pbx=st.sampled_from("pq"), name=st.sampled_from("tu"),
        channels=st.integers(0, 5), live=st.integers(0, 4),
        per_second=st.sampled_from((0.0, 0.5, 1.0, 2.5, 20.0)), last_second=st.integers(0, 3),
    ),
    unique_by=lambda each: (each.pbx, each.name),
)  # fmt: skip
World = tuple[list[Campaign], list[Candidate], list[FreeAgent], list[Trunk]]
WORLDS = st.tuples(
    st.lists(CAMPAIGNS, unique_by=lambda each: each.id),
    st.lists(CANDIDATES, unique_by=key_of, max_size=14),
    st.lists(FREE, unique_by=lambda each: (each.agent, each.pbx)),
    TRUNKS,
)
CENTRE = centre("default")


@settings(max_examples=250, deadline=None)
@given(WORLDS)
def test_nobody_is_in_two_calls_and_everybody_left_has_a_reason(world: World) -> None:
    """One call an agent, one a customer, one a number; each candidate of a running campaign is served or told why."""
    campaigns, candidates, agents, trunks = world
    made, whys = assign(campaigns, candidates, agents, trunks, STAFF, NOW)
    told: tuple[list[str], ...] = (
        [each.agent.agent for each in made],
        [each.candidate.customer for each in made],
        [each.candidate.number for each in made],
    )
    assert all(len(names) == len(set(names)) for names in told)
    running = {each.id for each in campaigns}
    assert sorted([*map(key_of, (each.candidate for each in made)), *whys]) == sorted(
        key_of(each) for each in candidates if each.campaign in running
    )


@settings(max_examples=250, deadline=None)
@given(WORLDS)
def test_no_trunk_is_over_its_limits(world: World) -> None:
    """What is dialled at once is within the room of each trunk; and a trunk is blamed only when it is used up."""
    campaigns, candidates, agents, trunks = world
    made, whys = assign(campaigns, candidates, agents, trunks, STAFF, NOW)
    by_id = {each.id: each for each in campaigns}
    used = Counter(_trunk(by_id[each.candidate.campaign]) for each in made if _dials(by_id, each.candidate))
    left = {(each.pbx, each.name): room(each) - used[each.pbx, each.name] for each in trunks}
    assert all(each >= 0 for each in left.values())
    for (number, _), why in whys.items():
        if why in {Why.TRUNK_FULL, Why.TRUNK_RATE}:
            assert left.get(_trunk(by_id[number]), 0) == 0


def _trunk(told: Campaign) -> tuple[str, str]:
    return told.pbx, told.trunk


def _dials(by_id: dict[int, Campaign], told: Candidate) -> bool:
    return by_id[told.campaign].mode is not DialMode.PREVIEW


@settings(max_examples=250, deadline=None)
@given(WORLDS, st.randoms(use_true_random=False))
def test_the_order_in_which_things_are_told_does_not_matter(world: World, chance: object) -> None:
    """The same world in another order gives the same assignment, and the same reasons."""
    shuffled = [list(each) for each in world]
    for each in shuffled:
        chance.shuffle(each)  # type: ignore[attr-defined]
    campaigns, candidates, agents, trunks = shuffled
    assert assign(*world, STAFF, NOW) == assign(campaigns, candidates, agents, trunks, STAFF, NOW)  # type: ignore[arg-type]


@settings(max_examples=200, deadline=None)
@given(WORLDS)
def test_as_many_are_served_as_agents_permit(world: World) -> None:
    """With room on the trunks and nobody twice, no other assignment serves more: nobody idles in vain."""
    campaigns, candidates, agents, _ = world
    alone = [replace(each, number=f"+{each.customer}") for each in {c.customer: c for c in candidates}.values()]
    roomy = [trunk(pbx=pbx, name=name) for pbx in "pq" for name in "tu"]
    made, _ = assign(campaigns, alone, agents, roomy, STAFF, NOW)
    by_id = {each.id: each for each in campaigns}
    who = [
        {each.agent for each in agents if may_take(each, told, by_id[told.campaign], STAFF, NOW)}
        for told in alone
        if told.campaign in by_id
    ]
    assert len(made) == _most([each for each in who if each])


def _most(who: list[set[str]]) -> int:
    """How many can be served at most, by trying every set of agents: those who can be served by few go first."""
    best = {frozenset[str](): 0}
    for may in who:
        for taken, count in list(best.items()):
            for each in may - taken:
                key = taken | {each}
                best[key] = max(best.get(key, 0), count + 1)
    return max(best.values())


@settings(max_examples=200, deadline=None)
@given(WORLDS)
def test_among_equals_the_one_further_behind_is_served(world: World) -> None:
    """Of two agents who may take just the same customers, nobody is served before the one who comes first."""
    campaigns, candidates, agents, trunks = world
    made, _ = assign(campaigns, candidates, agents, trunks, STAFF, NOW)
    once = [each for each in agents if sum(other.agent == each.agent for other in agents) == 1]
    by_id = {each.id: each for each in campaigns}
    known = [each for each in candidates if each.campaign in by_id]
    may = {a.agent: {key_of(c) for c in known if may_take(a, c, by_id[c.campaign], STAFF, NOW)} for a in once}
    served = {each.agent.agent for each in made}
    for each in sorted(once, key=first_served):
        for other in once:
            if first_served(each) < first_served(other) and may[each.agent] == may[other.agent]:
                assert other.agent not in served or each.agent in served


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(1, 3), min_size=1, max_size=40), st.integers(2, 4))
def test_no_campaign_of_equal_priority_starves(ticks: list[int], count: int) -> None:
    """However agents come free, each of several campaigns with enough to do gets its turn in every round."""
    last: dict[int, datetime] = {}
    order: list[int] = []
    for tick, number in enumerate(ticks):
        told = [candidate(f"{each}-{tick}-{n}", each) for each in range(1, count + 1) for n in range(3)]
        free = [agent(each) for each in AGENTS[:number]]
        made, _ = assigned(told, free, [campaign(each) for each in range(1, count + 1)], last_served=dict(last))
        order += [each.candidate.campaign for each in made]
        last |= {each.candidate.campaign: NOW + tick * MINUTE for each in made}
    assert len(order) == sum(ticks)
    waits = dict.fromkeys(range(1, count + 1), 0)
    for served in order:
        waits = {each: 0 if each == served else waited + 1 for each, waited in waits.items()}
        assert max(waits.values()) < 2 * count


@settings(max_examples=200, deadline=None)
@given(CANDIDATES, FREE, CAMPAIGNS)
def test_whoever_may_take_a_call_is_one_whose_talk_counts(told: Candidate, who: FreeAgent, of: Campaign) -> None:
    """Nobody is put through whose talk with the customer would fulfil nothing."""
    group = CENTRE.staff.group_of(who.agent, NOW)
    if not may_take(replace(who, group=group), told, of, CENTRE.staff, NOW):
        return
    follow_up = FollowUp(
        id="f", kind="missed_call" if told.anyone else "promised_callback", version=None, customer="C", key="k",
        born_at=NOW, open_at=NOW, due_at=NOW, promised_at=NOW, owner=told.owner, group=told.group, skill=told.skill,
    )  # fmt: skip
    assert may_do(who.agent, follow_up, NOW, CENTRE)


@settings(max_examples=100, deadline=None)
@given(WORLDS)
def test_a_campaign_that_does_not_run_dials_nobody(world: World) -> None:
    """Candidates of campaigns that were not told are neither served nor given a reason."""
    _, candidates, agents, trunks = world
    made, whys = assign([], candidates, agents, trunks, STAFF, NOW)
    assert (pairs(made), whys) == ([], {})
