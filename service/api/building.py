"""The API put together: what it is told, and the routes that come of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web

from analytics.board import Board
from analytics.storage.engine import open_store
from config.settings import Settings
from service.acting.acting import Acting
from service.api.act_handlers import ActApi
from service.api.campaign_handlers import CampaignApi
from service.api.customer_handlers import CustomerApi
from service.api.customer_store import CustomerStore
from service.api.docs_page import DocsPage
from service.api.figure_handlers import FigureApi
from service.api.followup_handlers import FollowUpApi
from service.api.handlers import Api
from service.api.reading import Store
from service.api.recording_handlers import RecordingApi
from service.api.serving import Centre, Serving
from service.auth.book import AuditBook
from service.auth.guard import Guard
from service.desk.desk import Desk
from service.listening.shelf import shelf_of
from service.pipeline.gaps import Gap
from telephony.calls.record import View


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiWiring:
    """What the API is made of. `gaps` gives the gaps that are known, `board` the live state; `acting` acts."""

    settings: Settings
    store: Store
    view: View
    board: Callable[[], Board]
    gaps: Callable[[], list[Gap]]
    now: Callable[[], datetime]
    asks_for_tokens: bool
    demo: bool
    acting: Acting | None = None


def build_api(app: web.Application, wiring: ApiWiring) -> list[web.RouteDef]:
    """The routes. What they hold open is given back when the application ends."""
    # The store that is read refuses writes; what is told or done, and the day of a token's use, go through another.
    url = wiring.settings.database_url
    writing, reading = open_store(url), open_store(url, reads_only=True)

    async def dispose(app: web.Application) -> None:
        writing.dispose()
        reading.dispose()

    app.on_cleanup.append(dispose)
    api = Api(wiring.store, wiring.view, board=wiring.board, gaps=wiring.gaps)
    figures = FigureApi(wiring.store, api.shown)
    customers = CustomerApi(CustomerStore(reading, writing, lambda: wiring.store.policy), wiring.store, api.shown)
    docs = DocsPage(
        wiring.now,
        lambda: wiring.store.policy,
        wiring.settings.language,
        asks_for_tokens=wiring.asks_for_tokens,
    )
    centre = Centre(
        store=wiring.store,
        guard=Guard(writing, wiring.now, required=wiring.asks_for_tokens),
        now=wiring.now,
        language=wiring.settings.language,
        gaps=wiring.gaps,
        demo=wiring.demo,
        book=AuditBook(writing, wiring.now, proxied=wiring.settings.http.proxied),
    )
    desk = Desk(writing, lambda: wiring.store.policy, wiring.settings)
    recordings = RecordingApi(reading, shelf_of(wiring.settings), centre.book, wiring.now)
    operations = {
        **api.operations(),
        **figures.operations(),
        **customers.operations(),
        **FollowUpApi(desk).operations(),
        **CampaignApi(desk).operations(),
        **ActApi(wiring.acting).operations(),
        **recordings.operations(),
    }
    return Serving(centre, operations, {"docs": docs.serve}, recordings.sounds()).routes()
