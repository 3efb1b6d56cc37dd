"""Attempts as people and programs see them: a call that was, is or may become one, and what is known of its end."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from schedulers.campaigns.records import DialAttempt
from schedulers.storage.customers import load as load_customers
from service.desk.lists import story
from service.desk.shapes import View
from telephony.calls.record import instant

INSTANTS = ("planned", "dial", "committed", "sent", "ended")


def attempt_json(each: DialAttempt, view: View) -> dict[str, Any]:
    """One attempt as it stands. Instants are UTC."""
    return {
        "id": each.id,
        "channel_id": each.channel_id,
        "campaign": each.campaign,
        "mode": each.mode.value,
        "phase": each.phase.value,
        "follow_ups": list(each.follow_ups),
        "customer": view.customer(each.customer),
        "number": view.number(each.number),
        "agent": each.agent,
        "device": each.device,
        "pbx": each.pbx,
        "trunk": each.trunk,
        "by": each.by,
        **{f"{name}_at": instant(getattr(each, f"{name}_at")) for name in INSTANTS},
        "result": each.result.value if each.result else None,
        "cause": each.cause,
        "evidence": each.evidence.value if each.evidence else None,
        "call": each.call,
        "why": each.why.value if each.why else None,
        "note": view.text(each.note),
        "revision": each.revision,
    }


def record_json(connection: Connection, each: DialAttempt, view: View) -> dict[str, Any]:
    """What an agent sees before he dials: the customer, and of each follow-up its story, script and survey."""
    customer = load_customers(connection, [each.customer]).get(each.customer)
    name = customer.name if customer else None
    return {
        "attempt": attempt_json(each, view),
        "customer_name": "****" if name and view.masked else name,
        "tier": customer.tier if customer else None,
        "branch": customer.branch if customer else None,
        "dialect": customer.dialect if customer else None,
        "follow_ups": [told for id_ in each.follow_ups if (told := story(connection, id_, view)) is not None],
    }
