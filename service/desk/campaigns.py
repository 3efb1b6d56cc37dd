"""Campaigns as people and programs see them: how each stands, what was done to it, and when it will have finished."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from config.followups import FollowUpKind
from schedulers.campaigns.changes import CampaignChange, Turn
from schedulers.campaigns.forecast import HOUR, Forecast, Span, forecast, open_spans, pace_of
from schedulers.campaigns.records import Campaign, CampaignState, DialAttempt
from schedulers.errors import RefusedError
from schedulers.followups.rules import Rules
from schedulers.storage import campaigns as stored
from schedulers.storage.campaign_contacts import ended_since
from schedulers.storage.campaign_progress import Progress, load_progress
from schedulers.storage.campaigns import By
from schedulers.storage.dial_reading import load_live
from service.desk.desk import Desk, kinds_of
from service.desk.dialled import attempt_json
from service.desk.shapes import View
from telephony.calls.record import instant

RATE_DIGITS = 6
STATES = tuple(each.value for each in CampaignState)
_RUNS = frozenset({Turn.STARTED, Turn.RESUMED})
_RESTS = frozenset({Turn.PAUSED, Turn.STOPPED, Turn.FINISHED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A campaign with all that is to be seen of it at an instant."""

    campaign: Campaign
    progress: Progress
    forecast: Forecast
    live: tuple[DialAttempt, ...]
    story: tuple[CampaignChange, ...]


def turn(desk: Desk, campaign_id: int, what: Turn, by: By) -> Campaign:
    """Start, pause, resume or stop one. Raises RefusedError, StaleError."""
    with desk.engine.begin() as connection:
        return stored.turn_campaign(connection, campaign_id, what, by)


def resume_anyway(desk: Desk, campaign_id: int, by: By) -> Campaign:
    """A person says that he knows what its PBX did while it was not heard; where it is paused it goes on.

    Raises RefusedError, StaleError."""
    with desk.engine.begin() as connection:
        found = stored.answer_for_gaps(connection, campaign_id, by)
        if found.state is CampaignState.PAUSED:
            return stored.turn_campaign(connection, campaign_id, Turn.RESUMED, by)
        if found.state is not CampaignState.RUNNING:
            expected = "one that is paused, or runs and waits"
            raise RefusedError(f"campaign {campaign_id}", f"one that is {found.state.value}", expected)
        return found


def listed(connection: Connection, states: Iterable[CampaignState] = ()) -> tuple[Campaign, ...]:
    """The campaigns in some states, or all."""
    return stored.load_all(connection, tuple(states))


def standing(connection: Connection, campaign_id: int, rules: Rules, now: datetime) -> Standing | None:
    """How a campaign stands; None where there is none of this id."""
    campaign = stored.load(connection, campaign_id)
    if campaign is None:
        return None
    progress = load_progress(connection, campaign, now)
    story = stored.load_story(connection, campaign_id)
    return Standing(
        campaign=campaign,
        progress=progress,
        forecast=_forecast(connection, campaign, progress, story, rules, now),
        live=tuple(each for each in load_live(connection) if each.campaign == campaign_id),
        story=story,
    )


def _forecast(
    connection: Connection,
    campaign: Campaign,
    progress: Progress,
    story: Sequence[CampaignChange],
    rules: Rules,
    now: datetime,
) -> Forecast:
    promises = rules.version_at(now).promises
    kinds = [each for each in promises.kinds if each.id in campaign.kinds]
    spans = list(open_spans(rules.policy, promises, kinds, now)) if kinds else []
    pace = pace_of(ended_since(connection, campaign, now - HOUR), ran(story, now), spans, now)
    contacts = progress.contacts
    remaining = contacts.all - contacts.fulfilled - contacts.closed
    return forecast(remaining, pace, spans, now, campaign.deadline_at)


def ran(story: Iterable[CampaignChange], now: datetime) -> list[Span]:
    """The stretches in which a campaign ran, by its story."""
    found: list[Span] = []
    since: datetime | None = None
    for line in story:
        if line.what in _RUNS:
            since = line.at if since is None else since
        elif line.what in _RESTS and since is not None:
            found.append((since, line.at))
            since = None
    return found if since is None else [*found, (since, max(since, now))]


# -- their public shapes -----------------------------------------------------------------------------


def campaign_json(each: Campaign) -> dict[str, Any]:
    """A campaign as it stands."""
    return {
        "id": each.id,
        "name": each.name,
        "mode": each.mode.value,
        "state": each.state.value,
        "kinds": list(each.kinds),
        "listed": each.listed,
        "priority": each.priority,
        "groups": list(each.groups),
        "agents": list(each.agents),
        "pbx": each.pbx,
        "trunk": each.trunk,
        "caller_id": each.caller_id,
        "ring_seconds": None if each.ring is None else each.ring.total_seconds(),
        "notice": each.notice,
        "starts_at": instant(each.starts_at),
        "deadline_at": instant(each.deadline_at),
        "made_by": each.made_by,
        "made_at": instant(each.made_at),
        "revision": each.revision,
    }


def progress_json(each: Progress) -> dict[str, Any]:
    """The contacts by where they stand, the attempts by how they ended, and who lately was not dialled."""
    contacts = each.contacts
    parts = ("fulfilled", "closed", "waiting", "reached", "dialling")
    return {
        "as_of": instant(each.at),
        "contacts": {"all": contacts.all, **{name: getattr(contacts, name) for name in parts}},
        "ready": each.ready,
        "tried": each.tried,
        "attempts": each.attempts,
        "phases": {phase.value: count for phase, count in sorted(each.phases.items())},
        "results": {result.value: count for result, count in sorted(each.results.items())},
        "held_back": {why.value: count for why, count in each.held_back.items()},
        "connected_rate": _rate(each.connected_rate),
        "answered_rate": _rate(each.answered_rate),
        "attempts_per_contact": _rate(each.attempts_per_contact),
        "talk_seconds": each.talked.total_seconds(),
    }


def forecast_json(each: Forecast) -> dict[str, Any]:
    """When nothing will be left if it goes on so; null where that cannot be said."""
    return {
        "remaining": each.remaining,
        "per_hour": _rate(each.pace.per_hour),
        "finish_at": instant(each.finish_at),
        "in_time": each.in_time,
    }


def story_json(each: CampaignChange) -> dict[str, Any]:
    """One line of its story."""
    return {"at": instant(each.at), "what": each.what.value, "by": each.by, "note": each.note}


def standing_json(each: Standing, view: View) -> dict[str, Any]:
    """The whole."""
    return {
        "campaign": campaign_json(each.campaign),
        "progress": progress_json(each.progress),
        "forecast": forecast_json(each.forecast),
        "live": [attempt_json(one, view) for one in each.live],
        "story": [story_json(line) for line in each.story],
    }


def named_kinds(campaign: Campaign, rules: Rules) -> list[FollowUpKind]:
    """Its kinds, as far as the policy ever had them."""
    kinds = kinds_of(rules)
    return [kinds[each] for each in campaign.kinds if each in kinds]


def require(found: Standing | None, campaign_id: int) -> Standing:
    """Raises RefusedError where there is none."""
    if found is None:
        raise RefusedError("campaign", str(campaign_id), "the id of a campaign")
    return found


def _rate(value: float | None) -> float | None:
    return None if value is None else round(value, RATE_DIGITS)
