"""Calls that an application placed, as CDR alone tells them: what became of their first leg. Pure.

A first leg that answered is known by the contexts of our dialplan, whose extension is the number; one that did not by
`AppDial2`, the far end of an Originate. What a row of these cannot say is when the second leg answered.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from telephony.dialling.orders import AGENT_CONTEXT, CUSTOMER_CONTEXT
from telephony.events import DOWN, UP, DialBegin, DialEnd, NewChannel, NewState, OriginateResponse
from telephony.pbxlogs.dialled import ALERTS_AFTER
from telephony.pbxlogs.rows import CdrRow
from telephony.pbxlogs.told import Told

FAR_END = "AppDial2"
RING_TIMEOUT = timedelta(seconds=2)
"""What failed for another reason than that did so at once."""
OUTSIDE = "from-trunk"
"""The context of a leg that is known to lead outside, whatever its trunk is called."""
STATUS = {"BUSY": ("BUSY", 17), "CONGESTION": ("CONGESTION", 34), "FAILED": ("CHANUNAVAIL", 20)}
"""What a row's disposition says of the dialling: its DialEnd and a cause."""


class FirstLeg(NamedTuple):
    """The first channel of a placed call: its name and ids, when it began, answered and ended."""

    name: str
    uniqueid: str
    linkedid: str
    began_at: datetime
    answered_at: datetime | None
    ended_at: datetime


def placed_row(name: str, rows: Sequence[CdrRow]) -> CdrRow | None:
    """The row that tells that this channel was placed, if one does."""
    return next(
        (row for row in rows if row.channel == name and (_is_inside(row) or row.application == FAR_END)), None
    )


def dialled_context(name: str, rows: Sequence[CdrRow]) -> str:
    """The context of a dialled channel: the customer's where an agent of a placed call dialled it."""
    dialled = (row for row in rows if row.dest_channel == name and row.context == CUSTOMER_CONTEXT)
    return OUTSIDE if any(dialled) else ""


def dialling_began(row: CdrRow) -> datetime:
    """When the second leg was dialled: the row of a placed call begins with the first."""
    return first_answer(row) or row.at


def first_answer(row: CdrRow) -> datetime | None:
    """When the first leg of a placed call answered: none gets into our contexts without.

    A table without times of answer tells it by the billable seconds, of an unanswered dialling too.
    """
    if not _is_inside(row):
        return None
    ended = row.ended_at or row.at + timedelta(seconds=row.duration)
    return row.answered_at or max(row.at, ended - timedelta(seconds=row.billable))


def customers_cause(row: CdrRow, later: Sequence[CdrRow]) -> int:
    """Why the customer's leg ended whom an agent dialled: our dialplan hangs up with it. 0 where no row tells."""
    if row.context != CUSTOMER_CONTEXT:
        return 0
    texts = (each.data for each in later if each.channel == row.channel and each.application == "Hangup")
    text = next(texts, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0


def first_leg_events(leg: FirstLeg, row: CdrRow) -> list[Told]:
    """The dialling of the first leg, its answer or its end, and whom the order was to reach."""
    began, ids = leg.began_at, (leg.uniqueid, leg.linkedid, leg.name)
    number = row.destination if _is_inside(row) else ""
    told = [
        Told(began, NewChannel(began, *ids, DOWN, "", "", _context_of(row), "")),
        Told(began, DialBegin(began, "", "", "", *ids, number if row.context == AGENT_CONTEXT else "")),
    ]
    at = leg.answered_at or leg.ended_at
    told.append(Told(at, _dial_end(leg, row)))
    if leg.answered_at is not None:
        told.append(Told(at, NewState(at, *ids, UP)))
    aim = number or (row.source if _is_ours(row) else "")
    success = leg.answered_at is not None
    told.append(Told(at, OriginateResponse(at, leg.uniqueid, leg.name, aim, success, 0, row.source, "")))
    return told


def first_cause(leg: FirstLeg, row: CdrRow) -> int:
    """The cause of the first leg's own end, as far as its row tells one."""
    return 16 if leg.answered_at is not None else _fate(leg, row)[1]


def _dial_end(leg: FirstLeg, row: CdrRow) -> DialEnd:
    if leg.answered_at is not None:
        return DialEnd(leg.answered_at, "", leg.uniqueid, "ANSWER", "")
    status = _fate(leg, row)[0]
    alerted = status == "NOANSWER" and leg.ended_at - leg.began_at >= max(ALERTS_AFTER, timedelta(seconds=1))
    return DialEnd(leg.ended_at, "", leg.uniqueid, status, "", alerted)


def _fate(leg: FirstLeg, row: CdrRow) -> tuple[str, int]:
    """DialEnd and cause of a first leg that did not answer. Asterisk 16 calls a ring time-out FAILED too."""
    if row.disposition == "FAILED" and leg.ended_at - leg.began_at >= RING_TIMEOUT:
        return "NOANSWER", 0
    return STATUS.get(row.disposition, ("NOANSWER", 0))


def _context_of(row: CdrRow) -> str:
    """In our contexts it is known on which side the first leg is; else its own context is as good as any."""
    if row.context == AGENT_CONTEXT:
        return OUTSIDE
    return "" if row.context == CUSTOMER_CONTEXT else row.context


def _is_inside(row: CdrRow) -> bool:
    """Whether the first leg had answered and was in our dialplan."""
    return row.context in (CUSTOMER_CONTEXT, AGENT_CONTEXT)


def _is_ours(row: CdrRow) -> bool:
    """An order of ours bears its own id as account, and shows the agent's phone the customer's number."""
    return bool(row.account) and row.uniqueid.startswith(row.account)
