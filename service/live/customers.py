"""What the pages of customers are handed: the register, one card with its history, what is said of one, and imports."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, func, select

from schedulers.customers.records import Customer
from schedulers.errors import RefusedError
from schedulers.followups.records import FollowUp
from schedulers.storage.accounts import IS_OPEN, load_follow_ups
from schedulers.storage.customer_history import Source, load_history
from schedulers.storage.customer_writing import Origin, change_customer
from schedulers.storage.customers import CustomerFilter, aliases_of, branches_of, load, load_spend, page, tiers_of
from schedulers.storage.followup_models import follow_ups
from schedulers.storage.followup_rows import follow_up_of
from schedulers.storage.seeing import Whom
from service.auth.audit import Act, Entry, note
from service.auth.rights import Visitor
from service.customers_import import Outcome, take_in
from service.dashboard.promises.customer_source import Card, Named, Register, RegisterAsked, Saying
from service.desk.desk import Desk
from telephony.numbers import heard_forms, to_e164

A_PAGE = 50
SENT = "sent"
"""The folder below `data_dir` in which files that were sent wait."""


class StoredCustomers:
    """See service.dashboard.promises.customer_source.CustomerSource. The desks are over the same store."""

    def __init__(
        self,
        reading: Desk,
        writing: Desk,
        name_of: Callable[[str, datetime], str | None],
        now: Callable[[], datetime],
        data_dir: Path,
        *,
        may_act: bool,
    ) -> None:
        self.may_act = may_act
        self._reading, self._writing = reading, writing
        self._name_of, self._now = name_of, now
        self._folder = data_dir / SENT

    def name_of(self, agent: str) -> str | None:
        """By the people in force."""
        return self._name_of(agent, self._now())

    def folder(self) -> Path:
        """Made where it is missing; nobody else reads it."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return self._folder

    # -- the register ------------------------------------------------------------------------

    async def register(self, asked: RegisterAsked) -> Register:
        """A page of customers."""
        return await asyncio.to_thread(self._register, asked)

    def _register(self, asked: RegisterAsked) -> Register:
        now, rules = self._now(), self._reading.rules
        which = self._filter(asked)
        with self._reading.engine.connect() as connection:
            found = page(connection, which, limit=A_PAGE + 1, after=asked.after)
            shown = tuple(found[:A_PAGE])
            ids = [each.id for each in shown]
            return Register(
                now=now,
                customers=shown,
                open=_open_counts(connection, ids),
                owed=_something_owed(connection, ids),
                next=shown[-1].id if len(found) > A_PAGE else "",
                branches=branches_of(connection) if asked.seen is None else tuple(sorted(asked.seen.branches)),
                tiers=tiers_of(connection),
                agents=rules.staff.members(None, now),
            )

    def _filter(self, asked: RegisterAsked) -> CustomerFilter:
        number = asked.number and (to_e164(asked.number, self._reading.country) or asked.number)
        return CustomerFilter(
            number=number or None,
            branch=asked.branch,
            tier=asked.tier,
            owner=asked.owner,
            named=asked.text if asked.text and not asked.open else None,
            begins=asked.text if asked.text and asked.open else None,
            seen=asked.seen,
        )

    # -- one -----------------------------------------------------------------------------------

    async def card(self, named: Named, seen: Whom | None, before: datetime | None) -> Card | None:
        """One customer."""
        return await asyncio.to_thread(self._card, named, seen, before)

    def _card(self, named: Named, seen: Whom | None, before: datetime | None) -> Card | None:
        rules, now = self._reading.rules, self._now()
        with self._reading.engine.connect() as connection:
            found = _found(connection, named, seen)
            if found is None:
                return None
            numbers = {form for each in found.numbers for form in heard_forms(each.number, self._reading.country)}
            history, following = load_history(connection, found.id, sorted(numbers), before=before, limit=A_PAGE)
            owed = _open_of(connection, found.id)
            told = {line.id for line in history if line.source is Source.FOLLOW_UP}
            return Card(
                rules=rules,
                now=now,
                customer=found,
                aliases=aliases_of(connection, found.id),
                open=owed,
                history=history,
                next=following,
                agents=rules.staff.members(None, now),
                spend=load_spend(connection, found.id),
                his=None if seen is None else _his(connection, seen, found, told | {each.id for each in owed}),
            )

    async def looked(self, named: Named, visitor: Visitor, address: str) -> None:
        """A row of the audit."""
        await asyncio.to_thread(self._looked, named, visitor, address)

    def _looked(self, named: Named, visitor: Visitor, address: str) -> None:
        entry = Entry(at=self._now(), visitor=visitor, act=Act.LOOKED, subject=named.subject, address=address)
        with self._writing.engine.begin() as connection:
            note(connection, entry)

    async def say(self, named: Named, saying: Saying, seen: Whom | None, visitor: Visitor, address: str) -> bool:
        """What is open follows as the keeper of follow-ups takes the change in."""
        return await asyncio.to_thread(self._say, named, saying, seen, visitor, address)

    def _say(self, named: Named, saying: Saying, seen: Whom | None, visitor: Visitor, address: str) -> bool:
        now, owner, staff = self._now(), saying.fields.get("owner"), self._writing.rules.staff
        if owner is not None and not staff.works_here(owner, now):
            raise RefusedError("owner", repr(owner), "an agent who works here")
        with self._writing.engine.begin() as connection:
            found = _found(connection, named, seen)
            if found is None:
                return False
            origin = Origin(by=saying.by, at=now, reason=saying.reason)
            change_customer(connection, found.id, origin, **saying.fields)
            details = {"what": ", ".join(sorted(saying.fields)), "by": saying.by, "reason": saying.reason}
            note(
                connection,
                Entry(
                    at=now,
                    visitor=visitor,
                    act=Act.CHANGED,
                    subject=named.subject,
                    address=address,
                    details=details,
                ),
            )
        return True

    # -- imports -------------------------------------------------------------------------------

    async def read(self, path: Path, name: str, by: str) -> Outcome:
        """What an import would do."""
        return await asyncio.to_thread(self._take_in, path, by, dry_run=True, partial=False)

    async def store(
        self, path: Path, name: str, visitor: Visitor, by: str, address: str, *, partial: bool
    ) -> Outcome:
        """Import a file."""
        outcome = await asyncio.to_thread(self._take_in, path, by, dry_run=False, partial=partial)
        await asyncio.to_thread(self._noted, outcome, name, visitor, address)
        return outcome

    def _take_in(self, path: Path, by: str, *, dry_run: bool, partial: bool) -> Outcome:
        engine, policy = self._writing.engine, self._writing.rules.policy
        return take_in(engine, policy, [path], by=by, at=self._now(), dry_run=dry_run, partial=partial)

    def _noted(self, outcome: Outcome, name: str, visitor: Visitor, address: str) -> None:
        found = outcome.found
        details: dict[str, str | int | bool | None] = {
            "file": name,
            "added": found.added,
            "changed": found.changed,
            "refused": found.refused,
            "stored": outcome.stored,
        }
        entry = Entry(at=self._now(), visitor=visitor, act=Act.CHANGED, subject="customers", address=address)
        with self._writing.engine.begin() as connection:
            note(connection, replace(entry, details=details))


def _found(connection: Connection, named: Named, seen: Whom | None) -> Customer | None:
    """Who is meant, where who asks sees him: for his agent or branch, or for something that is owed to him."""
    identity = named.id
    if named.follow_up is not None:
        item = load_follow_ups(connection, [named.follow_up]).get(named.follow_up)
        identity = item.customer if item else None
    found = load(connection, [identity]).get(identity) if identity is not None else None
    if found is None or seen is None or seen.sees_customer(found):
        return found
    return found if any(seen.sees(each, found) for each in _open_of(connection, found.id)) else None


def _his(connection: Connection, seen: Whom, customer: Customer, ids: set[str]) -> frozenset[str]:
    found = load_follow_ups(connection, ids).values()
    return frozenset(each.id for each in found if seen.sees(each, customer))


def _open_of(connection: Connection, customer: str) -> tuple[FollowUp, ...]:
    wanted = select(follow_ups).where(follow_ups.c.customer == customer, IS_OPEN)
    return tuple(map(follow_up_of, connection.execute(wanted.order_by(follow_ups.c.due_us, follow_ups.c.id))))


def _open_counts(connection: Connection, ids: Sequence[str]) -> dict[str, int]:
    table = follow_ups.c
    wanted = select(table.customer, func.count().label("number")).where(table.customer.in_(ids), IS_OPEN)
    return {row.customer: row.number for row in connection.execute(wanted.group_by(table.customer))}


def _something_owed(connection: Connection, ids: Sequence[str]) -> dict[str, str]:
    """A follow-up of each, open or over."""
    table = follow_ups.c
    found: dict[str, str] = {}
    for condition in (table.ended_us.is_not(None), IS_OPEN):
        wanted = select(table.customer, func.min(table.id).label("id")).where(table.customer.in_(ids), condition)
        found |= {row.customer: row.id for row in connection.execute(wanted.group_by(table.customer))}
    return found
