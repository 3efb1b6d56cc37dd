"""The one seam between the pages and the figures: what the service hands to `setup`.

The values are in `service.dashboard.board` (now) and `service.dashboard.periods` (a call).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from service.dashboard.board import Board
from service.dashboard.gaps_view import GapLine
from service.dashboard.look import WHOLE, Look


class LiveState(Protocol):
    """What `setup` is handed. The service builds it over the live state and the store."""

    @property
    def demo(self) -> bool:
        """Whether what is shown is played, not heard."""
        ...

    @property
    def zone(self) -> ZoneInfo:
        """The centre's zone: where days and months begin."""
        ...

    @property
    def language(self) -> str:
        """`zh` or `en`, for who has not chosen."""
        ...

    def now(self) -> datetime:
        """The instant up to which figures are counted."""
        ...

    def watch(self, notify: Callable[[], None]) -> Callable[[], None]:
        """Call `notify` (cheap, on the event loop) after every change of the board; returns what stops it."""
        ...

    def board(self, look: Look = WHOLE, *, hurried: bool = False) -> Board:
        """The shift as of now, as far as a look goes. Hurried, it has the figures that were made last."""
        ...

    async def gap_ledger(self) -> tuple[GapLine, ...]:
        """The ledger of gaps with the calls within each."""
        ...
