"""Entries of truth.json, of every age, in one shape.

A :class:`Story` is what the phones and the script say of one call.  Older captures noted fewer
instants; what their scripts fix (two seconds of talk, then the code) is filled in here.
Pure: no event of Asterisk is read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Entry = Mapping[str, Any]
Span = tuple[float, float]

DIRECTIONS = {"in": "inbound", "out": "outbound"}

# The word a scenario ends with -> disposition.
DISPOSITIONS = {
    "answered": "answered",
    "transferred": "answered",
    "redirected": "answered",
    "answered_outside": "answered",
    "noanswer": "no_answer",
    "agent_noanswer": "no_answer",
    "busy": "busy",
    "declined": "busy",
    "customer_busy": "busy",
    "unavailable": "failed",
    "congestion": "failed",
    "invalid": "failed",
    "no_endpoint": "failed",
    "mailbox": "voicemail",
    "queue_timeout": "voicemail",
    "abandoned": "abandoned",
    "hangup_in_menu": "abandoned",
    "customer_noanswer": "cancelled",
    "cancelled": "cancelled",
    "message_played": "picked_up",
    "picked_up": "picked_up",
}
VISIT_ENDS = {
    "queue_timeout": "timeout",
    "joinempty": "join_empty",
    "leaveempty": "exit_empty",
    "abandoned": "abandoned",
    "mailbox": None,
}

DIGIT_ON, DIGIT_CYCLE = 0.14, 0.22  # the softphone's DTMF: 140 ms tone, 80 ms pause
QUEUE_LIMIT = 6.0  # the dialplan's limit of the queue behind ...300
SAME_MOMENT = 0.3  # a CANCEL so soon after an answer or a hang-up is its effect
AT_ONCE = 0.3  # a refusal within this time came without ringing


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """A call that reached an agent's phone, in epoch seconds."""

    agent: str
    invite: float
    ringing: float | None  # 180 sent; None: it never rang
    answer: float | None
    end: float | None
    refused: bool
    by_agent: bool  # the agent's phone sent the BYE
    holds: tuple[Span, ...] | None = None  # None: not noted
    source: Any = None
    outcome: Any = None  # scripted; else told from the instants
    kind: Any = None  # of its talk: conference, monitor; else by the call's direction
    offered: bool = True  # False: this phone dialled in (pickup aside), it was not rung

    @property
    def alert(self) -> float:
        return self.invite if self.ringing is None else self.ringing


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """The customer's phone, or the calling agent's."""

    invite: float
    answer: float | None
    end: float | None
    hung_up: bool  # this phone ended the call (BYE or CANCEL)
    is_customer: bool
    number: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """A scripted transfer.  ``at``: when the agent let go of the customer."""

    kind: str
    by: str | None
    to: Any
    at: float | None
    completed: bool
    hold_from: float | None = None  # the customer hears music from here on
    consult_from: float | None = None  # attended: the second agent's 200


@dataclass(slots=True, kw_only=True)
class Story:
    """One truth entry, old or new, in one shape."""

    scenario: str
    direction: str
    result: str
    begin: float
    party: Party | None
    legs: list[Leg]
    transfers: list[Transfer] | None
    visits: list[dict[str, Any]] | None
    disposition: Any
    outside_answer: float | None = None
    entry: Entry = field(default_factory=dict)


def read(entry: Entry, freepbx: bool) -> Story:
    """An entry of truth.json as a story, with what older captures left unsaid filled in."""
    direction = str(entry["direction"])
    direction = DIRECTIONS.get(direction, direction)
    party = read_party(entry, direction)
    legs = [read_leg(leg, party) for leg in entry.get("legs", ())]
    story = Story(
        scenario=entry["scenario"],
        direction=direction,
        result=entry["result"],
        begin=entry["t_begin"],
        party=party,
        legs=legs,
        transfers=None,
        visits=None,
        disposition=None,
        outside_answer=outside_answer(entry),
        entry=entry,
    )
    story.transfers = read_transfers(story)
    story.visits = read_visits(story, freepbx)
    story.disposition = read_disposition(story, freepbx)
    return story


def read_leg(leg: Entry, party: Party | None) -> Leg:
    refused = leg["result"] in ("rejected", "refused")
    end = leg.get("t_end")
    if end is None and leg["result"] == "ringing" and party is not None:
        end = party.end  # the caller gave up before the CANCEL was noted
    rang = leg.get("t_ringing", leg["t_invite"])
    if refused and "t_ringing" not in leg and leg["ring"] < AT_ONCE:
        rang = None
    holds = leg.get("holds")
    return Leg(
        agent=leg["agent"],
        invite=leg["t_invite"],
        ringing=rang,
        answer=leg.get("t_answer"),
        end=end,
        refused=refused,
        by_agent=leg.get("hangup_by") == "agent",
        holds=None if holds is None else tuple((a, b if b is not None else end or a) for a, b in holds),
        source=leg.get("source"),
        outcome=leg.get("outcome"),
        kind=leg.get("kind"),
        offered=leg.get("offered", True),
    )


def read_party(entry: Entry, direction: str) -> Party | None:
    """The phone at the other end of the agents' legs: the customer's, or the calling agent's."""
    if entry.get("customer_leg"):
        leg = entry["customer_leg"]
        return Party(
            invite=leg["t_invite"],
            answer=leg.get("t_answer"),
            end=leg.get("t_end"),
            hung_up=leg.get("hangup_by") == "customer",
            is_customer=True,
            number=leg.get("number"),
        )
    if "t_invite" in entry:
        return Party(
            invite=entry["t_invite"],
            answer=entry.get("t_answer"),
            end=entry.get("t_end"),
            hung_up=entry.get("hangup_by") in ("customer", "cancel"),
            is_customer=direction == "inbound",
            number=entry.get("caller"),
        )
    return None


def outside_answer(entry: Entry) -> float | None:
    """When a phone outside (a mobile) answered, if one was called."""
    outside = entry.get("outside")
    if not outside or outside.get("ring") is None:
        return None
    return float(outside["t_invite"]) + float(outside["ring"])


def read_transfers(story: Story) -> list[Transfer] | None:
    entry = story.entry
    if "transfers" in entry:
        if entry["transfers"] is None:
            return None
        return [
            Transfer(
                kind=t["kind"],
                by=t.get("by"),
                to=t.get("to"),
                at=t.get("at"),
                completed=t["completed"],
                hold_from=t.get("hold_from"),
                consult_from=t.get("consult_from"),
            )
            for t in entry["transfers"]
        ]
    if story.result == "answered_outside":
        return None
    if story.result == "redirected":
        return [
            Transfer(
                kind="redirect",
                by=None,
                to=entry["transferred_to"],
                at=answered(story)[0].end,
                completed=True,
            )
        ]
    if "transfer" in entry:
        return [old_transfer(story)]
    return []


def old_transfer(story: Story) -> Transfer:
    """The transfer of an older entry: its instants follow from the script's pauses."""
    entry = story.entry
    giver = answered(story)[0]
    assert giver.answer is not None
    to = str(entry["transferred_to"])
    targets = [leg for leg in answered(story) if leg.agent == to]
    method = entry.get("method", "")
    hold_from = None
    if method.startswith("dtmf"):
        hold_from = giver.answer + 2.0 + DIGIT_CYCLE + DIGIT_ON  # two seconds of talk, two digits
    elif entry["transfer"] == "attended":
        hold_from = giver.answer + 2.0
    return Transfer(
        kind=entry["transfer"],
        by=giver.agent,
        to=to if len(to) < 7 else [to, "9" + to],
        at=giver.end,
        completed=entry.get("transfer_answered", True),
        hold_from=hold_from,
        consult_from=targets[0].answer if targets and entry["transfer"] == "attended" else None,
    )


def read_visits(story: Story, freepbx: bool) -> list[dict[str, Any]]:
    """Queue visits: queue, joined, left (epoch seconds), how they ended."""
    entry = story.entry
    if "queue_visits" in entry:
        return [read_visit(story, visit) for visit in entry["queue_visits"]]
    queue = entry.get("queue")
    if story.scenario == "campaign_to_queue":
        queue = "600" if freepbx else "support"
    if not queue:
        return []
    first = close_visit(story, str(queue), joined(story), VISIT_ENDS.get(story.result, "answered"))
    if story.scenario != "fpbx_queue_to_queue":
        return [first]
    at = first_end(story)
    return [first, close_visit(story, str(entry["transferred_to"]), at, "answered")]


def read_visit(story: Story, visit: Entry) -> dict[str, Any]:
    made = close_visit(story, str(visit["queue"]), visit.get("joined") or joined(story), visit["ended"])
    if visit.get("left"):
        made["left"] = visit["left"]
    if visit.get("optional"):
        made["optional"] = True
    return made


def joined(story: Story) -> float:
    """The dial, or the menu digit, that put the customer into the queue."""
    entry, party = story.entry, story.party
    if entry.get("t_joined"):
        return float(entry["t_joined"])
    if party is None:  # a campaign: when the customer answered
        return story.legs[0].invite if story.legs else story.begin
    if entry.get("menu") and entry.get("dtmf"):
        pressed, digits = entry["dtmf"][-1]
        return float(pressed) + DIGIT_ON + DIGIT_CYCLE * (len(digits) - 1)
    if entry.get("menu") and party.answer is not None:
        return party.answer + 2.0 + DIGIT_ON  # pressed two seconds after the menu began
    if story.direction == "outbound" and party.answer is not None:
        return party.answer
    return party.invite


def close_visit(story: Story, queue: str, joined_at: float, ended: str | None) -> dict[str, Any]:
    left = left_at(story, joined_at, ended)
    visit: dict[str, Any] = {"queue": queue, "joined": joined_at, "left": left, "ended": ended}
    # A caller who is refused at the door leaves no queue event; only a dialplan that says so tells.
    if ended in ("join_empty", "full") and queue.isdigit():
        visit["optional"] = True
    return visit


def left_at(story: Story, joined_at: float, ended: str | None) -> float | None:
    """When a visit ended, as far as its kind of end tells."""
    if ended == "answered":
        return min((leg.answer for leg in answered(story) if leg.answer and leg.answer > joined_at), default=None)
    if ended == "abandoned":
        return story.party.end if story.party else None
    if ended == "timeout":
        return joined_at + QUEUE_LIMIT
    if ended in ("join_empty", "full"):
        return joined_at
    if ended == "exit_empty":
        return max((leg.end for leg in story.legs if leg.end), default=None)
    return None


def read_disposition(story: Story, freepbx: bool) -> Any:
    entry, result = story.entry, story.result
    if "disposition" in entry:
        return entry["disposition"]
    if result == "joinempty":
        return "picked_up" if freepbx else "voicemail"
    if result == "leaveempty":
        return ["no_answer", "picked_up"] if freepbx else "voicemail"
    if result == "noanswer" and story.direction != "inbound" and entry.get("hangup_by") == "cancel":
        return "cancelled"
    return DISPOSITIONS[result]


def answered(story: Story) -> list[Leg]:
    met = (leg for leg in story.legs if leg.answer is not None and leg.kind != "monitor")
    return sorted(met, key=lambda leg: leg.answer or 0.0)


def first_end(story: Story) -> float:
    return answered(story)[0].end or story.begin


def unjoined(story: Story) -> set[str]:
    """Agents who were consulted in a call of its own that was never joined to the customer's."""
    if story.entry.get("unjoined"):
        return set(story.entry["unjoined"])
    if story.entry.get("abandoned_on_hold"):
        return {leg.agent for leg in story.legs[1:]}
    return set()
