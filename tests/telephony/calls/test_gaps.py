"""After a gap the PBX's own lists settle what was missed; nothing that was not heard is counted."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest

from telephony.calls.facts import AgentStateFact, Disposition, EndedBy, Fact, Known, State, VisitEnd
from telephony.calls.record import CallRecord, fold, newest
from telephony.calls.tracker import Tracker
from telephony.events import (
    RING,
    RINGING,
    UP,
    BridgeEnter,
    BridgeLeave,
    BridgeListed,
    Connected,
    DialBegin,
    DialRinging,
    Hangup,
    Listed,
    Lost,
    Member,
    NewChannel,
    NewState,
    PbxEvent,
    QueueEntry,
    QueueJoin,
    Restarted,
    Shutdown,
)

CUSTOMER, AGENT = "1795000100.1", "1795000100.2"
TRUNK, PHONE = "PJSIP/trunk-00000001", "PJSIP/1001-00000002"
START = datetime(2026, 11, 24, 2, tzinfo=UTC)


def at(seconds: float) -> datetime:
    """So long after the start."""
    return START + timedelta(seconds=seconds)


def rung(until: str = "talk") -> list[PbxEvent]:
    """A customer calls at 0, 1001 rings at 1 and they talk from 3; or only up to the ringing."""
    ringing: list[PbxEvent] = [
        NewChannel(at(0), CUSTOMER, CUSTOMER, TRUNK, RING, "13800138000", "", "from-trunk", "100"),
        NewState(at(0), CUSTOMER, CUSTOMER, TRUNK, UP),
        NewChannel(at(1), AGENT, CUSTOMER, PHONE, 0, "1001", "", "agents", ""),
        DialBegin(at(1), CUSTOMER, CUSTOMER, TRUNK, AGENT, CUSTOMER, PHONE, "1001"),
        DialRinging(at(1), AGENT),
    ]
    if until == "ringing":
        return ringing
    return [
        *ringing,
        NewState(at(3), AGENT, CUSTOMER, PHONE, UP),
        BridgeEnter(at(3), CUSTOMER, CUSTOMER, TRUNK, "b1", "simple_bridge", "basic"),
        BridgeEnter(at(3), AGENT, CUSTOMER, PHONE, "b1", "simple_bridge", "basic"),
    ]


GAP: list[PbxEvent] = [Lost(at(10)), Connected(at(20))]
END = Listed(at(20), "", "", "")


def customer_listed(bridge: str = "", *, seconds: int = 20, application: str = "Dial") -> Listed:
    """The customer's line of the list."""
    return Listed(
        at(20), CUSTOMER, CUSTOMER, TRUNK, UP, "13800138000", "", "from-trunk", "100", application,
        "PJSIP/1001,20", seconds, bridge,
    )  # fmt: skip


def agent_listed(bridge: str = "", state: int = UP) -> Listed:
    """The agent's line of the list."""
    return Listed(
        at(20), AGENT, CUSTOMER, PHONE, state, "1001", "", "agents", "", "AppDial", "(Outgoing Line)", 19, bridge
    )


def told(*parts: Iterable[PbxEvent]) -> list[Fact]:
    """The facts that a new tracker tells of these events."""
    tracker = Tracker("pbx")
    return [fact for part in parts for event in part for fact in tracker.handle(event)]


def only_call(*parts: Iterable[PbxEvent]) -> CallRecord:
    """The only call that these events tell."""
    (record,) = fold(told(*parts))
    return record


def spans(record: CallRecord) -> list[tuple[datetime, datetime | None]]:
    """From and to of its talks."""
    return [(talk.started_at, talk.ended_at) for talk in record.talks]


def test_a_talk_that_goes_on_goes_on() -> None:
    """Both channels are in the same bridge as before: one stretch, and the call was heard in part."""
    record = only_call(rung(), GAP, [customer_listed("b1"), agent_listed("b1"), END])
    assert spans(record) == [(at(3), None)]
    assert (record.call.known, record.call.ended_at) == (Known.INFERRED, None)


def test_a_call_that_is_no_more_ended_when_it_was_last_heard_of() -> None:
    """No minute is made of a gap, however long it was; that somebody had talked stays known."""
    record = only_call(rung(), GAP, [END])
    assert spans(record) == [(at(3), at(10))]
    assert record.call.ended_at == record.call.customer_left_at == at(10)
    assert (record.call.disposition, record.call.ended_by) == (Disposition.ANSWERED, EndedBy.UNKNOWN)


def test_a_bridge_that_is_no_more_is_left() -> None:
    """The customer waits on without the agent: the stretch ended when it was last heard of, the call goes on."""
    record = only_call(rung(), GAP, [customer_listed(), END])
    assert spans(record) == [(at(3), at(10))]
    assert record.call.ended_at is None


def test_a_talk_that_began_unheard_counts_from_the_list_on() -> None:
    """An inferred call, as old as its channel says, its talk from now on; who called whom is known."""
    lines = [agent_listed("b1"), customer_listed("b1"), END]
    record = only_call(GAP, [BridgeListed(at(20), "b1", "simple_bridge", "basic"), *lines])
    assert (record.call.id, record.call.known) == (f"pbx/{CUSTOMER}", Known.INFERRED)
    assert (record.call.customer, record.call.did) == ("13800138000", "100")
    assert record.call.started_at == at(0)
    assert spans(record) == [(at(20), None)]


def test_callers_in_a_waiting_room_do_not_hear_each_other() -> None:
    """The list of bridges tells which are holding bridges, as for parked calls."""
    lines = [customer_listed("b1"), agent_listed("b1"), END]
    record = only_call(GAP, [BridgeListed(at(20), "b1", "holding_bridge", "parking"), *lines])
    assert record.talks == []


def test_a_call_outwards_that_began_unheard_has_its_customer() -> None:
    """The number is what the agent's Dial runs with; the caller is the phone, not the number that it shows."""
    phone = Listed(
        at(20), AGENT, AGENT, PHONE, UP, "4420", "", "agents", "900", "Dial", "PJSIP/13800138000@trunk,30", 9, "b1"
    )  # fmt: skip
    outside = Listed(
        at(20), "1795000100.3", AGENT, TRUNK, UP, "900", "", "from-trunk", "", "AppDial", "(Outgoing Line)", 9, "b1"
    )
    record = only_call(GAP, [phone, outside, END])
    assert (record.call.direction, record.call.customer, record.call.caller) == ("outbound", "13800138000", "1001")
    assert record.talks[0].others == ("13800138000",)


def test_a_lone_channel_that_began_unheard_is_no_call() -> None:
    """An agent who listens to his mailbox."""
    line = Listed(at(20), AGENT, AGENT, PHONE, UP, "1001", "", "agents", "*98", "VoiceMailMain", "", 5, "")
    assert told(GAP, [line, END, Hangup(at(25), AGENT, AGENT, PHONE, 16, "")]) == []


def test_a_list_that_was_cut_settles_nothing() -> None:
    """The connection broke within the list: the next one's list is what counts."""
    cut = [customer_listed("b1"), Lost(at(21)), Connected(at(30))]
    again = [customer_listed("b1"), agent_listed("b1"), END]
    assert spans(only_call(rung(), GAP, cut, again)) == [(at(3), None)]
    assert spans(only_call(rung(), GAP, cut, [END])) == [(at(3), at(10))]


def test_an_event_overtakes_its_channels_line() -> None:
    """The customer left the bridge after his line was written and before the list's end."""
    lines: list[PbxEvent] = [customer_listed("b1"), agent_listed("b1"), BridgeLeave(at(20), CUSTOMER, "b1"), END]
    assert spans(only_call(rung(), GAP, lines)) == [(at(3), at(20))]
    gone: list[PbxEvent] = [customer_listed(), Hangup(at(20), CUSTOMER, CUSTOMER, TRUNK, 16, ""), END]
    assert only_call(rung("ringing"), GAP, [agent_listed(), *gone]).call.ended_at is None


@pytest.mark.parametrize(("lines", "outcome"), [([END], None), ([customer_listed(), END], None)])
def test_nobody_is_blamed_for_a_ringing_whose_end_was_not_heard(lines: list[PbxEvent], outcome: None) -> None:
    """It rang as long as it was heard to, with no outcome: outside every rate."""
    (offering,) = only_call(rung("ringing"), GAP, lines).offerings
    assert (offering.ended_at, offering.outcome) == (at(10), outcome)


def test_a_ringing_that_was_answered_unheard_is_answered() -> None:
    """The phone is up now; it rang no longer than it was heard to."""
    record = only_call(rung("ringing"), GAP, [customer_listed("b1"), agent_listed("b1"), END])
    assert [(each.ended_at, each.outcome) for each in record.offerings] == [(at(10), "answered")]
    assert spans(record) == [(at(20), None)]


def test_a_ringing_that_goes_on_goes_on() -> None:
    """Its end will be heard."""
    (offering,) = only_call(rung("ringing"), GAP, [customer_listed(), agent_listed(state=RINGING), END]).offerings
    assert (offering.ended_at, offering.outcome) == (None, None)


@pytest.mark.parametrize(("said", "by"), [([Shutdown(at(9))], EndedBy.PBX), ([], EndedBy.UNKNOWN)])
def test_a_pbx_that_began_anew_has_lost_its_calls_at_once(said: list[PbxEvent], by: EndedBy) -> None:
    """They ended when they were last heard of; that the PBX ended them is known if it said so."""
    record = only_call(rung(), said, GAP, [Restarted(at(20))])
    assert spans(record) == [(at(3), at(10))]
    assert (record.call.ended_at, record.call.ended_by) == (at(10), by)
    assert record.call.known is Known.INFERRED


def test_a_call_in_which_nobody_had_talked_is_indeterminate_after_a_crash() -> None:
    """Nobody knows what would have become of it."""
    record = only_call(rung("ringing"), GAP, [Restarted(at(20))])
    assert record.call.disposition is Disposition.INDETERMINATE


# -- queues -------------------------------------------------------------------------------

JOINED: list[PbxEvent] = [
    *rung("ringing")[:2],
    QueueJoin(at(2), CUSTOMER, CUSTOMER, TRUNK, "support", 1),
]
QUEUES_END = QueueEntry(at(20), "", "", "", 0, 0)


def waiting(seconds: int, queue: str = "support") -> QueueEntry:
    """The caller's line of the queues' list."""
    return QueueEntry(at(20), CUSTOMER, TRUNK, queue, 1, seconds)


def test_a_caller_who_waits_still_waits() -> None:
    """One visit, not two."""
    (visit,) = only_call(JOINED, GAP, [customer_listed(), END, waiting(18), QUEUES_END]).visits
    assert (visit.joined_at, visit.left_at) == (at(2), None)


def test_a_caller_who_is_not_in_the_queue_any_more_left_it_unknown_how() -> None:
    """When he was last heard of; the call goes on."""
    (visit,) = only_call(JOINED, GAP, [customer_listed(), END, QUEUES_END]).visits
    assert (visit.left_at, visit.ended) == (at(10), VisitEnd.UNKNOWN)


@pytest.mark.parametrize("lists", [[[waiting(8), QUEUES_END], [END]], [[END], [waiting(8), QUEUES_END]]])
def test_a_caller_who_joined_unheard_has_waited_as_long_as_the_queue_says(lists: list[list[PbxEvent]]) -> None:
    """Whichever list comes first."""
    lines = [[customer_listed(application="Queue", seconds=9), END] if part == [END] else part for part in lists]
    record = only_call(GAP, *lines)
    (visit,) = record.visits
    assert (visit.joined_at, visit.queue, visit.left_at) == (at(12), "support", None)
    assert record.call.known is Known.INFERRED


def test_members_and_pauses_are_as_the_list_has_them() -> None:
    """Who is no member any more left at the list's time; who is paused now is paused from it on."""
    before = [Member(at(1), "added", "support", f"PJSIP/{n}", "", n == 1002, "") for n in (1001, 1002, 1003)]
    listed: list[PbxEvent] = [
        Member(at(20), "listed", "support", "PJSIP/1002", "", False, ""),
        Member(at(20), "listed", "support", "PJSIP/1003", "", True, "tea"),
        QUEUES_END,
    ]
    facts = [fact for fact in newest(told(before, GAP, listed)).values() if isinstance(fact, AgentStateFact)]
    states = {(fact.interface, fact.state): (fact.started_at, fact.ended_at) for fact in facts}
    assert states == {
        ("PJSIP/1001", State.LOGGED_IN): (at(1), at(20)),
        ("PJSIP/1002", State.LOGGED_IN): (at(1), None),
        ("PJSIP/1002", State.PAUSED): (at(1), at(20)),
        ("PJSIP/1003", State.LOGGED_IN): (at(1), None),
        ("PJSIP/1003", State.PAUSED): (at(20), None),
    }
