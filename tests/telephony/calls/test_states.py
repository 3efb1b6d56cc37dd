"""States of agents are composed of facts: what overlaps, what follows, what is left out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from telephony.calls.facts import (
    AgentStateFact,
    OfferingFact,
    OfferingOutcome,
    OfferingSource,
    RingFrom,
    State,
    TalkFact,
    TalkKind,
)
from telephony.calls.legs import extension_of
from telephony.calls.states import StateInterval, compose, subtract, union

START = datetime(2026, 11, 21, 8, tzinfo=UTC)
SPANS = st.lists(
    st.tuples(st.integers(0, 50), st.integers(0, 10)).map(lambda pair: (at(pair[0]), at(pair[0] + pair[1]))),
    max_size=8,
)


def at(second: float) -> datetime:
    """So many seconds after the start."""
    return START + timedelta(seconds=second)


def state(kind: State, begins: float, ends: float | None, queue: str = "sales", number: int = 1) -> AgentStateFact:
    """An agent's state at PJSIP/1001."""
    return AgentStateFact(
        id=f"pbx/PJSIP/1001/{kind}/{queue}/{number}",
        revision=1,
        call_id="",
        at=at(begins),
        pbx="pbx",
        interface="PJSIP/1001",
        member_name=None,
        state=kind,
        reason=None,
        queue=queue,
        started_at=at(begins),
        ended_at=None if ends is None else at(ends),
    )


def offering(begins: float, ends: float, outcome: OfferingOutcome) -> OfferingFact:
    """A ringing at PJSIP/1001."""
    return OfferingFact(
        id=f"pbx/{begins}/offering",
        revision=1,
        call_id="pbx/1",
        at=at(ends),
        interface="PJSIP/1001",
        device="PJSIP/1001",
        member_name=None,
        source=OfferingSource.QUEUE,
        queue="sales",
        consult=False,
        offered_at=at(begins),
        ring_at=at(begins),
        ring_from=RingFrom.RINGING,
        ended_at=at(ends),
        outcome=outcome,
    )


def talk(begins: float, ends: float | None, number: int = 1, revision: int = 1) -> TalkFact:
    """A stretch of talk on one leg."""
    return TalkFact(
        id=f"pbx/7/talk/{number}",
        revision=revision,
        call_id="pbx/1",
        at=at(begins),
        interface="PJSIP/1001",
        device="PJSIP/1001",
        member_name=None,
        queue="sales",
        kind=TalkKind.CUSTOMER,
        started_at=at(begins),
        ended_at=None if ends is None else at(ends),
    )


def told(*facts: AgentStateFact | OfferingFact | TalkFact) -> list[tuple[str, float, float | None]]:
    """State, from and to in seconds, in order."""
    return [
        (each.state.value, seconds(each.start), None if each.end is None else seconds(each.end))
        for each in compose(facts, lambda interface, device, when: extension_of(interface))
    ]


def seconds(when: datetime) -> float:
    """Seconds since the start."""
    return (when - START).total_seconds()


def spans_of(intervals: list[StateInterval], kind: State) -> list[tuple[datetime, datetime | None]]:
    """The spans of one state."""
    return [(each.start, each.end) for each in intervals if each.state is kind]


def test_an_agent_is_available_around_his_call() -> None:
    """Between answer and bridge, and between bridge and wrap-up, nobody is free for some milliseconds."""
    assert told(
        state(State.LOGGED_IN, 0, 100),
        offering(10, 14, OfferingOutcome.ANSWERED),
        talk(14.005, 40),
        state(State.WRAP_UP, 40.003, 50),
    ) == [
        ("available", 0, 10),
        ("logged_in", 0, 100),
        ("ringing", 10, 14),
        ("talking", 14.005, 40),
        ("wrap_up", 40.003, 50),
        ("available", 50, 100),
        ("logged_out", 100, None),
    ]


def test_hold_and_other_parties_do_not_split_the_talk_of_one_leg() -> None:
    """From the first bridge to the end of the last stretch; open while one is open."""
    assert told(talk(0, 10, 1), talk(12, 20, 2)) == [("talking", 0, 20)]
    assert told(talk(0, 10, 1), talk(12, None, 2)) == [("talking", 0, None)]


def test_only_the_newest_revision_counts() -> None:
    """An older revision after a newer one changes nothing."""
    assert told(talk(0, 10, revision=2), talk(0, None, revision=1)) == [("talking", 0, 10)]


def test_paused_in_one_queue_is_available_for_the_other() -> None:
    """A pause takes away the queue that it is in."""
    login = state(State.LOGGED_IN, 0, None)
    other = state(State.LOGGED_IN, 0, None, "support")
    pause = state(State.PAUSED, 10, 20)
    assert ("available", 0, None) in told(login, other, pause)
    assert [each for each in told(login, pause) if each[0] == "available"] == [
        ("available", 0, 10),
        ("available", 20, None),
    ]


def test_logged_out_lies_between_the_last_queue_and_the_next() -> None:
    """Leaving one of two queues is no logging out."""
    found = told(
        state(State.LOGGED_IN, 0, 30),
        state(State.LOGGED_IN, 0, 50, "support"),
        state(State.LOGGED_IN, 80, None, "sales", 2),
    )
    assert [each for each in found if each[0] == "logged_out"] == [("logged_out", 50, 80)]


def test_what_lasted_no_time_is_left_out() -> None:
    """A device that refused at once did not ring."""
    assert told(offering(3, 3, OfferingOutcome.BUSY)) == []


@given(SPANS, SPANS)
def test_spans_add_and_subtract_as_sets_of_instants(
    ones: list[tuple[datetime, datetime]], others: list[tuple[datetime, datetime]]
) -> None:
    """Each half second is in the difference if it is in the first and not in the second."""
    left = subtract(union(ones), union(others))
    for half in range(1, 130, 2):
        when = at(half / 2)
        within_one = any(start <= when < end for start, end in ones)
        within_other = any(start <= when < end for start, end in others)
        assert any(start <= when < end for start, end in left) == (within_one and not within_other)


@given(SPANS, SPANS, SPANS)
def test_nobody_is_available_and_busy_at_once(
    logins: list[tuple[datetime, datetime]],
    pauses: list[tuple[datetime, datetime]],
    talks: list[tuple[datetime, datetime]],
) -> None:
    """Available lies within logged in, and outside of talk and pause."""
    facts = [
        *(state(State.LOGGED_IN, seconds(a), seconds(b), number=n) for n, (a, b) in enumerate(logins)),
        *(state(State.PAUSED, seconds(a), seconds(b), number=n) for n, (a, b) in enumerate(pauses)),
        *(talk(seconds(a), seconds(b), number=n) for n, (a, b) in enumerate(talks[:1])),
    ]
    found = compose(facts, lambda interface, device, when: "1001")
    free = [(a, b) for a, b in spans_of(found, State.AVAILABLE) if b is not None]
    busy = [(a, b) for kind in (State.TALKING, State.PAUSED) for a, b in spans_of(found, kind) if b is not None]
    assert subtract(union(free), union(busy)) == union(free)
    assert subtract(union(free), union(logins)) == []
