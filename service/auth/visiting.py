"""The visitor of a request, and what is refused to him: no right and not there look the same."""

from __future__ import annotations

import ipaddress

from aiohttp import web

from service.auth.rights import EVERY_RIGHT, EVERYBODY, Right, Role, Sight, Visitor

_VISITOR = web.RequestKey("visitor", Visitor)


class NoRightError(web.HTTPNotFound):
    """What he has no right to: answered as if it were not there, and noted in the audit."""


class NeedsLoginError(Exception):
    """A page that asks who somebody is, and nobody said so."""


class ClosedError(Exception):
    """Nobody has an account yet, and the service can be reached from elsewhere: nothing is shown."""


class MustChangeError(Exception):
    """His password was given to him by another: first he chooses one of his own."""


def open_door(proof: str) -> Visitor:
    """Who is let in where nobody has an account: everything, but customers' numbers only one at a time."""
    return Visitor(
        account=None,
        login="",
        name="",
        role=Role.ADMINISTRATOR,
        rights=EVERY_RIGHT - {Right.NUMBERS},
        sight=EVERYBODY,
        proof=proof,
    )


def stranger(proof: str) -> Visitor:
    """Who has not said who he is where that is asked: he may log in, and nothing else."""
    return Visitor(
        account=None, login="", name="", role=Role.READER, rights=frozenset(), sight=Sight(), proof=proof
    )


def is_stranger(visitor: Visitor) -> bool:
    """Whether he has not said who he is."""
    return visitor.account is None and not visitor.rights


def let_in(request: web.Request, visitor: Visitor) -> None:
    """Note who asks."""
    request[_VISITOR] = visitor


def visitor_of(request: web.Request) -> Visitor:
    """Who asks."""
    return request[_VISITOR]


def known_visitor(request: web.Request) -> Visitor | None:
    """Who asks; None where there is no door that would know."""
    return request.get(_VISITOR)


def need(request: web.Request, *rights: Right) -> Visitor:
    """Who asks, where he holds these rights. Raises NoRightError, which is HTTPNotFound, otherwise."""
    visitor = visitor_of(request)
    if not visitor.rights.issuperset(rights):
        raise NoRightError
    return visitor


def address_of(request: web.Request, *, proxied: bool = False) -> str:
    """From where he asks: the peer, or what the proxy in front of us saw as its own."""
    told = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip() if proxied else ""
    return (told or request.remote or "")[:64]


def is_this_machine(name: str | None) -> bool:
    """Whether a host's name is this machine's and no other site can take it: localhost, or a loopback address."""
    if name is None or name.lower().rstrip(".") == "localhost":
        return name is not None
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return (mapped or address).is_loopback


def is_here(request: web.Request) -> bool:
    """Whether somebody at this machine asks, under a name of this machine and through no proxy."""
    through = "X-Forwarded-For" in request.headers or "Forwarded" in request.headers
    return not through and is_this_machine(request.remote) and is_this_machine(request.url.host)
