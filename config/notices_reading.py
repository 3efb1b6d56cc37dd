"""Reads the [notices] tables of threerings.toml."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import time, timedelta
from itertools import product
from pathlib import Path

from config.language import Language
from config.notices import Channel, NoticeSettings, QuietSpan
from config.reading import Table
from config.secrets import SecretSource
from config.showing import dotted, one_of

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}")
_RECIPIENT = re.compile(r"duty|pbx|leader:[^\s:]+|[^\s:]+")
_CLOCK = r"([01][0-9]|2[0-3]):[0-5][0-9]"
_SPAN = rf"{_CLOCK}-({_CLOCK}|24:00)"
_EXPECTED_SPANS = 'a list such as ["21:00-08:00"]'
_EXPECTED_RECIPIENT = "an agent's number, leader:GROUP, duty or pbx"
_DAY_MINUTES = 24 * 60


def read_notices(table: Table, base: Path) -> NoticeSettings:
    """Who is told, how and when; relative paths are below `base`."""
    channels = tuple(_read_channel(name, each, base) for name, each in table.table("channel").named_tables())
    notices = NoticeSettings(
        channels=channels,
        to=_read_to(table.table("to"), frozenset(channel.name for channel in channels)),
        languages=_read_languages(table.table("language")),
        quiet=_read_quiet(table),
        gap=timedelta(seconds=table.integer("gap_seconds", 60, low=5, high=86_400)),
    )
    table.done()
    return notices


def _read_channel(name: str, table: Table, base: Path) -> Channel:
    if not _NAME.fullmatch(name):
        table.document.note(table.path, "this name", "a name of up to 32 letters, digits, dots, dashes")
    language = table.choice("language", Language.ZH) if table.has("language") else None
    channel = Channel(
        name=name,
        url=_read_url(table, base),
        language=language,
        idempotent=table.flag("idempotent", False),
    )
    table.done()
    return channel


def _read_url(table: Table, base: Path) -> SecretSource:
    """Where the channel's Apprise URL is: a file or a variable, exactly one of them, and never the TOML."""
    table.refuse("url", "an address in this file", "url_file or url_env, since it holds a secret")
    file = table.optional("url_file", expected="a file's path")
    env = table.optional("url_env", expected="a variable's name", pattern=r"[A-Za-z_][A-Za-z0-9_]*")
    if table.has("url_file") and table.has("url_env"):
        table.note("url_env", "url_file beside it", "one of the two")
    if not any(table.has(key) for key in ("url", "url_file", "url_env")):
        table.note("url_file", "nothing", "url_file or url_env")
    key = dotted((*table.path, "url_file" if file else "url_env"))
    return SecretSource(key=key, file=base / file if file else None, env=env)


def _read_to(table: Table, channels: frozenset[str]) -> Mapping[str, tuple[str, ...]]:
    read = {}
    for recipient in table.names():
        named = table.texts(recipient, expected="a list of channels' names")
        if not _RECIPIENT.fullmatch(recipient):
            table.note(recipient, "this recipient", _EXPECTED_RECIPIENT)
        unknown = next((name for name in named if name not in channels), None)
        if unknown is not None:
            expected = one_of(sorted(channels)) if channels else "a [notices.channel.NAME]"
            table.note(recipient, f'"{unknown}", which is no channel', expected)
        read[recipient] = named
    return read


def _read_languages(table: Table) -> Mapping[str, Language]:
    read = {}
    for recipient in table.names():
        if not _RECIPIENT.fullmatch(recipient):
            table.note(recipient, "this recipient", _EXPECTED_RECIPIENT)
        read[recipient] = table.choice(recipient, Language.ZH)
    return read


def _read_quiet(table: Table) -> tuple[QuietSpan, ...]:
    texts = table.texts("quiet", expected=_EXPECTED_SPANS, pattern=_SPAN)
    spans = tuple(_span(text) for text in texts)
    day = (time(minute // 60, minute % 60) for minute in range(_DAY_MINUTES))
    quiet = {at for at, span in product(day, spans) if span.holds(at)}
    if len(quiet) == _DAY_MINUTES:
        table.note("quiet", "no time of the day that is left", "spans that leave some")
        return ()
    return spans


def _span(text: str) -> QuietSpan:
    start, end = text.split("-")
    return QuietSpan(start=time.fromisoformat(start), end=time() if end == "24:00" else time.fromisoformat(end))
