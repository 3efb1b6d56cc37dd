"""Reads the [pbx.NAME] tables of threerings.toml."""

from __future__ import annotations

import os.path
import re
from pathlib import Path

from config.dialling_reading import read_dialling
from config.reading import Table
from config.secrets import SecretSource
from config.settings import LogSource, ManagerLogin, PbxLogs, PbxSettings, Supervise
from config.showing import dotted
from config.values import is_host, is_url

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}")
_NEVER_HERE = ("secret", "password")


def read_pbxs(tables: Table, base: Path) -> tuple[PbxSettings, ...]:
    """All PBXs; relative paths are below `base`."""
    return tuple(_read_pbx(name, table, base) for name, table in tables.named_tables())


def _read_pbx(name: str, table: Table, base: Path) -> PbxSettings:
    if not _NAME.fullmatch(name):
        table.document.note(table.path, "this name", "a name of up to 32 letters, digits, dots, dashes")
    actions = _read_actions(table, base)
    pbx = PbxSettings(
        name=name,
        host=_host(table),
        port=table.integer("port", 5038, low=1, high=65_535),
        login=_read_login(table, base),
        tls=table.flag("tls", False),
        ca_file=_ca_file(table, base),
        trunks=table.texts("trunks", expected="a list of trunks' names or patterns"),
        actions=actions[0],
        supervise=actions[1],
        dialling=read_dialling(table),
        logs=_read_logs(table.table("logs"), base),
    )
    table.done()
    return pbx


def _host(table: Table) -> str:
    expected = "a host's name or address, without a port"
    if not table.has("host"):
        table.note("host", "nothing", expected)
    return table.checked("host", "", is_host, expected)


def _ca_file(table: Table, base: Path) -> Path | None:
    """The file of certificates that the PBX's own must come from."""
    text = table.optional("ca_file", expected="a file's path")
    if text is None:
        return None
    path = base / text
    if table.raw("tls") in (None, False):
        table.note("ca_file", "it without tls", "tls = true beside it")
    elif not os.path.isfile(path):
        table.note("ca_file", f"no file {path}", "a file of certificates (PEM)")
    return path


def _read_login(table: Table, base: Path) -> ManagerLogin:
    return ManagerLogin(
        user=table.required("user", expected="a manager user's name", pattern=r"\S+"),
        secret=read_secret_source(table, base),
    )


def read_secret_source(table: Table, base: Path) -> SecretSource:
    """Where the secret is: a file or a variable, exactly one of them, and never the TOML."""
    for key in _NEVER_HERE:
        table.refuse(key, "a secret in this file", "secret_file or secret_env, since others may read this file")
    file = table.optional("secret_file", expected="a file's path")
    env = table.optional("secret_env", expected="a variable's name", pattern=r"[A-Za-z_][A-Za-z0-9_]*")
    if table.has("secret_file") and table.has("secret_env"):
        table.note("secret_env", "secret_file beside it", "one of the two")
    given = ("secret_file", "secret_env", *_NEVER_HERE)
    if not any(table.has(key) for key in given):
        table.note("secret_file", "nothing", "secret_file or secret_env")
    key = dotted((*table.path, "secret_file" if file else "secret_env"))
    return SecretSource(key=key, file=base / file if file else None, env=env)


def _read_actions(pbx: Table, base: Path) -> tuple[ManagerLogin | None, Supervise]:
    """The user that acts, and what people may do by it beside the calls that are placed."""
    table = pbx.table("actions")
    if not isinstance(pbx.raw("actions"), dict):
        return None, Supervise()
    login = _read_login(table, base)
    told = Supervise(on=table.flag("supervise", False), hang_up=table.flag("hang_up", False))
    if told.hang_up and not told.on:
        table.note("hang_up", "it without supervise", "supervise = true beside it")
    table.done()
    return login, told


def _read_logs(table: Table, base: Path) -> PbxLogs:
    logs = PbxLogs(
        cel=_log_source(table, "cel", base),
        cdr=_log_source(table, "cdr", base),
        queue_log=_log_source(table, "queue_log", base),
        recordings=_log_source(table, "recordings", base),
    )
    table.done()
    return logs


def _log_source(table: Table, key: str, base: Path) -> LogSource | None:
    text = table.optional(key, expected="a path or a URL")
    if text is None:
        return None
    return LogSource(url=text) if is_url(text) else LogSource(path=base / text)
