"""The door of the pages: notes with each request who asks, before anything else looks at it."""

from __future__ import annotations

import secrets

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from service.auth.visiting import let_in, open_door


def door() -> Middleware:
    """A middleware that knows the visitor of each request. Its proof is one of this process."""
    anybody = open_door(secrets.token_urlsafe(24))

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        let_in(request, anybody)
        return await handler(request)

    return middleware
