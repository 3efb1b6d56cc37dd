"""The floor as the runner of campaigns sees it: who is free now, and which PBXs are deaf.

The live facts belong to the event loop, the runner asks from threads: what is seen is taken down in the loop, ten times
a second at most, and read from anywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from schedulers.campaigns.records import FreeAgent
from schedulers.followups.account import Staff
from service.dialling.deafness import Hearing, why_deaf
from service.dialling.free import Around, Seat, free_seats
from service.live.hub import LiveHub
from service.replaying import wrap_up_of

ANEW = timedelta(seconds=1)
"""What time alone changes, such as the end of a wrap-up, is seen after so long."""
STALE = timedelta(seconds=3)
"""What was seen so long ago says nothing of now: the loop hangs, and nobody is free."""


class LiveFloor:
    """A `schedulers.dialling.floor.Floor` over the live facts. `see` belongs to the event loop, the rest to anybody.

    staff_of: who works here now. behind: how far agents are behind on their minutes, by agent. waived: by PBX, until
    when a person answers for what it did. All three must be quick.
    """

    def __init__(
        self,
        hub: LiveHub,
        hearings: Mapping[str, Hearing],
        *,
        staff_of: Callable[[], Staff | None],
        behind: Callable[[], Mapping[str, float]],
        waived: Callable[[], Mapping[str, datetime]],
    ) -> None:
        self._hub = hub
        self._hearings = hearings
        self._staff_of = staff_of
        self._behind = behind
        self._waived = waived
        self._changed = True
        self._made_at: datetime | None = None
        self._seen: tuple[datetime, Sequence[Seat]] | None = None
        self.stop_watching = hub.watch(self._note)

    def _note(self) -> None:
        self._changed = True

    def see(self, now: datetime) -> None:
        """Take down who is free: anew when facts came, or a second has passed."""
        if self._changed or self._made_at is None or not timedelta() <= now - self._made_at < ANEW:
            self._changed, self._made_at = False, now
            self._seen = (now, free_seats(self._around(), now))
        elif self._seen is not None:
            self._seen = (now, self._seen[1])

    def free(self, now: datetime) -> Sequence[FreeAgent]:
        """Who can take a call now; nobody where it is not known who works here."""
        staff, seen = self._staff_of(), self._seen
        if staff is None or seen is None or now - seen[0] > STALE:
            return ()
        behind = self._behind()
        return [_free(seat, staff, behind, now) for seat in seen[1] if _is_here(seat, staff, now)]

    def deaf(self, pbx: str) -> bool:
        """Whether nothing may be dialled on a PBX now."""
        return self.why_deaf(pbx) is not None

    def why_deaf(self, pbx: str) -> str | None:
        """Why, in words; None where all is known."""
        hearing = self._hearings.get(pbx)
        if hearing is None:
            return "no PBX of this name is set up"
        return why_deaf(hearing.ears(self._waived().get(pbx)))

    def logged(self, pbx: str, channel_id: str, at: datetime) -> bool | None:
        """Whether the PBX's own logs know a channel that was to begin at an instant; None where they cannot tell."""
        hearing = self._hearings.get(pbx)
        return None if hearing is None else hearing.logged(channel_id, at)

    def _around(self) -> Around:
        hub = self._hub
        return Around(
            states=hub.current.states(),
            records=hub.current.open_records(),
            phones=hub.current.phones,
            talked=hub.current.talked,
            assignments=hub.devices.assignments,
            agent_of=hub.agent_of,
            wrap_up=wrap_up_of(hub.policy),
        )


def _is_here(seat: Seat, staff: Staff, now: datetime) -> bool:
    return staff.works_here(seat.agent, now) and not staff.is_away(seat.agent, now, now)


def _free(seat: Seat, staff: Staff, behind: Mapping[str, float], now: datetime) -> FreeAgent:
    return FreeAgent(
        agent=seat.agent,
        device=seat.device,
        pbx=seat.pbx,
        since=seat.since,
        group=staff.group_of(seat.agent, now),
        behind=behind.get(seat.agent, 0.0),
    )
