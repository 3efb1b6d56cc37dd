"""What the pages of follow-ups are handed: coverage, lists and stories from the store, and what is done to them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import Connection, Engine

from schedulers.book import Also
from schedulers.errors import RefusedError
from schedulers.followups.changing import Act
from schedulers.followups.records import Change, FollowUp, What
from schedulers.storage import lists
from schedulers.storage.accounts import load_follow_ups
from schedulers.storage.coverage import (
    Standing,
    count_due,
    count_items,
    load_coverage,
    load_items,
)
from schedulers.storage.customers import load as load_customers
from schedulers.storage.seeing import Whom
from schedulers.storage.story import load_story
from service.auth.audit import Act as Noted
from service.auth.audit import Entry, note
from service.auth.rights import Visitor
from service.dashboard.promises.deeds import AGREE, job_of
from service.dashboard.promises.source import (
    Became,
    Behind,
    DayCount,
    Deed,
    ListAsked,
    Listed,
    Place,
    Proof,
    Question,
    Told,
)
from service.desk import acts
from service.desk.desk import Desk, moment_of
from service.desk.lists import in_order
from service.desk.outcomes import Outcome, say
from service.live.promise_reading import (
    calls_of,
    chosen_of,
    counts_of,
    days_of,
    groups_of,
    held_back,
    known_of,
    list_of,
    owed_of,
    seen_of,
    unknown,
    view_of,
    whose_of,
)

Days = dict[date, DayCount]
A_PAGE = 50
A_FILE = 100_000
MOST_LATE = 6
ORPHANED = "orphaned"
"""The list of what belongs to nobody who works here."""


class StoredPromises:
    """See service.dashboard.promises.source.PromiseSource. `reading` and `writing` are desks over the same store."""

    def __init__(
        self,
        reading: Desk,
        writing: Desk,
        name_of: Callable[[str, datetime], str | None],
        now: Callable[[], datetime],
        *,
        may_act: bool,
    ) -> None:
        self.may_act = may_act
        self._reading, self._writing = reading, writing
        self._name_of, self._now = name_of, now

    @property
    def _engine(self) -> Engine:
        return self._reading.engine

    def name_of(self, agent: str) -> str | None:
        """By the people in force."""
        return self._name_of(agent, self._now())

    # -- coverage ----------------------------------------------------------------------------

    async def proof(self, question: Question, month: date) -> Proof:
        """The coverage of a period, and a calendar."""
        return await asyncio.to_thread(self._proof, question, month)

    def _proof(self, question: Question, month: date) -> Proof:
        now, rules = self._now(), self._reading.rules
        chosen = chosen_of(question, rules, now)
        with self._engine.connect() as connection:
            late = load_items(connection, chosen, (Standing.OPEN_OVERDUE,), limit=MOST_LATE)
            return Proof(
                rules=rules,
                now=now,
                as_of=chosen.as_of,
                rows=load_coverage(connection, chosen),
                counted=count_due(connection, chosen),
                late=owed_of(connection, late),
                days=days_of(connection, question, rules, now, month),
                calls=None if question.as_of else calls_of(connection, rules, now, question.seen),
                groups=groups_of(rules, now),
                known=known_of(connection, chosen),
            )

    async def behind(
        self, question: Question, standings: Sequence[Standing], reason: str | None, after: Place | None
    ) -> Behind:
        """A page of what is behind a figure."""
        return await asyncio.to_thread(self._behind, question, standings, reason, after)

    async def all_behind(self, question: Question, standings: Sequence[Standing], reason: str | None) -> Behind:
        """All that is behind a figure, a hundred thousand at most."""
        return await asyncio.to_thread(self._behind, question, standings, reason, None, A_FILE)

    def _behind(
        self,
        question: Question,
        standings: Sequence[Standing],
        reason: str | None,
        after: Place | None,
        most: int = A_PAGE,
    ) -> Behind:
        rules = self._reading.rules
        chosen = chosen_of(question, rules, self._now())
        chosen = replace(chosen, reasons=() if reason is None else (reason,))
        with self._engine.connect() as connection:
            found = load_items(connection, chosen, standings, after=after, limit=most + 1)
            shown = found[:most]
            return Behind(
                rules=rules,
                as_of=chosen.as_of,
                items=owed_of(connection, shown),
                total=count_items(connection, chosen, standings),
                next=(shown[-1].due_at, shown[-1].id) if len(found) > most else None,
            )

    async def exported(self, name: str, rows: int, visitor: Visitor, address: str) -> None:
        """A row of the audit."""
        await asyncio.to_thread(self._exported, name, rows, visitor, address)

    def _exported(self, name: str, rows: int, visitor: Visitor, address: str) -> None:
        entry = Entry(at=self._now(), visitor=visitor, act=Noted.EXPORTED, subject=name, address=address)
        with self._writing.engine.begin() as connection:
            note(connection, replace(entry, details={"rows": rows}))

    # -- work lists --------------------------------------------------------------------------

    async def listed(self, asked: ListAsked) -> Listed:
        """A page of a work list."""
        return await asyncio.to_thread(self._listed, asked)

    def _listed(self, asked: ListAsked) -> Listed:
        now, rules = self._now(), self._reading.rules
        moment = moment_of(rules, now)
        whose = whose_of(asked)
        with self._engine.connect() as connection:
            owners = lists.owners_of(connection)
            leavers = tuple(each for each in owners if not rules.staff.works_here(each, now))
            counts = counts_of(connection, whose, moment, leavers)
            view, owned = view_of(asked.state, whose, leavers)
            page = lists.Page(items=(), next=None)
            if owned is not None:
                page = lists.load_page(connection, view, owned, moment, after=asked.after, limit=A_PAGE)
            return list_of(connection, rules, now, page, counts, asked.seen, owners)

    async def found(self, ids: Sequence[str], seen: Whom | None) -> Listed:
        """Some by their ids."""
        return await asyncio.to_thread(self._found, ids, seen)

    def _found(self, ids: Sequence[str], seen: Whom | None) -> Listed:
        now, rules = self._now(), self._reading.rules
        with self._engine.connect() as connection:
            stored = load_follow_ups(connection, ids)
            shown = seen_of(connection, (stored[each] for each in dict.fromkeys(ids) if each in stored), seen)
            return list_of(connection, rules, now, lists.Page(items=tuple(shown), next=None), {}, seen, ())

    # -- one ---------------------------------------------------------------------------------

    async def told(self, follow_up: str, seen: Whom | None) -> Told | None:
        """The story of one."""
        return await asyncio.to_thread(self._told, follow_up, seen)

    def _told(self, follow_up: str, seen: Whom | None) -> Told | None:
        rules = self._reading.rules
        with self._engine.connect() as connection:
            story = load_story(connection, follow_up)
            if story is None or not seen_of(connection, [story.follow_up], seen):
                return None
            chain = in_order(lists.case_of(connection, story.follow_up.case))
            whose = load_customers(connection, [story.follow_up.customer])
            return Told(
                rules=rules,
                now=self._now(),
                story=story,
                chain=tuple(seen_of(connection, chain, seen)),
                customer=whose.get(story.follow_up.customer),
                held_back=held_back(connection, follow_up),
            )

    # -- what is done ------------------------------------------------------------------------

    async def do(self, deed: Deed, seen: Whom | None, visitor: Visitor, address: str) -> tuple[Became, ...]:
        """Do it to each."""
        return await asyncio.to_thread(self._do, deed, seen, visitor, address)

    def _do(self, deed: Deed, seen: Whom | None, visitor: Visitor, address: str) -> tuple[Became, ...]:
        now = self._now()
        with self._engine.connect() as connection:
            stored = load_follow_ups(connection, deed.ids)
            his = {each.id for each in seen_of(connection, stored.values(), seen)}

        def noted(connection: Connection, changes: Sequence[Change]) -> None:
            for each in changes:
                details = {"what": each.what.value, "by": deed.by}
                subject = f"follow-up {each.after.id}"
                entry = Entry(at=now, visitor=visitor, act=Noted.CHANGED, subject=subject, address=address)
                note(connection, replace(entry, details=details))

        ids = [each for each in deed.ids if each in his]
        if deed.what == AGREE:
            became = {each: self._agreed(deed, stored[each], now, noted) for each in ids}
        else:
            act = Act(what=What.NOTED, at=now, by=deed.by, note=deed.note)
            done = acts.do(self._writing, ids, job_of(deed), act, noted)
            became = {each.id: Became(id=each.id, before=each.before, refused=each.refused) for each in done}
        return tuple(became.get(each) or unknown(each) for each in dict.fromkeys(deed.ids))

    def _agreed(self, deed: Deed, item: FollowUp, now: datetime, noted: Also) -> Became:
        """He was spoken with, and asked for another time."""
        outcome = Outcome(follow_ups=(item.id,), by=deed.by, at=now, agreed_at=deed.at, note=deed.note)
        try:
            say(self._writing, outcome, noted)
        except RefusedError as error:
            return Became(id=item.id, before=item, refused=str(error))
        return Became(id=item.id, before=item)
