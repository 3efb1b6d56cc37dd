"""A captured stream with gaps cut into it: the lists after each are made of what was really there then."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from telephony.calls.facts import Known, TalkKind
from telephony.calls.record import CallRecord, fold
from telephony.events import (
    BridgeEnter,
    BridgeLeave,
    Connected,
    DialBegin,
    Hangup,
    Listed,
    Lost,
    NewChannel,
    NewState,
    PbxEvent,
)
from tests.telephony.calls.streams import captures, events_of, track

PLAIN = next(c for c in captures() if c.name == "22.10")
EVENTS = events_of(PLAIN / "ami.jsonl.xz")
SECOND = timedelta(seconds=1)


@dataclass(slots=True)
class Channel:
    """What the PBX knows of a channel."""

    began: NewChannel
    state: int
    linkedid: str
    name: str
    dialled: bool = False
    bridge: str = ""


@dataclass(slots=True)
class Pbx:
    """What exists, by the events up to now: the truth that a list tells."""

    channels: dict[str, Channel] = field(default_factory=dict)

    def see(self, event: PbxEvent) -> None:
        """Follow one event."""
        match event:
            case NewChannel():
                self.channels[event.uniqueid] = Channel(event, event.state, event.linkedid, event.channel)
            case Hangup():
                self.channels.pop(event.uniqueid, None)
            case NewState() if event.uniqueid in self.channels:
                self.channels[event.uniqueid].state = event.state
            case DialBegin() if event.dest_uniqueid in self.channels:
                self.channels[event.dest_uniqueid].dialled = True
            case BridgeEnter() if event.uniqueid in self.channels:
                channel = self.channels[event.uniqueid]
                channel.bridge, channel.linkedid, channel.name = event.bridge, event.linkedid, event.channel
            case BridgeLeave() if event.uniqueid in self.channels:
                self.channels[event.uniqueid].bridge = ""

    def lists(self, now: datetime, order: random.Random) -> Iterator[PbxEvent]:
        """The list of channels, in no order."""
        found = list(self.channels.items())
        order.shuffle(found)
        for uniqueid, each in found:
            yield Listed(
                now, uniqueid, each.linkedid, each.name, each.state, each.began.number, each.began.name,
                each.began.context, each.began.exten, "AppDial" if each.dialled else "Dial", "",
                int((now - each.began.at).total_seconds()), each.bridge,
            )  # fmt: skip
        yield Listed(now, "", "", "")


def cut(seed: int, gaps: int = 6) -> tuple[list[PbxEvent], list[tuple[datetime, datetime]]]:
    """The stream with seeded gaps of 5 to 20 s in it, and where they are."""
    chance = random.Random(seed)
    whole = EVENTS[-1].at - EVENTS[0].at
    starts = sorted(EVENTS[0].at + whole * chance.random() for _ in range(gaps))
    spans = [(start, start + timedelta(seconds=chance.uniform(5, 20))) for start in starts]
    pbx, heard = Pbx(), list[PbxEvent]()
    waiting = list(spans)
    deaf: datetime | None = None
    for event in EVENTS:
        if deaf is not None and event.at >= deaf:
            heard += [Connected(deaf), *pbx.lists(deaf, chance)]
            deaf = None
        while deaf is None and waiting and event.at >= waiting[0][0]:
            start, deaf = waiting.pop(0)
            heard.append(Lost(start))
        pbx.see(event)
        if deaf is None:
            heard.append(event)
    return heard, spans


def minutes(records: list[CallRecord]) -> dict[str, timedelta]:
    """How long each agent's leg talked with customers."""
    found: defaultdict[str, timedelta] = defaultdict(timedelta)
    for record in records:
        for talk in record.talks:
            if talk.kind in (TalkKind.CUSTOMER, TalkKind.CONFERENCE) and talk.ended_at is not None:
                found[talk.id.rpartition("/talk/")[0]] += talk.ended_at - talk.started_at
    return found


TRUTH = fold(track(EVENTS))


@pytest.mark.parametrize("seed", range(12))
def test_no_minute_is_made_of_a_gap_and_few_are_lost(seed: int) -> None:
    """Each leg's talk is at most the true one, and at least that less the gaps."""
    heard, spans = cut(seed)
    deaf = sum((end - start for start, end in spans), timedelta())
    true, found = minutes(TRUTH), minutes(fold(track(heard)))
    for leg, talked in found.items():
        assert talked <= true.get(leg, timedelta()) + SECOND, leg
    for leg, talked in true.items():
        assert found.get(leg, timedelta()) >= talked - deaf - SECOND, leg


@pytest.mark.parametrize("seed", range(12))
def test_a_call_that_a_gap_did_not_touch_is_told_as_ever(seed: int) -> None:
    """The others say that they were heard in part; none is told twice, none stays open."""
    heard, spans = cut(seed)
    found = {record.call.id: record for record in fold(track(heard))}
    for record in TRUTH:
        call = record.call
        ended = call.ended_at or EVENTS[-1].at
        if all(ended < start - SECOND or call.started_at > end + SECOND for start, end in spans):
            again = found[call.id].call
            assert (again.known, again.disposition, again.ended_at) == (Known.OBSERVED, call.disposition, ended)
    legs = [talk.id for record in found.values() for talk in record.talks]
    assert len(legs) == len(set(legs))
    assert all(record.call.ended_at is not None for record in found.values())
