"""The floor of a simulated centre: who is here, and what waits past its hours."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from config.policy_loader import load_policy
from schedulers.simulation.crew import Crew, crew_of
from schedulers.simulation.dice import Dice
from schedulers.simulation.world import plan_of
from schedulers.simulation.year import Year

FIRST, LAST = date(2026, 1, 1), date(2026, 3, 31)
START = datetime(2025, 12, 30, tzinfo=UTC)
DAY = timedelta(days=1)


@cache
def crew(zone: str) -> Crew:
    """Twelve agents and the leaders of D in a quarter, by the clock of a zone."""
    policy = replace(load_policy("health"), zone=ZoneInfo(zone))
    return crew_of(policy, FIRST, LAST, 12, Dice(1))


instants = st.integers(0, 100 * 24 * 3600).map(lambda seconds: START + timedelta(seconds=seconds))
zones = st.sampled_from(["Asia/Shanghai", "Asia/Kathmandu", "Europe/Berlin"])


@given(zones, instants)
def test_who_is_on_shift_is_who_has_one_at_that_instant(zone: str, at: datetime) -> None:
    """By the quarter hour that is kept, in zones a quarter or half an hour off and over a change of the clock."""
    here = crew(zone)
    assert list(here.on_shift(at)) == [name for name, each in here.workers.items() if each.shift_end(at)]


@given(zones, instants, st.integers(0, 20 * 24 * 3600))
def test_away_is_who_begins_no_shift_before_the_end(zone: str, start: datetime, seconds: int) -> None:
    """He is here if a shift of his ends after the start and begins before the end, which is a day later at least."""
    here, end = crew(zone), start + timedelta(seconds=seconds)
    for name, each in here.workers.items():
        shifts = zip(each.starts, each.ends, strict=True)
        comes = any(a < max(end, start + DAY) and b > start for a, b in shifts)
        assert here.is_away(name, start, end) is not comes
    assert here.is_away("nobody", start, end)


def test_what_waits_past_its_hours_costs_no_steps() -> None:
    """A leader alone with a thousand customers leaves much undone; its waiting over noons and nights is no step."""
    policy, last = load_policy("retail"), FIRST + 30 * DAY
    staffed = plan_of(policy, FIRST, last, count=1000)
    alone = replace(staffed, crew=crew_of(policy, FIRST, last, 0, Dice(1)))
    plenty, few = Year(staffed).live(), Year(alone).live()
    assert len(few.open_at_end) > 5 * len(plenty.open_at_end) > 0
    assert few.ledger.steps < 1.1 * plenty.ledger.steps
