"""The pages of customers: the register, one customer with his history, what is said of him, and imports.

A number is never in an address: it is sought by a post, and who is known by his number alone has his page under
something that is owed to him.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from analytics.errors import PeopleError
from analytics.people import cells
from schedulers.customers.records import TELEPHONE, DoNotCall
from schedulers.errors import CustomersError, RefusedError
from schedulers.storage.seeing import Whom
from service.auth.forms import ForeignPostError, own_form
from service.auth.rights import Right, Visitor
from service.auth.visiting import need, visitor_of
from service.dashboard.frame import YEAR, Frame
from service.dashboard.promises.asked import one_of, typed, whom_of
from service.dashboard.promises.customer_source import CustomerSource, Named, RegisterAsked, Saying
from service.dashboard.promises.customer_view import card_view, register_rows
from service.dashboard.promises.importing import Importing
from service.dashboard.promises.people import Teller
from service.dashboard.query import QueryError, check_keys
from service.dashboard.rendering import Renderer
from telephony.clock import from_microseconds

LISTED = ("q", "branch", "tier", "owner", "after")
NUMBER = re.compile(r"[+\d][\d\s()-]{5,}")
MAX_TEXT, MAX_BY = 200, 40
CONSENTS = {"yes": True, "no": False, "unknown": None}


class CustomerPages:
    """The handlers, over one source."""

    places = frozenset({"customers"})

    def __init__(self, source: CustomerSource, frame: Frame, renderer: Renderer) -> None:
        self._source, self._frame = source, frame
        self._importing = Importing(source, frame, self.may_act)

    def routes(self) -> list[web.RouteDef]:
        """Of these pages; those of a fixed name go before the ids."""
        found = [web.get("/customers", self.register), web.post("/customers/find", self.find)]
        found.append(web.get("/customers/find", self.again))
        for base in ("/customers/of/{follow_up:[0-9a-f]{20}}", "/customers/{id}"):
            found += [
                web.get(base, self.card),
                web.post(f"{base}/say", self.say),
                web.get(f"{base}/say", self.back),
            ]
        return [*self._importing.routes(), *found]

    async def close(self, app: web.Application) -> None:
        """There is no stream to end."""
        self._importing.forget()

    def seen(self, request: web.Request) -> Whom | None:
        """Whom who asks sees."""
        return whom_of(self._frame.seen(request), visitor_of(request).sight)

    def may_act(self, visitor: Visitor) -> bool:
        """Whether the buttons do anything for this visitor."""
        return Right.CUSTOMERS in visitor.rights and (visitor.account is not None or self._source.may_act)

    def _teller(self, request: web.Request) -> Teller:
        words = self._frame.words_for(request)
        return Teller(words=words, open=visitor_of(request).may("numbers"), name_of=self._source.name_of)

    # -- the register ----------------------------------------------------------------------

    async def register(self, request: web.Request) -> web.Response:
        """GET /customers."""
        need(request, Right.CUSTOMERS)
        check_keys(request.query, LISTED)
        query = request.query
        if NUMBER.fullmatch(query.get("q", "")) or query.get("after", "").startswith(TELEPHONE):
            raise QueryError("q", "****", "an id or a name; a number is never in an address")
        asked = RegisterAsked(
            text=query.get("q", "").strip()[:MAX_TEXT],
            open=visitor_of(request).may("numbers"),
            after=query.get("after", ""),
            seen=self.seen(request),
            **{name: query.get(name) or None for name in ("branch", "tier", "owner")},
        )
        return await self._listed(request, asked)

    async def _listed(self, request: web.Request, asked: RegisterAsked) -> web.Response:
        reader, _ = self._frame.reader(request)
        found = await self._source.register(asked)
        teller, visitor = self._teller(request), visitor_of(request)
        # Who is known by his number alone has it in his id: the page after him begins elsewhere.
        following = "" if found.next.startswith(TELEPHONE) else found.next
        return self._frame.shown(
            "promises_customers.html", request, rows=register_rows(teller, found), asked=asked, tiers=found.tiers,
            branches=found.branches, owners=[(each, teller.agent(each)) for each in found.agents],
            by_number=asked.number is not None, may_act=self.may_act(visitor),
            filtered=any((asked.text, asked.branch, asked.tier, asked.owner)),
            next_page=reader.here(after=following) if following and asked.number is None else "",
            first_page=reader.here(after="") if asked.after else "",
        )  # fmt: skip

    async def again(self, request: web.Request) -> web.Response:
        """GET of what is posted, as a link to the other language is: the register."""
        need(request, Right.CUSTOMERS)
        raise web.HTTPSeeOther("/customers")

    async def find(self, request: web.Request) -> web.Response:
        """POST /customers/find: by number, which shows in no address; by name or id, the register's page."""
        visitor = need(request, Right.CUSTOMERS)
        text = typed(await own_form(request), "text", MAX_TEXT)
        if not NUMBER.fullmatch(text):
            raise web.HTTPSeeOther("/customers" + ("?" + urlencode({"q": text}) if text else ""))
        if Right.NUMBERS not in visitor.rights:
            raise QueryError("q", "****", "an id or a name: who has no right to numbers finds nobody by one")
        asked = RegisterAsked(number=re.sub(r"[\s()-]", "", text), seen=self.seen(request))
        return await self._listed(request, asked)

    # -- one -------------------------------------------------------------------------------

    async def card(self, request: web.Request) -> web.Response:
        """GET /customers/ID, or the customer of a follow-up."""
        visitor = need(request, Right.CUSTOMERS)
        check_keys(request.query, ("before",))
        response = await self._card(request)
        if response.status == 200 and not request.query.get("before"):
            await self._source.looked(_named(request), visitor, request.remote or "")
        return response

    async def _card(self, request: web.Request, refusal: str = "", status: int = 200) -> web.Response:
        reader, _ = self._frame.reader(request)
        before = _instant(request.query.get("before", ""))
        named = _named(request)
        card = None if _is_number(named) else await self._source.card(named, self.seen(request), before)
        if card is None:
            return self._frame.missing(request)
        return self._frame.shown(
            "promises_customer.html", request, status=status, v=card_view(self._teller(request), card),
            base=request.rel_url.raw_path.removesuffix("/say"), refusal=refusal, before=before is not None,
            by=request.cookies.get("by", "")[:MAX_BY], may_act=self.may_act(visitor_of(request)),
            older=reader.here(before=card.next.isoformat()) if card.next else "",
        )  # fmt: skip

    async def back(self, request: web.Request) -> web.Response:
        """GET …/say: back to the customer."""
        need(request, Right.CUSTOMERS)
        raise web.HTTPSeeOther(request.rel_url.raw_path.removesuffix("/say"))

    async def say(self, request: web.Request) -> web.Response:
        """POST …/say: his agent, his consent, that he must not be called, each with its reason."""
        visitor = need(request, Right.CUSTOMERS)
        if not self.may_act(visitor):
            raise ForeignPostError
        form = await own_form(request)
        words = self._frame.words_for(request)
        by = visitor.agent or visitor.name or typed(form, "by", MAX_BY)
        reason = typed(form, "reason", MAX_TEXT)
        if not by or not reason:
            return await self._card(request, words.gettext("Who says it, and why, is needed."), 400)
        try:
            fields = _fields(form, self._frame.now(), words.zone)
            saying = Saying(fields=fields, by=by, reason=reason)
            done = await self._source.say(
                _named(request), saying, self.seen(request), visitor, request.remote or ""
            )
        except (RefusedError, CustomersError) as error:
            return await self._card(request, str(error), 400)
        if not done:
            return self._frame.missing(request)
        answer = web.Response(status=303, headers={"Location": request.rel_url.raw_path.removesuffix("/say")})
        if visitor.account is None:
            answer.set_cookie("by", by, max_age=YEAR, samesite="Strict", httponly=True, path="/")
        return answer


def _named(request: web.Request) -> Named:
    return Named(id=request.match_info.get("id"), follow_up=request.match_info.get("follow_up"))


def _is_number(named: Named) -> bool:
    """Whether an address holds a number, or what is no text: such a page is not there."""
    return named.id is not None and (named.id.startswith(TELEPHONE) or not named.id.isprintable())


def _instant(written: str) -> datetime | None:
    if not written:
        return None
    try:
        found = datetime.fromisoformat(written)
        if found.tzinfo is None:
            raise ValueError
    except ValueError:
        raise QueryError("before", written, "the instant of the page before") from None
    return found


def _fields(form: Mapping[str, str], now: datetime, zone: Any) -> dict[str, Any]:
    """What is said of him, as fields of the record. Raises RefusedError."""
    match form.get("what"):
        case "owner":
            return {"owner": typed(form, "owner", MAX_BY) or None}
        case "consent":
            found = one_of("consent", form, CONSENTS)
            return {"consent": CONSENTS[found or "unknown"]}
        case "do-not-call":
            until = _until(form.get("until", ""), zone)
            if until is not None and until <= now:
                raise RefusedError("until", repr(form["until"]), "a day that is not past")
            return {"do_not_call": DoNotCall(reason=typed(form, "reason", MAX_TEXT), since=now, until=until)}
        case "may-call":
            return {"do_not_call": None}
    raise RefusedError("what", repr(form.get("what", "")[:MAX_BY]), "one of owner, consent, do-not-call, may-call")


def _until(written: str, zone: Any) -> datetime | None:
    """The end of a last day, which is inside; None for good."""
    if not written.strip():
        return None
    try:
        return from_microseconds(cells.read_moment(written, zone, ends=True))
    except PeopleError:
        raise RefusedError("until", repr(written[:MAX_BY]), cells.EXPECTED_MOMENT) from None
