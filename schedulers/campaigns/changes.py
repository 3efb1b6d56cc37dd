"""A campaign's story and its turns: what may be done to one that stands where it stands. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from schedulers.campaigns.records import Campaign, CampaignState
from schedulers.errors import RefusedError


class Turn(StrEnum):
    """What a change of a campaign was."""

    MADE = "made"
    STARTED = "started"
    PAUSED = "paused"
    RESUMED = "resumed"
    STOPPED = "stopped"
    FINISHED = "finished"  # by its deadline, or since nothing of it is owed any more
    CHANGED = "changed"  # its deadline, priority, callers, trunk or the like
    MEMBERS = "members"  # follow-ups were added to its list
    ANYWAY = "anyway"  # somebody answers for what its PBX did until then while it was not heard


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignChange:
    """One line of a campaign's story. `by` is a person or "system"."""

    campaign: int
    revision: int
    at: datetime
    by: str
    what: Turn
    note: str = ""


_FROM: dict[Turn, frozenset[CampaignState]] = {
    Turn.STARTED: frozenset({CampaignState.DRAFT}),
    Turn.PAUSED: frozenset({CampaignState.RUNNING}),
    Turn.RESUMED: frozenset({CampaignState.PAUSED}),
    Turn.STOPPED: frozenset({CampaignState.DRAFT, CampaignState.RUNNING, CampaignState.PAUSED}),
    Turn.FINISHED: frozenset({CampaignState.DRAFT, CampaignState.RUNNING, CampaignState.PAUSED}),
}
_TO: dict[Turn, CampaignState] = {
    Turn.STARTED: CampaignState.RUNNING,
    Turn.PAUSED: CampaignState.PAUSED,
    Turn.RESUMED: CampaignState.RUNNING,
    Turn.STOPPED: CampaignState.STOPPED,
    Turn.FINISHED: CampaignState.FINISHED,
}
STATES_OF_TURNS = frozenset(_TO)
"""The turns that change where it stands."""


def turned(campaign: Campaign, turn: Turn, now: datetime) -> Campaign:
    """The campaign after a turn of STATES_OF_TURNS. Raises RefusedError where it does not stand so, or is too late."""
    if campaign.state not in _FROM[turn]:
        expected = " or ".join(each.value for each in CampaignState if each in _FROM[turn])
        raise RefusedError(
            f"campaign {campaign.id}", f"one that is {campaign.state.value}", f"one that is {expected}"
        )
    if _TO[turn] is CampaignState.RUNNING and campaign.deadline_at is not None and campaign.deadline_at <= now:
        found = campaign.deadline_at.isoformat()
        raise RefusedError(f"campaign {campaign.id}: deadline", found, f"one after {now.isoformat()}")
    return replace(campaign, state=_TO[turn])
