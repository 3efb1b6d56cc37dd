"""What a call record must say, derived from what the phones and the script did.

Pure functions: the entries of a capture's ``truth.json`` in, expected calls out.  Nothing here
reads an Asterisk event.  An expected call is a dict with the field names of the call JSON of
``threerings replay --calls --json`` (only those that the phones and the script can know), and:

* ``scenario``: the scenario's name;
* a value of ``None`` means "the truth does not know": it is not compared;
* a **list of values** for a scalar field means "any of these": the contract leaves room there.

How figures come about (seconds, from epoch instants taken at the phones):

* ring = 180 sent -> 200 sent, CANCEL received or refusal sent;
* wait = the dial or digit that put the customer into the queue -> the agent's 200;
* talk = the later of the agent's 200 and the customer's 200 -> first BYE or transfer, less hold;
* after an attended transfer the second agent's talk with the customer begins at its completion,
  what was before is consultation; after a blind transfer it begins at the second agent's 200.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tests.lab.instants import iso
from tests.lab.offerings import offering
from tests.lab.stories import SAME_MOMENT, Entry, Leg, Story, answered, read, unjoined
from tests.lab.talks import consult, other_side_up, talks

Call = dict[str, Any]


def derive(entries: Iterable[Entry]) -> list[Call]:
    """The expected calls of one capture, in the order of its truth."""
    listed = list(entries)
    freepbx = any(str(e.get("queue", "")).isdigit() or e.get("flavour") == "freepbx" for e in listed)
    return [call for entry in listed for call in expected_calls(entry, freepbx)]


def expected_calls(entry: Entry, freepbx: bool = False) -> list[Call]:
    """The call of one entry, and consultations that were never joined to it."""
    story = read(entry, freepbx)
    return [expect(story), *unjoined_consultations(story)]


def expect(story: Story) -> Call:
    """The expected call of a story."""
    entry = story.entry
    offerings = [offering(story, leg) for leg in story.legs if leg.offered and leg.agent not in unjoined(story)]
    offerings += entry.get("offerings", ())
    first_human = answered_at(story)
    customer: Any = customer_number(story)
    caller = entry.get("caller") if story.direction != "outbound" else None
    withheld: Any = bool(entry.get("withheld"))
    if entry.get("presentation") == "restricted":
        # Withheld, though the network told the PBX; AMI says so only where the dialplan sets the caller ID.
        caller, customer, withheld = [caller, None], [customer, None], [True, False]
    return {
        "scenario": story.scenario,
        "direction": story.direction,
        "linkedid": entry.get("linkedid"),
        "caller": caller,
        "caller_name": entry.get("caller_name"),
        "called": entry.get("dialed") if story.direction != "outbound" else None,
        "did": entry.get("dialed") if story.direction == "inbound" else None,
        "customer": customer,
        "customer_withheld": withheld,
        "started_at": iso(started_at(story)),
        "answered_at": iso(first_human),
        "ended_at": iso(ended_at(story)),
        "answered": story.disposition == "answered",
        "disposition": story.disposition,
        "ended_by": ended_by(story),
        "queue_visits": [visit_record(visit) for visit in story.visits or ()],
        "offerings": sorted(offerings, key=lambda o: o["at"]),
        "talks": talks(story),
        "transfers": None
        if story.transfers is None
        else [
            {"kind": t.kind, "by": t.by, "to": t.to, "at": iso(t.at), "completed": t.completed}
            for t in story.transfers
        ],
        "ivr": digits_pressed(entry),
        "attempt_id": entry.get("channel_id"),
        # A synchronous Originate holds back its connection's events: without Timestamp they are late.
        "late_seconds": entry.get("response_after", 0.0),
        "phone_up_seconds": {
            leg.agent: round(leg.end - leg.answer, 3) for leg in answered(story) if leg.answer and leg.end
        },
    }


def visit_record(visit: Entry) -> dict[str, Any]:
    known = visit["left"] is not None
    made = {
        "queue": visit["queue"],
        "joined_at": iso(visit["joined"]),
        "left_at": iso(visit["left"]),
        "wait_seconds": round(visit["left"] - visit["joined"], 3) if known else None,
        "ended": visit["ended"],
    }
    if visit.get("optional"):
        made["optional"] = True
    return made


def digits_pressed(entry: Entry) -> list[dict[str, Any]]:
    menu = entry.get("menu")
    if not menu:
        return []
    return [{"digit": digit} for digit in str(menu).split(",")]


def customer_number(story: Story) -> str | None:
    """The outside party's number; None for internal calls and withheld numbers."""
    entry = story.entry
    if story.direction == "internal" or entry.get("withheld"):
        return None
    if "customer" in entry:
        return str(entry["customer"])
    if entry.get("customer_leg"):
        return str(entry["customer_leg"]["number"])
    if story.direction == "inbound":
        return entry.get("caller")
    if story.result in ("agent_noanswer", "no_endpoint") or not entry.get("customer_dialled", True):
        return None  # the number was never dialled
    dialed = entry.get("callee") or entry.get("dialed")
    return dialed[1:] if dialed and entry.get("callee") is None and dialed.startswith("9") else dialed


def started_at(story: Story) -> float:
    first = [leg.invite for leg in story.legs]
    if story.party is not None:
        first.append(story.party.invite)
    if "t_invite" in story.entry:
        first.append(story.entry["t_invite"])
    elif story.direction == "outbound":
        first.append(story.begin)
    return min(first)


def answered_at(story: Story) -> float | None:
    """When a human on one side and one on the other were first up together."""
    if story.disposition != "answered":
        return None
    if story.outside_answer is not None and story.result == "answered_outside":
        return story.outside_answer
    if not answered(story):
        return story.party.answer if story.party and story.direction == "outbound" else None
    if story.direction == "outbound" and story.entry.get("t_answer"):
        return max(float(story.entry["t_answer"]), other_side_up(story))  # the calling agent is human
    other = other_side_up(story)
    # An attended consultation's second agent met the customer later.
    return max(min(leg.answer for leg in answered(story) if leg.answer is not None), other)


def ended_at(story: Story) -> float | None:
    if story.entry.get("t_end_of_call"):
        return float(story.entry["t_end_of_call"])
    if story.disposition in ("busy", "failed", "no_answer") or isinstance(story.disposition, list):
        return None  # when the PBX was done with it, no phone can tell
    ends = [leg.end for leg in story.legs if leg.answer and leg.end and leg.agent not in unjoined(story)]
    if story.party is not None and story.party.end is not None:
        ends.append(story.party.end)
    if story.entry.get("t_end"):
        ends.append(story.entry["t_end"])
    return max(ends, default=None)


def ended_by(story: Story) -> str | None:
    """Who hung up: the side that sent the first BYE or CANCEL of the call's last part."""
    entry = story.entry
    if "ended_by" in entry:
        by: str | None = entry["ended_by"]
        return by
    if story.disposition in ("busy", "failed", "no_answer") or isinstance(story.disposition, list):
        return None
    if story.party is not None and story.party.hung_up:
        return "customer" if story.party.is_customer else "agent"
    if story.direction != "inbound" and entry.get("hangup_by") in ("customer", "cancel"):
        return "agent"  # the calling agent's phone
    last = story.party.end - SAME_MOMENT if story.party and story.party.end else 0.0
    gone = {transfer.by for transfer in story.transfers or ()}
    lasting = [leg for leg in answered(story) if leg.end and leg.end >= last and leg.agent not in gone]
    if lasting and max(lasting, key=lambda leg: leg.end or 0.0).by_agent:
        return "agent"
    if story.party is None:
        # Older captures of placed calls: customers of campaigns hang up themselves.
        return "customer" if answered(story) and story.result == "answered" else None
    return "pbx"


def unjoined_consultations(story: Story) -> list[Call]:
    """A consultation that was never joined is an internal call of its own."""
    return [internal_call(story, leg) for leg in story.legs if leg.agent in unjoined(story)]


def internal_call(story: Story, leg: Leg) -> Call:
    caller = next(x.agent for x in answered(story) if x is not leg)
    done = leg.answer is not None and leg.end is not None
    both = []
    if leg.answer is not None and leg.end is not None:
        both = [
            {**consult(agent, leg.answer, leg.end), "kind": ["internal", "consult"]}
            for agent in (caller, leg.agent)
        ]
    lonely = Story(
        scenario=story.scenario,
        direction="internal",
        result=story.result,
        begin=story.begin,
        party=None,
        legs=[leg],
        transfers=[],
        visits=[],
        disposition=None,
    )
    made = offering(lonely, leg)
    if not done and not leg.refused:
        made["outcome"] = "caller_gave_up"
    return {
        "scenario": story.scenario,
        "direction": "internal",
        "linkedid": None,
        "caller": caller,
        "caller_name": None,
        "called": leg.agent,
        "did": None,
        "customer": None,
        "customer_withheld": False,
        "started_at": iso(leg.invite),
        "answered_at": iso(leg.answer),
        "ended_at": iso(leg.end),
        "answered": done,
        "disposition": "answered" if done else "busy" if leg.refused else "cancelled",
        "ended_by": None,
        "queue_visits": [],
        "offerings": [made],
        "talks": both,
        "transfers": [],
        "ivr": [],
        "attempt_id": None,
        "phone_up_seconds": {leg.agent: round(leg.end - leg.answer, 3)} if leg.answer and leg.end else {},
    }
