"""The queues of a PBX as an act finds them: which there are, who is in them, which seats are the agent's. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from service.acting.actors import Stage
from telephony.acting.seats import Seat, Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """A queue as an agent stands to it. `standing` is None where he is no member."""

    pbx: str
    name: str
    standing: Standing | None
    paused: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """The queues of one PBX, and who is in them; `own` are the seats of the agent that is meant."""

    stage: Stage
    queues: list[str]
    seats: list[Seat]
    own: list[Seat]

    def queue(self, name: str) -> Queue:
        """How the agent stands to a queue."""
        seat = next((each for each in self.own if each.queue == name), None)
        if seat is None:
            return Queue(pbx=self.stage.pbx, name=name, standing=None)
        return Queue(pbx=self.stage.pbx, name=name, standing=seat.standing, paused=seat.paused, reason=seat.reason)
