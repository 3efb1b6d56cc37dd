"""Days of calls drawn at random: any fate, any microsecond, and instants that touch one another."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from telephony.calls.facts import Direction, Disposition, Fact, OfferingOutcome, State, TalkKind, VisitEnd
from tests.analytics.factory import START, call, offering, recording, state, talk, transfer, visit

CUSTOMERS = ("13800138000", "13900139000", "95588", None)
LOST = (Disposition.ABANDONED, Disposition.NO_ANSWER, Disposition.BUSY, Disposition.VOICEMAIL)
NOT_ANSWERED = tuple(
    each for each in OfferingOutcome if each not in (OfferingOutcome.ANSWERED, OfferingOutcome.UNREACHABLE)
)


def later(start: datetime, us: int) -> datetime:
    """An instant so many microseconds after another."""
    return start + timedelta(microseconds=us)


def spans(longest_seconds: int) -> st.SearchStrategy[int]:
    """Microseconds; whole seconds and whole milliseconds are drawn often, for edges are there."""
    seconds = st.integers(0, longest_seconds)
    return st.one_of(
        seconds.map(lambda each: each * 1_000_000),
        st.integers(0, longest_seconds * 1000).map(lambda each: each * 1000),
        st.integers(0, longest_seconds * 1_000_000),
    )


@st.composite
def calls_of_a_day(draw: st.DrawFn, most: int = 4) -> list[Fact]:
    """Some calls of two days, and what two agents' queues were told beside them."""
    facts: list[Fact] = []
    for number in range(draw(st.integers(1, most))):
        start = later(START, draw(spans(2 * 86_400)))
        facts += draw(st.one_of(answered_call(f"pbx/{number}.1", start), lost_call(f"pbx/{number}.1", start)))
    return [*facts, *draw(states_of_a_day())]


@st.composite
def lost_call(draw: st.DrawFn, call_id: str, start: datetime) -> list[Fact]:
    """A caller who reached nobody: in the menu, in a queue, or while a phone rang."""
    left = later(start, draw(spans(60)))
    more = {"customer": draw(st.sampled_from(CUSTOMERS)), "disposition": draw(st.sampled_from(LOST))}
    facts: list[Fact] = [call(call_id, start=start, end=left, **more)]
    if draw(st.booleans()):
        ended = draw(st.sampled_from([each for each in VisitEnd if each is not VisitEnd.ANSWERED]))
        facts.append(visit(call_id, joined=start, left=left, ended=ended, queue=draw(st.sampled_from("qr"))))
    if draw(st.booleans()):
        facts.append(offering(call_id, ring=start, end=left, outcome=draw(st.sampled_from(NOT_ANSWERED))))
    return facts


@st.composite
def answered_call(draw: st.DrawFn, call_id: str, start: datetime) -> list[Fact]:
    """A call in which one agent talked, or two one after the other; with hold, wrap-up and a recording perhaps."""
    alerted = later(start, draw(spans(30)))
    answered = later(alerted, draw(spans(30)))
    middle = later(answered, draw(spans(300)))
    end = later(middle, draw(spans(300)))
    direction, queue = draw(st.sampled_from(Direction)), draw(st.sampled_from("qr"))
    more = {"customer": draw(st.sampled_from(CUSTOMERS)), "direction": direction}
    facts: list[Fact] = [
        call(call_id, start=start, answered=answered, end=end, **more),
        visit(call_id, joined=start, left=answered, ended=VisitEnd.ANSWERED, queue=queue),
        offering(call_id, ring=alerted, end=answered, outcome=OfferingOutcome.ANSWERED, queue=queue),
        *draw(talks_of(call_id, answered, middle, end, queue)),
    ]
    if draw(st.booleans()):
        after = later(end, draw(spans(60)))
        facts.append(state(State.WRAP_UP, start=end, end=after, queue=queue, call_id=call_id, id=f"{call_id}/wrap"))
    return [*facts, *([recording(call_id, at=answered)] if draw(st.booleans()) else [])]


@st.composite
def talks_of(draw: st.DrawFn, call_id: str, answered: datetime, middle: datetime, end: datetime, queue: str) -> Any:
    """One stretch with a hold in it, or two with a transfer between them."""
    if draw(st.booleans()):
        holds = ((answered, middle),) if draw(st.booleans()) else ()
        return [talk(call_id, start=answered, end=end, holds=holds, queue=queue)]
    kind = draw(st.sampled_from([TalkKind.CUSTOMER, TalkKind.CONFERENCE, TalkKind.CONSULT]))
    device = draw(st.sampled_from(["PJSIP/1004", "PJSIP/1005"]))
    return [
        talk(call_id, id=f"{call_id}/a", start=answered, end=middle, queue=queue),
        talk(call_id, id=f"{call_id}/b", start=middle, end=end, device=device, kind=kind, queue=None),
        transfer(call_id, at=middle, completed=draw(st.booleans())),
    ]


@st.composite
def states_of_a_day(draw: st.DrawFn) -> list[Fact]:
    """Logins and pauses of one agent in two queues; some end where another begins, some go on."""
    facts: list[Fact] = []
    for queue in draw(st.sampled_from([(), ("q",), ("q", "r")])):
        login = later(START, draw(spans(3600)))
        paused = later(login, draw(spans(7200)))
        until = later(paused, draw(spans(90_000)))
        facts += [
            state(
                State.LOGGED_IN, start=login, end=draw(st.sampled_from([until, None])), queue=queue, id=f"l/{queue}"
            ),
            state(State.PAUSED, start=paused, end=until, queue=queue, reason="meal", id=f"p/{queue}"),
        ]
        if draw(st.booleans()):
            again = later(until, draw(spans(600)))
            facts.append(
                state(State.PAUSED, start=until, end=again, queue=queue, reason="meal", id=f"p/{queue}/again")
            )
    return facts


def instants_of(facts: list[Fact]) -> list[datetime]:
    """Where something begins or ends."""
    names = ("started_at", "ended_at", "answered_at", "ring_at", "joined_at", "left_at")
    return sorted({at for fact in facts for name in names if (at := getattr(fact, name, None)) is not None})
