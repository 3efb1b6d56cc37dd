"""The board of this moment: what goes on, today's figures, and what the store said last of quotas and callbacks."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from analytics.day_figures import Figures
from config.policies import Hours, Policy, PolicyVersion
from service.dashboard.board import Board, CallNow, CallSummary, Gap, LevelRule, Opening, PbxLink, Quota
from service.dashboard.look import Look
from service.live.callbacks import OwedCallbacks
from service.live.crowd import Agents, Crowd, Person
from service.live.day import DayFigures, hours_of, queues_now, scope_of
from service.live.hub import LiveHub
from service.live.parts import Teller
from service.live.rates import abandonment_of, caller_rings_of, count, known_of, level_of, three_rings_of
from service.live.scene import Scene
from telephony.clock import from_microseconds, to_microseconds

LOOK_AHEAD = timedelta(days=15)
"""Within which the next opening is looked for: the longest closings are shorter."""

MOST_LOOKS = 64

Around = tuple[tuple[PbxLink, ...], tuple[Gap, ...]]
"""How the PBXs are heard, and the gaps of today."""


class Floor:
    """Makes boards. One look after another costs little: what goes on is told once, figures are made once."""

    def __init__(
        self,
        hub: LiveHub,
        teller: Teller,
        quotas: Callable[[], Mapping[str, Quota]],
        callbacks: OwedCallbacks | None = None,
    ) -> None:
        self._hub = hub
        self._teller = teller
        self._quotas = quotas
        self._callbacks = callbacks
        self._day = DayFigures(hub)
        self._begin()

    def _begin(self) -> None:
        """Tell everything anew: other people are in force."""
        self._settled = self._hub.settled
        self._scene = Scene(self._hub.current)
        self._crowd = Crowd(self._hub, self._scene)
        self._agents: OrderedDict[Look, Agents] = OrderedDict()

    def board(self, look: Look, now: datetime, around: Around, *, hurried: bool) -> Board:
        """The shift as of now, as far as a look goes."""
        if self._settled != self._hub.settled:
            self._begin()
        self._scene.refresh(self._teller, now)
        self._crowd.refresh(now)
        people = {agent: who for agent, who in self._crowd.people.items() if look.agent(agent, who.group)}
        known = sorted({*self._crowd.queues, *look.queues})
        queues = tuple(queue for queue in known if look.queue(queue))
        scope = scope_of(look, frozenset(people), frozenset(queues))
        figures, is_behind = self._day.of(scope, now, hurried=hurried)
        calls = tuple(call for call in self._scene.calls.values() if self._sees(look, call))
        return self._told(look, now, around, people, queues, figures, calls, is_behind=is_behind)

    def _told(
        self,
        look: Look,
        now: datetime,
        around: Around,
        people: Mapping[str, Person],
        queues: tuple[str, ...],
        figures: Figures,
        calls: tuple[CallNow, ...],
        *,
        is_behind: bool,
    ) -> Board:
        policy, whole = self._hub.policy, figures.whole
        rules = policy.resolve(now)
        longest = min((call for call in calls if call.joined_at), key=_joined_at, default=None)
        rule = rules.queue_rule(longest.queue) if longest else None
        return Board(
            as_of=now,
            links=around[0],
            gaps=around[1],
            known=known_of(whole),
            waiting=sum(call.joined_at is not None for call in calls),
            waiting_ringing=sum(call.joined_at is not None and bool(call.ringing) for call in calls),
            longest_wait_since=longest.joined_at if longest else None,
            longest_wait_queue=longest.queue if longest else None,
            longest_wait_name=rule.name if rule else None,
            three_rings=three_rings_of(whole),
            three_rings_caller=caller_rings_of(whole),
            calls=count(whole, "calls"),
            answered=count(whole, "inbound_answered"),
            abandoned=count(whole, "inbound_abandoned"),
            abandoned_short=count(whole, "visits_abandoned_short"),
            abandonment=abandonment_of(whole),
            level=level_of(whole, rules.service_level.formula),
            level_rule=_level_rule(rules),
            marks=rules.marks_of(),
            queues=queues_now(queues, figures, calls, rules),
            callbacks=self._callbacks.of(look) if self._callbacks else None,
            hours=hours_of(figures),
            opening=opening_of(policy, now),
            title_zh=policy.title_zh,
            title_en=policy.title_en,
            queue_choices=self._queue_choices(look, rules),
            group_choices=self._group_choices(look),
            is_behind=is_behind,
            agents=self._agents_of(look).now(people, self._scene, figures, self._quotas(), rules),
            active=tuple(sorted(calls, key=lambda each: (each.started_at, each.call_id))),
            recent=tuple(each for each in self._scene.recent() if self._sees(look, each)),
        )

    def _sees(self, look: Look, call: CallNow | CallSummary) -> bool:
        if look.is_whole:
            return True
        agents = {agent for agent, _ in call.agents}
        if isinstance(call, CallNow):
            agents |= {ring.agent for ring in call.ringing}
        known = self._crowd.people
        return look.call(agents, call.queue, {known[each].group or "" for each in agents if each in known})

    def _agents_of(self, look: Look) -> Agents:
        agents = self._agents.setdefault(look, Agents())
        self._agents.move_to_end(look)
        while len(self._agents) > MOST_LOOKS:
            self._agents.popitem(last=False)
        return agents

    def _queue_choices(self, look: Look, rules: PolicyVersion) -> tuple[tuple[str, str], ...]:
        seen = (queue for queue in self._crowd.queues if look.seen.queue(queue))
        return tuple((queue, (rule.name if (rule := rules.queue_rule(queue)) else None) or queue) for queue in seen)

    def _group_choices(self, look: Look) -> tuple[str, ...]:
        people = self._crowd.people.items()
        return tuple(sorted({who.group for agent, who in people if who.group and look.seen.agent(agent)}))


def opening_of(policy: Policy, now: datetime) -> Opening:
    """Whether the centre is open at an instant, and when it will be; a policy without hours is always open."""
    if policy.hours_at(now) is Hours.IN:
        return Opening()
    start = to_microseconds(now)
    changes = policy.openings.changes(start, to_microseconds(now + LOOK_AHEAD))
    opens = next((us for us, hours in changes if hours is Hours.IN), None)
    return Opening(is_open=False, opens_at=None if opens is None else from_microseconds(opens))


def _level_rule(rules: PolicyVersion) -> LevelRule:
    level = rules.service_level
    return LevelRule(formula=level.formula, seconds=level.within // timedelta(seconds=1))


def _joined_at(call: CallNow) -> datetime:
    return call.joined_at or call.started_at
