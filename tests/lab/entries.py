"""Entries of truth.json: what a phone's Call becomes there.

Instants are epoch seconds with milliseconds: t_invite (sent or received), t_ringing (180),
t_answer (200), t_end (BYE, CANCEL or refusal, sent or received), t_refer, t_refer_accepted;
holds is a list of [from, to] (the re-INVITEs' 200s; to is null if the call ended on hold);
dtmf a list of [instant, digits]; result: answered, rejected (by this phone) or cancel.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.lab.softphone import Call

HUNG_UP_BY = {"us": "agent", "them": "pbx"}


def at(instant: float | None) -> float | None:
    return round(instant, 3) if instant else None


def leg_of(call: Call, scenario_began: float) -> dict[str, Any]:
    """An agent's leg."""
    start = call.times["invite"]
    done = call.times.get("answer") or call.times.get("end")
    leg = {
        "agent": call.phone.user,
        "number": call.number,
        "outgoing": call.outgoing,
        "at": round(start - scenario_began, 3),
        "ring": round(done - start, 3) if done else None,
        "result": "answered" if "answer" in call.times else (call.ended_by or call.state),
        "code": call.code,
        "talk": call.seconds("answer", "end"),
        "hangup_by": HUNG_UP_BY.get(call.ended_by or "", call.ended_by),
        **instants(call),
        "cancel_reason": call.cancel_reason,
    }
    leg.update(call.plan.get("truth") or {})
    return leg


def instants(call: Call) -> dict[str, Any]:
    times = call.times
    return {
        "t_invite": at(times["invite"]),
        "t_ringing": at(times.get("ringing")),
        "t_answer": at(times.get("answer")),
        "t_end": at(times.get("end")),
        "t_bye_sent": at(times.get("bye_sent")),
        "t_bye_received": at(times.get("bye_received")),
        "t_refer": at(times.get("refer")),
        "t_refer_accepted": at(times.get("refer_accepted")),
        "transfer_status": call.transfer_status,
        "holds": [[at(a), at(b)] for a, b in call.holds()],
        "dtmf": [[at(t), digits] for name, t, digits in call.marks if name == "dtmf"],
    }


def customer_leg(call: Call) -> dict[str, Any]:
    """The customer's leg of a call outwards, at the provider's phone."""
    return {
        "number": call.number,
        "from": call.caller,
        "code": call.code,
        "hangup_by": {"us": "customer", "them": "pbx"}.get(call.ended_by or "", call.ended_by),
        "ring_seconds": call.seconds("ringing", "answer"),
        "talk_seconds": call.seconds("answer", "end"),
        **instants(call),
    }


def truth_entry(call: Call | None, legs: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The measured part of an entry: the first phone's call, and the agents' legs."""
    entry: dict[str, Any] = {"legs": sorted(legs, key=lambda leg: leg["at"])}
    if call is not None:
        party = "caller" if call.outgoing else "callee"
        entry[party] = call.caller if call.outgoing else call.number
        entry["dialed"] = call.number
        if call.outgoing and call.display:
            entry["caller_name"] = call.display
        entry.update(instants(call))
        entry.update(
            customer_seconds=call.seconds("answer", "end"),
            final_code=call.code,
            hangup_by={"us": "customer", "them": "pbx"}.get(call.ended_by or "", call.ended_by),
        )
    answered = [leg for leg in entry["legs"] if leg["result"] == "answered"]
    entry["answered_by"] = answered[0]["agent"] if answered else None
    return entry
