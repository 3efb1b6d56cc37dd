"""Secrets: where they are, and reading them at the moment they are needed.

A secret comes from a file of its own or from an environment variable, never from threerings.toml. Its text
lives in a `Secret`, which shows itself as stars.
"""

from __future__ import annotations

import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from config.errors import SettingsError

MAX_SECRET_BYTES = 4096


class Secret:
    """A secret's text, which is never shown by accident."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The text itself."""
        return self._text

    def __repr__(self) -> str:
        return "Secret(***)"


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretSource:
    """Where a secret is: exactly one of the two. `key` is the setting that names it."""

    key: str
    file: Path | None = None
    env: str | None = None


def read_secret(source: SecretSource, environ: Mapping[str, str]) -> Secret:
    """Read a secret now. Raises SettingsError if it is missing, empty or more than one line."""
    text = _from_file(source) if source.file else environ.get(source.env or "")
    if text is None:
        raise _error(source, "nothing", "a secret in this variable")
    if not text:
        raise _error(source, "an empty secret", "a secret of one line")
    if not text.isprintable():
        raise _error(source, "control characters or several lines", "a secret of one line")
    return Secret(text)


def secret_warning(source: SecretSource) -> str | None:
    """One line if others than its owner may read the secret's file; None if all is well or unknown."""
    try:
        mode = source.file.stat().st_mode if source.file else 0
    except OSError:
        return None
    if not mode & (stat.S_IRGRP | stat.S_IROTH):
        return None
    return f"{source.file}: found mode {stat.S_IMODE(mode):04o}, expected 0600: others can read this secret"


def _from_file(source: SecretSource) -> str:
    assert source.file is not None  # noqa: S101 - the caller has looked
    try:
        with source.file.open("rb") as stream:
            content = stream.read(MAX_SECRET_BYTES + 1)
        text = content.decode("utf-8").rstrip("\r\n")
    except OSError as error:
        raise _error(source, f"no readable file ({error.strerror})", "a file with the secret") from None
    except UnicodeDecodeError:
        raise _error(source, "bytes that are not UTF-8", "a secret of one line") from None
    if len(content) > MAX_SECRET_BYTES:
        raise _error(source, f"more than {MAX_SECRET_BYTES} bytes", "a secret of one line")
    return text


def _error(source: SecretSource, found: str, expected: str) -> SettingsError:
    place = str(source.file) if source.file else f"environment variable {source.env}"
    return SettingsError(place=place, line=None, key=source.key, found=found, expected=expected)
