"""Posts come from our own pages: with the visitor's proof, and from our own origin."""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from service.auth.visiting import visitor_of

LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
PROOF = "proof"


class ForeignPostError(Exception):
    """A post that no page of ours sent."""


async def own_form(request: web.Request) -> Mapping[str, str]:
    """The texts of a form that our own page sent. Raises ForeignPostError for any other."""
    form = await request.post()
    told = {name: value for name, value in form.items() if isinstance(value, str)}
    if not is_own(request, told.get(PROOF, "")):
        raise ForeignPostError
    return told


async def own_json(request: web.Request) -> Any:
    """What a script of our own page sent, with its proof in X-Proof. Raises ForeignPostError, ValueError."""
    if not is_own(request, request.headers.get("X-Proof", "")):
        raise ForeignPostError
    return json.loads(await request.text())


def is_own(request: web.Request, proof: str) -> bool:
    """Whether a request that changes something comes from our own page.

    Where nobody is asked who he is, it must come under a name of this machine too: another site's name that leads
    here (DNS rebinding) would read our pages and their proof.
    """
    visitor = visitor_of(request)
    origin, site = request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site", "same-origin")
    same = site == "same-origin" and origin in (None, f"{request.scheme}://{request.host}")
    named = visitor.account is not None or request.url.host in LOCAL
    return same and named and hmac.compare_digest(proof.encode(), visitor.proof.encode())
