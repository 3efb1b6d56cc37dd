"""Today's figures as the board looks at them: of agents, queues, hours, and the whole of a look."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from analytics.day_figures import Figures, Scope
from analytics.metrics.tallies import Tally
from config.policies import PolicyVersion
from service.dashboard.board import CallNow, HourNow, QueueNow, Rate
from service.dashboard.look import Look
from service.live.hub import LiveHub
from service.live.rates import (
    abandonment_of,
    caller_rings_of,
    count,
    level_of,
    three_rings_of,
)

OLDEST = timedelta(seconds=5)
"""How old figures may be where what goes on is to be told first; they are made anew right after it."""

LATELY = timedelta(seconds=10)

NOTHING = Tally()


class DayFigures:
    """Figures of several looks at one instant: what goes on is folded once for all of them."""

    def __init__(self, hub: LiveHub) -> None:
        self._hub = hub
        self._settled = hub.settled
        self._made_at: datetime | None = None
        self._made: dict[Scope, Figures] = {}
        self._asked: dict[Scope, datetime] = {}

    def of(self, scope: Scope, now: datetime, *, hurried: bool) -> tuple[Figures, bool]:
        """Figures up to now, and whether they are older: hurried, those that are there do."""
        self._asked[scope] = now
        if not (hurried and scope in self._made and self._are_recent(now)):
            self._make(now)
        return self._made[scope], self._made_at != now

    def _are_recent(self, now: datetime) -> bool:
        age = timedelta.max if self._made_at is None else now - self._made_at
        return self._settled == self._hub.settled and timedelta() <= age < OLDEST

    def _make(self, now: datetime) -> None:
        """For all that were asked for lately."""
        self._asked = {scope: at for scope, at in self._asked.items() if abs(now - at) < LATELY}
        self._made = self._hub.figures.figures_in(now, tuple(self._asked))
        self._made_at, self._settled = now, self._hub.settled


def scope_of(look: Look, agents: frozenset[str], queues: frozenset[str]) -> Scope:
    """What a look sums: of these agents, and of these queues."""
    return Scope(
        agents=None if look.seen.everything and not look.groups else agents,
        worked=queues if look.queues else None,
        queues=None if look.seen.everything and not look.queues else queues,
    )


def hours_of(figures: Figures) -> tuple[HourNow, ...]:
    """The hours in which calls came, in order."""
    return tuple(
        HourNow(hour=hour, calls=count(tally, "calls_inbound"), three_rings=caller_rings_of(tally))
        for hour, tally in sorted(figures.by_hour.items())
        if count(tally, "calls_inbound")
    )


def queues_now(
    queues: Iterable[str], figures: Figures, calls: Iterable[CallNow], rules: PolicyVersion
) -> tuple[QueueNow, ...]:
    """Queues in their order."""
    waiting: dict[str, list[CallNow]] = {}
    for call in calls:
        if call.joined_at is not None and call.queue:
            waiting.setdefault(call.queue, []).append(call)
    return tuple(queue_now(queue, figures, waiting.get(queue, []), rules) for queue in queues)


def queue_now(queue: str, figures: Figures, calls: Iterable[CallNow], rules: PolicyVersion) -> QueueNow:
    """One queue: who waits, and its day."""
    met, rule = figures.by_queue.get(queue, NOTHING), rules.queue_rule(queue)
    waiting = [call.joined_at for call in calls if call.joined_at is not None]
    lost: Rate = abandonment_of(met)
    return QueueNow(
        queue=queue,
        name=rule.name if rule else None,
        waiting=len(waiting),
        longest_since=min(waiting, default=None),
        answered=count(met, "visits_answered"),
        abandoned=lost.within,
        abandoned_short=count(met, "visits_abandoned_short"),
        three_rings=three_rings_of(figures.worked.get(queue, NOTHING)),
        level=level_of(met, rules.service_level.formula),
        abandonment=lost,
        marks=rules.marks_of(queue),
    )
