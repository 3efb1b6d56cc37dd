"""Who did what: looked at, listened to, exported, changed. Rows are only ever added.

audit.note(connection, Entry(at=now, visitor=visitor, act=Act.LISTENED, subject="hq/1795189122.4471"))
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from sqlalchemy import Connection, insert

from service.auth.models import audit_log
from service.auth.rights import Visitor
from telephony.clock import to_microseconds


class Act(StrEnum):
    """What somebody did."""

    LOGGED_IN = "logged_in"
    LOGGED_OUT = "logged_out"
    LOCKED_OUT = "locked_out"  # too many wrong passwords
    REFUSED = "refused"  # asked for what he has no right to
    REVEALED = "revealed"  # had a masked number shown
    LOOKED = "looked"  # opened a customer's page
    LISTENED = "listened"  # to a recording; the details say how many seconds of it
    EXPORTED = "exported"
    CHANGED = "changed"  # a record of ours: an account, an outcome, a follow-up, a campaign
    ACTED = "acted"  # on the PBX: pause, queue, listen, whisper, hang up, dial


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One row. `subject` names what was acted upon, never by a customer's number; `details` are plain values."""

    at: datetime
    visitor: Visitor
    act: Act
    subject: str
    address: str = ""  # from where
    details: Mapping[str, str | int | bool | None] = field(default_factory=lambda: MappingProxyType({}))


def note(connection: Connection, entry: Entry) -> None:
    """Add a row."""
    visitor = entry.visitor
    connection.execute(
        insert(audit_log).values(
            at_us=to_microseconds(entry.at),
            account=visitor.account,
            login=visitor.login,
            role=visitor.role.value,
            act=entry.act.value,
            subject=entry.subject,
            address=entry.address,
            details=json.dumps(dict(entry.details), ensure_ascii=False, sort_keys=True),
        )
    )
