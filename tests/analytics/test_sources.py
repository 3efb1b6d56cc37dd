"""What is known beside the facts: exemptions and shifts in the figures, from facts and from roll-ups."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from sqlalchemy import Engine

from analytics.closing.exemptions import ask, decide, withdraw
from analytics.closing.records import Kind, Reason
from analytics.metrics.cells import Group
from analytics.metrics.periods import month_period
from analytics.metrics.query import Query, Result, run
from analytics.people.people_store import write_people
from analytics.people.records import Agent, Leave, People, ShiftAssignment, ShiftPattern
from analytics.people.shift_texts import read_spans
from analytics.sources import figures_of
from analytics.storage.rolling import roll_up
from telephony.calls.facts import Fact, OfferingOutcome, State
from telephony.clock import to_microseconds
from tests.analytics.factory import START, call, offering, state
from tests.analytics.metrics.asking import SHANGHAI, TODAY, policy
from tests.analytics.stored import store_facts

pytestmark = pytest.mark.slow

LATER = START + timedelta(days=9)
RULES = policy()
RATES = ("three_ring_rate", "ring_offered", "ring_exempted", "three_ring_rate_less_exempted")


def answer(store: Engine, *metrics: str, **more: Any) -> Result:
    """The figures as every outlet reads them."""
    query = Query(**({"metrics": metrics, "period": TODAY, "as_of": LATER} | more))
    with store.connect() as connection:
        return run(query, figures_of(connection, RULES), RULES)


def rolled(store: Engine) -> int:
    """Roll up what is stale; how many days that were."""
    return roll_up(store, store, RULES, LATER, source_of=lambda connection: figures_of(connection, RULES))


def values(store: Engine, *metrics: str, **more: Any) -> list[object]:
    """One row of figures."""
    return list(answer(store, *metrics, **more).row().values.values())


@pytest.fixture
def rung(store: Engine) -> Engine:
    """Three offerings: in time, late, and not answered."""
    outcomes = ((3, OfferingOutcome.ANSWERED), (20, OfferingOutcome.ANSWERED), (9, OfferingOutcome.NO_ANSWER))
    facts: list[Fact] = []
    for number, (seconds, outcome) in enumerate(outcomes, 1):
        call_id = f"pbx/{number}.1"
        facts += [call(call_id, answered=seconds, end=60), offering(call_id, end=seconds, outcome=outcome)]
    store_facts(store, facts)
    return store


def exempt(store: Engine, number: int, kind: Kind = Kind.OFFERING) -> int:
    """Ask for an exemption of one call or its offering; its id."""
    target = f"pbx/{number}.1" + ("/offering/PJSIP/1004" if kind is Kind.OFFERING else "")
    with store.begin() as connection:
        given: dict[str, Any] = {"reason": Reason.PHONE_FAULT, "text": "no ringtone", "by": "1004", "at": LATER}
        return ask(connection, kind=kind, target_id=target, **given).id


def approve(store: Engine, exemption: int) -> None:
    """A second person agrees."""
    with store.begin() as connection:
        decide(connection, exemption, approve=True, by="王主管", at=LATER)


@pytest.mark.parametrize("kind", Kind)
def test_an_exempted_offering_stands_beside_the_rate_and_never_changes_it(rung: Engine, kind: Kind) -> None:
    """Only what two people agreed on counts, and only until it is taken back."""
    plain = [Fraction(1, 3), 3, 0, Fraction(1, 3)]
    assert values(rung, *RATES) == plain
    late = exempt(rung, 2, kind)
    assert values(rung, *RATES) == plain
    approve(rung, late)
    assert values(rung, *RATES) == [Fraction(1, 3), 3, 1, Fraction(1, 2)]
    approve(rung, exempt(rung, 1, kind))
    assert values(rung, *RATES) == [Fraction(1, 3), 3, 2, 0]
    approve(rung, exempt(rung, 3, kind))
    assert values(rung, *RATES) == [Fraction(1, 3), 3, 3, None]
    with rung.begin() as connection:
        withdraw(connection, late, by="1004", at=LATER)
    assert values(rung, *RATES) == [Fraction(1, 3), 3, 2, 0]


def test_an_exemption_makes_the_roll_ups_of_its_day_stale(rung: Engine) -> None:
    """Approved or withdrawn: the figures follow at once, from the facts until the day is rolled up again."""
    assert rolled(rung) > 300
    late = exempt(rung, 2)

    def withdrawn() -> None:
        with rung.begin() as connection:
            withdraw(connection, late, by="1004", at=LATER)

    steps: list[tuple[Callable[[], None], list[object]]] = [
        (lambda: approve(rung, late), [1, Fraction(1, 2)]),
        (withdrawn, [0, Fraction(1, 3)]),
    ]
    for step, expected in steps:
        assert answer(rung, *RATES[2:]).from_facts == 0
        step()
        found = answer(rung, *RATES[2:])
        assert (list(found.row().values.values()), found.from_facts) == (expected, 1)
        assert rolled(rung) == 5  # with the days whose customers may have called again on it
        again = answer(rung, *RATES[2:])
        assert (list(again.row().values.values()), again.from_facts) == (expected, 0)


EARLY = ShiftPattern(name="early", spans=read_spans("09:00-12:00 13:00-17:00"), days=frozenset(range(1, 6)))
PLAN = People(
    agents=(Agent(agent="1004"),),
    patterns=(EARLY,),
    assignments=(ShiftAssignment(agent="1004", shift="early"),),
    leaves=(Leave(agent="1004", start_us=to_microseconds(START), end_us=to_microseconds(START) + 3_600_000_000),),
)


def test_utilisation_is_the_login_for_each_minute_of_the_shifts_less_leave(store: Engine) -> None:
    """Seven hours of shift less one of leave, four and a half of them logged in; the same from roll-ups."""
    login = state(State.LOGGED_IN, start=3600, end=3600 + 16_200, queue="sales")
    store_facts(store, [call(end=60), login])
    with store.begin() as connection:
        write_people(connection, People(), PLAN, SHANGHAI)
    names = ("login_minutes", "scheduled_minutes", "utilisation")
    expected = [16_200_000, 21_600_000, Fraction(3, 4)]
    for from_facts in (1, 0):
        found = answer(store, *names, groups=(Group.AGENT,))
        assert (list(found.row("1004").values.values()), found.from_facts) == (expected, from_facts)
        rolled(store)
    by_days = {"period": month_period(2026, 11, SHANGHAI), "groups": (Group.DAY,)}
    by_day = {row.key[0]: row.values for row in answer(store, "scheduled_minutes", "utilisation", **by_days).rows}
    assert by_day[date(2026, 11, 7).isoformat()] == {"scheduled_minutes": 0, "utilisation": None}
    assert by_day[date(2026, 11, 6).isoformat()] == {"scheduled_minutes": 7 * 3_600_000, "utilisation": 0}


def test_a_changed_plan_makes_the_roll_ups_stale(store: Engine) -> None:
    """Who was assigned to a shift afterwards was scheduled all along."""
    store_facts(store, [call(end=60)])
    rolled(store)
    assert values(store, "scheduled_minutes") == [0]
    with store.begin() as connection:
        write_people(connection, People(), PLAN, SHANGHAI)
    assert values(store, "scheduled_minutes") == [6 * 3_600_000]
    rolled(store)
    assert values(store, "scheduled_minutes") == [6 * 3_600_000]
