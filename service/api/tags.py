"""Strong ETags: a digest of all that an answer depends on, found before the answer is made."""

from __future__ import annotations

import hashlib
from importlib.metadata import PackageNotFoundError, version

from aiohttp import web

from service.api.asked import Asked
from service.api.endpoints import Endpoint
from service.api.openapi import VERSION

_DRIFTING = frozenset({"lang", "format", "as_of"})
"""Parameters whose effect is told apart in another way: by the language, the format, and the instant that is meant."""


def program() -> str:
    """This version of the program: another one may count otherwise."""
    try:
        return version("threerings")
    except PackageNotFoundError:
        return VERSION


def tag_of(endpoint: Endpoint, asked: Asked, depends_on: tuple[str, ...]) -> str:
    """The tag of an answer. Two answers with one tag are the same, byte for byte."""
    values = sorted((name, _said(each)) for name, each in asked.values.items() if name not in _DRIFTING)
    counted = asked.as_of.isoformat() if "as_of" in asked.values or endpoint.name == "summary" else ""
    parts = (program(), endpoint.name, values, counted, asked.language, asked.media, asked.whole, asked.masked)
    return hashlib.sha256(repr((parts, depends_on)).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _said(value: object) -> str:
    """A value of a parameter, the same however it was spelt: sets have no order of their own."""
    if isinstance(value, dict):
        return repr(sorted((name, _said(each)) for name, each in value.items()))
    if isinstance(value, frozenset):
        return repr(sorted(value))
    return repr(value)


def is_known(request: web.Request, tag: str) -> bool:
    """Whether If-None-Match names this tag, or any."""
    named = request.if_none_match or ()
    return any(each.value in (tag, "*") for each in named)
