"""POST /hooks/NAME: signed, fresh and new, it becomes an event; everything else is refused in the API's one shape."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from datetime import datetime

import structlog
from aiohttp import web
from sqlalchemy import Engine

from analytics.storage.engine import open_store
from config.hooks import Hook, Signed
from config.policies import Policy
from config.secrets import Secret, read_secret
from config.settings import Settings
from schedulers.errors import RefusedError, StaleError
from schedulers.storage import marks
from service.api.errors import ApiError
from service.auth.tries import Tries
from service.desk import events
from service.desk.desk import Desk
from service.desk.events import Taken
from service.hooks import signature
from service.hooks.mapping import event_of, value_at
from telephony.clock import to_microseconds

HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
SEEN = "hook:"
"""What names of marks of taken posts begin with."""


def build_hooks(
    app: web.Application,
    settings: Settings,
    policy_of: Callable[[], Policy],
    now: Callable[[], datetime],
    environ: Mapping[str, str],
) -> list[web.RouteDef]:
    """The route. Raises SettingsError where a secret cannot be read."""
    secrets = {hook.name: read_secret(hook.secret, environ) for hook in settings.hooks}
    engine = open_store(settings.database_url)

    async def dispose(app: web.Application) -> None:
        engine.dispose()

    app.on_cleanup.append(dispose)
    desk = Desk(engine, policy_of, settings)
    hooks = Hooks({hook.name: hook for hook in settings.hooks}, secrets, desk, now)
    return [web.post("/hooks/{name}", hooks.post)]


class Hooks:
    """The hooks of an installation."""

    def __init__(
        self, hooks: Mapping[str, Hook], secrets: Mapping[str, Secret], desk: Desk, now: Callable[[], datetime]
    ) -> None:
        self._hooks = hooks
        self._secrets = secrets
        self._desk = desk
        self._now = now
        self._longest = max(hook.tolerance for hook in hooks.values())
        self._tries = Tries()
        self._log = structlog.get_logger("service.hooks")

    async def post(self, request: web.Request) -> web.StreamResponse:
        """One post."""
        hook = self._hooks.get(request.match_info["name"])
        if hook is None:
            raise ApiError(404, "hook_not_found", "hook: found none of this name, expected one of [hooks.NAME]")
        now, address = self._now(), request.remote or ""
        if self._tries.wait(address, now):
            raise ApiError(
                429, "too_many_tries", "signature: found too many tries from this address, expected fewer"
            )
        body = await request.read()
        told = _parsed(body)
        timestamp = _timestamp(hook, request, told)
        shown = request.headers.get(hook.header, "")
        if not signature.is_good(hook, self._secrets[hook.name].reveal(), body, timestamp, shown):
            self._tries.note(address, now)
            self._log.warning("hook.refused", hook=hook.name, why="signature")
            expected = f"HMAC-SHA256 of {hook.signed.value} in {hook.header}"
            raise ApiError(401, "bad_signature", f"signature: found another or none, expected {expected}")
        at = signature.instant_of(timestamp)
        if at is None or not signature.is_near(hook, at, now):
            expected = f"one within {hook.tolerance.total_seconds():.0f} s of now"
            raise ApiError(401, "bad_timestamp", f"timestamp: found {timestamp[:40]!r}, expected {expected}")
        mark = SEEN + signature.expected(hook, self._secrets[hook.name].reveal(), body, timestamp).hex()
        taken = await asyncio.to_thread(self._take, hook, told, now, mark)
        return web.json_response(taken.as_json(), headers=HEADERS)

    def _take(self, hook: Hook, told: object, now: datetime, mark: str) -> Taken:
        """The event is taken in; only then is the post known, so that one that failed may be sent again."""
        if _is_known(self._desk.engine, mark):
            raise ApiError(409, "replayed", "post: found one that was taken before, expected a new one")
        try:
            event = event_of(hook, told, now, self._desk.rules.zone)
            (taken,) = events.take(self._desk, [event], now)
        except RefusedError as error:
            raise ApiError(422, "bad_event", f"{hook.name}: {error}") from None
        except StaleError as error:
            raise ApiError(409, "changed_meanwhile", str(error)) from None
        with self._desk.engine.begin() as connection:
            # What is too old to be sent again need not be known any longer.
            marks.forget(connection, SEEN, to_microseconds(now - 2 * self._longest))
            marks.set_mark(connection, mark, to_microseconds(now))
        return taken


def _is_known(engine: Engine, mark: str) -> bool:
    with engine.connect() as connection:
        return marks.mark(connection, mark) != 0


def _timestamp(hook: Hook, request: web.Request, told: object) -> str:
    if hook.signed is Signed.TIMESTAMP_BODY:
        return request.headers.get(hook.timestamp_header, "")
    found = value_at(told, hook.timestamp_path or "")
    return str(found) if isinstance(found, str | int) and not isinstance(found, bool) else ""


def _parsed(body: bytes) -> object:
    try:
        return json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError):
        raise ApiError(400, "bad_body", "body: found no JSON, expected JSON in UTF-8") from None
