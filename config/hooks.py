"""Webhooks: what another system posts to us when something happened there, and how its words become ours.

Read from `[hooks.NAME]` of threerings.toml by `config.hook_reading`. A path is names with dots between, into the
sender's JSON: `order.buyer.id`; a number is a place in a list.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from config.secrets import SecretSource


class Signed(StrEnum):
    """What the sender's signature is made of."""

    TIMESTAMP_BODY = "timestamp.body"  # the timestamp's header, a dot, and the body
    BODY = "body"  # the body alone: then the timestamp is a field of it


@dataclass(frozen=True, slots=True, kw_only=True)
class Hook:
    """One sender. `event` is fixed, or `event_path` leads to his word for it, which `events` puts into ours."""

    name: str
    secret: SecretSource
    header: str = "X-Signature"
    timestamp_header: str = "X-Timestamp"
    signed: Signed = Signed.TIMESTAMP_BODY
    timestamp_path: str | None = None  # with `signed = "body"`
    tolerance: timedelta = timedelta(minutes=5)
    event: str | None = None
    event_path: str | None = None
    events: tuple[tuple[str, str], ...] = ()  # his word -> ours; one that is not there is refused
    customer: str = "customer"  # paths
    key: str = "key"
    at: str | None = None
    by: str | None = None
    about: tuple[tuple[str, str], ...] = ()  # attribute -> path
