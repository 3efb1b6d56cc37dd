"""Doors for tests: every request is that of one visitor, whom the test may change."""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from service.auth.rights import EVERY_RIGHT, EVERYBODY, Right, Role, Sight, Visitor
from service.auth.visiting import let_in

PROOF = "a-proof"
ANYBODY = Visitor(
    account=7, login="zhou", name="周主管", role=Role.SUPERVISOR, rights=EVERY_RIGHT, sight=EVERYBODY, proof=PROOF
)


def somebody(*lacking: Right, sight: Sight = EVERYBODY) -> Visitor:
    """Who holds every right but these."""
    return Visitor(
        account=7, login="zhou", name="周主管", role=Role.LEADER, rights=EVERY_RIGHT - set(lacking), sight=sight,
        proof=PROOF,
    )  # fmt: skip


@dataclass(slots=True)
class Door:
    """Lets in whom it holds."""

    visitor: Visitor = ANYBODY

    def guard(self) -> Middleware:
        """The middleware."""

        @web.middleware
        async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
            let_in(request, self.visitor)
            return await handler(request)

        return middleware
