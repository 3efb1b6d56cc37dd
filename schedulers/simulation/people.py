"""Customers of a simulated centre: of every sort that the policy asks for, and of those that make trouble.

Two numbers, zones with half hours, own hours, no consent, asked not to be called, joined or left within the year.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from config.calendars import OpenSpan
from config.policies import Policy
from schedulers.customers.records import Birthday, Customer, DoNotCall, Number
from schedulers.simulation.crew import Crew

ZONES = tuple(ZoneInfo(each) for each in ("Asia/Kolkata", "Asia/Kathmandu", "Europe/Berlin", "Asia/Tokyo"))
HOURS = (
    (OpenSpan(opens=time(9), closes=time(12)), OpenSpan(opens=time(14), closes=time(18))),
    (OpenSpan(opens=time(10), closes=time(19)),),
)
OF_A_BRANCH = 1000
RARE = {"partner": 0.02, "core": 0.05, "good": 0.2}
"""How many are of a sort or tier; of others there are as many as of each other."""


def customers_of(policy: Policy, first: date, last: date, count: int, crew: Crew, seed: int) -> list[Customer]:
    """So many customers, in a fixed order."""
    kinds = policy.resolve(datetime.combine(last, time(), tzinfo=policy.zone)).promises.kinds
    wanted: defaultdict[str, set[str]] = defaultdict(set)
    for kind in kinds:
        for match in kind.who:
            wanted[match.key].update(match.values)
    agents = tuple(crew.workers)
    texts = {key: tuple(sorted(values)) for key, values in wanted.items()}
    span = (last - first).days
    chances = (Random(f"{seed}:{i}") for i in range(count))  # noqa: S311 — made-up people, no secret
    return [_customer(chance, i, first, span, texts, agents) for i, chance in enumerate(chances)]


def _customer(
    chance: Random, number: int, first: date, span: int, wanted: dict[str, tuple[str, ...]], agents: tuple[str, ...]
) -> Customer:
    mobile = f"+8613{number:09}"
    numbers = [Number(number=mobile, written=mobile)]
    if chance.random() < 0.2:
        numbers.append(Number(number=f"+86101{number:07}", written=f"0101{number:07}", label="office"))
    since, until = _membership(chance, first, span)
    return Customer(
        id=f"C-{number:06}",
        name=f"客户{number}",
        sort=_one_of(chance, wanted.get("sort", ()), "client"),
        numbers=() if chance.random() < 0.005 else tuple(numbers),
        branch=f"B{number // OF_A_BRANCH:03}",
        tier=_one_of(chance, wanted.get("tier", ()), "plain"),
        owner=chance.choice(agents) if chance.random() < 0.9 and agents else None,  # a centre may name no leader
        zone=chance.choice(ZONES) if chance.random() < 0.03 else None,
        hours=chance.choice(HOURS) if chance.random() < 0.1 else (),
        birthday=_birthday(chance),
        since=since,
        until=until,
        figures=(
            ("assets", int(chance.lognormvariate(12, 1.2))),
            ("spend", int(chance.lognormvariate(10, 1.5))),
        ),
        consent=chance.choices((True, False, None), (60, 15, 25))[0],
        do_not_call=_do_not_call(chance, first),
    )


def _one_of(chance: Random, wanted: tuple[str, ...], plain: str) -> str:
    """A value that the policy asks for, as often as it is found; else a plain one."""
    for each in wanted:
        if chance.random() < RARE.get(each, 0.5):
            return each
    return plain


def _membership(chance: Random, first: date, span: int) -> tuple[date | None, date | None]:
    thrown, day = chance.random(), first + timedelta(days=chance.randrange(max(1, span)))
    since = first - timedelta(days=chance.randrange(2000))
    if thrown < 0.05:
        return day, None
    return since, day if thrown < 0.1 else None


def _birthday(chance: Random) -> Birthday | None:
    if chance.random() < 0.1:
        return None
    return Birthday(month=chance.randint(1, 12), day=chance.randint(1, 28), lunar=chance.random() < 0.3)


def _do_not_call(chance: Random, first: date) -> DoNotCall | None:
    if chance.random() >= 0.01:
        return None
    since = datetime.combine(first, time(), tzinfo=UTC) - timedelta(days=chance.randrange(400))
    until = since + timedelta(days=chance.randrange(700)) if chance.random() < 0.5 else None
    return DoNotCall(reason="asked", since=since, until=until)
