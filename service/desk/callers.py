"""Who is on the line: the customer of a number, what he is owed, and what was before. For an agent's desk.

A number may be several people's, a switchboard's, nobody's, or withheld; each is said as it is. All open follow-ups
of the customer are told, whoever owns them, each with what would fulfil it and whether this call may.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection

from config.followups import FollowUpKind, FulfilledBy, Survey
from schedulers.customers.records import Customer, NumberUse, unregistered
from schedulers.followups.owning import may_do
from schedulers.followups.records import FollowUp
from schedulers.followups.rules import Rules
from schedulers.storage import customers as stored
from schedulers.storage.accounts import load_accounts
from telephony.calls.facts import CallFact, Direction
from telephony.numbers import to_e164


class Known(StrEnum):
    """What is known of the outside party."""

    CUSTOMER = "customer"  # one of the register
    SEVERAL = "several"  # the number is more than one customer's: the agent chooses
    SHARED = "shared"  # a switchboard or short code: many people stand behind it
    UNKNOWN = "unknown"  # nobody has this number
    WITHHELD = "withheld"  # no number came


class Apart(StrEnum):
    """Why this call cannot settle a follow-up."""

    NOT_BY_CALL = "not_by_call"  # it is fulfilled by a mark or a message
    NOT_INBOUND = "not_inbound"  # a call that the customer began does not fulfil it
    NOT_HIS = "not_his"  # the agent's talk does not count for it
    YOUNGER = "younger"  # it arose after the call began


MOST = 20
"""People behind one switchboard who are offered to choose from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """One open follow-up of the customer. `apart` is None where this call may settle it."""

    follow_up: FollowUp
    kind: FollowUpKind
    survey: Survey | None
    apart: Apart | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """The outside party of a call. `customer` is None unless one is meant; `among` are those to choose from."""

    known: Known
    number: str | None  # E.164, or as heard
    customer: Customer | None = None
    among: tuple[Customer, ...] = ()
    owed: tuple[Owed, ...] = ()

    @property
    def party(self) -> Customer | None:
        """The customer to whom something can be promised: where nobody is known, the one that the number makes."""
        if self.customer is not None or self.number is None or self.known is not Known.UNKNOWN:
            return self.customer
        return unregistered(self.number, self.number)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """For whom, of which call and by which rules he is looked up.

    `chosen` is the one of several customers whom the agent named, `asked` the number that a caller without one said.
    """

    call: CallFact
    agent: str
    rules: Rules
    country: str
    now: datetime
    chosen: str | None = None
    asked: str = ""


def who(connection: Connection, seen: Seen) -> Caller:
    """The outside party of a call, and all that is open with him."""
    number = seen.asked or (None if seen.call.customer_withheld else seen.call.customer)
    if number is None:
        return Caller(known=Known.WITHHELD, number=None)
    number = to_e164(number, seen.country) or number
    candidates = stored.find(connection, [number]).get(number, ())
    own = _registered(each for each in candidates if use_of(each, number) is NumberUse.OWN)
    known = _known(number, own, candidates, seen)
    among = own or tuple(each for each in candidates if use_of(each, number) is NumberUse.SHARED)[:MOST]
    named = next((each for each in among if each.id == seen.chosen), None)
    only = own[0] if len(own) == 1 else None
    return _of(connection, seen, Caller(known=known, number=number, among=among), named or only)


def _registered(own: Iterable[Customer]) -> tuple[Customer, ...]:
    """Those of the register; who is known by the number alone only where nobody of the register has it."""
    found = tuple(own)
    return tuple(each for each in found if each.is_registered) or found


def _known(number: str, own: Sequence[Customer], candidates: Sequence[Customer], seen: Seen) -> Known:
    if own and own[0].is_registered:
        return Known.CUSTOMER if len(own) == 1 else Known.SEVERAL
    numbers = seen.rules.version_at(seen.call.started_at).numbers
    is_shared = any(use_of(each, number) is NumberUse.SHARED for each in candidates)
    return (
        Known.SHARED if is_shared or numbers.is_shared(seen.asked or seen.call.customer, number) else Known.UNKNOWN
    )


def use_of(customer: Customer, number: str) -> NumberUse | None:
    """What a number is of a customer's."""
    return next((each.use for each in customer.numbers if each.number == number), None)


def _of(connection: Connection, seen: Seen, caller: Caller, customer: Customer | None) -> Caller:
    """With the customer who is meant, and what he is owed; who is in no register may be owed something too."""
    meant = customer
    if meant is None and caller.number is not None and caller.known is Known.UNKNOWN:
        id_ = unregistered(caller.number, caller.number).id
        meant = stored.load(connection, [id_]).get(id_)
    if meant is None:
        return caller
    known = Known.UNKNOWN if not meant.is_registered else Known.CUSTOMER
    return Caller(
        known=known, number=caller.number, customer=meant, among=caller.among, owed=_owed(connection, seen, meant)
    )


def _owed(connection: Connection, seen: Seen, customer: Customer) -> tuple[Owed, ...]:
    account = load_accounts(connection, [customer.id], seen.now, stored.load).get(customer.id)
    found = account.open if account else ()
    return tuple(_one(each, seen) for each in sorted(found, key=lambda each: (each.due_at, each.id)))


def _one(each: FollowUp, seen: Seen) -> Owed:
    kind = seen.rules.kind(each)
    survey = seen.rules.promises(each).survey(kind.survey)
    return Owed(follow_up=each, kind=kind, survey=survey, apart=_apart(each, kind, seen))


def _apart(each: FollowUp, kind: FollowUpKind, seen: Seen) -> Apart | None:
    if kind.fulfilled_by not in (FulfilledBy.TALK, FulfilledBy.CONTACT) or kind.in_person:
        return Apart.NOT_BY_CALL
    if seen.call.direction is Direction.INBOUND and not kind.inbound:
        return Apart.NOT_INBOUND
    if each.born_at > seen.call.started_at and each.reached_call != seen.call.id:
        return Apart.YOUNGER
    return None if may_do(seen.agent, each, seen.now, seen.rules) else Apart.NOT_HIS
