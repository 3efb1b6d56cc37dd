"""Adherence of agents from stored states, on both databases."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Engine

from analytics.people.people_store import write_people
from analytics.people.records import Agent, People, ShiftAssignment, ShiftPattern, Stretch
from analytics.people.shift_texts import read_spans
from analytics.people.states import presence_of
from analytics.reports.adherence import AgentAdherence, adherence_report
from config.attendance import BreakLimits
from config.policies import PolicyVersion
from telephony.calls.facts import State
from telephony.clock import to_microseconds
from tests.analytics.factory import at, state
from tests.analytics.metrics.asking import SHANGHAI, TODAY, policy
from tests.analytics.stored import store_facts

HOUR = 3600
EVERYBODY = People(
    agents=(Agent(agent="li"), Agent(agent="wang", name="王娜"), Agent(agent="zhao")),
    devices=(Stretch(key="PJSIP/1004", value="wang"),),
    groups=(Stretch(key="wang", value="north"), Stretch(key="li", value="south")),
    patterns=(ShiftPattern(name="day", spans=read_spans("09:00-12:00 13:00-17:00")),),
    assignments=(ShiftAssignment(agent="li", shift="day"), ShiftAssignment(agent="wang", shift="day")),
)
RULES = policy(PolicyVersion(breaks=BreakLimits(away=timedelta(minutes=5))))
STATES = [
    state(State.LOGGED_IN, start=300, interface="PJSIP/1004", queue="sales"),
    state(State.PAUSED, start=HOUR, end=HOUR + 480, interface="PJSIP/1004", queue="sales", reason="tea"),
]


def asked(store: Engine, until: float = 24 * HOUR, group: str | None = None) -> list[AgentAdherence]:
    """The report of the day, known up to some seconds after nine."""
    end = min(TODAY.end_us, to_microseconds(at(until)))
    with store.begin() as connection:
        write_people(connection, People(), EVERYBODY, SHANGHAI)
    store_facts(store, STATES)
    with store.connect() as connection:
        states = presence_of(connection, TODAY.start_us, end)
    return list(adherence_report(EVERYBODY, states, RULES, TODAY, end, group))


def test_stored_states_are_set_against_the_shifts(store: Engine) -> None:
    """Five minutes late, three minutes over the policy's five; who has no shift is not in it."""
    absent, present = asked(store)
    assert (absent.agent, absent.found.adherence) == ("li", 0.0)
    row = present.as_json()
    assert {name: row[name] for name in ("agent", "name", "group", "scheduled_minutes", "adherence")} == {
        "agent": "wang",
        "name": "王娜",
        "group": "north",
        "scheduled_minutes": 420.0,
        "adherence": round(412 / 420, 4),
    }
    assert [(each["what"], each["minutes"], each["reason"]) for each in row["remarks"]] == [
        ("late", 5.0, None),
        ("break_over", 3.0, "tea"),
    ]
    assert row["remarks"][0]["from"] == "2026-11-02T01:00:00.000+00:00"


def test_who_is_logged_in_since_long_is_there(store: Engine) -> None:
    """A queue's static member is logged in for years; one that left before the day is not there."""
    long_ago = -90 * 24 * HOUR
    store_facts(
        store,
        [
            state(State.LOGGED_IN, start=long_ago, interface="PJSIP/1001", queue="sales"),
            state(State.LOGGED_IN, start=long_ago, end=long_ago + HOUR, interface="PJSIP/1002", queue="sales"),
        ],
    )
    with store.connect() as connection:
        found = presence_of(connection, TODAY.start_us, TODAY.end_us)
    assert {agent: (span.start_us, span.end_us) for agent, (span,) in found.items()} == {
        "1001": (TODAY.start_us, TODAY.end_us)
    }


def test_a_day_that_goes_on_is_judged_up_to_now(store: Engine) -> None:
    """What is still to come is nobody's absence; a group can be asked for."""
    (row,) = asked(store, until=HOUR, group="north")
    assert (row.found.scheduled_ms, row.found.present_ms) == (60 * 60_000, 55 * 60_000)
