"""The pages of follow-ups: coverage, what is behind its figures, work lists, the story of one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import structlog
from aiohttp import web

from schedulers.followups.rules import Rules
from schedulers.storage.seeing import Whom
from service.auth.rights import Right
from service.auth.visiting import need, visitor_of
from service.dashboard.frame import Frame
from service.dashboard.promises.acting import Acting
from service.dashboard.promises.asked import (
    BEHIND,
    COVERAGE,
    Asked,
    one_of,
    place_text,
    read_asked,
    read_place,
    read_standing,
    whom_of,
)
from service.dashboard.promises.calendar_view import cells_of, weekdays
from service.dashboard.promises.coverage_view import (
    Links,
    equation_of,
    kind_name,
    kind_rows,
    period_text,
    reason_name,
)
from service.dashboard.promises.exporting import Exporting
from service.dashboard.promises.hours_view import hours_of
from service.dashboard.promises.labels import LISTS, NOTHING, STANDINGS
from service.dashboard.promises.late_view import late_rows
from service.dashboard.promises.list_view import behind_rows, list_rows, tabs_of
from service.dashboard.promises.people import Teller
from service.dashboard.promises.source import ListAsked, PromiseSource, Question
from service.dashboard.promises.story_view import tell
from service.dashboard.query import QueryError, check_keys, next_month, previous_month
from service.dashboard.rendering import Renderer
from service.dashboard.words import Words
from service.desk.desk import kinds_of
from service.desk.lists import cursor_text, read_cursor

LISTED = ("state", "kind", "owner", "group", "branch", "after")
PERIODS = 4
"""So many months may be chosen by name, the next one first."""


class FollowUpPages:
    """The handlers, over one source."""

    places = frozenset({"followups"})

    def __init__(self, source: PromiseSource, frame: Frame, renderer: Renderer) -> None:
        self._source, self._frame = source, frame
        self._acting = Acting(source, frame, self.seen, self.teller)
        self._exporting = Exporting(source, frame, self.seen, self.teller)
        self._log = structlog.get_logger("service.dashboard")

    def routes(self) -> list[web.RouteDef]:
        """Of these pages."""
        return [
            web.get("/followups", self.coverage),
            web.get("/followups/items", self.behind),
            web.get("/followups/list", self.listed),
            web.get("/followups/{id:[0-9a-f]{20}}", self.story),
            *self._acting.routes(),
            *self._exporting.routes(),
        ]

    async def close(self, app: web.Application) -> None:
        """There is no stream to end."""

    def seen(self, request: web.Request) -> Whom | None:
        """Whose follow-ups who asks sees."""
        return whom_of(self._frame.seen(request), visitor_of(request).sight)

    def teller(self, request: web.Request) -> Teller:
        """In whose words, and how openly."""
        words = self._frame.words_for(request)
        return Teller(words=words, open=visitor_of(request).may("numbers"), name_of=self._source.name_of)

    # -- coverage --------------------------------------------------------------------------

    async def coverage(self, request: web.Request) -> web.Response:
        """GET /followups: what was due in a period, and how it stands."""
        need(request, Right.PROMISES)
        reader, words = self._frame.reader(request)
        check_keys(request.query, COVERAGE)
        asked = read_asked(request.query, self._frame.now(), words.zone, self.seen(request))
        proof = await self._source.proof(asked.question, asked.month)
        one_of("kind", request.query, kinds_of(proof.rules))
        links = Links(_kept(asked, request.query))
        equation = equation_of(words, proof, links)
        if not equation.holds:
            self._log.error("followups.equation_fails", due=equation.due, counted=equation.counted)
        teller = self.teller(request)
        return self._frame.shown(
            "promises_coverage.html", request, known=proof.known, asked=asked, e=equation,
            kinds=kind_rows(words, proof, links), late=late_rows(teller, proof),
            late_count=equation.parts[-1].count, late_link=equation.parts[-1].link,
            weekdays=weekdays(words), days=cells_of(words, proof, asked.month, links),
            month=words.month(asked.month), calls=proof.calls,
            previous=reader.here(month=f"{previous_month(asked.month):%Y-%m}"),
            following=reader.here(month=f"{next_month(asked.month):%Y-%m}"),
            hours=hours_of(words, proof.rules, proof.now, proof.calls) if proof.calls else None,
            as_of=_as_of(words, asked.question), as_of_text=words.moment(proof.as_of),
            periods=_periods(words, asked, self._frame.today(words)),
            kind_options=_kinds(words, proof.rules), groups=proof.groups, filtered=_filtered(request.query, COVERAGE),
            file=_file("coverage", reader.here()),
        )  # fmt: skip

    async def behind(self, request: web.Request) -> web.Response:
        """GET /followups/items: what is behind a figure."""
        need(request, Right.PROMISES)
        reader, words = self._frame.reader(request)
        check_keys(request.query, BEHIND)
        query = request.query
        asked = read_asked(query, self._frame.now(), words.zone, self.seen(request))
        standings, reason = read_standing(query), query.get("reason") or None
        place = read_place(query.get("after", ""))
        found = await self._source.behind(asked.question, standings, reason, place)
        one_of("kind", query, kinds_of(found.rules))
        named = [words.gettext(STANDINGS[each].message) for each in standings]
        kind = kind_name(words, found.rules, query["kind"]) if query.get("kind") else ""
        narrowed = [kind, query.get("group", ""), *named, reason_name(words, found.rules, reason) if reason else ""]
        return self._frame.shown(
            "promises_items.html", request, rows=behind_rows(self.teller(request), found), total=found.total,
            period=period_text(words, asked.question), narrowed=[each for each in narrowed if each],
            as_of_text=words.moment(found.as_of) if asked.question.as_of else "",
            back="/followups?" + reader.here(standing="", reason="", after="").partition("?")[2],
            next_page=reader.here(after=place_text(found.next)) if found.next else "",
            first_page=reader.here(after="") if place else "", file=_file("items", reader.here(after="")),
        )  # fmt: skip

    # -- work lists ------------------------------------------------------------------------

    async def listed(self, request: web.Request) -> web.Response:
        """GET /followups/list: what is to be done."""
        visitor = need(request, Right.PROMISES)
        reader, words = self._frame.reader(request)
        check_keys(request.query, LISTED)
        asked = self._list_asked(request)
        found = await self._source.listed(asked)
        one_of("kind", request.query, kinds_of(found.rules))
        teller = self.teller(request)
        return self._frame.shown(
            "promises_list.html", request, rows=list_rows(teller, found), tabs=tabs_of(words, found, asked.state),
            asked=asked, nothing=words.gettext(NOTHING[asked.state]), total=found.counts.get(asked.state, 0),
            kind_options=_kinds(words, found.rules), owners=[(each, teller.agent(each)) for each in found.owners],
            groups=found.groups, branches=found.branches, filtered=_filtered(request.query, LISTED[1:5]),
            clear=f"/followups/list?state={asked.state}", may_act=self._acting.may_act(visitor),
            next_page=reader.here(after=cursor_text(found.next) or "") if found.next else "",
            first_page=reader.here(after="") if asked.after else "",
        )  # fmt: skip

    def _list_asked(self, request: web.Request) -> ListAsked:
        query = request.query
        cursor = query.get("after", "")
        after = read_cursor(cursor)
        if cursor and after is None:
            raise QueryError("after", cursor, "the cursor of the page before")
        return ListAsked(
            state=one_of("state", query, LISTS) or "due",
            after=after,
            seen=self.seen(request),
            **{name: query.get(name) or None for name in ("kind", "owner", "group", "branch")},
        )

    async def story(self, request: web.Request) -> web.Response:
        """GET /followups/ID: all that happened to one."""
        visitor = need(request, Right.PROMISES)
        check_keys(request.query, ())
        found = await self._source.told(request.match_info["id"], self.seen(request))
        if found is None:
            return self._frame.missing(request)
        story = tell(self.teller(request), found)
        return self._frame.shown("promises_item.html", request, s=story, may_act=self._acting.may_act(visitor))


# -- what the address keeps ------------------------------------------------------------------------------


def _kept(asked: Asked, query: Mapping[str, str]) -> list[tuple[str, str]]:
    """The keys that links to items carry on."""
    told = {name: query.get(name, "") for name in ("kind", "group", "as_of")}
    return [("period", asked.period), *told.items()]


def _file(name: str, here: str) -> str:
    """The page's question as a file."""
    _, _, query = here.partition("?")
    return f"/followups/{name}.xlsx" + (f"?{query}" if query else "")


def _filtered(query: Mapping[str, str], keys: tuple[str, ...]) -> bool:
    return any(query.get(each) for each in keys)


def _as_of(words: Words, question: Question) -> str:
    """As the field of a form has it."""
    return f"{words.local(question.as_of):%Y-%m-%dT%H:%M}" if question.as_of else ""


def _kinds(words: Words, rules: Rules) -> list[tuple[str, str]]:
    return [(each.id, each.name_zh if words.chinese else each.name_en) for each in kinds_of(rules).values()]


def _periods(words: Words, asked: Asked, today: date) -> list[tuple[str, str]]:
    """The periods that may be chosen by name; one that was written otherwise stands among them."""
    month, months = next_month(today), []
    for _ in range(PERIODS):
        months.append((f"{month:%Y-%m}", words.month(month)))
        month = previous_month(month)
    named = [("today", words.gettext("Today")), ("week", words.gettext("This week")), *months]
    if asked.period not in dict(named):
        named.append((asked.period, period_text(words, asked.question)))
    return named
