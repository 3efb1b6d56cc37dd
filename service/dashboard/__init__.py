"""The dashboard: pages rendered on the server, alive by server-sent events. No build step, nothing from afar.

    setup(app, live)     # adds the pages, /events and /static/ to an aiohttp application

`live` is the seam: any object with the shape of `service.dashboard.live_view.LiveState`.
"""

from __future__ import annotations

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware
from sqlalchemy.exc import SQLAlchemyError

from service.dashboard.assets import PREFIX, Assets
from service.dashboard.campaigns import CampaignPages, CampaignSource
from service.dashboard.events import Broadcaster
from service.dashboard.live_view import LiveState
from service.dashboard.pages import Pages
from service.dashboard.query import QueryError
from service.dashboard.rendering import Renderer

NOT_OURS = ("/api/", "/healthz", "/metrics", "/events", PREFIX)
"""What programs ask for: answered without pages."""


def setup(app: web.Application, live: LiveState, campaigns: CampaignSource | None = None) -> None:
    """Add the dashboard to an application that has not started yet; without `campaigns`, without their pages."""
    assets = Assets()
    renderer = Renderer(live.zone, assets, has_campaigns=campaigns is not None)
    pages = Pages(live, renderer)
    broadcaster = Broadcaster(live, renderer)
    app.middlewares.append(_refusals(pages))
    if campaigns is not None:
        placed = CampaignPages(campaigns, pages, renderer)
        app.on_shutdown.append(placed.close)
        app.add_routes(placed.routes())
    app.cleanup_ctx.append(broadcaster.context)
    app.on_shutdown.append(broadcaster.close)
    app.add_routes(
        [
            web.get("/", pages.shift),
            web.get("/calls", pages.calls),
            web.get("/calls/{pbx}/{id}", pages.call),
            web.get("/gaps", pages.gaps),
            web.get("/minutes", pages.minutes),
            web.get("/three-rings", pages.three_rings),
            web.get("/events", broadcaster.serve),
            web.get(PREFIX + "{name}", assets.serve),
        ]
    )


def _refusals(pages: Pages) -> Middleware:
    """Pages answer in words what they do not understand, what is not there, and what cannot be had now."""

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.path.startswith(NOT_OURS):
            return await handler(request)
        try:
            return await handler(request)
        except QueryError as error:
            return pages.refused(request, error)
        except web.HTTPNotFound:
            return pages.missing(request)
        except (SQLAlchemyError, OSError) as error:
            return pages.unavailable(request, error)

    return middleware


__all__ = ["setup"]
