"""What the tracker keeps of recordings: names, beginnings and ends, and who was on the recorded channel."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from telephony.calls.facts import Interval, Joined, Muted, RecordingFact, RecordingPart
from telephony.calls.record import fold, newest
from telephony.calls.tracker import Tracker
from telephony.events import (
    DOWN,
    RING,
    BridgeEnter,
    BridgeLeave,
    Hangup,
    NewChannel,
    PbxEvent,
    Recording,
    RecordingMuted,
    RecordingStopped,
)

START = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
CUSTOMER, AGENT, OTHER = "1.1", "1.2", "1.3"
NAMES = {CUSTOMER: "PJSIP/trunk-01", AGENT: "PJSIP/1001-02", OTHER: "PJSIP/1006-03"}


def at(seconds: float) -> datetime:
    """So many seconds after the call began."""
    return START + timedelta(seconds=seconds)


def begun(uniqueid: str, seconds: float = 0, name: str = "") -> PbxEvent:
    """A channel of the call: the customer's rings us, the others are dialled."""
    state, exten = (RING, "100") if uniqueid == CUSTOMER else (DOWN, "")
    return NewChannel(at(seconds), uniqueid, CUSTOMER, name or NAMES[uniqueid], state, "0700", "", "x", exten)


def enter(
    uniqueid: str, seconds: float, bridge: str = "b", technology: str = "simple_bridge", name: str = ""
) -> PbxEvent:
    """A channel joins a bridge."""
    return BridgeEnter(at(seconds), uniqueid, CUSTOMER, name or NAMES[uniqueid], bridge, technology, "")


def leave(uniqueid: str, seconds: float, bridge: str = "b") -> PbxEvent:
    """A channel leaves a bridge."""
    return BridgeLeave(at(seconds), uniqueid, bridge)


def hangup(uniqueid: str, seconds: float) -> PbxEvent:
    """A channel is no more."""
    return Hangup(at(seconds), uniqueid, CUSTOMER, NAMES.get(uniqueid, ""), 16, "")


def named(seconds: float, file: str = "a.wav", options: str | None = None, on: str = CUSTOMER) -> PbxEvent:
    """A recording is named."""
    return Recording(at(seconds), on, file, options=options)


def began(seconds: float, file: str = "", on: str = CUSTOMER) -> PbxEvent:
    """MixMonitor began; `file`: what an exported variable says."""
    return Recording(at(seconds), on, file, begins=True)


def stopped(seconds: float, on: str = CUSTOMER) -> PbxEvent:
    """The newest recording of a channel was stopped."""
    return RecordingStopped(at(seconds), on)


def told(events: Iterable[PbxEvent]) -> list[RecordingFact]:
    """The newest facts of all recordings of a call of these events, in order of their ids."""
    tracker = Tracker("pbx")
    facts = [fact for event in events for fact in tracker.handle(event)]
    found = [fact for fact in newest(facts).values() if isinstance(fact, RecordingFact)]
    return sorted(found, key=lambda fact: fact.id)


TALK = [enter(CUSTOMER, 5), enter(AGENT, 5.1)]
END = [leave(CUSTOMER, 9), leave(AGENT, 9), hangup(AGENT, 9), hangup(CUSTOMER, 10)]


def test_a_recording_runs_from_its_begin_to_the_hang_up_of_its_channel() -> None:
    """Nothing else tells its end."""
    (fact,) = told([begun(CUSTOMER), named(1, options="b"), began(1), begun(AGENT, 2), *TALK, *END])
    assert (fact.started_at, fact.ended_at) == (at(1), at(10))
    assert (fact.file, fact.options, fact.channel) == ("a.wav", "b", CUSTOMER)


def test_it_keeps_when_its_channel_was_joined_and_with_whom() -> None:
    """A stretch ends where the parties change; whoever is at the recorded channel is heard, the others are told."""
    events = [begun(CUSTOMER), began(1), begun(AGENT, 2), *TALK, begun(OTHER, 6), enter(OTHER, 7), leave(AGENT, 8)]
    (fact,) = told([*events, hangup(AGENT, 8), *END[:1], hangup(CUSTOMER, 10)])
    assert fact.joined == (
        Joined(start=at(5), end=at(5.1), heard=(CUSTOMER,)),
        Joined(start=at(5.1), end=at(7), heard=(CUSTOMER,), said=(AGENT,)),
        Joined(start=at(7), end=at(8), heard=(CUSTOMER,), said=(AGENT, OTHER)),
        Joined(start=at(8), end=at(9), heard=(CUSTOMER,), said=(OTHER,)),
    )


def test_a_channel_that_moves_from_bridge_to_bridge_is_joined_without_a_gap() -> None:
    """A merge of bridges tells of the new one only."""
    events = [begun(CUSTOMER), began(1), enter(CUSTOMER, 5), enter(CUSTOMER, 6, "c"), hangup(CUSTOMER, 7)]
    (fact,) = told([*events])
    assert fact.joined == (Joined(start=at(5), end=at(7), heard=(CUSTOMER,)),)


def test_who_is_parked_is_joined_with_nobody() -> None:
    """The PBX writes its music all the same."""
    events = [begun(CUSTOMER), began(1), enter(CUSTOMER, 5, "p", "holding_bridge"), hangup(CUSTOMER, 7)]
    (fact,) = told(events)
    assert fact.joined == (Joined(start=at(5), end=at(7), heard=(CUSTOMER,)),)


def test_half_a_local_channel_hears_who_is_beyond_the_other_half() -> None:
    """FreePBX records an agent on the half that dials his phone."""
    one, two = ("2.1", "Local/1001@from-queue-01;1"), ("2.2", "Local/1001@from-queue-01;2")
    events = [
        begun(CUSTOMER),
        begun(one[0], 1, one[1]),
        begun(two[0], 1, two[1]),
        began(2, on=two[0]),
        begun(AGENT, 2),
    ]
    joins = [enter(two[0], 3, "x", name=two[1]), enter(AGENT, 3, "x"), enter(one[0], 4, "y", name=one[1])]
    (fact,) = told([*events, *joins, enter(CUSTOMER, 4, "y")])
    assert fact.channel == two[0]
    assert fact.joined is not None
    assert fact.joined[-1] == Joined(start=at(4), heard=(CUSTOMER,), said=(AGENT,))


def test_a_recording_that_nobody_names_is_told_all_the_same_but_is_no_file_of_the_record() -> None:
    """A file's name may end in its channel's id; until one is found the record has nothing to show."""
    tracker = Tracker("pbx")
    facts = [fact for event in [begun(CUSTOMER), began(1)] for fact in tracker.handle(event)]
    assert [fact.file for fact in facts if isinstance(fact, RecordingFact)] == [""]
    assert fold(facts)[0].recordings == []


def test_the_name_by_varset_counts_more_than_an_exported_variable_of_an_earlier_recording() -> None:
    """RECORDING still holds the first name when a phone's feature code begins a second recording."""
    first = [begun(CUSTOMER), named(1, "a.wav"), began(1, "a.wav")]
    facts = told([*first, named(3, "b.wav"), began(3, "a.wav"), hangup(CUSTOMER, 9)])
    assert [(fact.file, fact.started_at) for fact in facts] == [("a.wav", at(1)), ("b.wav", at(3))]


def test_a_second_recording_with_a_name_that_is_taken_has_none() -> None:
    """Either the variable is of before, or both write into one file: nobody can say what lies where in it."""
    facts = told([begun(CUSTOMER), began(1, "a.wav"), began(3, "a.wav"), *TALK[:1], hangup(CUSTOMER, 9)])
    assert [(fact.file, fact.joined is None) for fact in facts] == [("a.wav", True), ("", False)]


def test_a_stop_ends_the_newest_recording_of_a_channel() -> None:
    """Asterisk does not say which."""
    facts = told([begun(CUSTOMER), began(1, "a.wav"), named(2, "b.wav"), began(2), stopped(4), hangup(CUSTOMER, 9)])
    assert [(fact.file, fact.ended_at) for fact in facts] == [("a.wav", at(9)), ("b.wav", at(4))]


def test_a_recording_that_is_stopped_and_begun_again_is_one_with_a_gap() -> None:
    """By its name; while it stood still nobody was joined to it."""
    head = [begun(CUSTOMER), named(1, options="ab"), began(1), *TALK[:1], stopped(6), enter(CUSTOMER, 6.5, "c")]
    (fact,) = told([*head, named(7, options="ab"), began(7), leave(CUSTOMER, 9, "c"), hangup(CUSTOMER, 9)])
    assert fact.stopped == (Interval(start=at(6), end=at(7)),)
    assert fact.joined == (
        Joined(start=at(5), end=at(6), heard=(CUSTOMER,)),
        Joined(start=at(7), end=at(9), heard=(CUSTOMER,)),
    )


def test_silence_in_place_of_voices_is_kept_by_direction() -> None:
    """`both` is both; what is not ended ends with the recording."""
    head = [begun(CUSTOMER), began(1), RecordingMuted(at(2), CUSTOMER, "both", True)]
    (fact,) = told([*head, RecordingMuted(at(3), CUSTOMER, "read", False), hangup(CUSTOMER, 5)])
    assert fact.muted == (
        Muted(start=at(2), end=at(3), direction="read"),
        Muted(start=at(2), end=at(5), direction="write"),
    )


def test_files_of_one_direction_are_recordings_of_their_own() -> None:
    """MixMonitor's options r and t; all three share what is known of the recording."""
    options = "br(/var/spool/asterisk/monitor/x-in.wav)t(x-out.wav)"
    facts = told([begun(CUSTOMER), named(1, "x.wav", options), began(1), *TALK[:1], hangup(CUSTOMER, 9)])
    assert {(fact.file, fact.part) for fact in facts} == {
        ("x.wav", RecordingPart.WHOLE),
        ("x-in.wav", RecordingPart.HEARD),
        ("x-out.wav", RecordingPart.SAID),
    }
    assert {(fact.options, fact.started_at, fact.ended_at, fact.joined) for fact in facts} == {
        ("brt", at(1), at(9), (Joined(start=at(5), end=at(9), heard=(CUSTOMER,)),))
    }


def test_other_channels_that_inherit_a_name_have_no_recording_of_it() -> None:
    """A variable is passed on to whoever is dialled."""
    facts = told([begun(CUSTOMER), named(1), began(1), begun(AGENT, 2), named(3, on=AGENT), hangup(CUSTOMER, 5)])
    assert [fact.channel for fact in facts] == [CUSTOMER]


def test_a_name_alone_tells_nothing_of_when_it_was_recorded() -> None:
    """As a CDR does, which comes at the end."""
    (fact,) = told([begun(CUSTOMER), *TALK[:1], hangup(CUSTOMER, 9), named(9)])
    assert (fact.started_at, fact.ended_at, fact.joined) == (None, None, None)


def test_what_is_known_grows_by_revisions() -> None:
    """While the call goes on the newest says who is on the channel now."""
    tracker = Tracker("pbx")
    events = [begun(CUSTOMER), named(1), began(1), enter(CUSTOMER, 5)]
    facts = [fact for each in events for fact in tracker.handle(each) if isinstance(fact, RecordingFact)]
    assert [fact.revision for fact in facts] == [1, 2, 3]
    assert facts[-1].joined == (Joined(start=at(5), heard=(CUSTOMER,)),)
