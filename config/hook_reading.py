"""Reads the [hooks.NAME] tables of threerings.toml."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

from config.hooks import Hook, Signed
from config.pbx_reading import read_secret_source
from config.reading import Table

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")
_PATH = r"[^.\s]+(\.[^.\s]+)*"
_HEADER = r"[A-Za-z0-9-]{1,60}"
_EVENT = r"[A-Za-z0-9_-]{1,60}"


def read_hooks(tables: Table, base: Path) -> tuple[Hook, ...]:
    """All hooks; relative paths of secrets are below `base`."""
    return tuple(_read_hook(name, table, base) for name, table in tables.named_tables())


def _read_hook(name: str, table: Table, base: Path) -> Hook:
    if not _NAME.fullmatch(name):
        table.document.note(table.path, "this name", "a name of up to 32 small letters, digits, - and _")
    hook = Hook(
        name=name,
        secret=read_secret_source(table, base),
        header=table.text("header", "X-Signature", expected="a header's name", pattern=_HEADER),
        timestamp_header=table.text("timestamp_header", "X-Timestamp", expected="a header's name", pattern=_HEADER),
        signed=table.choice("signed", Signed.TIMESTAMP_BODY),
        timestamp_path=_path(table, "timestamp"),
        tolerance=table.seconds("tolerance_seconds", timedelta(minutes=5), low=1, high=3600),
        event=table.optional("event", expected="an event's name", pattern=_EVENT),
        event_path=_path(table, "event_path"),
        events=_pairs(table.table("events"), "an event's name", _EVENT),
        customer=table.text("customer", "customer", expected=_EXPECTED, pattern=_PATH),
        key=table.text("key", "key", expected=_EXPECTED, pattern=_PATH),
        at=_path(table, "at"),
        by=_path(table, "by"),
        about=_pairs(table.table("about"), _EXPECTED, _PATH),
    )
    _check(hook, table)
    table.done()
    return hook


_EXPECTED = "a path such as order.buyer.id"


def _path(table: Table, key: str) -> str | None:
    return table.optional(key, expected=_EXPECTED, pattern=_PATH)


def _pairs(table: Table, expected: str, pattern: str) -> tuple[tuple[str, str], ...]:
    names = sorted(table.names())
    found = tuple((name, table.required(name, expected=expected, pattern=pattern)) for name in names)
    table.done()
    return found


def _check(hook: Hook, table: Table) -> None:
    if (hook.event is None) == (hook.event_path is None):
        found = "neither" if hook.event is None else "both"
        table.note("event", f"{found} of event and event_path", "one of the two")
    if hook.event_path is not None and not hook.events:
        table.note("events", "nothing", "the sender's words and ours: [hooks.NAME.events]")
    if hook.signed is Signed.BODY and hook.timestamp_path is None:
        table.note("timestamp", "nothing", 'a path to the timestamp: with signed = "body" it is in the body')
