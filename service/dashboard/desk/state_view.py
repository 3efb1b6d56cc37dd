"""The card of an agent's own state: what he does, since when, for how long he may. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from service.dashboard import labels, numerals, rows
from service.dashboard.board import AgentActivity, PbxLink, RingingNow
from service.dashboard.desk.labels import DOING
from service.dashboard.desk.shapes import Situation
from service.dashboard.words import Words
from telephony.clock import milliseconds

OFFLINE = frozenset({AgentActivity.LOGGED_OUT})


@dataclass(frozen=True, slots=True, kw_only=True)
class StateView:
    """The card. `until` is the instant up to which a wrap-up or pause may last; `over` that it has passed."""

    activity: str
    icon: str
    title: str
    detail: str
    since: datetime | None
    held: str
    ring: RingingNow | None
    ring_number: int
    picked: str  # how he picked up, '' where nothing rang
    picked_ring: int
    until: datetime | None
    until_text: str
    over: bool
    lost: tuple[str, ...]  # PBXs that are not heard


def state_view(words: Words, situation: Situation, links: Iterable[PbxLink], now: datetime) -> StateView:
    """The card of this moment."""
    activity, since = situation.activity, situation.since
    elapsed = 0 if since is None else numerals.elapsed_ms(since, now)
    until = since + situation.allowed if since and situation.allowed else None
    ring = situation.ring
    return StateView(
        activity=activity.value,
        icon=labels.ACTIVITIES[activity].icon,
        title=words.gettext(DOING[activity], at=words.time(since))
        if since
        else words.gettext(DOING[activity]) % {"at": ""},
        detail=_detail(words, situation),
        since=None if activity in OFFLINE else since,
        held=numerals.DASH if since is None or activity in OFFLINE else numerals.clock(elapsed),
        ring=ring,
        ring_number=0 if ring is None else numerals.elapsed_ms(ring.ring_at, now) // ring.cycle_ms + 1,
        picked=_picked(words, situation),
        picked_ring=0 if situation.picked_up_ms is None else situation.picked_up_ms // situation.cycle_ms + 1,
        until=until,
        until_text="" if until is None else _until(words, situation, until),
        over=until is not None and now > until,
        lost=tuple(words.gettext("%(pbx)s lost", pbx=each.pbx) for each in links if not each.connected),
    )


def _detail(words: Words, situation: Situation) -> str:
    if situation.activity is AgentActivity.PAUSED:
        reason = situation.reason or ""
        known = labels.PAUSE_REASONS.get(reason.lower())
        return words.gettext(known) if known else reason
    if situation.activity in (AgentActivity.LOGGED_OUT, AgentActivity.READY, AgentActivity.WRAP_UP):
        return ""
    party = rows.party_text(words, situation.party, withheld=situation.withheld)
    return " · ".join(each for each in (party, situation.queue or "") if each)


def _picked(words: Words, situation: Situation) -> str:
    if situation.picked_up_ms is None:
        return ""
    ring = situation.picked_up_ms // situation.cycle_ms + 1
    return words.gettext(
        "Picked up in %(seconds)s s, ring %(n)s", seconds=numerals.seconds(situation.picked_up_ms), n=ring
    )


def _until(words: Words, situation: Situation, until: datetime) -> str:
    minutes = numerals.minutes(milliseconds(situation.allowed)) if situation.allowed else ""
    if situation.activity is AgentActivity.PAUSED:
        return words.gettext("%(n)s min allowed, until %(at)s", n=minutes, at=f"{words.local(until):%H:%M}")
    return words.gettext("until %(at)s", at=words.time(until))
