"""The summary that a replay prints without a database."""

from __future__ import annotations

import json

from analytics.people.devices import Assignment, DeviceMap
from analytics.reports.summary import summary
from telephony.calls.facts import Direction, Disposition, Fact, Known, OfferingOutcome
from tests.analytics.factory import at, call, offering, talk
from tests.analytics.metrics.asking import policy


def some_facts() -> list[Fact]:
    """An answered call, an abandoned one, one that goes on, one that merged."""
    return [
        call(answered=3, end=63),
        offering(end=3, outcome=OfferingOutcome.ANSWERED),
        talk(start=3, end=63, at=at(63)),
        call("pbx/2.2", end=9, disposition=Disposition.ABANDONED, known=Known.REPAIRED),
        call("pbx/3.3", direction=Direction.OUTBOUND, start=80),
        call("pbx/4.4", merged_into="pbx/3.3"),
    ]


def test_calls_are_counted_by_direction_disposition_and_how_they_are_known() -> None:
    """Every name is there, with 0 where there is none."""
    made = summary(some_facts(), policy())
    assert made["calls"] == 3
    assert made["direction"] == {"inbound": 2, "outbound": 1, "internal": 0}
    assert made["known"] == {"observed": 2, "repaired": 1, "inferred": 0}
    assert {name: count for name, count in made["disposition"].items() if count} == {
        "answered": 1,
        "abandoned": 1,
        "open": 1,
    }
    assert made["callers"] == {"rung": 1, "within": 1, "rate": 1.0}


def test_each_agent_has_minutes_and_rate_under_his_own_name() -> None:
    """The person where a mapping is given, else the extension."""
    expected = {
        "agent": "wang",
        "talk_minutes": 1.0,
        "hold_minutes": 0.0,
        "calls": 1,
        "offered": 1,
        "within": 1,
        "rate": 1.0,
    }
    mapping = DeviceMap([Assignment(interface="PJSIP/1004", agent="wang")])
    assert summary(some_facts(), policy(), mapping)["agents"] == [expected]
    assert summary(some_facts(), policy())["agents"] == [expected | {"agent": "1004"}]


def test_what_goes_on_is_counted_up_to_the_newest_event() -> None:
    """A replay has no clock: the same file gives the same summary."""
    facts: list[Fact] = [call(), talk(start=10), call("pbx/2.2", at=at(70), start=70)]
    made = summary(facts, policy())
    assert made["agents"][0]["talk_minutes"] == 1.0
    assert made["as_of"] == "2026-11-02T01:01:10.000+00:00"


def test_of_no_facts_at_all_there_is_a_summary() -> None:
    """Of nothing but 0 and null, and it is JSON."""
    made = summary([], policy())
    assert made["calls"] == 0
    assert made["agents"] == []
    assert made["callers"] == {"rung": 0, "within": 0, "rate": None}
    assert json.loads(json.dumps(made)) == made
