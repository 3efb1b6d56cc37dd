"""What a runner must know of the moment: who can take a call, and whether we hear what the PBX does."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from schedulers.campaigns.records import FreeAgent


class Floor(Protocol):
    """The floor as it is now. Asked from a thread; each answer must come at once, from what is known already."""

    def free(self, now: datetime) -> Sequence[FreeAgent]:
        """Who can take a call: logged in, not paused, not in wrap-up, not on a call, not away.

        A pause with our own reason does not count: it is we who hold him.
        """
        ...

    def deaf(self, pbx: str) -> bool:
        """Whether what this PBX did lately is not known: no connection, or a gap that is not settled yet."""
        ...

    def logged(self, pbx: str, channel_id: str, at: datetime) -> bool | None:
        """Whether the PBX's own logs know a channel that was to begin at an instant.

        False only where they go on well beyond that instant without it; None where they cannot tell.
        """
        ...
