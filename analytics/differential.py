"""Our minutes beside what the PBX claims, per agent, with each disagreement explained by its call. Pure.

Ours: for each agent and call the stretches with a customer (kinds customer and conference), hold cut out, by
docs/call-model.md. Claimed: AgentComplete's and queue_log's TalkTime, which end with the queue's call and not with the
agent's part in it, and the CDR's billsec, which counts from the PBX's own answer. Each is a difference of two whole
seconds, so up to TOLERANCE_MS is no disagreement.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from telephony.calls.facts import TalkKind

TOLERANCE_MS = 1500
MINUTES = frozenset({TalkKind.CUSTOMER, TalkKind.CONFERENCE})


class Why(StrEnum):
    """What explains a claim that is not ours."""

    TRANSFER = "transfer"  # it goes on after the agent handed the call over
    HOLD = "hold"  # it counts hold as talk
    CONSULT = "consult"  # it counts the consultation with a colleague
    WAIT = "wait"  # it counts the time in the queue or in ringing
    DOUBLED = "doubled"  # several rows for one talk
    NOT_COUNTED = "not_counted"  # the agent talked, and no claim names him: the call was handed to him
    INTERNAL = "internal"  # it counts a talk among colleagues
    NO_TALK = "no_talk"  # it claims a talk for somebody who had none with a customer
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """One agent's part in a call, in microseconds since the epoch."""

    agent: str
    kind: TalkKind
    start_us: int
    end_us: int
    hold_us: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """What the PBX claims of an agent's talk."""

    agent: str
    source: str  # agent_complete, queue_log, cdr
    talk_seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CallToCompare:
    """One call with all that both sides say of it."""

    call_id: str
    pbx: str
    started_us: int
    ended_us: int
    picked_up_us: int | None
    known: str
    customer: str | None
    queued: bool  # it went through a queue
    stretches: tuple[Stretch, ...]
    claims: tuple[Claimed, ...]
    handed_on_by: frozenset[str] = frozenset()  # agents who transferred it
    names: Mapping[str, str] = field(default_factory=dict)  # members' names, interfaces and devices, to the agent


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """One agent, one call, one source: its claim, ours, and why they differ."""

    call_id: str
    agent: str
    source: str
    ours_ms: int
    claimed_ms: int
    why: Why
    known: str
    started_us: int


@dataclass(slots=True)
class AgentBalance:
    """One agent's sums, and how many calls agree."""

    agent: str
    calls: int = 0
    ours_ms: int = 0
    claimed_ms: dict[str, int] = field(default_factory=dict)
    claimed_calls: dict[str, int] = field(default_factory=dict)
    agreeing: dict[str, int] = field(default_factory=dict)
    disagreements: list[Disagreement] = field(default_factory=list)


def compare(calls: Iterable[CallToCompare], sources: Sequence[str]) -> list[AgentBalance]:
    """The balance of each agent whom either side names, by agent. `sources`: those that are in hand at all."""
    found: dict[str, AgentBalance] = {}
    for call in calls:
        named = dict.fromkeys(each.agent for each in call.stretches if each.kind in MINUTES)
        named.update(dict.fromkeys(each.agent for each in call.claims))
        for agent in named:
            balance = found.setdefault(agent, AgentBalance(agent))
            _weigh(call, balance, sources)
    return [found[agent] for agent in sorted(found)]


def _weigh(call: CallToCompare, balance: AgentBalance, sources: Sequence[str]) -> None:
    agent = balance.agent
    ours = talk_ms(call, agent)
    if ours:
        balance.calls += 1
        balance.ours_ms += ours
    for source in sources:
        claims = [each.talk_seconds * 1000 for each in call.claims if each.agent == agent and each.source == source]
        claimed = sum(claims)
        if not claimed and not _ought_to_claim(call, source, ours):
            continue
        balance.claimed_ms[source] = balance.claimed_ms.get(source, 0) + claimed
        balance.claimed_calls[source] = balance.claimed_calls.get(source, 0) + bool(claims)
        if abs(claimed - ours) <= TOLERANCE_MS and bool(claims) == bool(ours):
            balance.agreeing[source] = balance.agreeing.get(source, 0) + 1
            continue
        balance.disagreements.append(
            Disagreement(
                call_id=call.call_id,
                agent=agent,
                source=source,
                ours_ms=ours,
                claimed_ms=claimed,
                why=explain(call, agent, claims, ours),
                known=call.known,
                started_us=call.started_us,
            )
        )


def _ought_to_claim(call: CallToCompare, source: str, ours: int) -> bool:
    """A queue claims for queue calls only; a CDR is written for all."""
    return bool(ours) and (source == "cdr" or call.queued)


def talk_ms(call: CallToCompare, agent: str) -> int:
    """The agent's talk with customers in this call, hold cut out."""
    parts = [each for each in call.stretches if each.agent == agent and each.kind in MINUTES]
    return sum((each.end_us - each.start_us - each.hold_us) // 1000 for each in parts)


def explain(call: CallToCompare, agent: str, claims: Sequence[int], ours: int) -> Why:
    """The first reason that accounts for the claim, from the most to the least particular."""
    if not claims:
        return Why.NOT_COUNTED
    claimed = sum(claims)
    parts = [each for each in call.stretches if each.agent == agent]
    if not ours:
        among = sum((each.end_us - each.start_us) // 1000 for each in parts)
        return Why.INTERNAL if among and claimed <= among + 2 * TOLERANCE_MS else Why.NO_TALK
    talks = [each for each in parts if each.kind in MINUTES]
    first, last = min(each.start_us for each in talks), max(each.end_us for each in talks)
    hold = sum(each.hold_us for each in talks) // 1000
    spans = {
        Why.HOLD: ours + hold if hold else None,
        Why.CONSULT: (max(each.end_us for each in parts) - min(each.start_us for each in parts)) // 1000,
        Why.TRANSFER: (call.ended_us - first) // 1000 if agent in call.handed_on_by else None,
        Why.WAIT: (last - (call.picked_up_us or call.started_us)) // 1000,
    }
    for why, span in spans.items():
        if span is not None and abs(claimed - span) <= TOLERANCE_MS:
            return why
    if len(claims) > 1 and any(abs(each - ours) <= TOLERANCE_MS for each in claims):
        return Why.DOUBLED
    if agent in call.handed_on_by and claimed > ours:
        return Why.TRANSFER
    if hold and ours < claimed < ours + hold:
        return Why.HOLD
    if claimed > ours and call.queued:
        return Why.WAIT
    return Why.OTHER
