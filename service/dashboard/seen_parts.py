"""What of a page its reader sees: a call by its agents and queues, a campaign by its agents, the gaps. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from service.auth.rights import Seen
from service.dashboard.gaps_view import GapLine
from service.dashboard.periods import CallStory


def sees_call(seen: Seen, story: CallStory) -> bool:
    """Whether he sees a call: one of its agents, or a queue that it was in, is his to see."""
    if seen.everything:
        return True
    record = story.record
    talked = (story.agent_of(each.interface, each.device, each.started_at)[0] for each in record.talks)
    rang = (story.agent_of(each.interface, each.device, each.offered_at)[0] for each in record.offerings)
    return seen.call({*talked, *rang}, {visit.queue for visit in record.visits})


def sees_campaign(seen: Seen, crew: Collection[str] | None) -> bool:
    """Whether he sees a campaign: one of those who call in it is his to see. No crew: whoever is free calls."""
    if seen.everything:
        return True
    return bool(seen.agents) if crew is None else not seen.agents.isdisjoint(crew)


def gaps_for(lines: Iterable[GapLine], seen: Seen) -> tuple[GapLine, ...]:
    """The ledger: when a PBX was not heard concerns everybody, the calls within only who sees all of them."""
    return tuple(lines) if seen.everything else tuple(replace(each, calls=None) for each in lines)
