"""The pages: read the URL, ask the live state, make the view, render. No figure is computed here."""

from __future__ import annotations

from dataclasses import replace

from aiohttp import web

from service.auth.rights import Right
from service.auth.visiting import need
from service.dashboard import labels, rows, tiles
from service.dashboard.frame import Frame
from service.dashboard.gaps_view import shown_gaps
from service.dashboard.live_view import LiveState
from service.dashboard.minutes_view import minutes_groups
from service.dashboard.periods import CallFilter
from service.dashboard.query import (
    check_keys,
    next_month,
    previous_month,
    read_filter,
    read_month,
    read_period,
)
from service.dashboard.rings_view import days_of, histogram, rings_lines, rule_text
from service.dashboard.seen_parts import gaps_for, minutes_for, rings_for
from telephony.calls.facts import Direction, Disposition

REVEALED_SECONDS = 30


class Pages:
    """The handlers, over one live state."""

    def __init__(self, live: LiveState, frame: Frame) -> None:
        self._live = live
        self._frame = frame

    def routes(self) -> list[web.RouteDef]:
        """Of these pages."""
        return [
            web.get("/calls", self.calls),
            web.get("/gaps", self.gaps),
            web.get("/minutes", self.minutes),
            web.get("/three-rings", self.three_rings),
        ]

    # -- the pages -----------------------------------------------------------------------

    async def calls(self, request: web.Request) -> web.Response:
        """GET /calls: the calls of a day."""
        need(request, Right.RECORDS)
        reader, words = self._frame.reader(request)
        asked = read_filter(request.query, self._frame.today(words))
        wanted = replace(asked, seen=self._frame.seen(request))
        found = await self._live.calls(wanted)
        return self._frame.shown(
            "calls.html", request, known=found.known,
            day=words.day(wanted.day), wanted=wanted, filtered=_filtered(wanted), total=found.total,
            calls=[rows.call_row(words, each) for each in found.calls],
            next_page=reader.here(after=found.next_after) if found.next_after else "",
            first_page=reader.here(after="") if wanted.after else "",
            filter_agents=[(agent, words.person(agent, name)) for agent, name in found.agents],
            directions=[(each.value, rows.mark(words, labels.DIRECTIONS[each]).text) for each in Direction],
            dispositions=[(e.value, rows.mark(words, labels.DISPOSITIONS[e]).text) for e in Disposition],
        )  # fmt: skip

    async def gaps(self, request: web.Request) -> web.Response:
        """GET /gaps: when a PBX was not heard."""
        need(request, Right.RECORDS)
        words = self._frame.words_for(request)
        check_keys(request.query, ())
        ledger = gaps_for(await self._live.gap_ledger(), self._frame.seen(request))
        lines = shown_gaps(words, ledger)
        return self._frame.shown("gaps.html", request, lines=lines)

    async def minutes(self, request: web.Request) -> web.Response:
        """GET /minutes: a month's minutes."""
        need(request, Right.FIGURES)
        reader, words = self._frame.reader(request)
        check_keys(request.query, ("period",))
        this = self._frame.today(words).replace(day=1)
        wanted = read_month(request.query.get("period", ""), this)
        month = minutes_for(await self._live.minutes(wanted), self._frame.seen(request))
        following = next_month(wanted)
        return self._frame.shown(
            "minutes.html", request, known=month.known,
            gaps=month.gaps, month=words.month(wanted), as_of_text=words.moment(month.as_of),
            tiles=tiles.minutes_tiles(words, month), groups=minutes_groups(words, month),
            previous=reader.here(period=f"{previous_month(wanted):%Y-%m}"),
            following=reader.here(period=f"{following:%Y-%m}") if following <= this else "",
            is_current=wanted == this,
        )  # fmt: skip

    async def three_rings(self, request: web.Request) -> web.Response:
        """GET /three-rings: how soon phones were answered."""
        need(request, Right.FIGURES)
        words = self._frame.words_for(request)
        check_keys(request.query, ("period",))
        asked = request.query.get("period", "today")
        start, end = read_period(asked, self._frame.today(words))
        period = rings_for(await self._live.three_rings(start, end), self._frame.seen(request))
        return self._frame.shown(
            "three_rings.html", request, known=period.known,
            gaps=period.gaps, days=days_of(period, words), asked=asked, rule_text=rule_text(period, words),
            never_rang=None if period.partial else period.never_rang, tiles=tiles.ring_tiles(words, period),
            lines=rings_lines(words, period), picture=histogram(words, period),
        )  # fmt: skip


def _filtered(wanted: CallFilter) -> bool:
    return any((wanted.direction, wanted.disposition, wanted.agent))
