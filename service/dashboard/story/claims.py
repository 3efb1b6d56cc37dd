"""What the PBX claims of an agent beside what we count, and why they differ. Pure.

The reasons are those that the lab measured at the phones: whole seconds, hold counted as talk, time after a hand-over
credited to the giver, a taker behind a Local member whom the queue does not see, a CDR that counts a channel's life.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from service.dashboard import numerals
from service.dashboard.story.cast import Cast
from telephony.calls.facts import Direction, TalkFact, TalkKind, TransferKind
from telephony.calls.record import hold_time, talk_time
from telephony.clock import milliseconds

SOURCES = {"agent_complete": "AgentComplete", "queue_log": "queue_log", "cdr": "CDR"}
"""The PBX's own records; these are their names in both languages."""

_NEAR, _SECOND = 1600, 1000
_GIVEN = (TransferKind.BLIND, TransferKind.ATTENDED, TransferKind.REDIRECT, TransferKind.PARK)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One source's claim of one agent: its seconds and the difference in words, and why, where that is known."""

    source: str
    seconds: str
    difference: str
    differs: bool
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What an agent spent in the call, in milliseconds."""

    talk: int
    hold: int
    consult: int
    internal: int  # with colleagues in a call of theirs: no phone minutes, and what a CDR counts
    talked: bool


def sources_of(cast: Cast) -> list[str]:
    """The sources that claim anything of this call."""
    there = {each.source for each in cast.story.record.claims}
    return [source for source in SOURCES if source in there]


def spent_by(cast: Cast, key: str) -> Spent:
    """Of one agent, by his lane's key."""
    mine = [each for each in cast.story.record.talks if cast.of(each).key == key]
    counted = [each for each in mine if each.kind in (TalkKind.CUSTOMER, TalkKind.CONFERENCE)]
    return Spent(
        talk=sum(_ms(cast, each) for each in counted),
        hold=sum(milliseconds(hold_time(each, each.ended_at or cast.story.as_of)) for each in counted),
        consult=sum(_ms(cast, each) for each in mine if each.kind is TalkKind.CONSULT),
        internal=sum(_ms(cast, each) for each in mine if each.kind is TalkKind.INTERNAL),
        talked=bool(counted),
    )


def _ms(cast: Cast, talk: TalkFact) -> int:
    return milliseconds(talk_time(talk, talk.ended_at or cast.story.as_of))


def claims_of(cast: Cast, key: str, spent: Spent) -> list[Claim]:
    """What each source says of this agent; a source that says nothing of one who talked is told too."""
    return [_claim(cast, key, spent, source) for source in sources_of(cast)]


def _claim(cast: Cast, key: str, spent: Spent, source: str) -> Claim:
    said = [
        each.talk_seconds * 1000
        for each in cast.story.record.claims
        if each.source == source and cast.agent(each.interface, each.interface, each.at).key == key
    ]
    if not said:
        return _silent(cast, key, spent, source)
    claimed = sum(said)
    difference = claimed - spent.talk - spent.internal
    differs = abs(difference) >= _SECOND
    return Claim(
        source=source,
        seconds=f"{claimed // 1000} s",
        difference=f"{numerals.signed_seconds(difference)} s",
        differs=differs,
        why=_why(cast, key, spent, SOURCES[source], claimed) if differs else "",
    )


def _silent(cast: Cast, key: str, spent: Spent, source: str) -> Claim:
    if not spent.talked or cast.story.record.call.ended_at is None:
        return Claim(source=source, seconds=numerals.DASH, difference="", differs=False)
    words = cast.words
    taken = any(each.taker == key and each.fact.completed for each in cast.hand_overs())
    values = {"source": SOURCES[source], "who": _name(cast, key)}
    why = (
        words.gettext("%(source)s has nothing of %(who)s: it goes on with whom the queue gave the call.", **values)
        if taken
        else words.gettext("%(source)s has nothing of %(who)s in this call.", **values)
    )
    return Claim(
        source=source, seconds=words.gettext("nothing"), difference=f"{numerals.signed_seconds(-spent.talk)} s",
        differs=spent.talk >= _SECOND, why=why if spent.talk >= _SECOND else "",
    )  # fmt: skip


def _why(cast: Cast, key: str, spent: Spent, source: str, claimed: int) -> str:
    """The likeliest reason of a difference, in words."""
    words, values = cast.words, {"source": source, "who": _name(cast, key)}
    if spent.hold and abs(claimed - spent.talk - spent.hold) < _NEAR:
        held = numerals.seconds(spent.hold)
        if spent.consult:
            return words.gettext("%(source)s counts %(who)s’s hold and consultation as talk.", **values)
        return words.gettext("%(source)s counts %(who)s’s %(hold)s s of hold as talk.", hold=held, **values)
    if spent.consult and abs(claimed - spent.talk - spent.hold - spent.consult) < _NEAR:
        return words.gettext("%(source)s counts %(who)s’s consultation as talk.", **values)
    given = _given_away(cast, key)
    if given is not None and claimed > spent.talk:
        at = words.time(given)
        if source == SOURCES["cdr"]:
            return words.gettext(
                "%(source)s counts a line from its answer to its end, hold and consultation included; %(who)s handed "
                "the call on at %(at)s.", at=at, **values,
            )  # fmt: skip
        return words.gettext(
            "%(source)s credits %(who)s with the time after %(at)s too, when he handed the call on: behind a Local "
            "member the queue does not see it.", at=at, **values,
        )  # fmt: skip
    if cast.story.record.call.direction is Direction.OUTBOUND and claimed > spent.talk:
        return words.gettext(
            "%(source)s counts from when %(who)s’s own line was answered, not from when the customer was.", **values
        )
    if _whole_channel(cast, claimed):
        return words.gettext("%(source)s counts from when the PBX picked up, not from when %(who)s did.", **values)
    if claimed < spent.talk:
        return words.gettext("%(source)s has a part of %(who)s’s talk only.", **values)
    return words.gettext("Why %(source)s says more of %(who)s is not known; bridges count.", **values)


def _given_away(cast: Cast, key: str) -> datetime | None:
    """When he last handed the call on for good."""
    at = [
        each.fact.at
        for each in cast.hand_overs()
        if each.giver == key and each.fact.kind in _GIVEN and each.fact.completed
    ]
    return at[-1] if at else None


def _whole_channel(cast: Cast, claimed: int) -> bool:
    call = cast.story.record.call
    if call.picked_up_at is None or call.ended_at is None:
        return False
    left = call.customer_left_at or call.ended_at
    return abs(milliseconds(left - call.picked_up_at) - claimed) < _NEAR and left - call.picked_up_at > timedelta(0)


def _name(cast: Cast, key: str) -> str:
    return next((each.name for each in cast.people() if each.key == key), numerals.DASH)
