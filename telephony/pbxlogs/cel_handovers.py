"""How one call was handed on, by its CEL, told as events. Pure."""

from __future__ import annotations

from datetime import timedelta

from telephony.events import AttendedTransfer, BlindTransfer, DialEnd, Park, Pickup
from telephony.pbxlogs.cel_state import CallState
from telephony.pbxlogs.dossiers import Channel, extra_of
from telephony.pbxlogs.rows import CelRow

PARK_ENDS = {
    "ParkedCallUnparked": "retrieved",
    "ParkedCallSwap": "retrieved",
    "ParkedCallTimeOut": "timeout",
    "ParkedCallGiveUp": "gave_up",
}
FORWARDS = timedelta(seconds=1)


class HandOverTeller:
    """Transfers, pickups, forwarding and parking."""

    def __init__(self, state: CallState) -> None:
        self._state = state

    def blind_transfer(self, row: CelRow, channel: Channel) -> None:
        """The other party is sent to an extension."""
        extra = extra_of(row)
        transferee = extra.get("transferee_channel_uniqueid", "")
        self._state.say(row.at, BlindTransfer(row.at, row.uniqueid, transferee, extra.get("extension", ""), True))

    def attended_transfer(self, row: CelRow, channel: Channel) -> None:
        """Two calls of an agent become one."""
        extra = extra_of(row)
        self._state.say(
            row.at,
            AttendedTransfer(
                row.at,
                row.uniqueid,
                extra.get("channel2_uniqueid") or row.uniqueid,
                extra.get("transferee_channel_uniqueid", ""),
                extra.get("transfer_target_channel_uniqueid", ""),
                extra.get("transfer_target_channel_name", ""),
                True,
                "App" if "app" in extra else "Bridge",
            ),
        )

    def pickup(self, row: CelRow, channel: Channel) -> None:
        """A phone takes the call that rang at this channel."""
        winner = extra_of(row).get("pickup_channel_uniqueid", "")
        self._state.replaced[winner] = channel
        self._state.say(row.at, Pickup(row.at, winner, row.uniqueid))

    def forward(self, row: CelRow, channel: Channel) -> None:
        """The phone that this channel dialled sent the call on; it ends at this moment."""
        forward = extra_of(row).get("forward", "")
        for other in self._state.channels.values():
            ended = other.ended_at or other.last_at
            if other.dialler == row.uniqueid and not other.answered_at and abs(ended - row.at) <= FORWARDS:
                self._state.say(row.at, DialEnd(row.at, row.uniqueid, other.uniqueid, "NOANSWER", forward))
                self._state.endings.pop(other.uniqueid, None)
                return

    def park_start(self, row: CelRow, channel: Channel) -> None:
        """This channel is parked."""
        extra = extra_of(row)
        lot = next(
            (
                cdr.data
                for cdr in self._state.call.cdr
                if cdr.application == "Park" and cdr.uniqueid == row.uniqueid
            ),
            "",
        )
        parker = extra.get("parker_dial_string", "")
        self._state.say(row.at, Park(row.at, "parked", row.uniqueid, parker, "", lot.partition(":")[2]))

    def park_end(self, row: CelRow, channel: Channel) -> None:
        """It is taken back, or comes back."""
        extra = extra_of(row)
        what = PARK_ENDS.get(extra.get("reason", ""))
        if what is None:
            return
        retriever = self._state.names.get(extra.get("retriever", ""))
        by = "" if retriever is None else retriever.uniqueid
        self._state.say(row.at, Park(row.at, what, row.uniqueid, "", by, ""))
