"""Agents' days, counted by hand: logged in, paused and why, free, and the shares made of them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from analytics.metrics.cells import Group
from analytics.metrics.periods import Period, custom_period, day_period
from config.people import AgentPeriod
from telephony.calls.facts import Fact, OfferingOutcome, State, TalkKind
from tests.analytics.factory import at, call, offering, state, talk
from tests.analytics.metrics.asking import SHANGHAI, ask, figure, policy

BERLIN = ZoneInfo("Europe/Berlin")
MIDNIGHT = 15 * 3600  # seconds after START, which is 09:00
DAY = 86_400
HOUR_MS = 3_600_000
TOMORROW = day_period(date(2026, 11, 3), SHANGHAI)


def login(start: Any = 0, end: Any = 100, queue: str = "sales") -> Fact:
    """1004 is in a queue."""
    return state(State.LOGGED_IN, start=start, end=end, queue=queue, id=f"login/{queue}/{start}")


def pause(start: Any, end: Any, queue: str = "sales", reason: str | None = None) -> Fact:
    """1004 is paused in a queue."""
    return state(State.PAUSED, start=start, end=end, queue=queue, reason=reason, id=f"pause/{queue}/{start}")


def day(facts: list[Fact], *names: str, **more: Any) -> list[object]:
    """These figures of 1004's day."""
    found = ask(facts, *(f"{name}_minutes" for name in names), groups=(Group.AGENT,), **more)
    return list(found.row("1004").values.values())


def test_who_is_in_several_queues_is_logged_in_once() -> None:
    """The union: from the first login to the last logout, the gap between two stays left out."""
    facts = [login(0, 100), login(50, 150, "repairs"), login(200, 210)]
    assert day(facts, "login", "pause", "available") == [160_000, 0, 160_000]


def test_a_pause_counts_only_while_every_queue_is_paused() -> None:
    """While one queue can still ring him he works."""
    facts = [login(0, 100), login(0, 100, "repairs"), pause(10, 60), pause(40, 80, "repairs")]
    assert day(facts, "login", "pause", "available") == [100_000, 20_000, 80_000]


def test_a_pause_in_the_only_queue_that_is_left_is_a_pause() -> None:
    """He leaves the other queue, in which he was not paused."""
    facts = [login(0, 100), login(0, 60, "repairs"), pause(50, 70)]
    assert day(facts, "pause") == [10_000]


def test_a_pause_without_login_is_no_pause_of_anybodys_time() -> None:
    """It is told by its reason all the same."""
    facts = [login(0, 50), pause(40, 70, reason="meal")]
    assert day(facts, "login", "pause", "pause_reason") == [50_000, 10_000, 30_000]


def test_pauses_are_told_apart_by_reason_over_all_queues() -> None:
    """Overlapping pauses for one reason are one, and each pause counts where it began."""
    facts = [
        login(0, 400),
        pause(10, 60, reason="meal"),
        pause(40, 80, "repairs", reason="meal"),
        pause(100, 130, reason="training"),
        pause(200, 210),
        pause(MIDNIGHT - 10, MIDNIGHT + 20, reason="meal"),
    ]
    answer = ask(facts, "pause_reason_minutes", "pauses", groups=(Group.REASON,))
    assert {row.key[0]: list(row.values.values()) for row in answer.rows} == {
        "": [10_000, 1],
        "meal": [80_000, 2],
        "training": [30_000, 1],
    }
    (after,) = ask(facts, "pause_reason_minutes", "pauses", groups=(Group.REASON,), period=TOMORROW).rows
    assert (after.key, list(after.values.values())) == (("meal",), [20_000, 0])


def busy(answer_to_bridge: float) -> list[Fact]:
    """Rung from 10 s, talk until 50 s with five seconds of hold, wrap-up until 60 s."""
    return [
        login(),
        call(answered=15, end=50),
        offering(ring=10, end=15, outcome=OfferingOutcome.ANSWERED),
        talk(start=15 + answer_to_bridge, end=50, holds=((30, 35),)),
        state(State.WRAP_UP, start=50.05, end=60, queue="sales", call_id="pbx/1.1"),
    ]


@pytest.mark.parametrize(("gap", "free"), [(0.0, 50_000), (0.099999, 50_000), (0.1, 50_100)])
def test_who_rings_talks_or_wraps_up_is_not_free(gap: float, free: int) -> None:
    """Answer and bridge are some milliseconds apart: in less than a tenth of a second nobody is free."""
    assert day(busy(gap), "available") == [free]


def test_a_paused_queue_and_a_call_at_once_are_taken_off_once() -> None:
    """Paused from 40 to 70 s, busy from 10 to 60: free for 10 s and 30 s."""
    assert day([*busy(0), pause(40, 70)], "login", "pause", "available") == [100_000, 30_000, 40_000]


@pytest.mark.parametrize("kind", [TalkKind.INTERNAL, TalkKind.CONSULT, TalkKind.MONITOR])
def test_who_talks_with_a_colleague_is_not_free_either(kind: TalkKind) -> None:
    """Whoever he talks with, or listens to."""
    assert day([login(), talk(start=20, end=50, kind=kind)], "available") == [70_000]


def test_occupancy_is_the_share_spent_on_customers() -> None:
    """Talk 30 s, hold 5 s and wrap-up 9.95 s, of these and 50 s free; ringing is neither."""
    assert figure(busy(0), "occupancy", key="1004") == Fraction(44_950, 94_950)
    assert figure([login(0, 10), pause(0, 10)], "occupancy", key="1004") is None


def test_availability_is_the_share_that_was_not_paused() -> None:
    """A rate over nobody logged in is null."""
    assert figure([login(), pause(40, 70)], "availability", key="1004") == Fraction(7, 10)
    assert figure([pause(40, 70)], "availability", key="1004") is None
    assert figure([login()], "utilisation", key="1004") is None


def test_states_that_go_on_are_counted_up_to_the_as_of_instant() -> None:
    """On wallboard and report alike; what begins later is not there."""
    facts = [login(0, None), pause(20, None), pause(40, None, "repairs")]
    assert day(facts, "login", "pause", "available", as_of=at(30)) == [30_000, 10_000, 20_000]
    assert day([login(0, 100), pause(20, 60)], "login", "pause", as_of=at(30)) == [30_000, 10_000]


def test_a_phone_that_stays_logged_in_for_weeks_counts_each_day_whole() -> None:
    """A static member of a queue never logs out."""
    facts = [login(-20 * DAY, None), pause(-9 * DAY, 0)]
    assert day(facts, "login", "pause") == [24 * HOUR_MS, 9 * HOUR_MS]


@pytest.mark.parametrize(("on", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25)])
def test_the_days_on_which_clocks_change_have_23_and_25_hours_of_login(on: date, hours: int) -> None:
    """And the hours of the day make the day."""
    facts = [login(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 12, 31, tzinfo=UTC))]
    given: dict[str, Any] = {"period": day_period(on, BERLIN), "rules": policy(zone=BERLIN)}
    assert day(facts, "login", "available", **given) == [hours * HOUR_MS] * 2
    by_hour = ask(facts, "login_minutes", groups=(Group.HOUR,), **given).rows
    assert {row.key[0]: row.values["login_minutes"] for row in by_hour}.get("02", 0) == (
        0 if hours == 23 else 2 * HOUR_MS
    )
    assert sum(row.values["login_minutes"] or 0 for row in by_hour) == hours * HOUR_MS


def test_a_login_belongs_to_the_group_in_which_it_began() -> None:
    """Who moves at noon is of the old group until he logs in again."""
    moved = (
        AgentPeriod(agent="1004", group="north", end=at(50)),
        AgentPeriod(agent="1004", group="south", start=at(50)),
    )
    facts = [login(0, 100), login(200, 230)]
    answer = ask(facts, "login_minutes", groups=(Group.GROUP,), rules=policy(agents=moved))
    assert {row.key[0]: row.values["login_minutes"] for row in answer.rows} == {"north": 100_000, "south": 30_000}


def test_the_millisecond_between_two_states_is_neither_lost_nor_counted_twice() -> None:
    """Paused and ready make the login, wherever within a millisecond one begins."""
    facts = [login(0.0004, 10.0007), pause(2.0005, 5.0009)]
    found = day(facts, "login", "pause", "available")
    assert found == [10_000, 3_000, 7_000]
    halves = [day(facts, "available", period=part) for part in _cut_at(1.0006)]
    assert halves == [[1_000], [6_000]]


def _cut_at(seconds: float) -> list[Period]:
    """The day in two, at an instant."""
    whole = day_period(date(2026, 11, 2), SHANGHAI)
    return [
        custom_period(whole.start, at(seconds), SHANGHAI),
        custom_period(at(seconds), whole.end, SHANGHAI),
    ]


def test_a_gap_too_short_to_be_free_is_none_wherever_a_period_is_cut() -> None:
    """A cut between answer and bridge makes nobody free."""
    facts = busy(0.05)
    parts = [day(facts, "available", period=part, as_of=at(100)) for part in _cut_at(15.02)]
    assert parts == [[10_000], [40_000]]
