"""One request from its arrival to its answer: let in, understood, unchanged or answered, given a format.

token ─► parameters ─► format ─► ETag ─► 304, or the operation ─► JSON, CSV or Excel
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from aiohttp import web

from analytics.export.csv_file import csv_file
from config.settings import Language
from service.api.accept import BY_NAME, CSV, JSON, XLSX, language, media_type
from service.api.asked import Answer, Asked, Operation, read_values
from service.api.bodies import BODIES
from service.api.body_fields import read_body
from service.api.contents import read_content
from service.api.endpoint import Tag
from service.api.endpoints import ENDPOINTS, Endpoint, Fresh, Method
from service.api.errors import Handler
from service.api.figures import digest_of
from service.api.openapi import SCHEMAS
from service.api.parameters import Place
from service.api.readers import Now
from service.api.reading import Store
from service.api.recording_handlers import Sound
from service.api.rights import check_session
from service.api.tables import TABLES, Shown
from service.api.tags import is_known, tag_of
from service.auth.audit import Act, Actor, Kind, Program
from service.auth.book import AuditBook
from service.auth.guard import ANYBODY, Bearer, Guard, check_scope
from service.auth.tokens import Scope
from service.customers_showing import masked_id

HEADERS = {
    "Cache-Control": "private, no-cache",
    "Vary": "Accept, Accept-Language, Authorization, Cookie",
    "X-Content-Type-Options": "nosniff",
}
AT_ONCE = 2
"""Answers that are made at the same time. Worker threads are few, and the pages and the analysers need theirs."""

_SUFFIX = {CSV: "csv", XLSX: "xlsx"}
_TABLE_FORMATS = tuple(BY_NAME.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Centre:
    """What every answer needs to know of this installation."""

    store: Store
    guard: Guard
    now: Callable[[], datetime]
    language: Language
    gaps: Callable[[], object]
    demo: bool
    book: AuditBook


_SUBJECTS = {Tag.FOLLOWUPS: "follow-up", Tag.CUSTOMERS: "customer", Tag.CAMPAIGNS: "campaign"}
_CARD = "customer"
"""The endpoint that opens a customer's card."""


class Serving:
    """The routes of the API, made of the table of endpoints."""

    def __init__(
        self,
        centre: Centre,
        operations: Mapping[str, Operation],
        pages: Mapping[str, Handler],
        sounds: Mapping[str, Sound],
    ) -> None:
        self._centre = centre
        self._sounds = sounds
        self._operations = operations
        self._pages = pages
        self._log = structlog.get_logger("service.api")
        self._turns = asyncio.Semaphore(AT_ONCE)

    def routes(self) -> list[web.RouteDef]:
        """One for each endpoint of the table, and no other."""
        return [_route(each, self._handler(each)) for each in ENDPOINTS]

    def _handler(self, endpoint: Endpoint) -> Handler:
        if endpoint.is_page:
            return self._pages[endpoint.name]
        if endpoint.is_sound:
            return self._sounding(endpoint, self._sounds[endpoint.name])
        operation = self._operations[endpoint.name]

        async def handle(request: web.Request) -> web.StreamResponse:
            asked = await self._understood(request, endpoint)
            tag = await self._tag(endpoint, asked)
            if tag is not None and is_known(request, tag):
                return _tagged(web.Response(status=304, headers=HEADERS), tag)
            # An act waits for the PBX, and takes no time of ours.
            async with nullcontext() if endpoint.tag is Tag.ACTS else self._turns:
                answer = await operation(asked)
                await self._note(request, endpoint, asked)
                return _tagged(await self._formatted(request, endpoint, asked, answer), tag)

        return handle

    def _sounding(self, endpoint: Endpoint, sound: Sound) -> Handler:
        """Bytes, not JSON: sent as long as they are listened to, which takes no turn."""

        async def handle(request: web.Request) -> web.StreamResponse:
            asked = await self._understood(request, endpoint)
            return await sound(request, asked, _who(asked.bearer))

        return handle

    async def _understood(self, request: web.Request, endpoint: Endpoint) -> Asked:
        """Who asks, and what. Raises ApiError."""
        bearer = ANYBODY if endpoint.is_open else await self._centre.guard.admit(request)
        check_session(bearer, endpoint)
        for scope in (*((Scope.READ,) if endpoint.needs_read else ()), *endpoint.scopes):
            check_scope(bearer, scope)
        now = self._centre.now()
        clock = Now(at=now, policy=self._centre.store.policy)
        values = read_values(request, endpoint, clock)
        offered = _TABLE_FORMATS if endpoint.is_table else (JSON,)
        accepted = None if endpoint.is_sound else request.headers.get("Accept")
        media = media_type(accepted, values.get("format"), offered)
        if media != JSON:
            check_scope(bearer, Scope.EXPORT)
        content = await _content(request, endpoint.content, clock) if endpoint.content else None
        paged = {"limit", "after"} & set(request.query)
        return Asked(
            values=values,
            now=now,
            language=self._language(request, values["lang"]),
            media=media,
            whole=media != JSON and not paged,
            bearer=bearer,
            content=content,
        )

    def _language(self, request: web.Request, named: str | None) -> Language:
        if named is not None:
            return Language(named)
        return language(request.headers.get("Accept-Language"), self._centre.language)

    async def _tag(self, endpoint: Endpoint, asked: Asked) -> str | None:
        """The answer's ETag; None for what is another at every moment."""
        if endpoint.fresh is Fresh.MOMENT:
            return None
        depends: tuple[str, ...] = (str(self._centre.demo),)
        if endpoint.fresh in (Fresh.STORED, Fresh.GAPS):
            version = await asyncio.to_thread(self._centre.store.version)
            depends = (*depends, version, digest_of(self._centre.store.policy))
        if endpoint.fresh is Fresh.GAPS:
            depends = (*depends, repr(self._centre.gaps()))
        return tag_of(endpoint, asked, depends)

    async def _formatted(
        self, request: web.Request, endpoint: Endpoint, asked: Asked, answer: Answer
    ) -> web.Response:
        """The answer in the format that was asked for."""
        marked = self._centre.demo and endpoint.name != "openapi"
        body = answer.body | {"demo": True} if marked else answer.body
        headers = dict(HEADERS)
        if endpoint.fresh is Fresh.MOMENT:
            headers["Cache-Control"] = "no-store"
        if answer.following is not None:
            following = request.rel_url.update_query({"after": answer.following})
            headers["Link"] = f'<{following}>; rel="next"'
        if asked.media == JSON:
            told = json.dumps(body).encode()
            return web.Response(status=answer.status, body=told, content_type=JSON, headers=headers)
        headers["Content-Disposition"] = f'attachment; filename="{file_name(endpoint, body, asked.media)}"'
        self._log.info("api.exported", endpoint=endpoint.name, media=asked.media, token=asked.bearer.token)
        await self._note_export(request, endpoint, asked, body)
        shown = Shown(language=asked.language, zone=self._centre.store.policy.zone)
        written = await asyncio.to_thread(_written, endpoint, body, shown, asked.media)
        charset = "utf-8" if asked.media == CSV else None
        return web.Response(body=written, content_type=asked.media, charset=charset, headers=headers)

    async def _note(self, request: web.Request, endpoint: Endpoint, asked: Asked) -> None:
        """What was changed, and whose card was opened; acts on the PBX note themselves, with what came of them."""
        if endpoint.tag is Tag.ACTS:
            return
        if endpoint.method is not Method.GET:
            act = Act.CHANGED
        elif endpoint.name == _CARD:
            act = Act.LOOKED
        else:
            return
        subject = subject_of(endpoint, asked.values)
        await self._centre.book.note_by(_who(asked.bearer), request, act, subject, what=endpoint.name)

    async def _note_export(
        self, request: web.Request, endpoint: Endpoint, asked: Asked, body: Mapping[str, Any]
    ) -> None:
        """What leaves the house is in the audit first: who took it, which, of which period."""
        who = _who(asked.bearer)
        name = file_name(endpoint, body, asked.media)
        await self._centre.book.note_by(who, request, Act.EXPORTED, name, whole_numbers=not asked.masked)


def _who(bearer: Bearer) -> Actor:
    if bearer.visitor is not None:
        return bearer.visitor
    return Program(login=bearer.token, role=Kind.TOKEN if bearer.token else Kind.ANYBODY)


async def _content(request: web.Request, name: str, now: Now) -> Any:
    """What a request brings: the fields of a body as they are read, else JSON as its schema says. Raises ApiError."""
    if name in BODIES:
        return await read_body(request, BODIES[name], now)
    return await read_content(request, SCHEMAS[name])


def _route(endpoint: Endpoint, handler: Handler) -> web.RouteDef:
    if endpoint.method is Method.GET:
        return web.get(endpoint.route, handler)
    return web.route(endpoint.method.value, endpoint.route, handler)


def _written(endpoint: Endpoint, body: dict[str, Any], shown: Shown, media: str) -> bytes:
    table = TABLES[endpoint.name](body, shown)
    if media == CSV:
        return csv_file(table)
    # A service that nobody asks for a spreadsheet never loads what writes one.
    from analytics.export.workbook import workbook

    return workbook(table)


def _tagged(response: web.Response, tag: str | None) -> web.Response:
    if tag is not None:
        response.etag = tag
    return response


def subject_of(endpoint: Endpoint, values: Mapping[str, Any]) -> str:
    """What a request is about, as the audit names it: never by a number, which the id of a stranger is."""
    named = [str(values[each.name]) for each in endpoint.parameters if each.place is Place.PATH]
    if endpoint.tag is Tag.CUSTOMERS:
        named = [masked_id(each) for each in named]
    return " ".join((_SUBJECTS.get(endpoint.tag, endpoint.tag.value), *named))


def file_name(endpoint: Endpoint, body: Mapping[str, Any], media: str) -> str:
    """What the file is called: the endpoint and the period, never a number of anybody."""
    period = body.get("period") or body.get("query", {}).get("period", {}).get("label", "")
    name = body.get("report", endpoint.name.replace("_", "-"))
    kept = re.sub(r"[^0-9T:+-]", "-", period).replace(":", "").replace("+", "-")[:60]
    return f"threerings-{name}{'-' if kept else ''}{kept}.{_SUFFIX[media]}"
