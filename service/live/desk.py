"""What the agents' desks are handed: what goes on from the hub, all else from the store, and what they record.

Implements service.dashboard.desk.source.DeskSource. `reading` and `writing` are desks over the same store.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection

from analytics.closing import objections
from analytics.closing.issues import load_issues
from analytics.closing.records import About
from analytics.metrics.periods import month_period
from analytics.metrics.tallies import Tally
from analytics.storage.queries import Gaps
from schedulers.followups.owning import may_do
from schedulers.followups.records import Change
from schedulers.followups.rules import Rules
from schedulers.storage import lists as stored_lists
from schedulers.storage.accounts import load_follow_ups
from schedulers.storage.lists import Whose
from service.auth import audit
from service.auth.audit import Act, Entry
from service.auth.rights import Visitor
from service.dashboard.board import AgentActivity, PbxLink
from service.dashboard.desk.shapes import (
    Hand,
    Looked,
    Mine,
    MyCalls,
    Objections,
    OwedList,
    Owing,
    Preview,
    Situation,
)
from service.dashboard.query import QueryError, read_month
from service.desk import call_records, clicking, lists
from service.desk.campaign_making import dials
from service.desk.clicking import Click
from service.desk.desk import Desk, moment_of
from service.desk.form_reading import read_form
from service.desk.recording import Spoken, record
from service.live import desk_reading
from service.live.desk_floor import DeskFloor
from service.live.desk_hand import Hands, Wish
from service.live.hub import LiveHub
from telephony.calls.record import CallRecord

Details = Mapping[str, str | int]
SHOWN = 8
FIGURES_SECONDS, RULES_SECONDS, MONTH_SECONDS = 2.0, 5.0, 30.0
HAS_A_CALL = (AgentActivity.RINGING, AgentActivity.TALKING, AgentActivity.HOLD)


class LiveDesk:
    """One centre's desks."""

    def __init__(
        self,
        reading: Desk,
        writing: Desk,
        hub: LiveHub,
        floor: DeskFloor,
        now: Callable[[], datetime],
        links: Callable[[], tuple[PbxLink, ...]],
        gaps: Gaps,
    ) -> None:
        self.dials_not = "" if any(dials(each) for each in reading.settings.pbxs) else "no_dialling"
        self._reading, self._writing = reading, writing
        self._hands = Hands(reading.country, now)
        self._hub, self._floor, self._now = hub, floor, now
        self.links = links
        self._gaps = gaps
        self._rules: tuple[float, Rules] | None = None
        self._figures: tuple[float, Mapping[str, Tally]] = (-FIGURES_SECONDS, {})
        self._months: tuple[float, desk_reading.MonthRows] = (-MONTH_SECONDS, {})

    # -- what goes on ----------------------------------------------------------------------

    def now(self) -> datetime:
        """See DeskSource."""
        return self._now()

    def agents(self) -> list[tuple[str, str | None]]:
        """Those of the policy, and whoever does something now."""
        now = self._now()
        named = {each.agent for each in self._hub.policy.agents} | set(self._floor.agents())
        return [(each, self._hub.name_of(each, now)) for each in sorted(named) if each]

    def name_of(self, agent: str) -> str | None:
        """By the people in force."""
        return self._hub.name_of(agent, self._now())

    def situation(self, agent: str) -> Situation:
        """See DeskSource."""
        return self._floor.situation(agent)

    def watch(self, agent: str, event: asyncio.Event) -> Callable[[], None]:
        """See DeskSource."""
        return self._floor.watch(agent, event)

    async def rules(self) -> Rules:
        """Those of the last seconds: every open desk asks for them at every change."""
        clock = asyncio.get_running_loop().time()
        if self._rules is None or clock - self._rules[0] >= RULES_SECONDS:
            self._rules = clock, await asyncio.to_thread(lambda: self._reading.rules)
        return self._rules[1]

    # -- what is read ----------------------------------------------------------------------

    async def look(self, agent: str, call: str | None, customer: str | None, which: OwedList) -> Looked:
        """See DeskSource."""
        situation, today, heard = self.situation(agent), self._today().get(agent, Tally()), self._heard(agent, call)

        def read() -> Looked:
            rules = self._reading.rules
            with self._reading.engine.connect() as connection:
                wish = Wish(agent=agent, call=call, customer=customer)
                return Looked(
                    situation=situation,
                    hand=self._hands.hand(connection, rules, wish, heard),
                    owing=self._owing(connection, rules, agent, which, SHOWN),
                    mine=self._mine(connection, agent, today),
                )

        return await asyncio.to_thread(read)

    async def mine(self, agent: str) -> Mine:
        """See DeskSource."""
        today = self._today().get(agent, Tally())

        def read() -> Mine:
            with self._reading.engine.connect() as connection:
                return self._mine(connection, agent, today)

        return await asyncio.to_thread(read)

    async def hand(self, agent: str, call: str | None, customer: str | None = None, asked: str = "") -> Hand | None:
        """See DeskSource."""
        heard = self._heard(agent, call)

        def read() -> Hand | None:
            rules = self._reading.rules
            with self._reading.engine.connect() as connection:
                wish = Wish(agent=agent, call=call, customer=customer, asked=asked)
                return self._hands.hand(connection, rules, wish, heard)

        return await asyncio.to_thread(read)

    async def owing(self, agent: str, which: OwedList, limit: int) -> Owing:
        """See DeskSource."""

        def read() -> Owing:
            rules = self._reading.rules
            with self._reading.engine.connect() as connection:
                return self._owing(connection, rules, agent, which, limit)

        return await asyncio.to_thread(read)

    async def preview(self, agent: str, follow_up: str) -> Preview | None:
        """See DeskSource."""
        return await asyncio.to_thread(self._preview, agent, follow_up)

    async def calls(self, agent: str) -> MyCalls:
        """See DeskSource."""

        def read() -> MyCalls:
            with self._reading.engine.connect() as connection:
                return self._calls(connection, agent, self._now())

        return await asyncio.to_thread(read)

    async def objections(self, agent: str) -> Objections:
        """See DeskSource."""

        def read() -> Objections:
            now = self._now()
            with self._reading.engine.connect() as connection:
                months = dict.fromkeys(
                    each.period for each in load_issues(connection) if now < each.objections_until
                )
                raised = tuple(each for each in objections.load_objections(connection) if each.agent == agent)
            return Objections(open_months=tuple(months), raised=raised[::-1])

        return await asyncio.to_thread(read)

    # -- what is written -------------------------------------------------------------------

    async def keep_draft(self, agent: str, call: str, fields: Mapping[str, str]) -> datetime | None:
        """See DeskSource."""
        heard = self._heard(agent, call)

        def write() -> datetime | None:
            now = self._now()
            with self._writing.engine.begin() as connection:
                if heard is None and not desk_reading.was_his(connection, call, agent):
                    return None
                call_records.keep_draft(connection, agent, call, fields, now)
            return now

        return await asyncio.to_thread(write)

    async def record(
        self, agent: str, call: str, fields: Mapping[str, str], visitor: Visitor, address: str
    ) -> None:
        """See DeskSource."""
        hand = await self.hand(agent, call, fields.get("customer") or None, fields.get("number", "").strip())
        if hand is None:
            raise LookupError(call)
        now = self._now()

        def write() -> None:
            form = read_form(fields, hand.around)
            spoken = Spoken(
                call=hand.call,
                agent=agent,
                by=visitor.name or agent,
                caller=hand.caller,
                at=max(now, hand.call.started_at),
            )

            def also(connection: Connection, changes: Sequence[Change]) -> None:
                details: Details = {"agent": agent, "outcome": form.outcome.id, "follow_ups": len(changes)}
                self._note(connection, visitor, Act.CHANGED, f"call {hand.call.id}", address, details)

            record(self._writing, form, spoken, also)

        await asyncio.to_thread(write)

    async def dial(self, agent: str, follow_up: str, visitor: Visitor, address: str) -> None:
        """See DeskSource."""

        def write() -> None:
            wanted = Click(agent=agent, by=visitor.name or agent, follow_up=follow_up)
            attempt = clicking.call(self._writing, wanted, self._now())
            with self._writing.engine.begin() as connection:
                details: Details = {"agent": agent, "attempt": attempt.id}
                self._note(connection, visitor, Act.ACTED, f"follow-up {follow_up}", address, details)

        await asyncio.to_thread(write)

    async def object(self, agent: str, told: Mapping[str, str], visitor: Visitor, address: str) -> None:
        """See DeskSource."""

        def write() -> None:
            now = self._now()
            month = read_month(told.get("period", ""), now.astimezone(self._hub.policy.zone).date())
            period = month_period(month.year, month.month, self._hub.policy.zone)
            with self._writing.engine.begin() as connection:
                made = objections.raise_objection(
                    connection,
                    agent=agent,
                    period=period,
                    about=_about(told.get("about", "")),
                    target_id=told.get("target", "").strip() or None,
                    text=told.get("text", ""),
                    at=now,
                )
                details: Details = {"agent": agent, "period": period.label}
                self._note(connection, visitor, Act.CHANGED, made.title, address, details)

        await asyncio.to_thread(write)

    def _note(
        self,
        connection: Connection,
        visitor: Visitor,
        act: Act,
        subject: str,
        address: str,
        details: Details,
    ) -> None:
        entry = Entry(at=self._now(), visitor=visitor, act=act, subject=subject, address=address, details=details)
        audit.note(connection, entry)

    # -- parts -----------------------------------------------------------------------------

    def _today(self) -> Mapping[str, Tally]:
        """The day's figures by agent, at most two seconds old."""
        clock = asyncio.get_running_loop().time()
        if clock - self._figures[0] >= FIGURES_SECONDS:
            self._figures = clock, self._hub.figures.snapshot(self._now()).by_agent
        return self._figures[1]

    def _month_rows(self, connection: Connection, now: datetime) -> desk_reading.MonthRows:
        """The month's figures of all, at most half a minute old: every desk shows the same."""
        made, rows = self._months
        if now.timestamp() - made >= MONTH_SECONDS:
            policy = self._hub.policy
            local = now.astimezone(policy.zone)
            period = month_period(local.year, local.month, policy.zone)
            rows = desk_reading.month_rows(connection, policy, period, now, self._gaps)
            self._months = now.timestamp(), rows
        return rows

    def _heard(self, agent: str, call: str | None) -> CallRecord | None:
        """The call that goes on, as the hub has it: what rings now may not be stored yet."""
        situation = self.situation(agent)
        live = situation.call_id if situation.activity in HAS_A_CALL else None
        if live is None or call not in (None, live):
            return None
        return self._hub.current.any_record(live)

    def _calls(self, connection: Connection, agent: str, now: datetime) -> MyCalls:
        start = desk_reading.day_now(self._hub.policy, now).start
        return desk_reading.calls_of(connection, agent, start, now)

    def _mine(self, connection: Connection, agent: str, today: Tally) -> Mine:
        now, policy = self._now(), self._hub.policy
        row = self._month_rows(connection, now).get(agent)
        return Mine(
            month=desk_reading.month_of(connection, policy, agent, row, today, now),
            day=desk_reading.day_of(connection, agent, desk_reading.day_now(policy, now), now),
            missing=len(self._calls(connection, agent, now).missing),
        )

    def _owing(self, connection: Connection, rules: Rules, agent: str, which: OwedList, limit: int) -> Owing:
        now = self._now()
        moment, whose = moment_of(rules, now), Whose(owners=(agent,))
        page = stored_lists.load_page(connection, lists.STATES[which], whose, moment, limit=limit)
        counted = stored_lists.count_views(connection, whose, moment)
        return Owing(
            which=which,
            items=page.items,
            customers=lists.customers_of(connection, page.items),
            counts={each.value: counted[lists.STATES[each]] for each in OwedList},
            rules=rules,
            now=now,
        )

    def _preview(self, agent: str, identity: str) -> Preview | None:
        rules, now = self._reading.rules, self._now()
        with self._reading.engine.connect() as connection:
            found = load_follow_ups(connection, [identity]).get(identity)
            if found is None or not may_do(agent, found, now, rules):
                return None
            customer = lists.customers_of(connection, [found]).get(found.customer)
            return Preview(
                follow_up=found,
                customer=customer,
                history=self._hands.history(connection, customer, found.number, ()),
                attempts=found.counted,
            )


def _about(text: str) -> About:
    try:
        return About(text)
    except ValueError:
        raise QueryError("about", text, "one of " + ", ".join(About)) from None
