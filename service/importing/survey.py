"""What comes in: calls by disposition, direction and how they are known, their span, days and agents. Pure."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from service.importing.gathering import Whole
from telephony.calls.facts import CallFact, TalkFact, TalkKind
from telephony.calls.record import View, instant, talk_time
from telephony.clock import milliseconds

COUNTED = (TalkKind.CUSTOMER, TalkKind.CONFERENCE)


class Survey:
    """Counts as calls come by; memory holds days and agents."""

    def __init__(self, zone: ZoneInfo, view: View) -> None:
        self._zone = zone
        self._view = view
        self._counts: dict[str, Counter[str]] = {
            "direction": Counter(),
            "disposition": Counter(),
            "known": Counter(),
        }
        self._days: set[date] = set()
        self._talked: Counter[str] = Counter()  # milliseconds by agent
        self._handled: Counter[str] = Counter()
        self._first: datetime | None = None
        self._last: datetime | None = None

    def see(self, whole: Whole) -> None:
        """One whole call."""
        handled: set[str] = set()
        for fact in whole.facts:
            if isinstance(fact, CallFact) and fact.merged_into is None:
                self._see_call(fact)
            elif isinstance(fact, TalkFact) and fact.kind in COUNTED and fact.ended_at is not None:
                agent = self._view.agent_of(fact.interface, fact.device, fact.started_at)
                self._talked[agent] += milliseconds(talk_time(fact, fact.ended_at))
                handled.add(agent)
        self._handled.update(handled)

    def _see_call(self, call: CallFact) -> None:
        self._counts["direction"][call.direction.value] += 1
        self._counts["disposition"][call.disposition.value if call.disposition else "open"] += 1
        self._counts["known"][call.known.value] += 1
        self._days.add(call.started_at.astimezone(self._zone).date())
        self._first = call.started_at if self._first is None else min(self._first, call.started_at)
        self._last = call.started_at if self._last is None else max(self._last, call.started_at)

    def as_json(self) -> dict[str, Any]:
        """Everything that was counted. `from` and `to` are the starts of the first call and the last."""
        agents = sorted(self._talked)
        return {
            "calls": sum(self._counts["known"].values()),
            **{name: dict(sorted(counted.items())) for name, counted in self._counts.items()},
            "from": instant(self._first),
            "to": instant(self._last),
            "days": len(self._days),
            "agents": [
                {
                    "agent": each,
                    "talk_minutes": round(self._talked[each] / 60_000, 4),
                    "calls": self._handled[each],
                }
                for each in agents
            ],
        }
