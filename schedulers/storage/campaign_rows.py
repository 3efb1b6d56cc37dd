"""Campaigns and attempts as rows of their tables, and rows as campaigns and attempts: pure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from analytics.storage.dialects import storable_text
from config.followups import Result
from schedulers.campaigns.changes import CampaignChange, Turn
from schedulers.campaigns.records import Campaign, CampaignState, DialAttempt, DialMode, Evidence, Phase, Why
from telephony.clock import from_microseconds, milliseconds, to_microseconds

Values = dict[str, Any]
"""A row by its columns."""


def campaign_values(campaign: Campaign) -> Values:
    """A row of `campaigns`, but for its id."""
    return {
        "name": storable_text(campaign.name),
        "mode": campaign.mode.value,
        "state": campaign.state.value,
        "kinds": _listed(campaign.kinds),
        "listed": campaign.listed,
        "priority": campaign.priority,
        "group_names": _listed(campaign.groups),
        "agents": _listed(campaign.agents),
        "pbx": campaign.pbx,
        "trunk": campaign.trunk,
        "caller_id": storable_text(campaign.caller_id),
        "ring_ms": None if campaign.ring is None else milliseconds(campaign.ring),
        "notice": campaign.notice,
        "starts_us": us(campaign.starts_at),
        "deadline_us": us(campaign.deadline_at),
        "made_by": storable_text(campaign.made_by),
        "made_us": to_microseconds(campaign.made_at),
        "revision": campaign.revision,
    }


def campaign_of(row: Any) -> Campaign:
    """The campaign that a row of `campaigns` is."""
    return Campaign(
        id=row.id,
        name=row.name,
        mode=DialMode(row.mode),
        state=CampaignState(row.state),
        kinds=tuple(json.loads(row.kinds)),
        listed=row.listed,
        priority=row.priority,
        groups=tuple(json.loads(row.group_names)),
        agents=tuple(json.loads(row.agents)),
        pbx=row.pbx,
        trunk=row.trunk,
        caller_id=row.caller_id,
        ring=None if row.ring_ms is None else timedelta(milliseconds=row.ring_ms),
        notice=row.notice,
        starts_at=at(row.starts_us),
        deadline_at=at(row.deadline_us),
        made_by=row.made_by,
        made_at=from_microseconds(row.made_us),
        revision=row.revision,
    )


def change_values(change: CampaignChange) -> Values:
    """A row of `campaign_changes`."""
    return {
        "campaign": change.campaign,
        "revision": change.revision,
        "at_us": to_microseconds(change.at),
        "by_whom": storable_text(change.by),
        "what": change.what.value,
        "note": storable_text(change.note),
    }


def change_of(row: Any) -> CampaignChange:
    """The line of a campaign's story that a row of `campaign_changes` is."""
    return CampaignChange(
        campaign=row.campaign,
        revision=row.revision,
        at=from_microseconds(row.at_us),
        by=row.by_whom,
        what=Turn(row.what),
        note=row.note,
    )


def attempt_of(row: Any, follow_ups: Sequence[str]) -> DialAttempt:
    """The attempt that a row of `dial_attempts` is; the follow-ups that it serves are in a table of their own."""
    return DialAttempt(
        id=row.id,
        channel_id=row.channel_id,
        campaign=row.campaign,
        mode=DialMode(row.mode),
        follow_ups=tuple(follow_ups),
        customer=row.customer,
        number=row.number,
        agent=row.agent,
        device=row.device,
        pbx=row.pbx,
        trunk=row.trunk,
        by=row.by_whom,
        phase=Phase(row.phase),
        planned_at=from_microseconds(row.planned_us),
        dial_at=at(row.dial_us),
        committed_at=at(row.committed_us),
        sent_at=at(row.sent_us),
        ended_at=at(row.ended_us),
        runner=row.runner,
        lease_until=at(row.lease_until_us),
        result=None if row.result is None else Result(row.result),
        cause=row.cause,
        evidence=None if row.evidence is None else Evidence(row.evidence),
        call=row.call_id,
        why=None if row.why is None else Why(row.why),
        note=row.note,
        revision=row.revision,
    )


def us(instant: datetime | None) -> int | None:
    """An instant as a column holds it."""
    return None if instant is None else to_microseconds(instant)


def at(instant_us: int | None) -> datetime | None:
    """What a column holds as an instant."""
    return None if instant_us is None else from_microseconds(instant_us)


def _listed(values: Sequence[str]) -> str:
    return json.dumps(list(values), ensure_ascii=False)
