"""Which phone an agent is called at: by the mapping of devices, else where he was offered calls last."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select

from analytics.people.store import load_assignments
from analytics.storage.models import offerings
from schedulers.errors import RefusedError
from schedulers.followups.rules import Rules
from telephony.clock import to_microseconds

LOCAL = "Local/"


def device_of(connection: Connection, rules: Rules, agent: str, now: datetime) -> str:
    """The phone of an agent, as `PJSIP/1004`. Raises RefusedError for who does not work here, or has none."""
    if not rules.staff.works_here(agent, now):
        raise RefusedError("agent", repr(agent[:40]), "an agent who works here")
    at_us = to_microseconds(now)
    rows = [
        each for each in load_assignments(connection) if each.agent == agent and each.from_us <= at_us < each.to_us
    ]
    interfaces = [each.interface for each in rows] or [f"PJSIP/{agent}", f"SIP/{agent}"]
    phone = next((each for each in interfaces if rows and is_phone(each)), None) or _seen(connection, interfaces)
    if phone is None:
        raise RefusedError("agent", f"{agent}, whose phone nobody knows", "one with a device: people import")
    return phone


def is_phone(interface: str) -> bool:
    """Whether it is a phone, and no channel that leads to one."""
    return "/" in interface and not interface.startswith(LOCAL)


def _seen(connection: Connection, interfaces: list[str]) -> str | None:
    """The phone that rang last behind one of these."""
    table = offerings.c
    for each in interfaces:
        wanted = select(table.device).where(table.interface == each).order_by(table.offered_us.desc()).limit(1)
        found = connection.execute(wanted).scalar()
        if found is not None and is_phone(found):
            return str(found)
    return None
