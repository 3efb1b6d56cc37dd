"""Writes `threerings.toml` for who starts: lines are added or one value is changed, all else stays as it is.

What is written was read before by the service's own reader: a file that would be refused is never put in place.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from config.loader import load_settings
from config.settings import Settings

SECRET_MODE = 0o600
FILE_MODE = 0o640
SECRETS = "secrets"
POLICY = re.compile(r"^policy\s*=.*$", re.MULTILINE)
NAME = re.compile(r"[a-z][a-z0-9_-]{0,30}")

HEAD = """# Written by the first start of Three Rings. Every key: docs/settings.md.
data_dir = {data_dir}
zone = {zone}
country = {country}
language = {language}
policy = "default"
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class PbxGiven:
    """A PBX as somebody gave it. `secret` never stands in the settings."""

    name: str
    host: str
    port: int
    user: str
    secret: str


def quoted(text: str) -> str:
    """A TOML string."""
    told = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(each if each.isprintable() else f"\\u{ord(each):04x}" for each in told) + '"'


def first(data_dir: Path, zone: str, country: str, language: str) -> str:
    """The text of settings without a PBX yet."""
    return HEAD.format(
        data_dir=quoted(str(data_dir)), zone=quoted(zone), country=quoted(country), language=quoted(language)
    )


def pbx_lines(given: PbxGiven) -> str:
    """The lines of a PBX, for the end of the file."""
    return (
        f"\n[pbx.{given.name}]\nhost = {quoted(given.host)}\nport = {given.port}\nuser = {quoted(given.user)}\n"
        f"secret_file = {quoted(f'{SECRETS}/{given.name}')}\n"
    )


def with_policy(text: str, policy: str) -> str:
    """The text with another policy: its line changed, or put first."""
    line = f"policy = {quoted(policy)}"
    if POLICY.search(_head(text)):
        return POLICY.sub(lambda _: line, text, count=1)
    return f"{line}\n{text}"


def _head(text: str) -> str:
    """What stands before the first table: a key further down belongs to that."""
    return re.split(r"^\[", text, maxsplit=1, flags=re.MULTILINE)[0]


def put(path: Path, text: str, environ: Mapping[str, str]) -> Settings:
    """Put a text in place of the settings, where they can be read. Raises SettingsError, OSError; then nothing is."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        _write(draft, text, FILE_MODE)
        settings = load_settings(draft, environ)
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)
    return settings


def put_secret(folder: Path, name: str, secret: str) -> None:
    """A PBX's secret into a file of its own, beside the settings, that nobody else reads."""
    place = folder / SECRETS
    place.mkdir(mode=0o700, exist_ok=True)
    draft = place / f".{name}.{secrets.token_hex(4)}"
    try:
        _write(draft, secret + "\n", SECRET_MODE)
        os.replace(draft, place / name)
    finally:
        draft.unlink(missing_ok=True)


def _write(path: Path, text: str, mode: int) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
