"""From facts to the rows of their table: which call survives, and who the agent was."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from operator import attrgetter
from typing import Any

from sqlalchemy import Table

from analytics.storage import models, rows
from analytics.storage.rows import Row, instant
from telephony.calls.facts import (
    AgentStateFact,
    CallFact,
    ClaimFact,
    DigitFact,
    OfferingFact,
    QueueVisitFact,
    RecordingFact,
    TalkFact,
    TransferFact,
)

AgentAt = Callable[[str, str, int], str]
"""Interface, device and instant in microseconds, to the agent."""

Build = Callable[[Iterable[Any], Mapping[str, str], AgentAt], list[Row]]
"""Facts of one kind, the survivors of aliases and the mapping of devices, to rows."""


def _build_calls(facts: Iterable[CallFact], survivors: Mapping[str, str], agent_at: AgentAt) -> list[Row]:
    return [rows.call_row(fact) for fact in facts if fact.merged_into is None and fact.id not in survivors]


def _plain(row: Callable[[Any, str], Row]) -> Build:
    """Facts of a call that name no agent."""

    def build(facts: Iterable[Any], survivors: Mapping[str, str], agent_at: AgentAt) -> list[Row]:
        return [row(fact, survivors.get(fact.call_id, fact.call_id)) for fact in facts]

    return build


def _personal(row: Callable[[Any, str, str, int], Row], begins: str, device: str) -> Build:
    """Facts that name an interface: the person is who sat there when the fact's interval began."""
    began_at, device_of = attrgetter(begins), attrgetter(device)

    def build(facts: Iterable[Any], survivors: Mapping[str, str], agent_at: AgentAt) -> list[Row]:
        built = []
        for fact in facts:
            began = instant(began_at(fact))
            agent = agent_at(fact.interface, device_of(fact), began)
            built.append(row(fact, survivors.get(fact.call_id, fact.call_id), agent, began))
        return built

    return build


BUILDERS: dict[type, tuple[Table, Build]] = {
    CallFact: (models.calls, _build_calls),
    QueueVisitFact: (models.queue_visits, _plain(rows.queue_visit_row)),
    OfferingFact: (models.offerings, _personal(rows.offering_row, "offered_at", "device")),
    TalkFact: (models.talks, _personal(rows.talk_row, "started_at", "device")),
    TransferFact: (models.transfers, _plain(rows.transfer_row)),
    DigitFact: (models.digits, _plain(rows.digit_row)),
    RecordingFact: (models.recordings, _plain(rows.recording_row)),
    ClaimFact: (models.claims, _personal(rows.claim_row, "at", "interface")),
    AgentStateFact: (models.agent_states, _personal(rows.agent_state_row, "started_at", "interface")),
}
