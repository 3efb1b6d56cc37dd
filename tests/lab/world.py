"""The running lab of a scenario: the PBX, its agents' phones, the provider, an AMI connection."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.lab.ami import Ami, Packet, get
from tests.lab.audio import tone
from tests.lab.entries import customer_leg, leg_of, truth_entry
from tests.lab.flavours import FLAVOURS
from tests.lab.softphone import Call, Phone

HERE = Path(__file__).resolve().parent
LAB = HERE / "lab"
AGENTS = tuple(f"100{n}" for n in range(1, 9))
REASONS = {
    486: "Busy Here",
    503: "Service Unavailable",
    404: "Not Found",
    603: "Decline",
    480: "Temporarily Unavailable",
    600: "Busy Everywhere",
}
PROVIDER = "provider"
ALIKE: Mapping[str, bytes] = {PROVIDER: tone(440)} | dict.fromkeys(AGENTS, tone(880))
"""What is played by whom: customers one tone, all agents another, one second on and one off."""
WRAP_UP = 2.6  # the queues' wrap-up time, and late events
STRAGGLERS = 0.4  # a CANCEL or BYE that is still on its way when the scenario is over
POLL = 0.02

Plan = dict[str, Any]


class Agent(Phone):
    """A phone with a plan for the calls that come in.

    plan: ring (seconds until it answers; None: never answers), talk (seconds until it hangs
    up; None: waits), reject (code instead of answering), forward (number for a 302), delay
    (seconds before the 180).
    """

    plan: Plan | Callable[[Call], Plan] = {"ring": 1.0, "talk": None, "reject": None}  # noqa: RUF012

    def handle(self, call: Call) -> None:
        plan = call.plan = dict(self.plan(call) if callable(self.plan) else self.plan)
        time.sleep(plan.get("delay") or 0)
        if (plan.get("reject") or plan.get("forward")) and not plan.get("ring"):
            self.refuse(call, plan)
            return
        call.ring()
        if plan.get("ring") is None or call.wait(lambda c: c.state == "ended", plan["ring"]):
            return
        if plan.get("reject") or plan.get("forward"):
            self.refuse(call, plan)
            return
        call.answer()
        if plan.get("talk") is not None:
            call.wait(lambda c: c.state == "ended", plan["talk"])
            call.hangup()

    def refuse(self, call: Call, plan: Plan) -> None:
        if plan.get("forward"):
            call.forward(plan["forward"])
        else:
            call.reject(plan["reject"], REASONS[plan["reject"]])

    def last(self) -> Call | None:
        return self.history[-1] if self.history else None

    def rung(self) -> list[Call]:
        return [call for call in self.history if not call.outgoing]


class Bench:
    """A started Asterisk: its paths and ports."""

    def __init__(self, suite: str, slot: int, conf: str) -> None:
        self.instance = f"scenario-{suite}-{slot}"
        self.lab("start", "--suite", suite, "--slot", str(slot), "--conf", str(HERE / conf))
        self.paths = dict(line.split("=", 1) for line in self.lab("paths").splitlines())
        self.sip = ("127.0.0.1", int(self.paths["sip"].split(":")[1]))
        self.ami_port = int(self.paths["ami"].split(":")[1])
        self.agent_port = int(self.paths["agent_port"])
        host, port = self.paths["trunk"].split(":")
        self.trunk = (host, int(port))

    def lab(self, *words: str) -> str:
        done = subprocess.run([LAB, "-i", self.instance, *words], stdout=subprocess.PIPE, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"lab {' '.join(words)} failed")
        return done.stdout


class World:
    """What scenarios use.  ``truth`` collects one entry per call, in the form of truth.json."""

    def __init__(self, bench: Bench, flavour: str, out: Path, voices: Mapping[str, bytes] = ALIKE) -> None:
        self.bench = bench
        self.flavour = FLAVOURS[flavour]
        self.agents = {
            name: Agent(name, "127.0.0.1", bench.agent_port + n, bench.sip, voices[name])
            for n, name in enumerate(AGENTS, 1)
        }
        self.trunk = Agent(PROVIDER, *bench.trunk, bench.sip, voices[PROVIDER])
        for phone in self.phones:
            phone.on_call = phone.handle
            phone.through = voices is not ALIKE
        self.truth: list[dict[str, Any]] = []
        self.pending: list[Callable[[], None]] = []
        self.told: set[int] = set()  # calls that an entry of this scenario already has
        self.next_caller = 447700900100
        self.name, self.started = "", 0.0
        self.ami = Ami(bench.ami_port, "recorder", "lab-recorder", out / "ami.raw", out / "ami.jsonl")
        # What production uses, beside the recorder.
        self.limited = Ami(bench.ami_port, "callcenter", "lab-callcenter", out / "limited.raw", keep=False)

    @property
    def phones(self) -> list[Agent]:
        return [*self.agents.values(), self.trunk]

    # -- a scenario's beginning and end -----------------------------------------------

    def begin(self, name: str) -> None:
        for agent in self.agents.values():
            agent.plan = {"ring": None}
            agent.history = []
        self.trunk.plan = {"ring": 1.0, "talk": None}
        self.trunk.history = []
        self.told = set()
        self.name = name
        self.started = time.time()
        self.ami.action("UserEvent", UserEvent="ScenarioBegin", Name=name)

    def end(self) -> None:
        time.sleep(STRAGGLERS)
        for phone in self.phones:
            for call in phone.history:
                if call.state != "ended":
                    print("   left over:", phone.user, call.number, call.state)
                    call.hangup()
        time.sleep(WRAP_UP - STRAGGLERS)
        for finish in self.pending:
            finish()
        self.pending = []
        self.ami.action("UserEvent", UserEvent="ScenarioEnd", Name=self.name)

    def close(self) -> None:
        self.limited.close()
        self.ami.close()
        for phone in self.phones:
            phone.close()

    # -- names ----------------------------------------------------------------------------

    def queue(self, name: str) -> str:
        """The name of a queue in this flavour."""
        return self.flavour.queues.get(name, name)

    def member(self, agent: str) -> str:
        """A queue member's interface."""
        return self.flavour.member % agent

    def caller(self) -> str:
        self.next_caller += 1
        return str(self.next_caller)

    # -- calls ------------------------------------------------------------------------------

    def dial_in(self, number: str, caller: str | None = None, **how: Any) -> Call:
        """A customer calls; returns the customer's Call."""
        caller = caller or self.caller()
        how.setdefault("display", f"Customer {caller[-3:]}")
        return self.trunk.call(number, caller, **how)

    def agent_call(self, name: str, timeout: float = 20, nth: int = 0) -> Call:
        """The agent's newest (or nth) incoming call, once there is one."""
        agent = self.agents[name]
        self.wait_until(lambda: len(agent.rung()) > nth, timeout, f"no call at {name}")
        return agent.rung()[nth if nth else -1]

    def any_agent(self, state: str = "up", timeout: float = 20) -> tuple[str, Call]:
        """The first agent's call in a state."""

        def found() -> list[tuple[str, Call]]:
            return [
                (name, call) for name, agent in self.agents.items() for call in agent.history if call.state == state
            ]

        self.wait_until(lambda: bool(found()), timeout, f"no agent's call {state}")
        return found()[0]

    def outside_leg(self, timeout: float = 20) -> Call:
        """The newest call that the PBX placed to the provider."""
        self.wait_until(lambda: bool(self.trunk.rung()), timeout, "no call to the provider")
        return self.trunk.rung()[-1]

    def wait_until(self, condition: Callable[[], Any], timeout: float, otherwise: str) -> None:
        deadline = time.time() + timeout
        while not condition():
            if time.time() > deadline:
                raise AssertionError(otherwise)
            time.sleep(POLL)

    def channel_of(self, number: str) -> str:
        """The newest channel whose caller has this number."""
        return [
            get(p, "Channel")
            for _, p in self.ami.packets
            if get(p, "Event") == "Newchannel" and get(p, "CallerIDNum") == number
        ][-1]

    def newest_channel(self, prefix: str) -> str:
        """The newest channel whose name begins so."""
        names = [get(p, "Channel") for _, p in self.ami.packets if get(p, "Event") == "Newchannel"]
        return [name for name in names if name.startswith(prefix)][-1]

    def pause_others(self, keep: Sequence[str], queue: str = "support", paused: bool = True) -> None:
        for name in ("1001", "1002", "1003"):
            if name not in keep:
                self.ami.action(
                    "QueuePause",
                    Queue=self.queue(queue),
                    Interface=self.member(name),
                    Paused="true" if paused else "false",
                )

    # -- truth ---------------------------------------------------------------------------------

    def record(
        self,
        call: Call | None,
        result: str,
        *,
        legs: Sequence[Call] | None = None,
        customer: Call | None = None,
        **more: Any,
    ) -> dict[str, Any]:
        """Add a truth entry for a customer's call (or an agent's, or an originated one).

        call: the call that began it (None: the application did); legs: the agents' incoming calls
        that belong to it (default: all that no earlier entry has); customer: the provider's
        incoming call, for calls outwards.  The phones' instants are read when the scenario ends.
        """
        if legs is None:
            legs = [c for a in self.agents.values() for c in a.rung() if id(c) not in self.told]
        self.told.update(map(id, legs))
        entry: dict[str, Any] = {
            "scenario": self.name,
            "flavour": self.flavour.name,
            "result": result,
            "t_begin": round(self.started, 3),
        }
        entry["direction"] = "in" if call is not None and call.phone is self.trunk else "out"
        if "queue" in more:
            more["queue"] = self.queue(more["queue"])
        for visit in more.get("queue_visits") or ():
            visit["queue"] = self.queue(visit["queue"])
        entry.update(more)
        self.truth.append(entry)
        started, taken = self.started, list(legs)

        def finish() -> None:
            found = [leg_of(leg, started) for leg in taken]
            entry.update({k: v for k, v in truth_entry(call, found).items() if k not in more})
            if customer is not None:
                entry["customer_leg"] = customer_leg(customer)
            entry["agent_calls"] = [
                leg_of(c, started) for a in self.agents.values() for c in a.history if c.outgoing
            ]

        self.pending.append(finish)
        return entry

    # -- actions ----------------------------------------------------------------------------

    def originate(self, channel: str, wait: float = 40, **fields: Any) -> dict[str, str] | None:
        """Originate (asynchronous) and wait for its OriginateResponse."""
        start = len(self.ami.packets)
        fields.setdefault("Timeout", "20000")
        action = self.ami.send("Originate", {"Channel": channel, "Async": "true", **fields})

        def answers(packet: Packet) -> bool:
            return get(packet, "Event") == "OriginateResponse" and get(packet, "ActionID") == action

        packet = self.ami.wait(answers, wait, start)
        return dict(packet) if packet else None
