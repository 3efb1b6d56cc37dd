"""Whether the API asks for tokens, and what is said at the start where nobody could open the door."""

from __future__ import annotations

import ipaddress
from datetime import datetime

import structlog
from sqlalchemy import Engine, inspect
from sqlalchemy.exc import SQLAlchemyError

from config.settings import HttpSettings, Settings, TokenRule
from service.auth import accounts, tokens
from service.auth.models import api_tokens

WAY_IN = (
    "found no account and no valid token, and nothing is shown: create the administrator with "
    "`threerings user create NAME --role administrator`, or at http://127.0.0.1:{port}/setup on this machine; "
    "a token for a program with `threerings token create NAME`"
)


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches the host."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower().rstrip(".") in ("localhost", "localhost.localdomain")


def asks_for_tokens(http: HttpSettings) -> bool:
    """By the settings; without a word of theirs, where the service listens beyond loopback."""
    if http.tokens is TokenRule.AUTO:
        return not is_loopback(http.host)
    return http.tokens is TokenRule.REQUIRED


def tell_way_in(engine: Engine, settings: Settings, now: datetime) -> None:
    """Warn where others reach the service and nobody could come in: no token is valid and nobody has an account.

    Nothing is shown then. A store that cannot be reached stops nobody from listening to the PBX.
    """
    log = structlog.get_logger("service.auth")
    if is_loopback(settings.http.host) and not settings.http.proxied and not asks_for_tokens(settings.http):
        return
    try:
        usable = _has_way_in(engine, now)
    except SQLAlchemyError as error:
        log.warning("way_in.unknown", error=type(error).__name__, detail="the store cannot be read now")
        return
    if not usable:
        log.warning("way_in.none", http=settings.http.host, detail=WAY_IN.format(port=settings.http.port))


def _has_way_in(engine: Engine, now: datetime) -> bool:
    with engine.connect() as connection:
        if accounts.any_exists(connection):
            return True
        if not inspect(connection).has_table(api_tokens.name):
            return False
        return any(each.is_valid(now) for each in tokens.listed(connection))
