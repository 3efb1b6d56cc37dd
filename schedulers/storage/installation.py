"""The nonce of this installation: the first part of every channel's name that its dialler gives.

A restored backup knows less than the PBX: its next attempts would have ids that were used already. With a new nonce
their channels have names of their own; attempts of before keep the names that are stored with them.
"""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from schedulers.storage.campaign_models import installation
from telephony.clock import to_microseconds

ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
DIGITS = 8


def load_nonce(connection: Connection, now: datetime) -> str:
    """The nonce; made and kept where there is none yet. Whoever makes it at the same moment, one of them is kept."""
    wanted = select(installation.c.nonce)
    found = connection.execute(wanted).scalar()
    if found is None:
        insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
        connection.execute(insert(installation).values(_made(now)).on_conflict_do_nothing())
        found = connection.execute(wanted).scalar_one()
    return str(found)


def renew_nonce(connection: Connection, now: datetime) -> None:
    """Another nonce from now on."""
    connection.execute(delete(installation))
    connection.execute(installation.insert().values(_made(now)))


def _made(now: datetime) -> dict[str, object]:
    nonce = "".join(secrets.choice(ALPHABET) for _ in range(DIGITS))
    return {"id": 1, "nonce": nonce, "made_us": to_microseconds(now)}
