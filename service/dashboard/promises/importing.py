"""Customers from a file that is sent: read and shown first, row by row what is refused; stored by a second post.

The file is streamed to a folder of the service's own, and gone once it is stored, or another was sent, or time passed.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from aiohttp import BodyPartReader, web

from analytics.errors import AnalyticsError
from service.auth.forms import PROOF, ForeignPostError, is_own, own_form
from service.auth.rights import Right, Visitor
from service.auth.visiting import need, visitor_of
from service.customers_import import Outcome
from service.dashboard.frame import Frame
from service.dashboard.promises.asked import typed
from service.dashboard.promises.customer_source import CustomerSource
from service.dashboard.query import check_keys
from service.desk.masking import masked_text

MAX_BYTES = 50 * 1024 * 1024
KEPT_SECONDS = 1800.0
A_CHUNK = 1 << 16
SHOWN = 200
KINDS = (".csv", ".txt", ".xlsx")
PAGE = "/customers/import"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A file that was sent and waits."""

    path: Path
    name: str
    by: str
    proof: str
    at: float


class Importing:
    """The handlers of imports."""

    def __init__(self, source: CustomerSource, frame: Frame, may_act: Callable[[Visitor], bool]) -> None:
        self._source, self._frame, self._may_act = source, frame, may_act
        self._sent: dict[str, Sent] = {}

    def routes(self) -> list[web.RouteDef]:
        """Of imports."""
        return [
            web.get(PAGE, self.asked),
            web.post(PAGE, self.sent),
            web.post(PAGE + "/{key}", self.store),
            web.get(PAGE + "/{key}", self.again),
        ]

    def forget(self, older_than: float = 0.0) -> None:
        """Files that nobody stored go."""
        now = time.monotonic()
        for key, sent in list(self._sent.items()):
            if now - sent.at >= older_than:
                self._drop(key)

    async def asked(self, request: web.Request) -> web.Response:
        """GET /customers/import."""
        need(request, Right.CUSTOMERS, Right.NUMBERS)
        check_keys(request.query, ())
        return self._shown(request)

    async def again(self, request: web.Request) -> web.Response:
        """GET of what is posted: another file."""
        need(request, Right.CUSTOMERS, Right.NUMBERS)
        raise web.HTTPSeeOther(PAGE)

    async def sent(self, request: web.Request) -> web.Response:
        """POST /customers/import: a file is read, and what it would do is shown. Nothing is stored."""
        visitor = self._visitor(request)
        self.forget(KEPT_SECONDS)
        for key, each in list(self._sent.items()):
            if each.proof == visitor.proof:
                self._drop(key)
        key = secrets.token_urlsafe(12)
        try:
            sent = await self._received(request, visitor, key)
        except ValueError as error:
            return self._shown(request, refusal=str(error), status=400)
        self._sent[key] = sent
        return await self._told(request, key, sent)

    async def _told(self, request: web.Request, key: str, sent: Sent) -> web.Response:
        try:
            outcome = await self._source.read(sent.path, sent.name, sent.by)
        except (AnalyticsError, OSError) as error:
            self._drop(key)
            return self._shown(request, refusal=self._plain(str(error), sent), status=400)
        return self._shown(request, key=key, sent=sent, outcome=outcome)

    async def store(self, request: web.Request) -> web.Response:
        """POST /customers/import/WORD: the file that was shown is stored."""
        visitor = self._visitor(request)
        form = await own_form(request)
        key = request.match_info["key"]
        sent = self._sent.get(key)
        if sent is None or sent.proof != visitor.proof:
            return self._frame.missing(request)
        partial = form.get("partial") == "1"
        try:
            outcome = await self._source.store(
                sent.path, sent.name, visitor, sent.by, request.remote or "", partial=partial
            )
        except (AnalyticsError, OSError) as error:
            return self._shown(request, refusal=self._plain(str(error), sent), status=400)
        if outcome.stored:
            self._drop(key)
        return self._shown(request, key="" if outcome.stored else key, sent=sent, outcome=outcome)

    def _visitor(self, request: web.Request) -> Visitor:
        visitor = need(request, Right.CUSTOMERS, Right.NUMBERS)
        if not self._may_act(visitor):
            raise ForeignPostError
        return visitor

    def _shown(
        self,
        request: web.Request,
        *,
        key: str = "",
        sent: Sent | None = None,
        outcome: Outcome | None = None,
        refusal: str = "",
        status: int = 200,
    ) -> web.Response:
        told = outcome.as_json() if outcome else None
        masked = not visitor_of(request).may("numbers")
        refused = [_row(each, masked) for each in told["refused"][:SHOWN]] if told else []
        warned = [_row(each, masked) for each in told["warnings"][:SHOWN]] if told else []
        return self._frame.shown(
            "promises_import.html", request, status=status, key=key, file=sent.name if sent else "", told=told,
            refused=refused, warned=warned, refusal=refusal, most=SHOWN, page=PAGE,
            may_act=self._may_act(visitor_of(request)), by=request.cookies.get("by", ""),
        )  # fmt: skip

    def _plain(self, text: str, sent: Sent) -> str:
        """An error by the name that the file was sent under, not by where it lies."""
        return text.replace(str(sent.path), sent.name).replace(sent.path.name, sent.name)

    def _drop(self, key: str) -> None:
        sent = self._sent.pop(key, None)
        if sent is not None:
            with suppress(OSError):
                sent.path.unlink()

    # -- what is sent ----------------------------------------------------------------------

    async def _received(self, request: web.Request, visitor: Visitor, key: str) -> Sent:
        """The file, streamed to disk. Raises ForeignPostError before a byte of it is read; ValueError in words."""
        words = self._frame.words_for(request)
        by, is_ours = visitor.agent or visitor.name, False
        async for part in _parts(request):
            if part.name == PROOF:
                is_ours = is_own(request, await part.text())
            elif part.name == "by" and not by:
                by = typed({"by": await part.text()}, "by", 40)
            elif part.name == "file":
                if not is_ours:
                    raise ForeignPostError
                name = typed({"name": Path(part.filename or "").name}, "name", 120)
                suffix = Path(name).suffix.lower()
                if suffix not in KINDS or not by:
                    raise ValueError(words.gettext("A CSV or Excel file, and who sends it, are needed."))
                path = self._source.folder() / f"{key}{suffix}"
                await self._written(part, path, words.gettext("The file is larger than 50 MB."))
                return Sent(path=path, name=name, by=by, proof=visitor.proof, at=time.monotonic())
        if not is_ours:
            raise ForeignPostError
        raise ValueError(words.gettext("A CSV or Excel file, and who sends it, are needed."))

    async def _written(self, part: BodyPartReader, path: Path, too_large: str) -> None:
        file = await asyncio.to_thread(path.open, "xb")
        size = 0
        try:
            while chunk := await part.read_chunk(A_CHUNK):
                size += len(chunk)
                if size > MAX_BYTES:
                    raise ValueError(too_large)
                await asyncio.to_thread(file.write, chunk)
        except BaseException:  # also where the browser goes away amid it
            await asyncio.to_thread(path.unlink)
            raise
        finally:
            await asyncio.to_thread(file.close)


async def _parts(request: web.Request) -> AsyncIterator[BodyPartReader]:
    if not request.content_type.startswith("multipart/"):
        return
    reader = await request.multipart()
    while (part := await reader.next()) is not None:
        if isinstance(part, BodyPartReader):
            yield part


def _row(each: dict[str, object], masked: bool) -> tuple[str, str, str, str]:
    """Where, which column, what was found, what was expected."""
    where = " · ".join(str(each[name]) for name in ("sheet", "row") if each[name] not in (None, ""))
    found = str(each["found"])
    return where, str(each["column"] or ""), masked_text(found) if masked else found, str(each["expected"])
