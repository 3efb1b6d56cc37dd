"""What the pages of closing a month are handed: how it stands, and what is done about it. Blocking work, in threads."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from importlib.metadata import version

from sqlalchemy import Connection, Engine

from analytics.closing import exemptions, issues, objections, sign_offs
from analytics.closing.issues import draft_of
from analytics.closing.month import Month
from analytics.closing.objections import WINDOW_DAYS, Answer, window_end
from analytics.closing.records import Exemption, Issue, Kind, Objection, Reason
from analytics.metrics.cells import parse_groups
from analytics.metrics.periods import Period, month_period
from analytics.people.people_store import load_roster
from analytics.reports.minutes import minutes_report
from analytics.reports.report import Report
from analytics.reports.three_rings import three_rings_report
from analytics.sources import figures_of
from analytics.storage.queries import Gaps
from config.policies import Policy
from config.settings import Settings
from service.auth.audit import Act, Entry, note
from service.auth.rights import Visitor
from service.gap_calls import calls_of_gap
from service.open_gaps import is_within, open_gaps
from service.pipeline.gaps import Gap

REPORTS = ("minutes", "three-rings")
"""What a month is closed with."""
GROUPS = "agent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Closer:
    """Who does something: the visitor, from where, and the name that goes on record."""

    visitor: Visitor
    address: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """A month with all that is on record of it."""

    period: Period
    month: Month
    objections: tuple[Objection, ...]
    exemptions: tuple[Exemption, ...]


class StoredClosing:
    """See service.dashboard.closing. `reading` refuses writes, `writing` does not; `gaps` are those that are known."""

    def __init__(
        self,
        reading: Engine,
        writing: Engine,
        settings: Settings,
        policy: Callable[[], Policy],
        within: Gaps,
        gaps: Callable[[], Iterable[Gap]],
        now: Callable[[], datetime],
    ) -> None:
        self._reading, self._writing = reading, writing
        self._settings, self._policy = settings, policy
        self._within, self._gaps, self.now = within, gaps, now

    def period(self, month: date) -> Period:
        """A month by the centre's clocks and its start of day."""
        return month_period(month.year, month.month, self._settings.zone, self._policy().day_start)

    async def month(self, month: date) -> Closing:
        """How it stands. Raises SQLAlchemyError, as all that follows."""
        return await asyncio.to_thread(self._month, self.period(month))

    async def issue(self, month: date, who: Closer, report: str, reason: str | None) -> Issue:
        """Freeze a report as it is now. Raises ClosingError."""
        return await asyncio.to_thread(self._issue, self.period(month), who, report, reason)

    async def sign(self, month: date, who: Closer, words: str | None, in_spite: str | None) -> None:
        """Sign the newest issues. Raises ClosingError, UnreadyError."""
        await asyncio.to_thread(self._sign, self.period(month), who, words, in_spite)

    async def answer(self, objection: int, who: Closer, *, uphold: bool, text: str) -> None:
        """Answer an objection. Raises ClosingError."""

        def work(connection: Connection) -> str:
            told = Answer(uphold=uphold, by=who.name, text=text)
            return objections.decide(connection, objection, told, self.now()).title

        await self._write(who, "answer", work, upheld=uphold)

    async def ask(self, who: Closer, kind: Kind, target: str, reason: Reason, text: str) -> None:
        """Ask for an exemption. Raises ClosingError."""

        def work(connection: Connection) -> str:
            asked = exemptions.ask(
                connection, kind=kind, target_id=target, reason=reason, text=text, by=who.name, at=self.now()
            )
            return asked.title

        await self._write(who, "ask", work, reason=reason.value)

    async def decide(self, exemption: int, who: Closer, *, approve: bool) -> None:
        """Decide what another person has asked for. Raises ClosingError."""

        def work(connection: Connection) -> str:
            return exemptions.decide(connection, exemption, approve=approve, by=who.name, at=self.now()).title

        await self._write(who, "decide", work, approved=approve)

    async def withdraw(self, exemption: int, who: Closer) -> None:
        """Take an exemption back. Raises ClosingError."""

        def work(connection: Connection) -> str:
            return exemptions.withdraw(connection, exemption, by=who.name, at=self.now()).title

        await self._write(who, "withdraw", work)

    # -- in threads ------------------------------------------------------------------------

    def _month(self, period: Period) -> Closing:
        with self._reading.connect() as connection:
            return Closing(
                period=period,
                month=sign_offs.load_month(connection, period, self._open_gaps(connection, period), self.now()),
                objections=objections.load_objections(connection, period.start, period.end),
                exemptions=exemptions.load_exemptions(connection, period.start, period.end),
            )

    def _open_gaps(self, connection: Connection, period: Period) -> tuple[str, ...]:
        logs = {pbx.name: pbx.logs for pbx in self._settings.pbxs}
        found = [gap for gap in self._gaps() if is_within(gap, period.start, period.end) and gap.pbx in logs]
        return open_gaps((gap, calls_of_gap(connection, gap), logs[gap.pbx]) for gap in found)

    def _issue(self, period: Period, who: Closer, name: str, reason: str | None) -> Issue:
        now = self.now()
        with self._reading.connect() as connection:
            report = self._report(connection, name, period, now)
        groups = tuple(each.value for each in parse_groups(GROUPS))
        draft = draft_of(
            report,
            period,
            groups,
            self._policy(),
            issued_by=who.name,
            issued_at=now,
            objections_until=window_end(now, WINDOW_DAYS, self._settings.zone),
            program=version("threerings"),
            reason=reason,
        )
        done = issues.issue(self._writing, draft)
        with self._writing.begin() as connection:
            self._note(connection, who, "issue", done.title, {"id": done.id})
        return done

    def _report(self, connection: Connection, name: str, period: Period, now: datetime) -> Report:
        policy = self._policy()
        source, groups = figures_of(connection, policy, self._within), parse_groups(GROUPS)
        if name == "minutes":
            return minutes_report(source, policy, period, now, groups, load_roster(connection, policy.zone))
        return three_rings_report(source, policy, period, now, groups)

    def _sign(self, period: Period, who: Closer, words: str | None, in_spite: str | None) -> None:
        with self._writing.begin() as connection:
            gaps = self._open_gaps(connection, period)
            sign_offs.sign(connection, period, gaps=gaps, by=who.name, at=self.now(), note=words, in_spite=in_spite)
            self._note(connection, who, "sign", f"month {period.label}", {"in_spite": in_spite})

    async def _write(
        self, who: Closer, step: str, work: Callable[[Connection], str], **details: str | bool
    ) -> None:
        def write() -> None:
            with self._writing.begin() as connection:
                self._note(connection, who, step, work(connection), details)

        await asyncio.to_thread(write)

    def _note(
        self,
        connection: Connection,
        who: Closer,
        step: str,
        subject: str,
        details: dict[str, str | bool] | dict[str, int] | dict[str, str | None],
    ) -> None:
        told: dict[str, str | int | bool | None] = {"step": step, "by": who.name, **details}
        entry = Entry(
            at=self.now(), visitor=who.visitor, act=Act.CHANGED, subject=subject, address=who.address, details=told
        )
        note(connection, entry)
