"""The waveform of a recording, asked for where a page needs it."""

from __future__ import annotations

from typing import Protocol

from analytics.errors import SoundError
from analytics.recordings import Waveform
from service.listening import Tape


class Draws(Protocol):
    """Who draws."""

    async def picture(self, tape: Tape) -> Waveform | None:
        """How loud a recording is over time. Raises SoundError, OSError."""
        ...


async def picture_of(source: Draws, tape: Tape) -> tuple[Waveform | None, bool]:
    """The picture; and whether the file turned out not to be readable."""
    try:
        return await source.picture(tape), False
    except (SoundError, OSError):
        return None, True
