"""The floor as the runner of campaigns sees it: who is free now, and which PBXs are deaf. Belongs to the event loop."""

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


class LiveFloor:
    """A `schedulers.dialling.floor.Floor` over the live facts.

    staff_of: who works here now. behind: how far agents are behind on their minutes, by agent. waived: by PBX, up to
    when a person answers for what it did. The three are asked often and must be quick.
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
        self._seats: Sequence[Seat] = ()
        self._seen_at: datetime | None = None
        self.stop = hub.watch(self._note)

    def _note(self) -> None:
        self._changed = True

    def free(self, now: datetime) -> Sequence[FreeAgent]:
        """Who can take a call now; nobody where it is not known who works here."""
        staff = self._staff_of()
        if staff is None:
            return ()
        behind = self._behind()
        return [_free(seat, staff, behind, now) for seat in self._all(now) if _is_here(seat, staff, now)]

    def deaf(self, pbx: str) -> bool:
        """Whether nothing may be dialled on a PBX now."""
        return self.why_deaf(pbx) is not None

    def why_deaf(self, pbx: str) -> str | None:
        """Why, in words; None where all is known."""
        hearing = self._hearings.get(pbx)
        if hearing is None:
            return "no PBX of this name is set up"
        return why_deaf(hearing.ears(self._waived().get(pbx)))

    def _all(self, now: datetime) -> Sequence[Seat]:
        """Made anew when facts came, or a second has passed."""
        if self._changed or self._seen_at is None or not timedelta() <= now - self._seen_at < ANEW:
            self._changed, self._seen_at = False, now
            self._seats = free_seats(self._around(), now)
        return self._seats

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
