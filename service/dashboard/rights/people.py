"""The pages of people and rights: accounts, the matrix of roles, one account, and what is done to it."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable

from aiohttp import web
from aiohttp.typedefs import Handler

from service.auth.accounts import Account
from service.auth.book import AuditBook
from service.auth.errors import AccountError
from service.auth.forms import own_form
from service.auth.office import Office
from service.auth.rights import Right, Visitor
from service.auth.visiting import need
from service.dashboard.frame import Frame
from service.dashboard.query import check_keys
from service.dashboard.rendering import Renderer
from service.dashboard.rights.account_form import FormError, Known, filled, read_wanted
from service.dashboard.rights.entry import refusal_text, session_row
from service.dashboard.rights.people_view import account_row, choices_of, matrix, rights_choices

ONCE_SECONDS = 120.0
ACTS = ("reset", "disable", "enable", "unlock", "sessions")


class OneTime:
    """Passwords that wait for the one page that shows them: each once, to who made it, for two minutes."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._waiting: OrderedDict[tuple[str, int], tuple[str, float]] = OrderedDict()

    def put(self, visitor: Visitor, account: int, password: str) -> None:
        """Keep one for the page that is asked for next."""
        self._waiting[visitor.proof, account] = (password, self._clock() + ONCE_SECONDS)
        while len(self._waiting) > 100:
            self._waiting.popitem(last=False)

    def take(self, visitor: Visitor, account: int) -> str:
        """The password, where one waits; it is nowhere afterwards."""
        password, until = self._waiting.pop((visitor.proof, account), ("", 0.0))
        return password if self._clock() < until else ""


class PeoplePages:
    """The handlers. `known` tells which groups, queues and branches there are now."""

    places = frozenset({"people"})

    def __init__(
        self, office: Office, book: AuditBook, known: Callable[[], Known], frame: Frame, renderer: Renderer
    ) -> None:
        self._office = office
        self._book = book
        self._known = known
        self._frame = frame
        self._once = OneTime()

    def routes(self) -> list[web.RouteDef]:
        """Of these pages."""
        one = "/people/{account:[0-9]{1,9}}"
        return [
            web.get("/people", self.listed),
            web.get("/people/new", self.new),
            web.post("/people", self.create),
            web.get(one, self.account),
            web.post(one, self.change),
            *(web.post(f"{one}/{act}", self._acting(act)) for act in ACTS),
        ]

    async def close(self, app: web.Application) -> None:
        """There is nothing to close."""

    async def listed(self, request: web.Request) -> web.Response:
        """GET /people."""
        need(request, Right.PEOPLE)
        check_keys(request.query, ())
        words, now = self._frame.words_for(request), self._book.now()
        found = await self._office.listed()
        lines = [account_row(words, account, len(sessions), now) for account, sessions in found]
        return self._frame.shown("people.html", request, lines=lines, matrix=matrix(words), roles=choices_of(words))

    async def new(self, request: web.Request) -> web.Response:
        """GET /people/new: an empty form."""
        need(request, Right.PEOPLE)
        check_keys(request.query, ())
        return self._form(request, {})

    async def create(self, request: web.Request) -> web.Response:
        """POST /people: a new account; its page shows the password once."""
        visitor = need(request, Right.PEOPLE)
        form = dict(await own_form(request))
        try:
            wanted = read_wanted(form, self._frame.words_for(request))
            doer = self._book.doer(request)
            made, password = await self._office.create(form.get("login", "").strip(), wanted, doer)
        except (AccountError, FormError) as error:
            return self._form(request, form, self._told(request, error), 400)
        self._once.put(visitor, made.id, password)
        return web.Response(status=303, headers={"Location": f"/people/{made.id}"})

    async def account(self, request: web.Request) -> web.Response:
        """GET /people/7: one account, and its password where it was made just now."""
        visitor = need(request, Right.PEOPLE)
        check_keys(request.query, ())
        return await self._page(request, once=self._once.take(visitor, _number(request)))

    async def change(self, request: web.Request) -> web.Response:
        """POST /people/7: another name, role, sight or rights."""
        need(request, Right.PEOPLE)
        form = dict(await own_form(request))
        await self._need(request)
        try:
            wanted = read_wanted(form, self._frame.words_for(request))
            await self._office.change(_number(request), wanted, self._book.doer(request))
        except (AccountError, FormError) as error:
            return await self._page(request, form=form, refusal=self._told(request, error), status=400)
        return web.Response(status=303, headers={"Location": f"/people/{_number(request)}"})

    def _acting(self, act: str) -> Handler:
        async def handler(request: web.Request) -> web.Response:
            visitor = need(request, Right.PEOPLE)
            await own_form(request)
            await self._need(request)
            try:
                await self._do(request, visitor, act)
            except AccountError as error:
                return await self._page(request, refusal=self._told(request, error), status=409)
            return web.Response(status=303, headers={"Location": f"/people/{_number(request)}"})

        return handler

    async def _do(self, request: web.Request, visitor: Visitor, act: str) -> None:
        number, doer = _number(request), self._book.doer(request)
        match act:
            case "reset":
                self._once.put(visitor, number, await self._office.reset(number, doer))
            case "enable" | "disable":
                await self._office.enable(number, doer, active=act == "enable")
            case "unlock":
                await self._office.unlock(number, doer)
            case _:
                await self._office.end(number, doer)

    # -- rendering -----------------------------------------------------------------------------------

    async def _need(self, request: web.Request) -> Account:
        found = await self._office.account(_number(request))
        if found is None:
            raise web.HTTPNotFound
        return found[0]

    async def _page(
        self,
        request: web.Request,
        *,
        form: dict[str, str] | None = None,
        refusal: str = "",
        once: str = "",
        status: int = 200,
    ) -> web.Response:
        found = await self._office.account(_number(request))
        if found is None:
            raise web.HTTPNotFound
        account, sessions = found
        words, now = self._frame.words_for(request), self._book.now()
        return self._frame.shown(
            "account.html", request, status=status, account=account, once=once, refusal=refusal,
            line=account_row(words, account, len(sessions), now),
            sessions=[session_row(words, each) for each in sessions],
            locked_until=words.moment(account.locked_until) if account.locked_until else "",
            is_locked=account.is_locked(now), f=filled(account) if form is None else form,
            roles=choices_of(words), rights=rights_choices(words), there=self._known(),
        )  # fmt: skip

    def _form(
        self, request: web.Request, form: dict[str, str], refusal: str = "", status: int = 200
    ) -> web.Response:
        words = self._frame.words_for(request)
        return self._frame.shown(
            "account_new.html", request, status=status, f=form, refusal=refusal, roles=choices_of(words),
            rights=rights_choices(words), there=self._known(),
        )  # fmt: skip

    def _told(self, request: web.Request, error: AccountError | FormError) -> str:
        words = self._frame.words_for(request)
        return refusal_text(words, error) if isinstance(error, AccountError) else str(error)


def _number(request: web.Request) -> int:
    return int(request.match_info["account"])
