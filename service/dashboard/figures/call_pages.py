"""The list of calls: all calls by their marks, or the calls behind one figure; and the search by a number.

A number is never in an address: it is posted, and where it is a registered customer's the list is his.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from analytics.metrics.definitions import Value
from analytics.storage.call_lists import CallChoice
from service.auth.audit import Act, Entry
from service.auth.forms import own_form
from service.auth.rights import Right
from service.auth.visiting import need, visitor_of
from service.dashboard.definitions import define
from service.dashboard.figures import call_rows
from service.dashboard.figures.asking import About, known_counts
from service.dashboard.figures.call_query import COLUMNS, CallQuery, cursor_of, read_calls
from service.dashboard.figures.page import FigurePage
from service.dashboard.figures.source import Asked, Listed, Page
from service.dashboard.words import Words
from telephony.clock import to_microseconds

MOST_FOUND = 200
MAX_NUMBER = 32


class CallPages(FigurePage):
    """The handlers of the list, over one source."""

    places = frozenset({"calls"})

    def routes(self) -> list[web.RouteDef]:
        """Of these pages."""
        return [web.get("/calls", self.calls), web.post("/calls/search", self.search)]

    async def calls(self, request: web.Request) -> web.Response:
        """GET /calls."""
        need(request, Right.RECORDS)
        words = self._frame.words_for(request)
        about = self._about(request, "today")
        wanted = read_calls(
            request.query, request.query.getall("column", []), about.spell.today, self._frame.seen(request)
        )
        about = About(spell=wanted.spell, scope=wanted.scope, policy=about.policy, as_of=about.as_of)
        if not wanted.scope.may_see():
            return self._frame.missing(request)
        if wanted.figure:
            return await self._behind(request, words, about, wanted)
        return await self._listed(request, words, about, wanted)

    async def _behind(self, request: web.Request, words: Words, about: About, wanted: CallQuery) -> web.Response:
        """The calls behind a figure: what each adds, and the figure that they add up to."""
        found = await self._source.behind(wanted.behind(about.policy, about.as_of))
        (known,) = await self._source.ask([about.known()])
        day, place = found.following or ("", (0, ""))
        return await self._list(
            request, words, about, wanted, found.calls, known=known_counts(known),
            figure=define(wanted.figure, words), figure_text=call_rows.part_text(words, wanted.figure, found.figure),
            figure_exact=_exact(found.figure), total_text="", roughly=False, total=None,
            following=f"{day}~{cursor_of(place)}" if day else "",
        )  # fmt: skip

    async def _listed(self, request: web.Request, words: Words, about: About, wanted: CallQuery) -> web.Response:
        """Calls by their marks."""
        customers = await self._source.numbers_of(wanted.customer) if wanted.customer else None
        if wanted.customer and customers is None:
            return self._frame.missing(request)
        asked = wanted.asked(about.policy, customers)
        page = await self._source.calls(asked)
        known = page.known
        if page.roughly:
            (told,) = await self._source.ask([about.known()])
            known = known_counts(told)
            page = _estimated(about, wanted, page, int(told.row().values["calls"] or 0))
        return await self._list(
            request, words, about, wanted, page.calls, known=known, figure=None, figure_text="", figure_exact=None,
            total_text=call_rows.total_text(words, page), total=page.total, roughly=page.roughly,
            following=cursor_of(page.following) if page.following else "",
        )  # fmt: skip

    async def _list(
        self,
        request: web.Request,
        words: Words,
        about: About,
        wanted: CallQuery,
        calls: tuple[Listed, ...],
        **values: Any,
    ) -> web.Response:
        reader = self._frame.reader(request)[0]
        whole = visitor_of(request).may("numbers")
        following = values.pop("following")
        queues = [each for each in await self._source.queues() if about.scope.seen.queue(each)]
        return self._shown(
            "calls.html", request, about, words, wanted=wanted,
            calls=[call_rows.call_line(words, each, wanted, whole=whole) for each in calls],
            choices=call_rows.choices(words, wanted, self._agents(words, about), queues, self._groups(about)),
            columns=[(each, words.gettext(call_rows.NAMES[each]), each in wanted.columns) for each in COLUMNS],
            views=call_rows.views(words), next_page=reader.here(after=following) if following else "",
            first_page=reader.here(after="") if wanted.after else "",
            older=reader.here(sort="" if wanted.oldest_first else "started", after=""),
            reset=f"/calls?period={wanted.spell.key}",
            exact=reader.here(count="exact"), kept=_kept(request), found_number=False, **values,
        )  # fmt: skip

    # -- search --------------------------------------------------------------------------------

    async def search(self, request: web.Request) -> web.Response:
        """POST /calls/search: the calls of a number, for who may see numbers."""
        visitor = need(request, Right.RECORDS, Right.NUMBERS)
        form = await own_form(request)
        number = "".join(form.get("number", "").split())[:MAX_NUMBER]
        words = self._frame.words_for(request)
        if not number or number.strip("+0123456789"):
            return self._frame.shown(
                "refusal.html", request, status=400, heading=words.gettext("No such number"),
                sentence=words.gettext("A number has digits, and a + before those of other countries."),
            )  # fmt: skip
        customer, forms = await self._source.found(number)
        at = self._source.now()
        entry = Entry(
            at=at, visitor=visitor, act=Act.LOOKED, subject="calls of a number", address=request.remote or "",
            details={"customer": customer},
        )  # fmt: skip
        await self._source.note(entry)
        about = self._about(request, "today")
        if customer is not None:
            start = f"{about.spell.start.replace(month=1, day=1)}..{about.spell.today}"
            address = "/calls?" + urlencode({"customer": customer, "period": start})
            return web.Response(status=303, headers={"Location": address})
        return await self._found(request, words, about, forms)

    async def _found(self, request: web.Request, words: Words, about: About, forms: frozenset[str]) -> web.Response:
        wanted = CallQuery(spell=about.spell, scope=about.scope)
        choice = CallChoice(
            start_us=0, end_us=to_microseconds(about.as_of) + 1, involved=about.scope.involved, customers=forms
        )
        page = await self._source.calls(Asked(choice=choice, limit=MOST_FOUND))
        return self._shown(
            "calls.html", request, about, words, wanted=wanted, choices=[], columns=[], views=call_rows.views(words),
            calls=[call_rows.call_line(words, each, wanted, whole=True) for each in page.calls],
            next_page="", first_page="", older="", reset="/calls", exact="", kept=[], found_number=True,
            known=page.known, figure=None, figure_text="", figure_exact=None, total=page.total, roughly=page.roughly,
            total_text=call_rows.total_text(words, page),
        )  # fmt: skip


def _estimated(about: About, wanted: CallQuery, page: Page, calls: int) -> Page:
    """Where nobody has counted to the end: the figure of all calls of these days, which the roll-ups know."""
    if wanted.filtered or not about.scope.seen.everything:
        return page
    return replace(page, total=max(calls, page.total or 0))


def _exact(value: Value) -> int | None:
    return None if value is None else int(value)


def _kept(request: web.Request) -> list[tuple[str, str]]:
    """What the filter bar does not choose, and keeps."""
    kept = ("period", "figure", "hour", "code", "customer", "outcome", "sort")
    return [(key, value) for key, value in request.query.items() if key in kept]
