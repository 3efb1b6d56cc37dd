"""Recordings: which channel goes to which file, from when to when, and who was on the channel meanwhile.

A recording is named (VarSet, the application's own arguments, a variable that the administrator exports) before it
begins (MixMonitorStart), or never. A variable may still hold the name of an earlier recording or of another channel's:
the name that came by VarSet or by the application counts more. It ends with its channel unless it is stopped before.
"""

from __future__ import annotations

import re

from telephony.calls.book import Book
from telephony.calls.call import Call
from telephony.calls.facts import RecordingPart
from telephony.calls.legs import Leg
from telephony.calls.recording_drafts import PartDraft, RecordingDraft
from telephony.calls.talks import Talks
from telephony.events import Recording, RecordingMuted, RecordingStopped

MONITOR_FOLDER = "/var/spool/asterisk/monitor/"
_OPTION = re.compile(r"(?P<letter>[A-Za-z])(?:\((?P<given>[^()]*)\))?")
_PARTS = {"r": RecordingPart.HEARD, "t": RecordingPart.SAID}


class Recordings:
    """Keeps the recordings of every leg."""

    def __init__(self, book: Book, talks: Talks) -> None:
        self._book = book
        self._talks = talks

    def recording(self, event: Recording) -> None:
        """A recording was named, or began."""
        leg = self._book.leg(event.uniqueid)
        if leg is None:
            return
        if event.begins:
            self._begin(leg, event)
        else:
            self._name(leg, event)

    def stopped(self, event: RecordingStopped) -> None:
        """The newest recording of a channel was stopped."""
        leg = self._book.leg(event.uniqueid)
        running = [] if leg is None else _running(leg)
        if leg is not None and running:
            running[-1].end(event.at)
            self._touch(running[-1], leg.call)

    def muted(self, event: RecordingMuted) -> None:
        """The recordings of a channel keep silence, or speak again."""
        leg = self._book.leg(event.uniqueid)
        if leg is None:
            return
        for draft in _running(leg):
            draft.mute(event.at, event.direction, on=event.on)
            self._touch(draft, leg.call)

    def moved(self, leg: Leg) -> None:
        """A leg joined a bridge or left one: whoever is recorded in its call may hear others now."""
        for draft in leg.call.recordings:
            if draft.runs:
                self._look(draft, leg.call)

    def gone(self, leg: Leg) -> None:
        """The channel is no more, nor is its recording."""
        for draft in _running(leg):
            draft.end(self._book.now)
            self._touch(draft, leg.call)

    # -- beginnings ---------------------------------------------------------------------

    def _begin(self, leg: Leg, event: Recording) -> None:
        draft = self._meant(leg, event) or self._add(leg, event)
        draft.begin(event.at)
        self._learn(draft, leg, event)
        self._look(draft, leg.call)
        self._touch(draft, leg.call)

    def _meant(self, leg: Leg, event: Recording) -> RecordingDraft | None:
        """The recording that begins: the newest that was only named; else one that was stopped, of this name."""
        own = [draft for draft in leg.call.recordings if draft.channel == leg.uniqueid and not draft.runs]
        named = [draft for draft in own if draft.started_at is None or draft.again]
        if named:
            return named[-1]
        return next((draft for draft in reversed(own) if same_file(draft.file, event.file)), None)

    def _name(self, leg: Leg, event: Recording) -> None:
        known = [draft for draft in leg.call.recordings if same_file(draft.file, event.file)]
        if not known:
            if any(same_file(part.file, event.file) for draft in leg.call.recordings for part in draft.parts):
                return
            known = [self._add(leg, event)]
        draft = known[-1]
        if draft.channel != leg.uniqueid:
            return  # other legs inherit the name
        if draft.started_at is not None and not draft.runs and leg.ended_at is None:
            draft.again, draft.options = True, None
        self._learn(draft, leg, event)
        self._touch(draft, leg.call)

    def _add(self, leg: Leg, event: Recording) -> RecordingDraft:
        taken = False
        for draft in leg.call.recordings:
            if event.begins and same_file(draft.file, event.file):
                taken = True
                draft.overwritten |= draft.channel == leg.uniqueid
                self._touch(draft, leg.call)
        draft = RecordingDraft(
            id=f"{self._book.pbx}/{leg.uniqueid}/recording/{leg.next_number()}",
            named_at=event.at,
            file="" if taken else event.file,
            channel=leg.uniqueid,
        )
        leg.call.recordings.append(draft)
        return draft

    def _learn(self, draft: RecordingDraft, leg: Leg, event: Recording) -> None:
        if not event.begins and len(event.file) > len(draft.file):
            draft.file = event.file  # with its folder and ending
        if event.options is None or draft.options is not None:
            return
        given = {found["letter"]: found["given"] or "" for found in _OPTION.finditer(event.options)}
        draft.options = "".join(given)
        for letter, part in _PARTS.items():
            file = given.get(letter, "").removeprefix(MONITOR_FOLDER)
            if file and all(each.file != file for each in draft.parts):
                second = PartDraft(whole=draft, part=part, file=file)
                draft.parts.append(second)
                leg.call.others.append(second)

    # -- who is on the channel ----------------------------------------------------------

    def _look(self, draft: RecordingDraft, call: Call) -> None:
        leg = self._book.leg(draft.channel)
        if leg is None:
            return
        if leg.bridge is None:
            changed = draft.part(self._book.now)
        else:
            heard, said = self._talks.sides(leg)
            changed = draft.join(self._book.now, _ids(heard), _ids(said))
        if changed:
            self._touch(draft, call)

    def _touch(self, draft: RecordingDraft, call: Call) -> None:
        self._book.touch(draft, call)
        for part in draft.parts:
            self._book.touch(part, call)


def _running(leg: Leg) -> list[RecordingDraft]:
    return [draft for draft in leg.call.recordings if draft.channel == leg.uniqueid and draft.runs]


def _ids(legs: list[Leg]) -> tuple[str, ...]:
    return tuple(sorted(leg.uniqueid for leg in legs))


def same_file(one: str, other: str) -> bool:
    """Two names of one recording: by a variable without folder or ending, and by its full path."""
    if one == other:
        return bool(one)
    long, short = (one, other) if len(one) > len(other) else (other, one)
    return bool(short) and (long.endswith("/" + short) or f"/{short}." in long or long.startswith(short + "."))
