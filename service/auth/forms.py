"""Posts come from our own pages: with the visitor's proof, and from our own origin."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from json import JSONDecodeError
from typing import Any

from aiohttp import web

from service.auth.visiting import is_this_machine, visitor_of

PROOF = "proof"
HEADER = "X-Proof"
_SCHEME = web.RequestKey("scheme", str)


class ForeignPostError(Exception):
    """A post that no page of ours sent."""


async def own_form(request: web.Request) -> Mapping[str, str]:
    """The texts of a form that our own page sent. Raises ForeignPostError for any other."""
    form = await request.post()
    told = {name: value for name, value in form.items() if isinstance(value, str)}
    if not is_own(request, told.get(PROOF, "")):
        raise ForeignPostError
    return told


def check_own(request: web.Request) -> None:
    """For what a script of our page sends: the proof is in the header X-Proof. Raises ForeignPostError."""
    if not is_own(request, request.headers.get(HEADER, "")):
        raise ForeignPostError


def note_scheme(request: web.Request, scheme: str) -> None:
    """By which scheme the browser sees us, where a proxy in front ends TLS."""
    request[_SCHEME] = scheme


async def own_json(request: web.Request) -> Mapping[str, Any]:
    """The object that a script of our own page sent, its proof in a header. Raises ForeignPostError for any other."""
    if not is_own(request, request.headers.get(HEADER, "")):
        raise ForeignPostError
    try:
        told = await request.json()
    except (JSONDecodeError, UnicodeDecodeError):
        raise web.HTTPBadRequest(text="body: found no JSON, expected an object\n") from None
    if not isinstance(told, dict):
        raise web.HTTPBadRequest(text="body: found no object, expected one\n")
    return told


def is_own(request: web.Request, proof: str) -> bool:
    """Whether a request that changes something comes from our own page.

    Where nobody is asked who he is, it must come under a name of this machine too: another site's name that leads
    here (DNS rebinding) would read our pages and their proof.
    """
    visitor = visitor_of(request)
    scheme = request.get(_SCHEME, request.scheme)
    origin, site = request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site", "same-origin")
    same = site == "same-origin" and origin in (None, f"{scheme}://{request.host}")
    named = visitor.account is not None or not visitor.rights or is_this_machine(request.url.host)
    return same and named and hmac.compare_digest(proof.encode(), visitor.proof.encode())
