"""Logging in and out, and one's own page: password, language, sessions."""

from __future__ import annotations

import math
from dataclasses import dataclass
from urllib.parse import urlsplit

from aiohttp import web

from service.auth.audit import Act
from service.auth.book import AuditBook
from service.auth.door import Door
from service.auth.entrance import Asking, Entered, Entrance, Refused
from service.auth.errors import AccountError
from service.auth.forms import own_form
from service.auth.office import Office
from service.auth.rights import Visitor
from service.auth.sessions import Session
from service.auth.visiting import address_of, visitor_of
from service.dashboard.frame import Frame
from service.dashboard.query import check_keys
from service.dashboard.rendering import Renderer
from service.dashboard.rights.labels import REFUSALS, rights_of, role_text, sight_text
from service.dashboard.words import LANGUAGES, Words

LONGEST_NEXT = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """All that leads in: where people log in, the door, the accounts, and where it is noted."""

    entrance: Entrance
    door: Door
    office: Office
    book: AuditBook


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRow:
    """A session as its owner reads it."""

    id: str
    browser: str
    address: str
    since: str
    seen: str
    is_this: bool


class EntryPages:
    """The handlers, over one way in."""

    places: frozenset[str] = frozenset()

    def __init__(self, way: Way, frame: Frame, renderer: Renderer) -> None:
        self._way = way
        self._frame = frame

    def routes(self) -> list[web.RouteDef]:
        """Of these pages."""
        return [
            web.get("/login", self.ask),
            web.post("/login", self.enter),
            web.post("/logout", self.leave),
            web.get("/me", self.own),
            web.post("/me/password", self.change_password),
            web.post("/me/language", self.speak),
            web.post("/me/sessions/{session:[0-9a-f]{12}}", self.end_one),
            web.post("/me/sessions", self.end_others),
        ]

    async def close(self, app: web.Application) -> None:
        """There is nothing to close."""

    # -- in and out --------------------------------------------------------------------------------

    async def ask(self, request: web.Request) -> web.Response:
        """GET /login."""
        check_keys(request.query, ("next",))
        if visitor_of(request).account is not None:
            return _to(own_path(request.query.get("next", "")) or self._frame.landing(request))
        return self._frame.outside("login.html", request, next=own_path(request.query.get("next", "")))

    async def enter(self, request: web.Request) -> web.Response:
        """POST /login: in, or told why not and until when."""
        form = await own_form(request)
        login, wanted = form.get("login", "").strip()[:100], own_path(form.get("next", ""))
        address = address_of(request, proxied=self._way.door.rules.proxied)
        browser = request.headers.get("User-Agent", "")
        asking = Asking(login=login, address=address, browser=browser)
        found = await self._way.entrance.enter(asking, form.get("password", ""))
        if isinstance(found, Refused):
            return self._refused(request, found, login, wanted)
        return self._entered(found, wanted)

    def _refused(self, request: web.Request, refused: Refused, login: str, wanted: str) -> web.Response:
        words = self._frame.words_for(request)
        status, why = 401, words.gettext("Login or password is not right.")
        if refused.until is not None:
            at = words.time(refused.until)
            status, why = 429, words.gettext("Too many wrong tries. You can try again at %(at)s.", at=at)
        answer = self._frame.outside("login.html", request, status=status, next=wanted, login=login, refusal=why)
        if refused.until is not None:
            left = refused.until - self._way.book.now()
            answer.headers["Retry-After"] = str(max(1, math.ceil(left.total_seconds())))
        return answer

    def _entered(self, entered: Entered, wanted: str) -> web.Response:
        answer = _to("/me" if entered.account.must_change else wanted or "/")
        self._way.door.give(answer, entered.token)
        return answer

    async def leave(self, request: web.Request) -> web.Response:
        """POST /logout: this session ends."""
        await own_form(request)
        visitor = visitor_of(request)
        if visitor.account is not None:
            await self._way.office.leave(visitor.account, visitor.session)
            await self._frame.note(request, Act.LOGGED_OUT, f"account {visitor.login}")
        answer = _to("/login")
        self._way.door.take(answer)
        return answer

    # -- one's own page ------------------------------------------------------------------------------

    async def own(self, request: web.Request) -> web.Response:
        """GET /me."""
        check_keys(request.query, ("done",))
        return await self._own(request)

    async def _own(self, request: web.Request, refusal: str = "", status: int = 200) -> web.Response:
        visitor = _himself(request)
        found = await self._way.office.account(visitor.account or 0)
        if found is None:
            raise web.HTTPNotFound
        account, sessions = found
        words = self._frame.words_for(request)
        return self._frame.shown(
            "me.html", request, status=status, account=account, refusal=refusal, role=role_text(words, account.role),
            sees=sight_text(words, account.sees), rights=rights_of(words, account), done=request.query.get("done", ""),
            sessions=[session_row(words, each, visitor.session) for each in sessions],
        )  # fmt: skip

    async def change_password(self, request: web.Request) -> web.Response:
        """POST /me/password: a new one, by who knows the old one; his other sessions end."""
        form = await own_form(request)
        visitor, words = _himself(request), self._frame.words_for(request)
        old, new = form.get("old", ""), form.get("new", "")
        if new != form.get("again", ""):
            return await self._own(request, words.gettext("The new password was not the same twice."), 400)
        try:
            doer = self._way.book.doer(request)
            await self._way.office.change_own(visitor.account or 0, old, new, doer, visitor.session)
        except AccountError as error:
            return await self._own(request, refusal_text(words, error), 400)
        return _to("/me?done=password")

    async def speak(self, request: web.Request) -> web.Response:
        """POST /me/language: in which he reads from now on."""
        form = await own_form(request)
        chosen = form.get("language", "")
        if chosen not in LANGUAGES:
            raise web.HTTPNotFound
        await self._way.office.speak(_himself(request).account or 0, chosen)
        answer = _to("/me?done=language")
        answer.del_cookie("lang", path="/")
        return answer

    async def end_one(self, request: web.Request) -> web.Response:
        """POST /me/sessions/ID: end one of his own."""
        await own_form(request)
        identity = request.match_info["session"]
        doer = self._way.book.doer(request)
        if not await self._way.office.end(_himself(request).account or 0, doer, identity):
            raise web.HTTPNotFound
        return _to("/me?done=sessions")

    async def end_others(self, request: web.Request) -> web.Response:
        """POST /me/sessions: end all of his own but this one."""
        await own_form(request)
        visitor = _himself(request)
        await self._way.office.end_others(visitor.account or 0, self._way.book.doer(request), visitor.session)
        return _to("/me?done=sessions")


def own_path(text: str) -> str:
    """A path of ours to go to, as it is; '' for anything else: another site's, or what a browser takes for one."""
    odd = any(not each.isprintable() or each in "\\ " for each in text)
    if odd or not text.startswith("/") or text.startswith("//") or len(text) > LONGEST_NEXT:
        return ""
    parts = urlsplit(text)
    return "" if parts.netloc or parts.path in ("/login", "/logout") else text


def session_row(words: Words, session: Session, this: str = "") -> SessionRow:
    """A session in words."""
    return SessionRow(
        id=session.id,
        browser=browser_name(session.browser),
        address=session.address,
        since=words.moment(session.created_at),
        seen=words.moment(session.seen_at),
        is_this=session.id == this,
    )


def browser_name(told: str) -> str:
    """Which browser and system it is, as far as its own words can be believed."""
    browsers = (("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
    systems = (
        ("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"),
        ("Mac OS", "macOS"), ("Linux", "Linux"),
    )  # fmt: skip
    found = [next((name for part, name in table if part in told), "") for table in (browsers, systems)]
    return " · ".join(each for each in found if each) or told[:40] or "—"


def refusal_text(words: Words, error: AccountError) -> str:
    """What cannot be, in words."""
    return words.gettext(REFUSALS[error.kind], found=error.found)


def _himself(request: web.Request) -> Visitor:
    visitor = visitor_of(request)
    if visitor.account is None:
        raise web.HTTPNotFound
    return visitor


def _to(path: str) -> web.Response:
    return web.Response(status=303, headers={"Location": path, "Cache-Control": "no-store"})
