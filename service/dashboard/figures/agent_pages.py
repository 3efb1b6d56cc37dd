"""The pages of agents, all and one. They read the address, ask, and show; they count nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import date
from urllib.parse import urlencode

from aiohttp import web

from analytics.metrics.cells import Group
from analytics.metrics.periods import clock_of
from analytics.reports.minutes import tier_of
from analytics.storage.call_lists import CallChoice
from service.auth.rights import Right
from service.auth.visiting import need
from service.dashboard import rows
from service.dashboard.elements import one_line
from service.dashboard.figures import people
from service.dashboard.figures.asking import About, known_counts, values_of
from service.dashboard.figures.call_query import CallQuery
from service.dashboard.figures.call_rows import call_line
from service.dashboard.figures.cells import Fig
from service.dashboard.figures.day_lines import days_before, week_of
from service.dashboard.figures.page import FigurePage
from service.dashboard.figures.rates_bar import rates_bar
from service.dashboard.figures.rings_chart import Rings, bins_of, histogram, not_answered, rate_of
from service.dashboard.figures.source import Asked
from service.dashboard.figures.spells import Spell
from service.dashboard.figures.tables import Columns, Entry, Named
from service.dashboard.query import check_keys
from service.dashboard.tiles import Level
from service.dashboard.words import Words
from telephony.clock import to_microseconds

RECENT = 8
WEEK = 7
TABS = ("overview", "days", "codes")


class AgentPages(FigurePage):
    """The handlers, over one source."""

    places = frozenset({"agents"})

    def routes(self) -> list[web.RouteDef]:
        """Of these pages."""
        return [
            web.get("/agents", self.agents),
            web.get("/agents/now", self.now),
            web.get("/agents/{agent}", self.agent),
        ]

    # -- agents --------------------------------------------------------------------------

    async def agents(self, request: web.Request) -> web.Response:
        """GET /agents: who did how much, and who does what now."""
        need(request, Right.RECORDS)
        check_keys(request.query, ("period", "group", "sort", "after"))
        reader, words = self._frame.reader(request)
        about = self._about(request, "today", group=request.query.get("group", ""))
        columns = Columns(
            metrics=people.AGENT_COLUMNS,
            sort=request.query.get("sort", ""),
            after=request.query.get("after", ""),
            reader=reader,
        )
        earlier = about.spell.compared()
        by_agent, whole, before, known = await self._source.ask(
            [
                about.query(columns.metrics, Group.AGENT),
                about.query(columns.metrics),
                about.query(columns.metrics, spell=earlier),
                about.known(),
            ]
        )
        seen, policy = about.scope.seen, about.policy
        period = about.spell.period(policy)
        table = columns.table(
            words,
            about.opener(),
            people.agent_entries(
                words, by_agent, people.agents_in(policy, period, seen, about.scope.group), policy, about.spell,
                self._source.name_of, people.states_of(words, self._source.agents_now()),
            ),
            people.whole_entries(words, whole, before, about.opener(), about.opener(earlier), 2),
        )  # fmt: skip
        return self._shown(
            "agents.html", request, about, words, known=known_counts(known), table=table,
            groups=[(each, each) for each in self._groups(about)], group=about.scope.group,
        )  # fmt: skip

    async def now(self, request: web.Request) -> web.Response:
        """GET /agents/now: what each agent does at this moment, as a tag; what the page of agents asks for anew."""
        need(request, Right.RECORDS)
        check_keys(request.query, ())
        words, seen = self._frame.words_for(request), self._frame.seen(request)
        tag = self._renderer.fragment("macros.html", "tag", words.language)
        told = people.states_of(words, self._source.agents_now())
        tags = {agent: one_line(tag(mark)) for agent, mark in told.items() if seen.agent(agent)}
        return web.json_response(tags, headers={"Cache-Control": "no-store"})

    async def agent(self, request: web.Request) -> web.Response:
        """GET /agents/1003: one agent's days, ringing and calls."""
        need(request, Right.RECORDS)
        check_keys(request.query, ("period", "tab", "sort", "after"))
        _, words = self._frame.reader(request)
        agent = request.match_info["agent"]
        about = self._about(request, "month", agent=agent)
        tab = self._one_of("tab", request.query.get("tab", "overview"), TABS)
        if not await self._is_agent(about, agent):
            return self._frame.missing(request)
        earlier = about.spell.compared()
        metrics = (*people.AGENT_TILES, "ring_within", "calls_handled")
        values, before, sounds, sounds_before = await self._source.ask(
            [
                about.query(metrics),
                about.query(metrics, spell=earlier),
                about.query(people.SOUNDS),
                about.query(people.SOUNDS, spell=earlier),
            ]
        )
        period = about.spell.period(about.policy)
        tiles = people.strip(
            words, people.AGENT_TILES, values_of(values), values_of(before), about.opener(),
            await self._agent_notes(words, about, agent, values_of(values)),
        )  # fmt: skip
        parts = await (
            self._overview(request, about, agent) if tab == "overview" else self._rows(request, about, tab)
        )
        doing = people.states_of(words, self._source.agents_now()).get(agent)
        name = words.person(agent, self._source.name_of(agent, period.start))
        return self._shown(
            "agent.html", request, about, words, agent=agent, name=name, tab=tab, tiles=tiles, doing=doing,
            initial=rows.initial_of(name), called=agent if name != agent else "",
            place=" · ".join(filter(None, people.place_of(words, about.policy, agent, period)[::-1])),
            all_calls=f"/calls?{urlencode({'agent': agent, 'period': about.spell.key})}",
            sounds=people.sound_strip(words, values_of(sounds), values_of(sounds_before), about, about.opener()),
            rates=rates_bar(words, values_of(sounds)),
            **parts,
        )  # fmt: skip

    async def _is_agent(self, about: About, agent: str) -> bool:
        """Whether there is such an agent whom the visitor sees: the policy names him, or he did something."""
        if not about.scope.may_see():
            return False
        if any(each.agent == agent for each in about.policy.agents):
            return True
        choice = CallChoice(start_us=0, end_us=to_microseconds(about.as_of), involved=about.scope.involved)
        return bool((await self._source.calls(Asked(choice=choice, limit=1))).calls)

    async def _agent_notes(
        self, words: Words, about: About, agent: str, values: Mapping[str, object]
    ) -> dict[str, tuple[str, Level]]:
        """How the month's minutes stand to the floor, and what the rate is of."""
        notes: dict[str, tuple[str, Level]] = {}
        tier = tier_of(about.policy, agent, about.spell.period(about.policy))
        if about.spell.is_month and tier and tier.floor_minutes is not None:
            reached = int(str(values["talk_minutes"] or 0)) >= tier.floor_minutes * 60_000
            said = words.gettext("floor %(n)s reached") if reached else words.gettext("floor %(n)s")
            notes["talk_minutes"] = (said % {"n": f"{tier.floor_minutes:,}"}, Level.GOOD if reached else Level.NONE)
        if values["ring_offered"]:
            notes["three_ring_rate"] = (f"{values['ring_within']:,} / {values['ring_offered']:,}", Level.NONE)
        return notes

    async def _overview(self, request: web.Request, about: About, agent: str) -> dict[str, object]:
        """The lines of the last days, how long his phone rang, and his last calls."""
        words = self._frame.words_for(request)
        spell, policy = about.spell, about.policy
        last = min(spell.end, spell.today.fromordinal(spell.today.toordinal() + 1))
        days = days_before(last.fromordinal(last.toordinal() - 1), WEEK)
        week = Spell(start=days[-1], end=last, today=spell.today)
        period = spell.period(policy)
        by_day, rings = await self._source.ask(
            [
                about.query(("talk_minutes",), Group.DAY, spell=week),
                about.query(("three_ring_rate", "ring_within"), distributions=("ring_spread",)),
            ]
        )
        choice = CallChoice(start_us=period.start_us, end_us=period.end_us, involved=about.scope.involved)
        stretches, lost, page = await asyncio.gather(
            self._source.stretches(agent, week.period(policy)),
            self._source.lost(period, frozenset({agent}), None),
            self._source.calls(Asked(choice=choice, limit=RECENT)),
        )
        clock = clock_of(policy)
        minutes = {day: self._day_figure(words, about, day, by_day.row(day.isoformat()).values) for day in days}
        whole = need(request, Right.RECORDS).may("numbers")
        wanted = CallQuery(spell=Spell(start=spell.start, end=spell.end, today=spell.today), scope=about.scope)
        figures = rings.row()
        return {
            "week": week_of(words, clock, stretches, minutes, to_microseconds(about.as_of)),
            "picture": histogram(
                words,
                Rings(
                    rule=policy.resolve(period.start).ring,
                    bins=bins_of(figures.spreads["ring_spread"], not_answered(lost)),
                    within=int(figures.values["ring_within"] or 0),
                    counted=int(figures.values["ring_offered"] or 0),
                    value=rate_of(figures.values["three_ring_rate"]),
                ),
                narrow=True,
            ),
            "calls": [call_line(words, each, wanted, whole=whole) for each in page.calls],
            "known": page.known if page.known.observed_share is not None else None,
            "total": page.total,
            "roughly": page.roughly,
        }  # fmt: skip

    def _day_figure(self, words: Words, about: About, day: date, values: Mapping[str, object]) -> Fig:
        one = Spell(start=day, end=day.fromordinal(day.toordinal() + 1), today=about.spell.today)
        return about.opener(one).fig(words, "talk_minutes", values)  # type: ignore[arg-type]

    async def _rows(self, request: web.Request, about: About, tab: str) -> dict[str, object]:
        """His figures day by day, or by service code."""
        reader, words = self._frame.reader(request)
        columns = Columns(
            metrics=people.DAY_COLUMNS,
            sort=request.query.get("sort", ""),
            after=request.query.get("after", ""),
            reader=reader,
        )
        if tab == "codes":
            columns = Columns(metrics=people.DAY_COLUMNS[:-1], sort=columns.sort, reader=reader)
        group = Group.DAY if tab == "days" else Group.CODE
        (found,) = await self._source.ask([about.query(columns.metrics, group)])
        entries = [
            self._row(words, about, tab, row.key[0], row.values)
            for row in found.rows
            if tab == "days" or row.key[0]
        ]
        return {"rows": columns.table(words, about.opener(), [each for each in entries if each])}

    def _row(self, words: Words, about: About, tab: str, key: str, values: Mapping[str, object]) -> Entry:
        if tab == "codes":
            return Entry(name=Named(text=key), values=values, filters={"code": key}, order=key)  # type: ignore[arg-type]
        day = date.fromisoformat(key)
        return Entry(name=Named(text=words.day(day)), values=values, filters={"period": key}, order=key)  # type: ignore[arg-type]
