"""The error tree of this package: every error is one line that names place, key, found and expected.

ConfigError               bad input in a file or a variable that people write
├── SettingsError         threerings.toml, an environment variable, or a secret's file
└── PolicyError           a policy file
ConfigMisuseError         we called the package wrongly (a naive datetime, an unknown language)

The two trees are apart: ConfigError is shown to people and ends a command with status 2; a
ConfigMisuseError is a bug of ours.
"""

from __future__ import annotations


class ConfigError(Exception):
    """One mistake in one place of a file or variable.

    `place` is a file's name or "environment"; `line` counts from 1 and is None where it cannot be known;
    `key` is dotted, as in `pbx.main.port`, and '' where the whole file is meant.
    """

    def __init__(self, *, place: str, line: int | None, key: str, found: str, expected: str) -> None:
        self.place = place
        self.line = line
        self.key = key
        self.found = found
        self.expected = expected
        super().__init__(str(self))

    def __str__(self) -> str:
        where = self.place if self.line is None else f"{self.place}:{self.line}"
        parts = [where, self.key] if self.key else [where]
        return f"{': '.join(parts)}: found {self.found}, expected {self.expected}"


class SettingsError(ConfigError):
    """A mistake in threerings.toml, in an environment variable that overrides it, or in a secret's file."""


class PolicyError(ConfigError):
    """A mistake in a policy file."""


class ConfigMisuseError(Exception):
    """This package was called in a way its contract does not allow."""
