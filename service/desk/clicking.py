"""Click to call: an agent calls one customer outside any campaign, his own phone first.

Who must not be called is refused here with the reason, and asked once more at the instant of dialling.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from schedulers.campaigns.choosing import number_of, why_not
from schedulers.campaigns.records import DialAttempt, DialMode, Why
from schedulers.customers.records import Customer, NumberUse, unregistered
from schedulers.errors import RefusedError
from schedulers.followups.owning import may_do
from schedulers.followups.rules import Rules
from schedulers.storage import customers as stored
from schedulers.storage.accounts import load_accounts, load_follow_ups
from schedulers.storage.dial_attempts import Intent, plan
from service.desk.campaign_making import trunk_of
from service.desk.desk import Desk
from service.desk.phones import device_of
from service.desk.previewing import NOBODYS
from telephony.numbers import to_e164


@dataclass(frozen=True, slots=True, kw_only=True)
class Click:
    """Whom an agent wants to call, by one of the three. `pbx` and `trunk` '' are the only ones that there are."""

    agent: str
    by: str
    number: str | None = None
    customer: str | None = None
    follow_up: str | None = None
    pbx: str = ""
    trunk: str = ""


def call(desk: Desk, click: Click, now: datetime) -> DialAttempt:
    """An agent calls somebody, his own phone first. Raises RefusedError with the reason where that may not be."""
    rules = desk.rules
    pbx, trunk = trunk_of(desk.settings, click.pbx, click.trunk)
    with desk.engine.begin() as connection:
        device = device_of(connection, rules, click.agent, now)
        wanted = _wanted(connection, desk, click, rules, now)
        intent = Intent(
            campaign=None,
            mode=DialMode.CLICK,
            follow_ups=wanted.follow_ups,
            customer=wanted.customer.id,
            number=wanted.number,
            agent=click.agent,
            device=device,
            pbx=pbx,
            trunk=trunk.name,
            by=click.by,
            dial_at=now,
        )
        planned, _ = plan(connection, [intent], now, NOBODYS)
    if not planned:
        raise RefusedError("call", f"{Why.ALIVE.value}: this customer, number or agent is in another call of ours",
                           "one that is over")  # fmt: skip
    return planned[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    customer: Customer
    number: str
    follow_ups: tuple[str, ...] = ()


def _wanted(connection: Connection, desk: Desk, click: Click, rules: Rules, now: datetime) -> _Wanted:
    named = [each for each in (click.number, click.customer, click.follow_up) if each is not None]
    if len(named) != 1:
        raise RefusedError("call", f"{len(named)} of number, customer and follow-up", "one of the three")
    if click.follow_up is not None:
        return _of_follow_up(connection, click.follow_up, click.agent, rules, now)
    if click.customer is not None:
        return _of_customer(connection, click.customer, now)
    return _of_number(connection, str(click.number), desk.country, now)


def _of_follow_up(connection: Connection, identity: str, agent: str, rules: Rules, now: datetime) -> _Wanted:
    found = load_follow_ups(connection, [identity]).get(identity)
    if found is None:
        raise RefusedError("follow-up", repr(identity[:40]), "the id of a follow-up")
    account = load_accounts(connection, [found.customer], now, stored.load).get(found.customer)
    number = None if account is None else number_of(found, account.customer)
    why = Why.NOT_OPEN if account is None else why_not(found, account, rules, now)
    if account is None or why is not None or number is None:
        raise _may_not(why or Why.NO_NUMBER)
    if not may_do(agent, found, now, rules):
        raise RefusedError("agent", f"{agent}, whose talk would not count for it", f"{found.owner} or his group")
    return _Wanted(customer=account.customer, number=number, follow_ups=(identity,))


def _of_customer(connection: Connection, identity: str, now: datetime) -> _Wanted:
    customer = stored.load(connection, [identity]).get(identity)
    if customer is None:
        raise RefusedError("customer", repr(identity[:40]), "the id of a customer")
    number = next((each.number for each in customer.callable_numbers()), None)
    _check_may_be_called([customer], now)
    if number is None:
        raise _may_not(Why.NO_NUMBER)
    return _Wanted(customer=customer, number=number)


def _of_number(connection: Connection, written: str, country: str, now: datetime) -> _Wanted:
    number = to_e164(written, country) or written
    candidates = stored.find(connection, [number]).get(number, ())
    _check_may_be_called([each for each in candidates if _is_his(each, number)], now)
    return _Wanted(customer=stored.whose(candidates, number) or unregistered(number, written), number=number)


def _is_his(customer: Customer, number: str) -> bool:
    return any(each.number == number and each.use is NumberUse.OWN for each in customer.numbers)


def _check_may_be_called(customers: Iterable[Customer], now: datetime) -> None:
    for each in customers:
        if each.do_not_call is not None and each.do_not_call.holds(now):
            raise _may_not(Why.DO_NOT_CALL, each.do_not_call.reason)


def _may_not(why: Why, words: str = "") -> RefusedError:
    return RefusedError("call", f"{why.value}{': ' if words else ''}{words}", "somebody who may be called now")
