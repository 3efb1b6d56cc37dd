"""Who is credited with what of a call, and what the PBX claims beside it. Pure.

We count the time in which agent and customer heard each other; the PBX's claims are shown, never counted.
"""

from __future__ import annotations

from dataclasses import dataclass

from service.dashboard import labels, numerals, rows
from service.dashboard.lanes import BLAMED
from service.dashboard.periods import CallStory
from service.dashboard.rows import Mark
from service.dashboard.words import Words
from telephony.calls.facts import OfferingFact, OfferingOutcome, TalkKind
from telephony.calls.record import hold_time, ring_time, talk_time
from telephony.clock import milliseconds

SOURCES = {"agent_complete": "AgentComplete", "queue_log": "queue_log", "cdr": "CDR"}
"""The PBX's own records, the one to compare with first; these are its names in both languages."""

_COUNTED = (TalkKind.CUSTOMER, TalkKind.CONFERENCE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rang:
    """One ringing of one agent's phone."""

    seconds: str
    rings: int
    outcome: Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """What one agent gets, and what the PBX claims."""

    name: str
    initial: str
    number: str
    rang: tuple[Rang, ...]
    talk: str
    hold: str
    claimed: str
    difference: str
    differs: bool


def _rang(offering: OfferingFact, story: CallStory, words: Words) -> Rang:
    ring = ring_time(offering, offering.ended_at or story.as_of)
    if offering.outcome is None:
        outcome = Mark(text=words.gettext("Ringing"), css="warn", icon="bell-ring")
    else:
        outcome = rows.mark(words, labels.OUTCOMES[offering.outcome])
    silent = offering.outcome not in (OfferingOutcome.ANSWERED, *BLAMED, None) and not ring
    return Rang(
        seconds=numerals.seconds(milliseconds(ring)),
        rings=0 if silent else story.rule.ring_number(ring, story.record.call.trunk),
        outcome=outcome,
    )


def credits_of(story: CallStory, words: Words) -> list[Credit]:
    """One row an agent, in the order of first ring or talk."""
    record = story.record
    parts = sorted(
        [(o.offered_at, o.interface, o.device) for o in record.offerings]
        + [(t.started_at, t.interface, t.device) for t in record.talks]
    )
    people = dict.fromkeys(story.agent_of(interface, device, at) for at, interface, device in parts)
    return [_credit(agent, name, story, words) for agent, name in people]


def _credit(agent: str, name: str | None, story: CallStory, words: Words) -> Credit:
    record = story.record
    offerings = [o for o in record.offerings if story.agent_of(o.interface, o.device, o.offered_at)[0] == agent]
    talks = [
        t
        for t in record.talks
        if t.kind in _COUNTED and story.agent_of(t.interface, t.device, t.started_at)[0] == agent
    ]
    talk = sum(milliseconds(talk_time(t, t.ended_at or story.as_of)) for t in talks)
    hold = sum(milliseconds(hold_time(t, t.ended_at or story.as_of)) for t in talks)
    claimed, source = _claimed(agent, story)
    difference = None if not record.claims or not (talks or claimed) else (claimed or 0) - talk
    shown = words.person(agent, name)
    return Credit(
        name=shown,
        initial=rows.initial_of(shown),
        number=agent if name else "",
        rang=tuple(_rang(o, story, words) for o in offerings),
        talk=f"{numerals.seconds(talk)} s" if talks else numerals.DASH,
        hold=f"{numerals.seconds(hold)} s" if hold else numerals.DASH,
        claimed=_claim_text(claimed, source, bool(record.claims and talks), words),
        difference=numerals.DASH if difference is None else f"{numerals.signed_seconds(difference)} s",
        differs=difference is not None and abs(difference) >= 1000,
    )


def _claimed(agent: str, story: CallStory) -> tuple[int | None, str]:
    """The PBX's claim for this agent in milliseconds, by the first source that has one."""
    mine = [c for c in story.record.claims if story.agent_of(c.interface, c.interface, c.at)[0] == agent]
    for source, title in SOURCES.items():
        said = [c.talk_seconds * 1000 for c in mine if c.source == source]
        if said:
            return sum(said), title
    return None, ""


def _claim_text(claimed: int | None, source: str, expected: bool, words: Words) -> str:
    if claimed is None:
        return words.gettext("nothing") if expected else numerals.DASH
    return f"{claimed // 1000} s · {source}"
