"""The rooms of keeping and destroying: what is due, lists with their acts, legal holds, certificates.

Who acts is a named account: where nobody has one, these pages are read only. Who is present says so by his own login
and password, at whosever screen.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from aiohttp import web

from service.auth.audit import Act as Audited
from service.auth.forms import own_form
from service.auth.rights import Right, Visitor
from service.auth.visiting import NoRightError, visitor_of
from service.dashboard import numerals
from service.dashboard.frame import Frame
from service.dashboard.query import check_keys
from service.dashboard.recordings.certificate_view import certificate_view
from service.dashboard.recordings.destruction_view import hold_lines, item_line, list_line, list_view
from service.dashboard.rendering import Renderer
from service.dashboard.story.watching import whole_number
from service.dashboard.words import Words
from service.destroying.acts import Act, Person
from service.destroying.deeds import Doer
from service.destroying.errors import DestructionError, NotKnownError
from service.destroying.holds import HoldKind
from service.live.destruction import StoredDestruction

ROOM = "/recordings/destruction"
ONE = f"{ROOM}/{{list:[1-9][0-9]{{0,8}}}}"
CERTIFICATE = f"{ROOM}/certificates/{{number:[1-9][0-9]{{0,8}}}}"
READ = (Right.DESTROY, Right.DIRECT, Right.HOLD, Right.AUDIT)
"""Any of these sees the pages."""

TURNS: Mapping[str, tuple[Act, Right]] = {
    "review": (Act.REVIEW, Right.DESTROY),
    "approve": (Act.APPROVE, Right.DIRECT),
    "begin": (Act.BEGIN, Right.DESTROY),
    "drop": (Act.DROP, Right.DESTROY),
}
PAGE = 100
MAX_TEXT = 500
REFRESH_SECONDS = 3
Form = Mapping[str, str]


class DestructionPages:
    """The handlers, over one source."""

    places = frozenset({"destruction"})

    def __init__(self, source: StoredDestruction, frame: Frame, renderer: Renderer) -> None:
        self._source = source
        self._frame = frame

    def routes(self) -> list[web.RouteDef]:
        """Of these pages."""
        return [
            web.get(ROOM, self.overview),
            web.post(ROOM, self.make),
            web.post(f"{ROOM}/holds", self.place),
            web.post(f"{ROOM}/holds/{{hold:[1-9][0-9]{{0,8}}}}", self.lift),
            web.get(CERTIFICATE, self.certificate),
            web.get(f"{CERTIFICATE}.json", self.certificate_json),
            web.get(ONE, self.one),
            web.post(f"{ONE}/present", self.attend),
            web.post(f"{ONE}/{{turn:review|approve|begin|drop}}", self.turn),
        ]

    async def close(self, app: web.Application) -> None:
        """What is being carried out stops after the file at hand."""
        await self._source.close()

    # -- reading -----------------------------------------------------------------------------------

    async def overview(self, request: web.Request) -> web.Response:
        """GET /recordings/destruction."""
        _may_read(request)
        check_keys(request.query, ())
        return await self._overview(request)

    async def _overview(self, request: web.Request, refusal: str = "", status: int = 200) -> web.Response:
        words, found = self._frame.words_for(request), await self._source.overview()
        now = self._source.now()
        retention = self._source.policy.resolve(now).retention
        return self._frame.shown(
            "destruction.html", request, status=status, refusal=refusal,
            due=numerals.count(len(found.due.candidates)), more=found.due.more, any_due=bool(found.due.candidates),
            held=found.due.held, named=retention.days is not None or bool(retention.rules), days=retention.days,
            lists=[list_line(words, each, now) for each in found.lists], holds=hold_lines(words, found.holds),
            acts=_acts(visitor_of(request)),
        )  # fmt: skip

    async def one(self, request: web.Request) -> web.Response:
        """GET /recordings/destruction/3?page=2."""
        _may_read(request)
        check_keys(request.query, ("page",))
        return await self._one(request)

    async def _one(self, request: web.Request, refusal: str = "", status: int = 200) -> web.Response:
        words = self._frame.words_for(request)
        found, items = await self._list(request)
        page = whole_number("page", request.query.get("page", "1"))
        pages = max(-(-len(items) // PAGE), 1)
        reader = self._frame.reader(request)[0]
        first, view = (min(page, pages) - 1) * PAGE, list_view(words, found, self._source.now())
        return self._frame.shown(
            "destruction_list.html", request, status=status, refusal=refusal, v=view,
            items=[item_line(words, each) for each in items[first : first + PAGE]], acts=_acts(visitor_of(request)),
            page=min(page, pages), pages=pages, refresh=REFRESH_SECONDS,
            previous=reader.here(page=str(page - 1)) if page > 1 else "",
            following=reader.here(page=str(page + 1)) if page < pages else "",
        )  # fmt: skip

    async def certificate(self, request: web.Request) -> web.Response:
        """GET /recordings/destruction/certificates/1: to be read and printed."""
        _may_read(request)
        check_keys(request.query, ())
        words = self._frame.words_for(request)
        try:
            found = await self._source.certificate(int(request.match_info["number"]))
        except DestructionError:
            raise web.HTTPNotFound from None
        return self._frame.shown("certificate.html", request, c=certificate_view(words, found))

    async def certificate_json(self, request: web.Request) -> web.Response:
        """GET /recordings/destruction/certificates/1.json: the document as its digest was made of it."""
        _may_read(request)
        check_keys(request.query, ())
        try:
            found = await self._source.certificate(int(request.match_info["number"]))
        except DestructionError:
            raise web.HTTPNotFound from None
        await self._frame.note_first(request, Audited.EXPORTED, f"certificate {found.number}")
        headers = {
            "Content-Disposition": f'attachment; filename="certificate-{found.number}.json"',
            "Cache-Control": "no-store",
            "X-Content-SHA256": found.sha256,
        }  # fmt: skip
        return web.Response(text=found.text, content_type="application/json", headers=headers)

    async def _list(self, request: web.Request) -> Any:
        try:
            return await self._source.list(int(request.match_info["list"]))
        except DestructionError:
            raise web.HTTPNotFound from None

    # -- what is done ------------------------------------------------------------------------------

    async def make(self, request: web.Request) -> web.Response:
        """POST /recordings/destruction: a list of what is due, or of what is named with a reason."""

        async def work(form: Form, who: Doer, words: Words) -> str:
            if form.get("basis") == "retention":
                return f"{ROOM}/{(await self._source.make_due(who)).id}"
            files, calls = _named(form.get("named", ""))
            made = await self._source.make_named(who, form.get("reason", ""), files, calls)
            return f"{ROOM}/{made.id}"

        return await self._done(request, Right.DESTROY, work, self._overview)

    async def turn(self, request: web.Request) -> web.Response:
        """POST /recordings/destruction/3/approve."""
        act, right = TURNS[request.match_info["turn"]]
        await self._list(request)

        async def work(form: Form, who: Doer, words: Words) -> str:
            without = [int(name[5:]) for name in form if re.fullmatch(r"item-[0-9]{1,9}", name)]
            note = form.get("note", "").strip()
            await self._source.act(int(request.match_info["list"]), act, who, note, without)
            return f"{ROOM}/{request.match_info['list']}"

        return await self._done(request, right, work, self._one)

    async def attend(self, request: web.Request) -> web.Response:
        """POST /recordings/destruction/3/present: who is there says so by his own login and password."""
        await self._list(request)

        async def work(form: Form, who: Doer, words: Words) -> str:
            list_id = int(request.match_info["list"])
            try:
                await self._source.attend(list_id, form.get("login", ""), form.get("password", ""), who.address)
            except NotKnownError:
                raise DestructionError(
                    words.gettext("This login and password are not those of somebody who may take part.")
                ) from None
            return f"{ROOM}/{list_id}"

        return await self._done(request, Right.DESTROY, work, self._one)

    async def place(self, request: web.Request) -> web.Response:
        """POST /recordings/destruction/holds: a legal hold."""

        async def work(form: Form, who: Doer, words: Words) -> str:
            kind = form.get("kind", "")
            if kind not in set(HoldKind):
                raise DestructionError(f"kind: found {kind!r}, expected {', '.join(HoldKind)}")
            start, end = _period(form, words)
            target = form.get("target", "").strip() or None
            await self._source.place(who, HoldKind(kind), form.get("reason", ""), target, start, end)
            return f"{ROOM}#holds"

        return await self._done(request, Right.HOLD, work, self._overview)

    async def lift(self, request: web.Request) -> web.Response:
        """POST /recordings/destruction/holds/7: end it."""

        async def work(form: Form, who: Doer, words: Words) -> str:
            await self._source.lift(who, int(request.match_info["hold"]), form.get("reason", ""))
            return f"{ROOM}#holds"

        return await self._done(request, Right.HOLD, work, self._overview)

    async def _done(
        self,
        request: web.Request,
        right: Right,
        work: Callable[[Form, Doer, Words], Awaitable[str]],
        again: Callable[[web.Request, str, int], Awaitable[web.Response]],
    ) -> web.Response:
        visitor = _may_read(request)
        if right not in visitor.rights:
            raise NoRightError
        form = await own_form(request)
        words = self._frame.words_for(request)
        if not _acts(visitor):
            return await again(request, words.gettext("Only a named account takes part."), 409)
        if any(len(each) > MAX_TEXT for each in form.values()):
            return await again(request, words.gettext("A text is longer than it may be."), 400)
        try:
            where = await work(form, _doer(request, visitor), words)
        except DestructionError as error:
            return await again(request, str(error), 409)
        return web.Response(status=303, headers={"Location": where})


def _may_read(request: web.Request) -> Visitor:
    visitor = visitor_of(request)
    if visitor.rights.isdisjoint(READ):
        raise NoRightError
    return visitor


def _acts(visitor: Visitor) -> bool:
    return visitor.account is not None


def _doer(request: web.Request, visitor: Visitor) -> Doer:
    person = Person(account=visitor.account or 0, login=visitor.login, name=visitor.name, agent=visitor.agent)
    return Doer(person=person, actor=visitor, address=request.remote or "")


def _named(text: str) -> tuple[list[int], list[str]]:
    """Numbers of recordings and ids of calls, as they were typed. Raises DestructionError."""
    words = text.replace(",", " ").replace("，", " ").split()
    files = [int(each) for each in words if each.isascii() and each.isdigit() and len(each) < 10]
    calls = [each for each in words if "/" in each]
    if len(files) + len(calls) != len(words) or not words:
        raise DestructionError(f"recordings: found {text[:40]!r}, expected numbers of recordings or ids of calls")
    return files, calls


def _period(form: Form, words: Words) -> tuple[datetime | None, datetime | None]:
    """Both days are within. Raises DestructionError."""
    first, last = form.get("first", ""), form.get("last", "")
    if not first and not last:
        return None, None
    try:
        start, end = (date.fromisoformat(each) for each in (first, last or first))
    except ValueError:
        raise DestructionError(f"period: found {first!r} to {last!r}, expected days such as 2026-11-02") from None
    return tuple(datetime.combine(day, time(), words.zone) for day in (start, end + timedelta(days=1)))  # type: ignore[return-value]
