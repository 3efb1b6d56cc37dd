"""Offerings of a story: whose phone rang, for how long, what came of it."""

from __future__ import annotations

from typing import Any

from tests.lab.instants import iso
from tests.lab.stories import SAME_MOMENT, Leg, Story

WHILE_WAITING = 0.05  # phones that a queue rang were rung before the visit ended, by more than this


def offering(story: Story, leg: Leg) -> dict[str, Any]:
    done = leg.answer if leg.answer is not None else leg.end
    outcome = leg.outcome or offering_outcome(story, leg)
    seconds = 0.0 if leg.ringing is None else None if done is None else round(done - leg.alert, 3)
    if leg.source == "pickup":
        seconds = None  # this phone never rang
    return {
        "agent": leg.agent,
        "device": "PJSIP/" + leg.agent,
        "source": leg.source or offering_source(story, leg),
        "at": iso(leg.alert),
        "ring_seconds": seconds,
        "outcome": outcome,
    }


def offering_outcome(story: Story, leg: Leg) -> str:
    if leg.answer is not None:
        return "answered"
    if leg.refused:
        return "busy" if leg.ringing is None else "declined"
    end = leg.end
    if end is None:
        return "caller_gave_up"
    if answered_elsewhere(story, leg, end):
        return "answered_elsewhere"
    party = story.party
    if party is not None and party.hung_up and party.end is not None and abs(party.end - end) < SAME_MOMENT:
        return "caller_gave_up"
    return "no_answer"


def answered_elsewhere(story: Story, leg: Leg, end: float) -> bool:
    others = [other.answer for other in story.legs if other is not leg and other.answer is not None]
    if story.outside_answer is not None:
        others.append(story.outside_answer)
    return any(0 <= end - answer < SAME_MOMENT and leg.invite < answer for answer in others)


def offering_source(story: Story, leg: Leg) -> Any:
    """What made this phone ring."""
    if story.scenario.startswith(("click_to_call", "fpbx_click", "preview_")):
        return "originate"
    consulted_by_code = str(story.entry.get("method", "")).startswith("dtmf *2") and leg is not story.legs[0]
    if consulted_by_code:
        return ["direct", "transfer"]
    for transfer in story.transfers or ():
        if "attended" in transfer.kind and transfer.to == leg.agent:
            return ["direct", "transfer"]  # first a consultation, then the transfer's target
        if transfer.to == leg.agent and transfer.at is not None and leg.invite >= transfer.at - SAME_MOMENT:
            return ["transfer", "direct"] if transfer.kind == "redirect" else "transfer"
    visits = [v for v in story.visits or () if v["joined"] - 0.5 <= leg.invite]
    if visits and (visits[-1]["left"] is None or leg.invite < visits[-1]["left"] - WHILE_WAITING):
        return "queue"
    return "direct"
