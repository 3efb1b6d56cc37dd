"""How a PBX stands and whether it is heard: what its lists name, and where hearing it begins and ends. Frozen records.

They let a listener that was deaf go on: what a list does not name any more has ended meanwhile.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

BUSY, UP, RINGING, RING, DOWN = 7, 6, 5, 4, 0
"""Channel states: refused by the PBX, up, the far end rings, it rings us (an incoming call), idle."""


class Listed(NamedTuple):
    """A channel that exists now, from a list of all; `uniqueid` is '' at the end of the list.

    application, arguments: what its dialplan runs; seconds: how long it has existed; bridge: '' for none.
    """

    at: datetime
    uniqueid: str
    linkedid: str
    channel: str
    state: int = DOWN
    number: str = ""
    name: str = ""
    context: str = ""
    exten: str = ""
    application: str = ""
    arguments: str = ""
    seconds: int = 0
    bridge: str = ""


class BridgeListed(NamedTuple):
    """A bridge that exists now, from a list of all."""

    at: datetime
    bridge: str
    technology: str
    bridge_type: str


class QueueEntry(NamedTuple):
    """A caller who waits in a queue now, from a list of all; `uniqueid` is '' at the end of the list."""

    at: datetime
    uniqueid: str
    channel: str
    queue: str
    position: int
    seconds: int


class Shutdown(NamedTuple):
    """The PBX says that it ends now. What it does to calls it has told before."""

    at: datetime


class Restarted(NamedTuple):
    """The PBX began anew since it was last heard: every channel of before is gone."""

    at: datetime


class Lost(NamedTuple):
    """From here on nothing was heard: the connection ended, or the listener stopped or died."""

    at: datetime


class Connected(NamedTuple):
    """The PBX is heard again."""

    at: datetime
