"""A year of each shipped policy with a few hundred customers: nothing that the rules promise is broken."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from config.policy_loader import load_policy
from schedulers.followups.records import FollowUp
from schedulers.simulation.checks import Contacts, ViolationError, may_be_called
from schedulers.simulation.tally import Tally
from schedulers.simulation.world import plan_of
from schedulers.simulation.year import Lived, Year
from tests.schedulers.followups.worlds import customer

pytestmark = pytest.mark.slow

FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
CENTRES = (
    "consulting",
    "dealers",
    "ecommerce",
    "health",
    "hotline",
    "inspection",
    "installation",
    "members",
    "repair",
    "retail",
    "securities",
)


# The others take most of the time; the rules of these four are what `./test --fast` keeps.
FEW = ("consulting", "ecommerce", "hotline", "installation")
EACH = [name if name in FEW else pytest.param(name, marks=pytest.mark.slow) for name in CENTRES]


def lived(name: str, *, count: int = 300, last: date = LAST, seed: int = 1, crashes: int = 0) -> Lived:
    """A span of days of a shipped policy."""
    plan = plan_of(load_policy(name), FIRST, last, count=count, seed=seed, crashes=crashes)
    return Year(plan).live()


def all_of(year: Lived) -> object:
    """Everything that a year came to."""
    balances = {
        kind: (each.due, each.on_time, each.late, each.closed) for kind, each in year.tally.balances.items()
    }
    return balances, year.ledger.accounts, year.ledger.series, dict(year.tally.calls)


@pytest.mark.parametrize("name", EACH)
def test_a_year_of_each_policy_breaks_no_promise(name: str) -> None:
    """Times, caps, owners, sums and one follow-up a trigger hold on each of 365 days, with ten crashes among them."""
    year = lived(name, crashes=10)
    assert year.crashed == 10
    assert year.ledger.born == sum(each.due for each in year.tally.balances.values()) > 150
    assert sum(each.on_time for each in year.tally.balances.values()) > 0.3 * year.ledger.born


@pytest.mark.parametrize("name", [pytest.param("health", marks=pytest.mark.slow), "retail"])
def test_crashes_change_nothing(name: str) -> None:
    """A quarter with fifty crashes ends with the same accounts, series and figures as one without any."""
    plain = lived(name, last=date(2026, 3, 31))
    assert all_of(lived(name, last=date(2026, 3, 31), crashes=50)) == all_of(plain)


def test_the_seed_tells_the_year() -> None:
    """The same seed gives the same weeks, another seed others."""
    first, again, other = (lived("hotline", last=date(2026, 2, 15), seed=each) for each in (1, 1, 2))
    assert all_of(first) == all_of(again)
    assert all_of(first) != all_of(other)


def test_a_broken_sum_is_found() -> None:
    """An account that lost what is owed is a violation that names the kind, the day and the seed."""
    year = lived("hotline", last=date(2026, 2, 15))
    tally: Tally = year.tally
    tally.balances["resolved_revisit"].due += 1
    found: list[FollowUp] = list(year.open_at_end)
    with pytest.raises(ViolationError, match=r"seed 1: found resolved_revisit on 2026-02-16"):
        tally.check(found, datetime(2026, 2, 16, tzinfo=ZoneInfo("Asia/Shanghai")), date(2026, 2, 16))


def test_permitted_by_the_clock_alone() -> None:
    """The plain check permits 11:00 of a working day for care of D, not noon, not a Sunday, not his 08:30."""
    policy = load_policy("health")
    promises = policy.versions[-1].promises
    kind = promises.kind("report_care")
    assert kind is not None

    def permits(text: str, zone: str | None = None) -> bool:
        at = datetime.fromisoformat(text).replace(tzinfo=policy.zone)
        told = customer(zone=ZoneInfo(zone) if zone else None)
        return may_be_called(kind, promises.contact, policy.openings, told, at)

    assert permits("2026-11-02 11:00")
    assert not permits("2026-11-02 12:00")
    assert not permits("2026-11-01 11:00")
    assert not permits("2026-11-02 11:00", "Asia/Kolkata")


def test_a_third_contact_of_a_day_is_found() -> None:
    """Kept apart from the accounts, two contacts leave no room for a third until a day after the first."""
    contacts = Contacts(1)
    rules = load_policy("health").versions[-1].promises.contact
    start = datetime(2026, 11, 2, 11, tzinfo=ZoneInfo("Asia/Shanghai"))
    contacts.add(0, start)
    contacts.add(0, start.replace(hour=15))
    assert not contacts.room(0, rules, start.replace(day=3, hour=10))
    assert contacts.room(0, rules, start.replace(day=3))
