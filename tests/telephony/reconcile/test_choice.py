"""For each call the stream's facts or the logs', never both."""

from __future__ import annotations

from datetime import datetime

from telephony.calls.facts import CallFact, Disposition, Fact, Known, TalkFact, TalkKind
from telephony.reconcile.choice import Logged, choose
from telephony.reconcile.hearing import Verdict
from tests.analytics.factory import at, call, talk


def chosen(
    heard: list[Fact],
    logged: list[Fact],
    verdicts: dict[str, Verdict],
    gaps: tuple[tuple[datetime, datetime | None], ...] = (),
) -> list[Fact]:
    """The choice; each call's key is its first channel's id, and x.2 is the second channel of x.1."""
    keys = {f"{key.partition('.')[0]}.{n}": key for key in verdicts for n in (1, 2)}
    return choose("pbx", heard, Logged(keys=keys, verdicts=verdicts, facts=tuple(logged)), gaps).facts


def ids(facts: list[Fact]) -> list[str]:
    """The calls of the facts."""
    return sorted({fact.call_id for fact in facts})


def repaired(call_id: str) -> CallFact:
    """A call as the logs tell it."""
    return call(call_id, known=Known.REPAIRED, answered=2, end=10)


def test_a_call_heard_whole_is_the_streams() -> None:
    """The logs' facts of it are not taken."""
    found = chosen([call(end=9)], [repaired("pbx/1.1")], {"1.1": Verdict.WHOLE})
    assert found == [call(end=9)]


def test_a_call_heard_in_part_is_the_logs_as_a_whole() -> None:
    """Nothing of what the stream said of it stays, under whatever channel it was told."""
    heard: list[Fact] = [call("pbx/1.2", known=Known.INFERRED), talk("pbx/1.2", start=3)]
    found = chosen(heard, [repaired("pbx/1.1")], {"1.1": Verdict.TOUCHED})
    assert found == [repaired("pbx/1.1")]


def test_a_call_that_nobody_heard_comes_from_the_logs() -> None:
    """It is there once."""
    assert chosen([], [repaired("pbx/1.1")], {"1.1": Verdict.UNHEARD}) == [repaired("pbx/1.1")]


def test_calls_that_either_source_joined_stand_or_fall_together() -> None:
    """A transfer that only the logs saw joins two calls of the stream: both are rebuilt as one."""
    heard: list[Fact] = [call("pbx/1.1", end=9), call("pbx/3.1", known=Known.INFERRED)]
    joined = call("pbx/1.1", known=Known.REPAIRED, end=12, alias_ids=("pbx/3.1",))
    found = chosen(heard, [joined], {"1.1": Verdict.WHOLE, "3.1": Verdict.TOUCHED})
    assert found == [joined]


def test_a_consultation_that_was_missed_is_told_in_the_customers_call() -> None:
    """The customer's call names it, so both are taken from the logs."""
    named = talk("pbx/1.1", id="pbx/3.1/talk/1/consult", kind=TalkKind.CONSULT, start=3, end=5)
    logged: list[Fact] = [repaired("pbx/1.1"), named, repaired("pbx/3.1")]
    found = chosen([call("pbx/1.1", end=9)], logged, {"1.1": Verdict.WHOLE, "3.1": Verdict.UNHEARD})
    assert found == logged


def test_a_call_that_no_log_tells_ends_where_it_was_last_heard() -> None:
    """It is inferred; whether it was answered is known, how it ended is not."""
    open_call = call("pbx/7.1", answered=2, revision=3)
    spoken = talk("pbx/7.1", start=2)
    found = chosen([open_call, spoken], [], {}, ((at(20), at(30)),))
    ended, closed = found
    assert isinstance(ended, CallFact)
    assert isinstance(closed, TalkFact)
    assert (ended.known, ended.ended_at, ended.disposition) == (Known.INFERRED, at(20), Disposition.ANSWERED)
    assert closed.ended_at == at(20)


def test_a_call_that_was_heard_after_the_gap_goes_on() -> None:
    """A gap alone ends nothing."""
    going = call("pbx/7.1", at=at(40))
    assert chosen([going], [], {}, ((at(20), at(30)),)) == [going]


def test_the_answer_to_an_attempt_that_was_not_heard_is_no_call_of_its_own() -> None:
    """Its channel's call is in the logs; the stream had only the failure."""
    answer = call("pbx/originate-5", start=10.5, end=10.5, disposition=Disposition.FAILED)
    found = chosen([answer], [repaired("pbx/1.1")], {"1.1": Verdict.UNHEARD})
    assert ids(found) == ["pbx/1.1"]


def test_a_thin_log_takes_the_place_only_of_what_has_no_end() -> None:
    """Where CEL does not tell a call, most of its events are worth more than CDR and queue_log."""
    thin = call("pbx/1.1", known=Known.INFERRED, end=10)
    for heard, expected in (
        (call("pbx/1.1", known=Known.INFERRED, answered=2, end=9), 9),
        (call("pbx/1.1", known=Known.INFERRED, end=9, disposition=Disposition.INDETERMINATE), 10),
        (call("pbx/1.1", known=Known.INFERRED), 10),
    ):
        logged = Logged(
            keys={"1.1": "1.1"}, verdicts={"1.1": Verdict.TOUCHED}, facts=(thin,), thin=frozenset({"1.1"})
        )
        (found,) = choose("pbx", [heard], logged, ()).facts
        assert isinstance(found, CallFact)
        assert found.ended_at == at(expected)
