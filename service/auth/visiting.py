"""The visitor of a request, and what is refused to him: no right and not there look the same."""

from __future__ import annotations

from aiohttp import web

from service.auth.rights import EVERY_RIGHT, EVERYBODY, Right, Role, Visitor

_VISITOR = web.RequestKey("visitor", Visitor)


def open_door(proof: str) -> Visitor:
    """Who is let in where nobody has an account: everything, as it was on loopback from the first."""
    return Visitor(
        account=None,
        login="",
        name="",
        role=Role.ADMINISTRATOR,
        rights=EVERY_RIGHT,
        sight=EVERYBODY,
        proof=proof,
    )


def let_in(request: web.Request, visitor: Visitor) -> None:
    """Note who asks."""
    request[_VISITOR] = visitor


def visitor_of(request: web.Request) -> Visitor:
    """Who asks."""
    return request[_VISITOR]


def need(request: web.Request, *rights: Right) -> Visitor:
    """Who asks, where he holds these rights. Raises HTTPNotFound otherwise."""
    visitor = visitor_of(request)
    if not visitor.rights.issuperset(rights):
        raise web.HTTPNotFound
    return visitor
