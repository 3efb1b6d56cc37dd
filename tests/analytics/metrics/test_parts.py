"""Agents' parts of calls and what they handed on, counted by hand."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from analytics.metrics.cells import Group
from analytics.metrics.periods import day_period
from config.policies import NumberLists, PolicyVersion
from telephony.calls.facts import Direction, Fact, State, TalkKind, TransferKind
from tests.analytics.factory import CUSTOMER, at, call, state, talk, transfer
from tests.analytics.metrics.asking import SHANGHAI, ask, figure, policy

MIDNIGHT = 15 * 3600  # seconds after START, which is 09:00
TOMORROW = day_period(date(2026, 11, 3), SHANGHAI)


def by(group: Group, facts: list[Fact], *names: str, **more: Any) -> dict[str, list[object]]:
    """Figures told apart by one thing."""
    return {row.key[0]: list(row.values.values()) for row in ask(facts, *names, groups=(group,), **more).rows}


def test_a_part_counts_in_the_queue_where_the_agent_talked_first() -> None:
    """Taken back from a second queue it is the same part; its minutes are in the queue of each stretch."""
    facts = [
        call(answered=0, end=90),
        talk(id="a", end=30),
        talk(id="b", start=60, end=90, queue="repairs"),
        talk(id="c", start=30, end=60, queue="repairs", device="PJSIP/1005"),
    ]
    assert by(Group.QUEUE, facts, "calls_handled", "talk_minutes", "average_talk") == {
        "repairs": [1, 60_000, 30_000],
        "sales": [1, 30_000, 60_000],
    }
    assert by(Group.AGENT, facts, "calls_handled") == {"1004": [1], "1005": [1]}


def test_a_part_counts_where_its_first_stretch_was_however_the_facts_are_ordered() -> None:
    """Order is that of time."""
    facts = [
        talk(id="b", start=60, end=90, queue="repairs"),
        talk(id="a", end=30),
        call(answered=0, end=90),
    ]
    assert by(Group.QUEUE, facts, "calls_handled") == {"sales": [1]}


def test_parts_are_told_apart_by_direction_and_only_customers_make_one() -> None:
    """A consultation, a talk with a colleague and listening in are no part."""
    facts = [
        call("pbx/1.1"),
        talk("pbx/1.1", end=30),
        call("pbx/2.1", direction=Direction.OUTBOUND),
        talk("pbx/2.1", end=30, kind=TalkKind.CONFERENCE),
        *(
            fact
            for number, kind in enumerate((TalkKind.CONSULT, TalkKind.INTERNAL, TalkKind.MONITOR), 3)
            for fact in (call(f"pbx/{number}.1"), talk(f"pbx/{number}.1", end=30, kind=kind))
        ),
    ]
    names = ("calls_handled", "calls_handled_inbound", "calls_handled_outbound")
    assert by(Group.AGENT, facts, *names) == {"1004": [2, 1, 1]}


@pytest.mark.parametrize(("second", "short", "average"), [(1.999, 1, None), (2.0, 0, 5_000)])
def test_a_part_is_short_by_all_its_talk_together(second: float, short: int, average: int | None) -> None:
    """Three seconds and two make five, which is not short; hold is no talk."""
    facts = [call(), talk(id="a", end=3), talk(id="b", start=10, end=20 + second, holds=((10, 20),))]
    assert by(Group.AGENT, facts, "calls_handled", "calls_handled_short", "average_talk") == {
        "1004": [1, short, average]
    }


def test_a_part_that_goes_on_is_not_short_yet() -> None:
    """It is known when it is over."""
    facts = [call(), talk(end=4)]
    names = ("calls_handled", "calls_handled_short")
    assert by(Group.AGENT, facts, *names, as_of=at(2)) == {"1004": [1, 0]}
    assert by(Group.AGENT, facts, *names, as_of=at(4)) == {"1004": [1, 1]}


def test_averages_are_over_the_calls_that_were_neither_short_nor_silent() -> None:
    """Talk 50 s with 10 s of hold, talk 20 s, and six seconds of wrap-up; a short call is handled and left out."""
    facts = [
        call("pbx/1.1"),
        talk("pbx/1.1", end=60, holds=((10, 20),)),
        call("pbx/2.1"),
        talk("pbx/2.1", start=100, end=120),
        call("pbx/3.1"),
        talk("pbx/3.1", start=200, end=204),
        state(State.WRAP_UP, start=120, end=126, call_id="pbx/2.1", queue="sales"),
    ]
    names = ("calls_handled", "average_talk", "average_hold", "average_wrap_up", "average_handle_time")
    assert by(Group.AGENT, facts, *names) == {"1004": [3, 35_000, 5_000, 3_000, 43_000]}


def handed(*transfers: Fact, **more: Any) -> dict[str, list[object]]:
    """Transfers of a call that 1004 and then 1006 talked in, by agent."""
    facts = [call(), talk(end=20), talk(start=20, end=60, device="PJSIP/1006", queue=None), *transfers]
    return by(Group.AGENT, facts, "transfers", "transfers_failed", "transfer_rate", **more)


@pytest.mark.parametrize("kind", [each for each in TransferKind if each is not TransferKind.PICKUP])
def test_a_call_that_was_handed_on_is_a_transfer_of_who_did_it(kind: TransferKind) -> None:
    """Blind, attended, redirected, forwarded or parked."""
    assert handed(transfer(kind=kind)) == {"1004": [1, 0, Fraction(1)], "1006": [0, 0, Fraction(0)]}


def test_a_transfer_that_did_not_come_about_is_a_failed_one() -> None:
    """Beside the rate, not in it."""
    assert handed(transfer(completed=False))["1004"] == [0, 1, Fraction(0)]


def test_a_pickup_hands_nothing_on() -> None:
    """Who picks a call up takes it; nor does the PBX hand on what it routes by itself."""
    assert handed(transfer(kind=TransferKind.PICKUP), transfer(id="x", by=None)) == handed()


def test_each_hand_over_of_a_call_counts() -> None:
    """There and back is two transfers, each of its own agent."""
    found = handed(transfer(at=at(20)), transfer(id="back", at=at(60), by="PJSIP/1006"))
    assert found == {"1004": [1, 0, Fraction(1)], "1006": [1, 0, Fraction(1)]}


def test_a_transfer_counts_in_the_queue_of_the_agents_talk_before() -> None:
    """Also where he talked in another queue later; who never talked counts in none."""
    facts = [
        call(),
        talk(id="a", end=20, queue="repairs"),
        talk(id="b", start=30, end=60, queue="sales"),
        transfer(at=at(20)),
        transfer(id="never", at=at(40), by="PJSIP/1009"),
    ]
    assert by(Group.QUEUE, facts, "transfers") == {"": [1], "repairs": [1]}


def test_a_transfer_after_midnight_belongs_to_the_day_of_its_call() -> None:
    """A count belongs to the period in which its call began, so that the rate is over the same calls."""
    facts = [
        call(start=MIDNIGHT - 60, answered=MIDNIGHT - 50, end=MIDNIGHT + 60),
        talk(start=MIDNIGHT - 50, end=MIDNIGHT + 30),
        transfer(at=at(MIDNIGHT + 30)),
    ]
    late = at(MIDNIGHT + 3600)
    assert figure(facts, "transfers", as_of=late) == 1
    assert figure(facts, "transfer_rate", as_of=late) == 1
    assert figure(facts, "transfers", period=TOMORROW, as_of=late) == 0
    assert figure(facts, "transfer_rate", period=TOMORROW, as_of=late) is None
    assert figure(facts, "transfers", as_of=at(MIDNIGHT + 29)) == 0


def test_transfers_of_test_numbers_and_over_no_call_are_none() -> None:
    """A rate over nothing is null."""
    rules = policy(PolicyVersion(numbers=NumberLists(test=(CUSTOMER,))))
    assert handed(transfer(), rules=rules) == {}
    assert figure([call(), transfer()], "transfer_rate") is None
