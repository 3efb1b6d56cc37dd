"""Who and what belongs on a board: agents whom the policy knows or who were heard of today, and queues."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from analytics.day_figures import Figures
from analytics.metrics.tallies import Tally
from config.policies import PolicyVersion
from service.dashboard.board import NO_RATE, AgentActivity, AgentNow, Quota, Rate
from service.live.agents import Doing
from service.live.hub import LiveHub
from service.live.rates import count, three_rings_of
from service.live.scene import Scene

LOOK_AGAIN = timedelta(seconds=2)
"""Who is in force, or was heard of earlier today, is asked so often; who does something now is always known."""


class Person(NamedTuple):
    """An agent by the people in force."""

    name: str | None
    group: str | None


class Work(NamedTuple):
    """An agent's day."""

    talk_ms: int = 0
    calls: int = 0
    three_rings: Rate = NO_RATE


NO_WORK = Work()


class Crowd:
    """Agents in a fixed order, by number: people look for their place."""

    def __init__(self, hub: LiveHub, scene: Scene) -> None:
        self.people: Mapping[str, Person] = {}
        self.queues: tuple[str, ...] = ()
        self._hub = hub
        self._scene = scene
        self._asked_at: datetime | None = None

    def refresh(self, now: datetime) -> None:
        """Ask again where it is time to, or where somebody new does something."""
        is_due = self._asked_at is None or not timedelta() <= now - self._asked_at < LOOK_AGAIN
        is_new = any(agent not in self.people for agent in self._scene.agents())
        if is_due or is_new or not self._scene.queues() <= set(self.queues):
            self._ask(now)

    def _ask(self, now: datetime) -> None:
        heard, queues = self._hub.figures.heard_of()
        everybody = {*heard, *self._hub.in_force(now), *self._scene.agents()} - {""}
        self.people = {agent: self._person(agent, now) for agent in sorted(everybody, key=_by_number)}
        named = {rule.queue for rule in self._hub.policy.resolve(now).queues}
        logged_in = {queue for agent in self._scene.agents() for queue in self._scene.queues_of(agent)}
        self.queues = tuple(sorted((named | queues | logged_in | self._scene.queues()) - {""}))
        self._asked_at = now

    def _person(self, agent: str, now: datetime) -> Person:
        row = self._hub.row_of(agent, now)
        return Person(self._hub.name_of(agent, now), row.group if row else None)


class Agents:
    """The agents of one look, told again only where something of them changed."""

    def __init__(self) -> None:
        self._figures: Figures | None = None
        self._work: dict[str, Work] = {}
        self._told: dict[str, tuple[object, AgentNow]] = {}
        self._stamp: tuple[object, ...] = ()
        self._agents: tuple[AgentNow, ...] = ()

    def now(
        self,
        people: Mapping[str, Person],
        scene: Scene,
        figures: Figures,
        quotas: Mapping[str, Quota],
        rules: PolicyVersion,
    ) -> tuple[AgentNow, ...]:
        """These people, in their order."""
        stamp = (scene.version, figures, people, quotas, rules)
        if len(self._stamp) == len(stamp) and all(
            a is b or a == b for a, b in zip(stamp, self._stamp, strict=True)
        ):
            return self._agents
        self._stamp = stamp
        if figures is not self._figures:
            self._figures = figures
            self._work = {agent: _work(tally) for agent, tally in figures.by_agent.items()}
        told: dict[str, tuple[object, AgentNow]] = {}
        for agent, person in people.items():
            key = (scene.doing(agent), person, self._work.get(agent, NO_WORK), quotas.get(agent), rules.breaks)
            known = self._told.get(agent)
            told[agent] = known if known and known[0] == key else (key, _agent_now(agent, *key[:4], rules))
        self._told = told
        self._agents = tuple(now for _, now in told.values())
        return self._agents


def _agent_now(
    agent: str, doing: Doing | None, person: Person, work: Work, quota: Quota | None, rules: PolicyVersion
) -> AgentNow:
    pauses = doing is not None and doing.activity is AgentActivity.PAUSED
    return AgentNow(
        agent=agent,
        name=person.name,
        activity=doing.activity if doing else AgentActivity.LOGGED_OUT,
        since=doing.since if doing else None,
        reason=doing.reason if doing else None,
        with_whom=doing.with_whom if doing else None,
        call_id=doing.call_id if doing else None,
        talk_ms=work.talk_ms,
        calls=work.calls,
        three_rings=work.three_rings,
        quota=quota,
        group=person.group,
        over_at=doing.since + rules.breaks.of(doing.reason) if doing and pauses else None,
    )


def _work(tally: Tally) -> Work:
    return Work(count(tally, "talk_minutes"), count(tally, "calls_handled"), three_rings_of(tally))


def _by_number(agent: str) -> tuple[int, int, str]:
    return (0, int(agent), agent) if agent.isdecimal() else (1, 0, agent)
