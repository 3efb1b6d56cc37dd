"""How people come in, put together: the door, the log-in, accounts and the audit, over one store that is written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Engine

from config.settings import HttpSettings, Settings
from service.auth.book import AuditBook
from service.auth.door import Door, DoorRules
from service.auth.entrance import Entrance
from service.auth.office import Office
from service.auth.rights import Seen, Sight
from service.auth.sessions import Limits
from service.auth.sight import resolve
from service.auth.start import is_loopback
from service.dashboard.application import Gate, RoomOf
from service.dashboard.rights import AuditPages, EntryPages, PeoplePages
from service.dashboard.rights.account_form import known_of
from service.dashboard.rights.entry import Way
from service.live.hub import LiveHub


def rules_of(http: HttpSettings, *, demo: bool) -> DoorRules:
    """The door's rules by the settings."""
    return DoorRules(
        exposed=not is_loopback(http.host),
        demo=demo,
        proxied=http.proxied,
        limits=Limits(idle=timedelta(minutes=http.session_idle_minutes), whole=timedelta(days=http.session_days)),
    )


def entry_of(
    settings: Settings, writing: Engine, hub: LiveHub, now: Callable[[], datetime], *, demo: bool
) -> tuple[Gate, list[RoomOf]]:
    """The gate of the pages, and the rooms of accounts."""
    rules = rules_of(settings.http, demo=demo)
    door = Door(writing, now, rules)
    book = AuditBook(writing, now, proxied=rules.proxied)
    office = Office(writing, now, rules.limits)
    way = Way(entrance=Entrance(writing, now), door=door, office=office, book=book)

    def sees(sight: Sight) -> Seen:
        return resolve(sight, hub.policy, now())

    rooms: list[RoomOf] = [
        partial(EntryPages, way),
        partial(PeoplePages, office, book, lambda: known_of(hub.policy)),
        partial(AuditPages, office),
    ]
    return Gate(guard=door.middleware(), sees=sees, book=book), rooms
