"""Which calls of the PBX's logs the stream told whole, and which must be rebuilt from the logs. Pure.

Never one tracker with both sources for one call: a call is either what the stream said, every event of it, or what
the logs say. It was heard whole where each channel that the logs name was heard to begin and to end, to answer and to
enter its bridges as often as the logs say, and where no known gap lies in its time. So a gap that nobody told of
(packets that never came) is found as well.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from telephony.events import UP, BridgeEnter, Connected, Hangup, Lost, NewChannel, NewState, PbxEvent
from telephony.pbxlogs.rows import CallRows


class Verdict(StrEnum):
    """What the stream is worth for one call of the logs."""

    WHOLE = "whole"  # heard from its beginning to its end
    TOUCHED = "touched"  # heard in part
    UNHEARD = "unheard"  # no channel of it was heard
    OPEN = "open"  # it goes on: its end is in no log yet


@dataclass(slots=True)
class Heard:
    """What the stream told of one channel."""

    began: bool = False
    ended: bool = False
    up: bool = False
    entered: int = 0


@dataclass(slots=True)
class Hearing:
    """What was heard of each channel, and when nothing was heard. `gaps` are (last heard, heard again or None)."""

    channels: dict[str, Heard] = field(default_factory=dict)
    gaps: list[tuple[datetime, datetime | None]] = field(default_factory=list)
    last_at: datetime | None = None

    def note(self, event: PbxEvent) -> None:
        """One event of the stream, in its order."""
        match event:
            case NewChannel():
                self._of(event.uniqueid).began = True
            case Hangup():
                self._of(event.uniqueid).ended = True
            case NewState(state=state) if state == UP:
                self._of(event.uniqueid).up = True
            case BridgeEnter():
                self._of(event.uniqueid).entered += 1
            case Lost():
                if not self.gaps or self.gaps[-1][1] is not None:
                    self.gaps.append((event.at, None))
                return
            case Connected():
                self.end_gap(event.at)
        self.last_at = event.at

    def end_gap(self, at: datetime) -> None:
        """Something is heard again."""
        if self.gaps and self.gaps[-1][1] is None:
            self.gaps[-1] = (self.gaps[-1][0], at)

    def _of(self, uniqueid: str) -> Heard:
        found = self.channels.get(uniqueid)
        if found is None:
            found = self.channels[uniqueid] = Heard()
        return found


@dataclass(slots=True)
class _Expected:
    """What the logs say of one channel."""

    ended: bool = False
    up: bool = False
    entered: int = 0


def verdict_of(call: CallRows, hearing: Hearing) -> Verdict:
    """What the stream is worth for this call."""
    expected = _expected(call)
    if not expected:
        return Verdict.UNHEARD
    if not any(uniqueid in hearing.channels for uniqueid in expected):
        return Verdict.UNHEARD
    if call.cel and not all(each.ended for each in expected.values()):
        return Verdict.OPEN
    start, end = span_of(call)
    if any(lost <= end and (again is None or again >= start) for lost, again in hearing.gaps):
        return Verdict.TOUCHED
    whole = all(_is_whole(each, hearing.channels.get(uniqueid)) for uniqueid, each in expected.items())
    return Verdict.WHOLE if whole else Verdict.TOUCHED


def channels_named(call: CallRows) -> list[str]:
    """The unique ids of all channels that the call's rows are about, in order of mention."""
    found = dict.fromkeys(row.uniqueid for row in call.cel)
    found.update(dict.fromkeys(row.uniqueid for row in call.cdr))
    found.update(dict.fromkeys(row.call for row in call.queue if row.call))
    return list(found)


def span_of(call: CallRows) -> tuple[datetime, datetime]:
    """From the first instant that the logs name for this call to the last."""
    instants = [row.at for row in call.cel] + [row.at for row in call.cdr] + [row.at for row in call.queue]
    instants += [row.ended_at for row in call.cdr if row.ended_at is not None]
    return min(instants), max(instants)


def _expected(call: CallRows) -> dict[str, _Expected]:
    found: dict[str, _Expected] = {}
    for row in call.cel:
        each = found.setdefault(row.uniqueid, _Expected())
        each.ended = each.ended or row.event in ("HANGUP", "CHAN_END")
        each.up = each.up or row.event == "ANSWER"
        each.entered += row.event == "BRIDGE_ENTER"
    if call.cel:
        return found
    for cdr in call.cdr:
        found[cdr.uniqueid] = _Expected(ended=True, up=cdr.disposition == "ANSWERED")
    for queue in call.queue:
        if queue.call:
            found.setdefault(queue.call, _Expected(ended=True))
    return found


def _is_whole(expected: _Expected, heard: Heard | None) -> bool:
    return (
        heard is not None
        and heard.began
        and (heard.ended or not expected.ended)
        and (heard.up or not expected.up or expected.entered > 0)
        and heard.entered >= expected.entered
    )


def unlogged(hearing: Hearing, calls: Iterable[CallRows]) -> set[str]:
    """Channels that were heard and that no log names."""
    named = {uniqueid for call in calls for uniqueid in channels_named(call)}
    return set(hearing.channels) - named
