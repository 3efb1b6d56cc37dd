"""The pages of figures: three rings in both views, the month's minutes, the reports. They count nothing themselves."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from aiohttp import web

from analytics.closing.month import newest_of_each
from analytics.closing.records import Issue
from analytics.metrics.cells import Group
from analytics.metrics.query import Result
from analytics.metrics.spreads import reached_by
from analytics.reports.quota import Progress, progress_of
from service.auth.rights import Right
from service.auth.visiting import need
from service.dashboard import numerals
from service.dashboard.definitions import define
from service.dashboard.figures import people, ring_rows
from service.dashboard.figures.asking import About, known_counts, values_of
from service.dashboard.figures.cells import FigTile, tile
from service.dashboard.figures.minutes_open import Opened, opened_row
from service.dashboard.figures.minutes_rows import COLUMNS, Row, by_tier, month_rows
from service.dashboard.figures.minutes_tiles import claim_tile, floor_tiles
from service.dashboard.figures.page import FigurePage, hours_chart
from service.dashboard.figures.rings_chart import Rings, bins_of, histogram, not_answered, rate_of, rule_text
from service.dashboard.figures.tables import Columns
from service.dashboard.query import QueryError, check_keys
from service.dashboard.words import Words
from telephony.clock import to_microseconds

VIEWS = ("agent", "caller")
WORST = 8


class FigurePages(FigurePage):
    """The handlers, over one source."""

    places = frozenset({"three-rings", "minutes", "reports"})

    def routes(self) -> list[web.RouteDef]:
        """Of these pages."""
        return [
            web.get("/three-rings", self.three_rings),
            web.get("/minutes", self.minutes),
            web.get("/minutes/{month}", self.minutes),
            web.get("/reports", self.reports),
        ]

    # -- three rings -----------------------------------------------------------------------

    async def three_rings(self, request: web.Request) -> web.Response:
        """GET /three-rings: how soon phones were answered, in the agent's view or the caller's."""
        need(request, Right.FIGURES)
        check_keys(request.query, ("period", "view", "queue", "sort", "after"))
        view = self._one_of("view", request.query.get("view", "agent"), VIEWS)
        about = self._about(request, "today", queue=request.query.get("queue", ""))
        if not about.scope.may_see():
            return self._frame.missing(request)
        return await (self._agents_view if view == "agent" else self._callers_view)(request, about)

    async def _agents_view(self, request: web.Request, about: About) -> web.Response:
        reader, words = self._frame.reader(request)
        columns = Columns(
            metrics=people.RING_COLUMNS,
            sort=request.query.get("sort", ""),
            after=request.query.get("after", ""),
            reader=reader,
        )
        period = about.spell.period(about.policy)
        seen = about.scope.seen
        asking = self._source.ask(
            [
                about.query((*ring_rows.AGENT_TILES, *ring_rows.NOTED), distributions=("ring_spread",)),
                about.query((*ring_rows.AGENT_TILES, *ring_rows.NOTED), spell=about.spell.compared()),
                about.query(("three_ring_rate",), Group.QUEUE),
                about.query(columns.metrics, Group.AGENT),
                about.query(("callers_rung", "caller_three_ring_rate"), Group.HOUR),
                about.known(),
            ]
        )
        losing = self._source.lost(
            period,
            None if seen.everything or not seen.agents else seen.agents,
            frozenset({about.scope.queue})
            if about.scope.queue
            else None
            if seen.everything
            else seen.queues or None,
        )
        (whole, before, by_queue, by_agent, by_hour, known), lost = await asyncio.gather(asking, losing)
        values, spread = values_of(whole), whole.row().spreads["ring_spread"]
        notes = ring_rows.agent_notes(words, values, *(reached_by(spread, Fraction(n, 20)) for n in (10, 19)))
        picture = Rings(
            rule=about.policy.resolve(period.start).ring, bins=bins_of(spread, not_answered(lost)),
            within=int(values["ring_within"] or 0), counted=int(values["ring_offered"] or 0),
            value=rate_of(values["three_ring_rate"]),
        )  # fmt: skip
        entries = people.agent_entries(words, by_agent, (), about.policy, about.spell, self._source.name_of, {})
        return self._shown_rings(
            request, about, words, view="agent", known=known_counts(known), picture=histogram(words, picture),
            tiles=people.strip(words, ring_rows.AGENT_TILES, values, values_of(before), about.opener(), notes),
            queues=ring_rows.by_queue(words, by_queue, about, "three_ring_rate"),
            hours=hours_chart(words, by_hour, "callers_rung", "caller_three_ring_rate", about.opener(), None),
            worst=ring_rows.worst(words, lost[:WORST], about, self._source.name_of),
            late=about.opener().fig(words, "ring_late", values),
            losses=about.opener().fig(words, "ring_losses", values),
            table=columns.table(words, about.opener(), entries),
        )  # fmt: skip

    async def _callers_view(self, request: web.Request, about: About) -> web.Response:
        reader, words = self._frame.reader(request)
        columns = Columns(
            metrics=ring_rows.CALLER_COLUMNS,
            sort=request.query.get("sort", ""),
            after=request.query.get("after", ""),
            reader=reader,
        )
        spreads = ("caller_spread", "caller_lost_spread")
        whole, before, by_queue, by_hour, known = await self._source.ask(
            [
                about.query(ring_rows.CALLER_TILES, distributions=spreads),
                about.query(ring_rows.CALLER_TILES, spell=about.spell.compared()),
                about.query(columns.metrics, Group.QUEUE),
                about.query(("callers_rung", "caller_three_ring_rate"), Group.HOUR),
                about.known(),
            ]
        )
        values, told = values_of(whole), whole.row().spreads
        rule = about.policy.resolve(about.spell.period(about.policy).start).ring
        picture = Rings(
            rule=rule, bins=bins_of(told["caller_spread"], ring_rows.spread_out(told["caller_lost_spread"])),
            within=int(values["caller_within"] or 0), counted=int(values["callers_rung"] or 0),
            value=rate_of(values["caller_three_ring_rate"]),
        )  # fmt: skip
        return self._shown_rings(
            request, about, words, view="caller", known=known_counts(known), picture=histogram(words, picture),
            tiles=people.strip(words, ring_rows.CALLER_TILES, values, values_of(before), about.opener(), {}),
            queues=ring_rows.by_queue(words, by_queue, about, "caller_three_ring_rate"),
            hours=hours_chart(words, by_hour, "callers_rung", "caller_three_ring_rate", about.opener(), None),
            worst=None, late=None, losses=None,
            table=columns.table(words, about.opener(), people.queue_entries(by_queue, about.spell, about.rules)),
        )  # fmt: skip

    def _shown_rings(self, request: web.Request, about: About, words: Words, **values: object) -> web.Response:
        reader = self._frame.reader(request)[0]
        rule = about.policy.resolve(about.spell.period(about.policy).start).ring
        return self._shown(
            "three_rings.html", request, about, words, rule_text=rule_text(words, rule),
            views=[(each, reader.here(view="" if each == "agent" else each, sort="")) for each in VIEWS],
            queue=about.scope.queue, **values,
        )  # fmt: skip

    # -- minutes -----------------------------------------------------------------------------

    async def minutes(self, request: web.Request) -> web.Response:
        """GET /minutes/2026-11: who is behind, and what he must do a day."""
        need(request, Right.FIGURES)
        check_keys(request.query, ("open", "period", "after"))
        reader, words = self._frame.reader(request)
        about = self._about(request, "month", period=request.match_info.get("month", ""))
        if not about.spell.is_month:
            raise QueryError("period", about.spell.key, "a month such as 2026-11")
        period = about.spell.period(about.policy)
        seen = about.scope.seen
        agents = None if seen.everything else seen.agents
        opened = request.query.get("open", "")
        one = replace(about, scope=about.scope.of_agent(opened))
        asking = self._source.ask(
            [
                about.query(COLUMNS, Group.AGENT),
                about.query(COLUMNS),
                about.query(("talk_minutes",), Group.AGENT, spell=about.spell.compared()),
                about.query(("talk_minutes",), spell=about.spell.compared()),
                about.known(),
                # Of the same figures, though a row shows fewer: what was counted of them is counted once.
                *(one.query(COLUMNS, group) for group in (Group.DAY, Group.CODE) if opened),
            ]
        )
        (by_agent, whole, earlier, before, known, *of_one), balances, roster, issues = await asyncio.gather(
            asking, self._source.balances(period, agents), self._source.roster(), self._source.issues(period)
        )
        newest = next((each for each in newest_of_each(issues) if each.report == "minutes"), None)
        issued = await self._source.issued_minutes(newest.id) if newest else {}
        named = people.agents_in(about.policy, period, seen, "")
        found = month_rows(
            {*named, *(row.key[0] for row in by_agent.rows if row.key[0])},
            lambda agent: values_of(by_agent, agent),
            lambda agent: values_of(earlier, agent)["talk_minutes"],
            balances, issued, about.policy, roster, period, to_microseconds(about.as_of), self._source.name_of,
        )  # fmt: skip
        after = request.query.get("after", "")
        groups, following = by_tier(words, found, about.policy, period, about.opener(), reader, opened, after)
        is_open = opened in {each.agent for each in found}
        parts = await self._opened(words, one, opened, of_one) if is_open else None
        progress = progress_of(about.policy, (), period, to_microseconds(about.as_of))
        return self._shown(
            "minutes.html", request, about, words, known=known_counts(known), opened=parts,
            tiles=self._minute_tiles(words, about, whole, before, found),
            groups=groups, next_page=reader.here(after=following, open="") if following else "",
            first_page=reader.here(after="", open="") if after else "", all_agents=len(found),
            passed=_passed(words, progress) if about.spell.unfinished else "", issue=newest,
            issue_text=_issue_text(words, newest) if newest else "", months=_months(about),
            defs={each: define(each, words) for each in COLUMNS},
        )  # fmt: skip

    def _minute_tiles(
        self, words: Words, about: About, whole: Result, before: Result, found: list[Row]
    ) -> list[FigTile]:
        opener = about.opener()
        values, was = values_of(whole), values_of(before)
        tiles = people.strip(words, ("talk_minutes",), values, {**values, **was}, opener, {})
        talks = words.ngettext("%(n)s talk", "%(n)s talks", int(values["calls_handled"] or 0))
        mean = opener.fig(words, "average_talk", values)
        return [
            *tiles,
            tile(words, mean, talks),
            *floor_tiles(words, found, unfinished=about.spell.unfinished),
            claim_tile(words, found),
        ]

    async def _opened(self, words: Words, one: About, agent: str, found: Sequence[Result]) -> Opened:
        """The days, codes and differences of one row."""
        by_day, by_code = found
        balance = await self._source.compared(one.spell.period(one.policy), agent)
        return opened_row(words, one, agent, by_day, by_code, balance)

    # -- reports -----------------------------------------------------------------------------

    async def reports(self, request: web.Request) -> web.Response:
        """GET /reports: what there is, as pages and files, and what was issued."""
        need(request, Right.FIGURES)
        check_keys(request.query, ("period",))
        words = self._frame.words_for(request)
        about = self._about(request, "month")
        (known,) = await self._source.ask([about.known()])
        issues = await self._source.issues(None)
        shown = [(each, words.moment(each.issued_at), _issue_text(words, each)) for each in reversed(issues)]
        return self._shown("reports.html", request, about, words, known=known_counts(known), issues=shown[:100])


def _passed(words: Words, progress: Progress) -> str:
    """How much of the month's work lies behind, in words."""
    share = Fraction(progress.passed, progress.whole) if progress.whole else None
    return "" if share is None else words.gettext("%(n)s%% of the working time gone", n=numerals.percent(share))


def _issue_text(words: Words, issue: Issue) -> str:
    said = words.gettext("No. %(n)s, issued by %(by)s", n=issue.number, by=issue.issued_by)
    if issue.signed_at is None:
        return said + " · " + words.gettext("not signed")
    return said + " · " + words.gettext("signed by %(by)s", by=issue.signed_by or "")


def _months(about: About) -> tuple[str, str]:
    """The addresses of the month before and the one after; '' where that has not begun."""
    after = about.spell.after()
    return f"/minutes/{about.spell.before().key}", f"/minutes/{after.key}" if after else ""
