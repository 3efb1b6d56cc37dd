"""The pages of an application: rendered on the server, alive by server-sent events. No build step, nothing from afar.

    setup(app, live, rooms=[partial(CampaignPages, source)])     # adds pages, /events and /static/ to an application

`live` is the seam to what is known now: any object with the shape of `service.dashboard.live_view.LiveState`. A room
is a group of pages with its own source; it is made with the frame that all pages share, and the renderer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlencode

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware
from sqlalchemy.exc import SQLAlchemyError

from service.auth.audit import Act
from service.auth.book import AuditBook
from service.auth.door import door
from service.auth.forms import ForeignPostError
from service.auth.sight import Sees, plain
from service.auth.visiting import ClosedError, MustChangeError, NeedsLoginError, NoRightError
from service.dashboard.assets import PREFIX, Assets, version_of
from service.dashboard.board_pages import BoardPages
from service.dashboard.events import Broadcaster
from service.dashboard.frame import Frame
from service.dashboard.live_view import LiveState
from service.dashboard.pages import Pages
from service.dashboard.query import QueryError
from service.dashboard.rendering import Renderer

NOT_OURS = ("/api/", "/healthz", "/metrics", "/events", "/hooks/", PREFIX)
"""What programs ask for: answered without pages."""

FIRST = frozenset({"shift", "wall", "gaps"})
"""The places that every dashboard has."""


class Room(Protocol):
    """A group of pages."""

    places: frozenset[str]
    """The keys of its places in the navigation (service.dashboard.places)."""

    def routes(self) -> list[web.RouteDef]:
        """Of its pages."""
        ...

    async def close(self, app: web.Application) -> None:
        """Ends its open streams, so that the server can stop."""
        ...


RoomOf = Callable[[Frame, Renderer], Room]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """What the pages are told of who visits; without it anybody is let in, as on one's own machine.

    guard: notes who visits. sees: whom he sees now. book: where what he did is noted.
    """

    guard: Middleware
    sees: Sees = plain
    book: AuditBook | None = None


def setup(app: web.Application, live: LiveState, rooms: Iterable[RoomOf] = (), gate: Gate | None = None) -> None:
    """Add the dashboard to an application that has not started yet."""
    assets = Assets()
    made = list(rooms)
    renderer = Renderer(live.zone, assets)
    frame = Frame(live, renderer, gate.sees if gate else plain, gate.book if gate else None)
    placed = [room_of(frame, renderer) for room_of in made]
    renderer.places = FIRST.union(*(room.places for room in placed))
    broadcaster = Broadcaster(live, renderer, frame.seen, version_of(assets))
    app.middlewares.extend([_refusals(frame), gate.guard if gate else door()])
    for room in placed:
        app.on_shutdown.append(room.close)
        app.add_routes(room.routes())
    app.cleanup_ctx.append(broadcaster.context)
    app.on_shutdown.append(broadcaster.close)
    app.add_routes([*BoardPages(live, frame).routes(), *Pages(live, frame).routes()])
    app.add_routes([web.get("/events", broadcaster.serve), web.get(PREFIX + "{name}", assets.serve)])


def _refusals(frame: Frame) -> Middleware:
    """Pages answer in words what they do not understand, what is not there, and what cannot be had now."""

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.path.startswith(NOT_OURS):
            return await handler(request)
        try:
            return await handler(request)
        except QueryError as error:
            return frame.refused(request, error)
        except ForeignPostError:
            return frame.foreign(request)
        except NeedsLoginError:
            return _to_login(request)
        except MustChangeError:
            return web.Response(status=303, headers={"Location": "/me"})
        except ClosedError:
            return frame.closed(request)
        except NoRightError:
            await frame.note(request, Act.REFUSED, request.path[:200])
            return frame.missing(request)
        except web.HTTPNotFound:
            return frame.missing(request)
        except (SQLAlchemyError, OSError) as error:
            return frame.unavailable(request, error)

    return middleware


def _to_login(request: web.Request) -> web.Response:
    """303 to the log-in, and from there back to where he wanted to go."""
    wanted = request.rel_url.raw_path_qs
    query = "" if wanted == "/" else "?" + urlencode({"next": wanted})
    return web.Response(status=303, headers={"Location": f"/login{query}", "Cache-Control": "no-store"})


__all__ = ["Gate", "Room", "RoomOf", "setup"]
