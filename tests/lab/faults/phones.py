"""The phones of a stream of calls: agents who take several customers, and the provider with its customers."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence

from tests.lab.audio import tone
from tests.lab.softphone import Call
from tests.lab.world import AGENTS, Agent, Bench, Plan

POLL = 0.02
REGISTERED = ("1007", "1008")
REGISTER_SECONDS = 3600


class Phones:
    """Every phone on loopback; who answers, and when, is planned per caller."""

    def __init__(self, bench: Bench) -> None:
        agent_voice, customer_voice = tone(880), tone(440)
        self.agents = {
            name: Agent(name, "127.0.0.1", bench.agent_port + n, bench.sip, agent_voice)
            for n, name in enumerate(AGENTS, 1)
        }
        self.provider = Agent("provider", *bench.trunk, bench.sip, customer_voice)
        self._plans: dict[tuple[str, str], Plan] = {}
        for name, phone in self.agents.items():
            phone.plan = self._planned(name)
            phone.on_call = phone.handle
        self.provider.plan = lambda call: self._plans.get(("provider", call.number), {"ring": 1.0})
        self.provider.on_call = self.provider.handle
        self.register()

    def plan(self, phone: str, number: str, plan: Plan) -> None:
        """What a phone does with the calls of a caller (or, at the provider, with those to a number)."""
        self._plans[phone, number] = plan

    def register(self) -> None:
        """Those that the PBX does not know by their address."""
        for name in REGISTERED:
            self.agents[name].register(REGISTER_SECONDS)

    def legs(self, number: str) -> list[Call]:
        """The calls of this caller that reached agents' phones."""
        return [call for phone in self.agents.values() for call in phone.rung() if call.caller == number]

    def cut(self, at: float) -> None:
        """The PBX died: what was not over at that moment is over."""
        for call in self._all():
            if call.state != "ended":
                call.times.setdefault("end", at)
                call.set_state("ended", "cut")

    def close(self) -> None:
        self.cut(time.time())
        for phone in (*self.agents.values(), self.provider):
            phone.close()

    def _planned(self, name: str) -> Callable[[Call], Plan]:
        return lambda call: self._plans.get((name, call.caller or ""), {"ring": 1.0})

    def _all(self) -> Iterator[Call]:
        for phone in (*self.agents.values(), self.provider):
            yield from list(phone.history)


def first_up(find: Callable[[], Sequence[Call]], party: Call, patience: float) -> Call | None:
    """The first of these calls that is up; None if the party gave up or was cut before, or nobody answered."""
    until = time.monotonic() + patience
    while time.monotonic() < until:
        for call in find():
            if call.state == "up":
                return call
        if party.state == "ended":
            return None
        time.sleep(POLL)
    return None


def lasts(call: Call, seconds: float) -> bool:
    """Whether the call is still up after so many seconds."""
    return not call.wait(lambda each: each.state == "ended", seconds)


def hang_up(*calls: Call | None) -> None:
    """Hang up; a PBX that no longer answers leaves nobody hanging."""
    for call in calls:
        if call is None:
            continue
        call.hangup()
        if not call.wait_state("ended", timeout=2):
            call.set_state("ended", "unanswered")
