"""Calls rebuilt from their rows, and what they replace."""

from __future__ import annotations

from datetime import timedelta

from service.repairs.rebuilding import REBUILT, Rebuilt, rebuild
from telephony.calls.facts import CallFact, EndedBy, Known, TalkFact
from telephony.pbxlogs.rows import CallRows
from tests.telephony.pbxlogs.cel_rows import answered_call, at, call_of


def rebuilt(*calls: CallRows, wanted: set[str], stops: tuple[float, ...] = ()) -> Rebuilt:
    """The wanted calls of these."""
    return rebuild(
        "pbx",
        calls,
        wanted,
        trunks=("*trunk*",),
        wrap_up=timedelta(0),
        stops=[at(stop) for stop in stops],
    )


def other_call() -> CallRows:
    """Another call at the same time."""
    rows = [
        row._replace(
            uniqueid=row.uniqueid.replace("1.", "2."),
            linkedid="2.1",
            channel=row.channel.replace("0000000", "0000001"),
            extra=row.extra.replace('"b"', '"c"'),
        )
        for row in answered_call()
    ]
    return call_of(rows, key="2.1")


def test_only_the_wanted_calls_are_rebuilt() -> None:
    """The others of their time are there for what they tell of them, and stay as the stream told them."""
    found = rebuilt(call_of(answered_call()), other_call(), wanted={"1.1"})
    assert {fact.call_id for fact in found.facts} == {"pbx/1.1"}
    assert found.told_by == {"pbx/1.1": "cel"}


def test_every_channel_leads_to_the_rebuilt_call() -> None:
    """A part may be stored under the id of the channel that was heard first."""
    assert rebuilt(call_of(answered_call()), wanted={"1.1"}).parts == {"pbx/1.2": "pbx/1.1"}


def test_a_rebuilt_call_is_told_whole_but_for_what_no_log_knows() -> None:
    """Parties, answer and end are there; ring begins with the dialling, hold is not known."""
    facts = rebuilt(call_of(answered_call()), wanted={"1.1"}).facts
    call = next(fact for fact in facts if isinstance(fact, CallFact))
    talk = next(fact for fact in facts if isinstance(fact, TalkFact))
    assert (call.known, call.customer, call.ended_by) == (Known.REPAIRED, "13800138000", EndedBy.CUSTOMER)
    assert (talk.started_at, talk.ended_at, talk.hold_known) == (at(2.003), at(10), False)


def test_rebuilt_facts_come_after_any_that_the_stream_told() -> None:
    """Whoever keeps the newest revision takes these."""
    facts = rebuilt(call_of(answered_call()), wanted={"1.1"}).facts
    assert all(fact.revision > REBUILT for fact in facts)


def test_a_call_that_a_dying_pbx_cut_off_ends_there_and_is_inferred() -> None:
    """Minutes count up to the last moment at which the PBX lived."""
    rows = [row for row in answered_call() if row.at < at(9)]
    facts = rebuilt(call_of(rows), wanted={"1.1"}, stops=(7.5,)).facts
    call = next(fact for fact in facts if isinstance(fact, CallFact))
    talk = next(fact for fact in facts if isinstance(fact, TalkFact))
    assert (call.known, call.ended_at, talk.ended_at) == (Known.INFERRED, at(7.5), at(7.5))
