"""The pages of a week and of a month: what cards come to, training points, the draw done again, and Excel files."""

from __future__ import annotations

from collections.abc import Awaitable
from datetime import date
from typing import TypeVar

from aiohttp import web
from sqlalchemy import Connection

from analytics.errors import QualityError
from analytics.export.table import Table
from analytics.export.workbook import workbook
from analytics.quality.cards import Hand
from analytics.quality.loading import plan_training
from analytics.quality.weeks import parse_week, weeks_of
from config.settings import Language
from service.auth.audit import Act
from service.auth.forms import ForeignPostError, own_form
from service.auth.rights import Right, Visitor
from service.auth.visiting import need
from service.dashboard.figures.file_pages import TYPES
from service.dashboard.figures.file_source import Format
from service.dashboard.frame import Frame
from service.dashboard.quality.pages import HERE
from service.dashboard.quality.source import QualitySource, Who
from service.dashboard.quality.sums_view import month_view, week_view
from service.dashboard.query import QueryError, check_keys, next_month, previous_month, read_month
from service.dashboard.rendering import Renderer
from service.quality.sheet_words import sheet_word
from service.quality.sheets import month_sheet, week_sheet

WEEK = "/quality/weeks/{week:20[0-9]{2}-W[0-9]{2}}"
MONTH = "/quality/months/{month:20[0-9]{2}-[0-9]{2}}"
Told = TypeVar("Told")


class QualitySums:
    """The handlers, over one source."""

    places: frozenset[str] = frozenset()

    def __init__(self, source: QualitySource, frame: Frame, renderer: Renderer, *, may_act: bool) -> None:
        self._source, self._frame = source, frame
        self._may_act = may_act

    def routes(self) -> list[web.RouteDef]:
        """Of these pages."""
        return [
            web.get(WEEK, self.week),
            web.get(f"{WEEK}.xlsx", self.week_file),
            web.post(f"{WEEK}/trainings", self.train),
            web.get(MONTH, self.month),
            web.get(f"{MONTH}.xlsx", self.month_file),
        ]

    async def close(self, app: web.Application) -> None:
        """Nothing is open."""

    # -- a week ----------------------------------------------------------------------------

    async def week(self, request: web.Request) -> web.Response:
        """GET /quality/weeks/2026-W48."""
        need(request, Right.QUALITY)
        check_keys(request.query, ())
        return await self._week(request)

    async def _week(self, request: web.Request, refusal: str = "", status: int = 200) -> web.Response:
        words = self._frame.words_for(request)
        label = _label(request)
        try:
            told = await self._source.week(label, self._frame.seen(request).agent)
        except QualityError:
            return self._frame.shown("quality_none.html", request, title=label)
        view = week_view(
            words, told, self._source.policy, self._frame.today(words), self._frame.seen(request).agent
        )
        visitor = need(request, Right.QUALITY)
        return self._frame.shown(
            "quality_week.html", request, status=status, v=view, acts=self._acts(visitor), refusal=refusal,
            exports=visitor.may(Right.EXPORT), today=f"{self._frame.today(words):%Y-%m-%d}",
        )  # fmt: skip

    async def train(self, request: web.Request) -> web.Response:
        """POST …/trainings: what is planned after the week."""
        visitor = need(request, Right.QUALITY)
        if not self._acts(visitor):
            raise ForeignPostError
        form, label = await own_form(request), _label(request)
        agent, criterion = form.get("agent") or None, form.get("criterion") or None
        if agent is not None and not self._frame.seen(request).agent(agent):
            raise web.HTTPNotFound
        try:
            day = date.fromisoformat(form.get("on", ""))
        except ValueError:
            return await self._week(request, self._frame.words_for(request).gettext("A day is missing."), 400)

        def work(connection: Connection, hand: Hand) -> object:
            return plan_training(
                connection, label, form.get("text", ""), day, by=hand.by.login, now=hand.now, agent=agent,
                criterion=criterion,
            )  # fmt: skip

        who = Who(visitor=visitor, address=request.remote or "", login=visitor.login or HERE)
        try:
            await self._source.act(who, "train", f"quality week {label}", work)
        except QualityError as error:
            return await self._week(request, str(error), 400)
        return web.Response(status=303, headers={"Location": f"/quality/weeks/{label}#trainings"})

    async def week_file(self, request: web.Request) -> web.Response:
        """GET /quality/weeks/2026-W48.xlsx."""
        need(request, Right.QUALITY, Right.EXPORT)
        check_keys(request.query, ())
        words, policy = self._frame.words_for(request), self._source.policy
        label, language = _label(request), Language(words.language)
        told = await _known(self._source.week(label, self._frame.seen(request).agent))
        table = week_sheet(
            told.summary, told.quality, sheet_word(language), language, self._source.now(), policy.zone
        )
        return await self._file(request, table, label)

    # -- a month ---------------------------------------------------------------------------

    async def month(self, request: web.Request) -> web.Response:
        """GET /quality/months/2026-11."""
        visitor = need(request, Right.QUALITY)
        check_keys(request.query, ())
        words = self._frame.words_for(request)
        this = self._frame.today(words).replace(day=1)
        month = read_month(request.match_info["month"], this)
        label = f"{month:%Y-%m}"
        try:
            totals = await self._source.month(label, self._frame.seen(request).agent)
        except QualityError:
            return self._frame.shown("quality_none.html", request, title=label)
        following = next_month(month)
        return self._frame.shown(
            "quality_month.html", request, v=month_view(words, totals, self._source.policy, weeks_of(label)),
            previous=f"/quality/months/{previous_month(month):%Y-%m}",
            following=f"/quality/months/{following:%Y-%m}" if following <= this else "",
            exports=visitor.may(Right.EXPORT),
        )  # fmt: skip

    async def month_file(self, request: web.Request) -> web.Response:
        """GET /quality/months/2026-11.xlsx."""
        need(request, Right.QUALITY, Right.EXPORT)
        check_keys(request.query, ())
        words = self._frame.words_for(request)
        month = read_month(request.match_info["month"], self._frame.today(words).replace(day=1))
        label, word = f"{month:%Y-%m}", sheet_word(Language(words.language))
        totals = await _known(self._source.month(label, self._frame.seen(request).agent))
        return await self._file(
            request, month_sheet(totals, word, self._source.now(), self._source.policy.zone), label
        )

    async def _file(self, request: web.Request, table: Table, label: str) -> web.Response:
        name = f"threerings-quality-{label}.xlsx"
        await self._frame.note_first(request, Act.EXPORTED, name, rows=len(table.rows))
        headers = {
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
        }
        return web.Response(body=workbook(table), content_type=TYPES[Format.XLSX], headers=headers)

    def _acts(self, visitor: Visitor) -> bool:
        return visitor.account is not None or self._may_act


async def _known(asked: Awaitable[Told]) -> Told:
    """What was asked for. Raises HTTPNotFound where the policy had no section."""
    try:
        return await asked
    except QualityError:
        raise web.HTTPNotFound from None


def _label(request: web.Request) -> str:
    """The week of the address. Raises QueryError."""
    found = request.match_info["week"]
    try:
        return parse_week(found).label
    except QualityError:
        raise QueryError("week", found, "a week such as 2026-W48") from None
