"""Who is dialled for whom at an instant: candidates, free agents and trunks as one assignment. Pure.

Nobody is dialled without an agent who waits for him, so no customer is ever answered by silence. Between campaigns
the priority decides; among equals agreed times come first, then the campaigns take turns, each with what is
due first. A candidate takes of the agents who may take him the one who is most behind. Where that one is the only one
for another candidate too, the earlier candidate moves to another agent if he can, so that no agent stays idle who
could be given somebody: the search for a greatest matching, by augmenting paths, in the order of urgency.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import groupby

from schedulers.campaigns.choosing import pressing
from schedulers.campaigns.eligible import Key, first_served, key_of, may_take
from schedulers.campaigns.records import Assignment, Campaign, Candidate, DialMode, FreeAgent, Trunk, Why
from schedulers.followups.account import Staff

SECOND = timedelta(seconds=1)
NEVER = datetime.min.replace(tzinfo=UTC)


def assign(
    campaigns: Iterable[Campaign],
    candidates: Iterable[Candidate],
    agents: Iterable[FreeAgent],
    trunks: Iterable[Trunk],
    staff: Staff,
    now: datetime,
    last_served: Mapping[int, datetime] | None = None,
) -> tuple[list[Assignment], dict[Key, Why]]:
    """Each candidate for an agent, or the reason why not now. The same arguments give the same, in any order.

    `campaigns` are those that run; `candidates` may be dialled by all that `choosing` knows. `last_served` tells when
    an attempt of a campaign was planned last: of equals the one that waited longest has the next turn, so that none
    starves. In preview the agent dials later, and the trunk is asked then.
    """
    matching = _Matching({each.id: each for each in campaigns}, tuple(agents), staff, now)
    limits = _Limits(trunks)
    for turn in _in_order(matching.campaigns, candidates, now, last_served or {}):
        turn.was_served = _served(turn.candidate, matching, limits)
    return matching.assignments(), matching.whys


def rate_window(per_second: float) -> timedelta:
    """The time over which a trunk's calls are counted for `Trunk.last_second`: a second, longer for slower ones."""
    return SECOND / per_second if 0 < per_second < 1 else SECOND


def why_full(trunk: Trunk) -> Why | None:
    """Why a trunk takes no call now; None where it takes one more. Asked here and at the instant of dialling.

    Part of a call is none, but a trunk that takes less than one a second takes one in its `rate_window`.
    """
    if trunk.live >= trunk.channels:
        return Why.TRUNK_FULL
    permitted = max(1, int(trunk.per_second)) if trunk.per_second > 0 else 0
    return Why.TRUNK_RATE if trunk.last_second >= permitted else None


@dataclass(slots=True)
class _Turn:
    """A candidate's turn. Whether he was given an agent is told before the next turn is asked for."""

    candidate: Candidate
    was_served: bool = False


def _in_order(
    campaigns: Mapping[int, Campaign],
    candidates: Iterable[Candidate],
    now: datetime,
    last_served: Mapping[int, datetime],
) -> Iterator[_Turn]:
    """Candidates by the priority of their campaigns, level by level; those of no running campaign are left out."""
    known = [each for each in candidates if each.campaign in campaigns]
    known.sort(key=lambda each: (-campaigns[each.campaign].priority, *pressing(each), each.campaign))
    for _, level in groupby(known, key=lambda each: campaigns[each.campaign].priority):
        told = list(level)
        agreed = [each for each in told if each.agreed_at is not None]
        yield from (_Turn(each) for each in agreed)
        yield from _taking_turns([each for each in told if each.agreed_at is None], last_served)


def _taking_turns(candidates: list[Candidate], last_served: Mapping[int, datetime]) -> Iterator[_Turn]:
    """A campaign's turn ends when one of its candidates was served, or none of them is left."""
    waiting: dict[int, deque[Candidate]] = {}
    for each in candidates:
        waiting.setdefault(each.campaign, deque()).append(each)
    order = deque(sorted(waiting, key=lambda each: (last_served.get(each, NEVER), each)))
    while order:
        queue = waiting[order[0]]
        while queue:
            yield (turn := _Turn(queue.popleft()))
            if turn.was_served:
                break
        if queue:
            order.rotate(-1)
        else:
            order.popleft()


def _served(candidate: Candidate, matching: _Matching, limits: _Limits) -> bool:
    """Give a candidate an agent and a channel, or write down why not; the first reason in the order of `Why`."""
    campaign = matching.campaigns[candidate.campaign]
    dials = campaign.mode is not DialMode.PREVIEW
    if matching.lives(candidate):
        why: Why | None = Why.ALIVE
    else:
        path = matching.path_for(candidate)
        why = Why.NO_AGENT if path is None else limits.why_not(campaign) if dials else None
        if path is not None and why is None:
            matching.take(candidate, path)
            if dials:
                limits.take(campaign)
    if why is not None:
        matching.whys[key_of(candidate)] = why
    return why is None


class _Limits:
    """What the trunks still take."""

    def __init__(self, trunks: Iterable[Trunk]) -> None:
        self._trunks = {(each.pbx, each.name): each for each in trunks}

    def why_not(self, campaign: Campaign) -> Why | None:
        """Why the campaign's trunk takes no more calls; a trunk that nobody knows takes none."""
        trunk = self._trunks.get((campaign.pbx, campaign.trunk))
        return Why.TRUNK_FULL if trunk is None else why_full(trunk)

    def take(self, campaign: Campaign) -> None:
        """One more call goes there."""
        place = (campaign.pbx, campaign.trunk)
        trunk = self._trunks[place]
        self._trunks[place] = replace(trunk, live=trunk.live + 1, last_second=trunk.last_second + 1)


@dataclass(slots=True)
class _Path:
    """How a candidate gets an agent: `end` is free, and `before` leads back to the candidate, agent by agent."""

    end: str
    before: dict[str, str | None]


@dataclass(slots=True)
class _Matching:
    """Who has whom so far. An agent who has somebody never loses him but for another."""

    campaigns: dict[int, Campaign]
    agents: tuple[FreeAgent, ...]
    staff: Staff
    now: datetime
    whys: dict[Key, Why] = field(default_factory=dict)
    _places: dict[str, list[FreeAgent]] = field(default_factory=dict)  # of an agent: one on each PBX
    _of: dict[str, Candidate] = field(default_factory=dict)
    _taken: list[Candidate] = field(default_factory=list)
    _alive: set[str] = field(default_factory=set)
    _dead: set[str] = field(default_factory=set)
    _known: dict[tuple[object, ...], tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for each in sorted(self.agents, key=first_served):
            self._places.setdefault(each.agent, []).append(each)

    def lives(self, candidate: Candidate) -> bool:
        """Whether the same customer or number is dialled already."""
        return not self._alive.isdisjoint((f"customer {candidate.customer}", f"number {candidate.number}"))

    def path_for(self, candidate: Candidate) -> _Path | None:
        """The way to the agent who is most behind of all that can be had; None where none can be.

        Agents whom a search in vain has seen can be had by nobody any more, and are not looked at again.
        """
        before: dict[str, str | None] = {}
        open_ends: deque[str | None] = deque([None])
        while open_ends:
            holder = open_ends.popleft()
            asked = candidate if holder is None else self._of[holder]
            for agent in self._who_may(asked):
                if agent not in before and agent not in self._dead:
                    before[agent] = holder
                    if agent in self._of:
                        open_ends.append(agent)
        free = next((each for each in self._places if each in before and each not in self._of), None)
        if free is None:
            self._dead |= before.keys()
            return None
        return _Path(end=free, before=before)

    def take(self, candidate: Candidate, path: _Path) -> None:
        """Give it the agent at the path's start; each holder on it moves on to the next agent."""
        agent: str | None = path.end
        while agent is not None:
            holder = path.before[agent]
            self._of[agent] = candidate if holder is None else self._of[holder]
            agent = holder
        self._taken.append(candidate)
        self._alive |= {f"customer {candidate.customer}", f"number {candidate.number}"}

    def assignments(self) -> list[Assignment]:
        """In the order in which they are to be dialled."""
        agents = {key_of(each): agent for agent, each in self._of.items()}
        return [Assignment(candidate=each, agent=self._place(agents[key_of(each)], each)) for each in self._taken]

    def _place(self, agent: str, candidate: Candidate) -> FreeAgent:
        return next(each for each in self._places[agent] if self._may(each, candidate))

    def _who_may(self, candidate: Candidate) -> tuple[str, ...]:
        alike = (candidate.campaign, candidate.owner, candidate.group, candidate.anyone, candidate.skill)
        known = self._known.get(alike)
        if known is None:
            places = self._places.items()
            known = tuple(agent for agent, told in places if any(self._may(each, candidate) for each in told))
            self._known[alike] = known
        return known

    def _may(self, agent: FreeAgent, candidate: Candidate) -> bool:
        return may_take(agent, candidate, self.campaigns[candidate.campaign], self.staff, self.now)
