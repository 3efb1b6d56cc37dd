"""Queue members' comings, goings and pauses, as queue_log tells them. Pure.

These rows belong to no call, whatever stands in their call column (`NONE`, `MANAGER`, `REALTIME`, the channel that
dialled a feature code). ADDMEMBER and REMOVEMEMBER name the interface, all others the member's name.
"""

from __future__ import annotations

from collections.abc import Mapping

from telephony.events import Member
from telephony.pbxlogs.queue_calls import HANDLED
from telephony.pbxlogs.rows import QueueRow

WHAT = {
    "ADDMEMBER": ("added", False),
    "REMOVEMEMBER": ("removed", False),
    "PAUSE": ("pause", True),
    "UNPAUSE": ("pause", False),
    "AGENTLOGIN": ("added", False),
    "AGENTLOGOFF": ("removed", False),
    "AGENTCALLBACKLOGIN": ("added", False),
    "AGENTCALLBACKLOGOFF": ("removed", False),
}
"""What a row says, as Member has it, and whether the member is paused then."""


STARTED = "QUEUESTART"
"""Asterisk writes this when it starts: whatever was up before has ended."""


def is_of_a_call(row: QueueRow) -> bool:
    """Whether a row tells of one caller."""
    return bool(row.call) and row.event in HANDLED


def member_event(row: QueueRow, interfaces: Mapping[str, str]) -> Member | None:
    """What a row says of a member; None if it says nothing of one. `interfaces`: by member's name, where known."""
    what = WHAT.get(row.event)
    if what is None or not row.agent or not row.queue:
        return None
    said, paused = what
    interface = interfaces.get(row.agent, row.agent)
    name = row.agent if row.agent != interface else ""
    reason = row.data[0] if row.data and paused else ""
    return Member(row.at, said, row.queue, interface, name, paused, reason)
