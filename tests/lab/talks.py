"""Talks of a story: each agent's time with the customer, less hold, and consultations."""

from __future__ import annotations

from typing import Any

from tests.lab.instants import iso
from tests.lab.stories import Entry, Leg, Story, answered, read_leg, unjoined


def other_side_up(story: Story) -> float:
    """When the party that the agents talk to was up (0 if before all of them)."""
    entry, party = story.entry, story.party
    if story.direction == "outbound" and party is not None and party.is_customer:
        return party.answer or 0.0
    if story.outside_answer is not None and story.direction == "outbound":
        return story.outside_answer
    if entry.get("customer_talk") is not None and story.scenario.startswith("click_to_call"):
        # Older captures: both phones ended together.
        return max(leg.end or 0.0 for leg in story.legs) - float(entry["customer_talk"])
    if party is None or party.answer is None:
        return 0.0
    return party.answer


def talks(story: Story) -> list[dict[str, Any]]:
    """Each agent's time with the customer (or colleague), less hold, and consultations."""
    if "talks" in story.entry:
        return [scripted_talk(talk) for talk in story.entry["talks"]]
    found = []
    if story.disposition == "answered":
        for leg in answered(story):
            if leg.agent not in unjoined(story):
                found += leg_talks(story, leg)
        found += caller_talk(story)
        for leg in story.legs:
            if leg.kind == "monitor" and leg.answer is not None:
                found += leg_talks(story, leg)
    found += consultation_talks(story)
    return sorted(found, key=lambda talk: talk["from"] or "")


def scripted_talk(talk: Entry) -> dict[str, Any]:
    """A talk whose instants the scenario itself names: from, to, hold_seconds."""
    held = talk.get("hold_seconds", 0.0)
    base = held[0] if isinstance(held, list) else held or 0.0
    known = talk["from"] is not None and talk["to"] is not None
    seconds = round(talk["to"] - talk["from"] - base, 3) if known else None
    return {
        "agent": talk["agent"],
        "device": "PJSIP/" + talk["agent"],
        "kind": talk["kind"],
        "from": iso(talk["from"]),
        "to": iso(talk["to"]),
        "talk_seconds": talk.get("talk_seconds", seconds),
        "hold_seconds": held,
    }


def leg_talks(story: Story, leg: Leg) -> list[dict[str, Any]]:
    assert leg.answer is not None
    begin = max(leg.answer, other_side_up(story))
    end = min(x for x in (leg.end, party_end(story)) if x is not None)
    kind = leg.kind or ("internal" if story.direction == "internal" else "customer")
    for transfer in story.transfers or ():
        if transfer.at is None:
            continue
        if transfer.kind == "attended" and transfer.to == leg.agent:
            begin = max(leg.answer, transfer.at)
        if transfer.by == leg.agent and leg.answer < transfer.at < end:
            end = transfer.at
    if end <= begin:
        return []
    hold, later = held(story, leg, begin, end)
    choices: Any = round(hold, 3)
    if later is not None:
        choices = [round(hold, 3), round(later, 3)]
    return [
        {
            "agent": leg.agent,
            "device": "PJSIP/" + leg.agent,
            "kind": kind,
            "from": iso(begin),
            "to": iso(end),
            "talk_seconds": round(end - begin - hold, 3),
            "hold_seconds": choices,
        }
    ]


def held(story: Story, leg: Leg, begin: float, end: float) -> tuple[float, float | None]:
    """Seconds of hold between begin and end; and, for ``*2``, the hold as far as the PBX could note it.

    With ``*2`` the agent leaves the customer's bridge to consult, so a stream shows hold only
    until the consultation's dialling began.
    """
    for transfer in story.transfers or ():
        if transfer.by == leg.agent and transfer.hold_from is not None:
            seconds = end - transfer.hold_from
            targets = [x for x in story.legs if x.agent == transfer.to]
            if str(story.entry.get("method", "")).startswith("dtmf") and transfer.kind == "attended" and targets:
                return seconds, targets[0].invite - transfer.hold_from
            return seconds, None
    if leg.holds is not None:
        return sum(max(0.0, min(b, end) - max(a, begin)) for a, b in leg.holds), None
    if story.entry.get("abandoned_on_hold"):
        return end - (begin + 1.0), None  # one second of talk, then hold to the end
    return float(story.entry.get("hold_seconds") or 0.0), None


def party_end(story: Story) -> float | None:
    return story.party.end if story.party is not None else None


def caller_talk(story: Story) -> list[dict[str, Any]]:
    """The calling agent's own side of an outbound or internal call placed at a phone."""
    entry = story.entry
    if story.direction == "inbound" or "t_invite" not in entry or not entry.get("t_answer"):
        return []
    colleague = min((leg.answer for leg in answered(story) if leg.answer), default=0.0)
    up = max(entry["t_answer"], colleague if story.direction == "internal" else 0.0)
    own = Leg(
        agent=entry["caller"],
        invite=entry["t_invite"],
        ringing=None,
        answer=up,
        end=entry["t_end"],
        refused=False,
        by_agent=True,
        holds=read_leg({**entry, "agent": entry["caller"], "ring": 0.0, "result": "answered"}, None).holds,
    )
    return leg_talks(story, own)


def consultation_talks(story: Story) -> list[dict[str, Any]]:
    found = []
    for transfer in story.transfers or ():
        if (
            transfer.kind != "attended"
            or transfer.at is None
            or (transfer.consult_from or transfer.at) >= transfer.at
        ):
            continue
        assert transfer.consult_from is not None
        found += [consult(agent, transfer.consult_from, transfer.at) for agent in (transfer.by, transfer.to)]
    for leg in story.legs:
        if leg.agent in unjoined(story) and leg.answer is not None and leg.end is not None:
            whole, cut = leg.end - leg.answer, min(leg.end, party_end(story) or leg.end) - leg.answer
            made = consult(answered(story)[0].agent, leg.answer, leg.end)
            made["talk_seconds"] = [round(whole, 3), round(cut, 3)]
            made["to"] = None
            found.append(made)
    return found


def consult(agent: Any, begin: float, end: float) -> dict[str, Any]:
    return {
        "agent": agent,
        "device": f"PJSIP/{agent}",
        "kind": "consult",
        "from": iso(begin),
        "to": iso(end),
        "talk_seconds": round(end - begin, 3),
        "hold_seconds": None,
    }
