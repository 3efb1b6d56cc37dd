"""Whether the API asks for tokens, and the check at the start that somebody can open the door at all."""

from __future__ import annotations

import ipaddress
from datetime import datetime

import structlog
from sqlalchemy import Engine, inspect
from sqlalchemy.exc import SQLAlchemyError

from config.settings import HttpSettings, Settings, TokenRule
from service.auth import tokens
from service.auth.models import api_tokens
from service.errors import UsageError


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


def check_tokens(engine: Engine, settings: Settings, now: datetime) -> None:
    """Raise UsageError where no token would be let in.

    A store that cannot be reached stops nobody from listening to the PBX: requests are refused until it can.
    """
    try:
        usable = _has_valid(engine, now)
    except SQLAlchemyError as error:
        log = structlog.get_logger("service.auth")
        log.warning("tokens.unknown", error=type(error).__name__, detail="the store cannot be read now")
        return
    if not usable:
        where = f"http {settings.http.host}: tokens = {settings.http.tokens}"
        advice = 'at least one: threerings token create NAME, or http.tokens = "off"'
        raise UsageError(f"{where}: found no valid token, expected {advice}")


def _has_valid(engine: Engine, now: datetime) -> bool:
    with engine.connect() as connection:
        if not inspect(connection).has_table(api_tokens.name):
            return False
        return any(each.is_valid(now) for each in tokens.listed(connection))
