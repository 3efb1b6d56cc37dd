"""Our minutes beside the PBX's claims: those that are stored, and those of a queue_log that is read beside them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from analytics.differential import AgentBalance, CallToCompare, Claimed, Disagreement, compare
from analytics.metrics.periods import Period
from analytics.storage.differing import calls_to_compare
from telephony.calls.record import instant
from telephony.clock import from_microseconds
from telephony.pbxlogs.queue_words import Claim, claim_of
from telephony.pbxlogs.rows import QueueRow

STORED = ("agent_complete", "cdr", "queue_log")


def claims_of(rows: Iterable[QueueRow]) -> dict[str, list[Claim]]:
    """What a queue_log claims, by the caller's channel."""
    found: dict[str, list[Claim]] = {}
    for row in rows:
        claim = claim_of(row)
        if claim is not None and row.call:
            found.setdefault(row.call, []).append(claim)
    return found


def balances(
    connection: Connection, period: Period, beside: Mapping[str, list[Claim]] | None = None, pbx: str | None = None
) -> list[AgentBalance]:
    """The balance of each agent over the calls that began in a period."""
    calls = [
        _with_claims(call, beside)
        for call in calls_to_compare(connection, period.start_us, period.end_us)
        if pbx is None or call.pbx == pbx
    ]
    seen = {each.source for call in calls for each in call.claims}
    return compare(calls, [source for source in STORED if source in seen])


def _with_claims(call: CallToCompare, beside: Mapping[str, list[Claim]] | None) -> CallToCompare:
    """The call with what queue_log claims of it, where none of that is stored."""
    if not beside or any(each.source == "queue_log" for each in call.claims):
        return call
    found = beside.get(call.call_id.partition("/")[2], [])
    added = tuple(
        Claimed(agent=call.names.get(claim.agent, claim.agent), source="queue_log", talk_seconds=claim.talk_seconds)
        for claim in found
    )
    return replace(call, claims=call.claims + added)


def as_json(balance: AgentBalance) -> dict[str, Any]:
    """One agent's balance in the public shape; a claim that no source makes is null."""
    return {
        "agent": balance.agent,
        "calls": balance.calls,
        "talk_seconds": balance.ours_ms / 1000,
        "claimed": {
            source: {
                "talk_seconds": balance.claimed_ms[source] / 1000,
                "calls": balance.claimed_calls.get(source, 0),
                "agreeing": balance.agreeing.get(source, 0),
            }
            if source in balance.claimed_ms
            else None
            for source in STORED
        },
        "disagreements": list(disagreements(balance)),
    }


def disagreements(balance: AgentBalance) -> Iterator[dict[str, Any]]:
    """Each disagreement in the public shape, in order of the calls."""
    for each in sorted(balance.disagreements, key=in_order):
        yield {
            "call_id": each.call_id,
            "started_at": instant(from_microseconds(each.started_us)),
            "source": each.source,
            "talk_seconds": each.ours_ms / 1000,
            "claimed_seconds": each.claimed_ms / 1000,
            "why": each.why.value,
            "known": each.known,
        }


def in_order(each: Disagreement) -> tuple[int, str, str]:
    """What disagreements are sorted by: the calls, in order of time."""
    return each.started_us, each.call_id, each.source
