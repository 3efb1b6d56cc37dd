"""CEL rows for tests: one call told in a few words."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from telephony.pbxlogs.rows import CallRows, CdrRow, CelRow, QueueRow

START = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
CUSTOMER, AGENT = "PJSIP/trunk-00000001", "PJSIP/1001-00000002"


def at(seconds: float) -> datetime:
    """So many seconds after START."""
    return START + timedelta(seconds=seconds)


def cel(seconds: float, event: str, channel: str = CUSTOMER, *, uniqueid: str = "1.1", **more: Any) -> CelRow:
    """One row. `extra` may be a dict."""
    extra = more.pop("extra", None)
    values = {
        "linkedid": "1.1",
        "number": "13800138000",
        "name": "",
        "exten": "4001234567",
        "context": "from-trunk",
        "application": "",
        "data": "",
        "peer": "",
        "account": "",
        "user_event": "",
    }
    return CelRow(
        at=at(seconds),
        event=event,
        uniqueid=uniqueid,
        channel=channel,
        extra=json.dumps(extra) if extra else "",
        **(values | more),
    )


def agent(seconds: float, event: str, **more: Any) -> CelRow:
    """A row of the agent's channel, which was dialled."""
    told = {"uniqueid": "1.2", "number": "1001", "context": "agents", "exten": "s"}
    if event != "CHAN_START":
        told["application"] = "AppDial"
    return cel(seconds, event, AGENT, **(told | more))


def answered_call() -> list[CelRow]:
    """A customer rings 1001, who answers after two seconds; the customer hangs up after ten."""
    bridge = {"bridge_id": "b", "bridge_technology": "simple_bridge"}
    dial = {"application": "Dial", "data": "PJSIP/1001,20"}
    over = {"hangupcause": 16, "hangupsource": CUSTOMER, "dialstatus": "ANSWER"}
    return [
        cel(0, "CHAN_START"),
        cel(0.1, "APP_START", **dial),
        agent(0.2, "CHAN_START"),
        agent(2, "ANSWER"),
        cel(2.001, "ANSWER", **dial),
        agent(2.002, "BRIDGE_ENTER", extra=bridge),
        cel(2.003, "BRIDGE_ENTER", extra=bridge, **dial),
        cel(10, "BRIDGE_EXIT", extra=bridge, **dial),
        agent(10.001, "BRIDGE_EXIT", extra=bridge),
        agent(10.002, "HANGUP", extra=over),
        agent(10.002, "CHAN_END"),
        cel(10.003, "APP_END", **dial),
        cel(10.003, "HANGUP", extra=over),
        cel(10.003, "CHAN_END"),
    ]


def call_of(
    rows: list[CelRow], cdr: list[CdrRow] | None = None, queue: list[QueueRow] | None = None, key: str = "1.1"
) -> CallRows:
    """The rows as one call."""
    return CallRows(key, rows, cdr or [], queue or [])
