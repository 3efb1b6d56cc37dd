"""An event, and when it happened: what the tellers of the logs give."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from telephony.events import PbxEvent


class Told(NamedTuple):
    """An event, and when it happened."""

    at: datetime
    event: PbxEvent
