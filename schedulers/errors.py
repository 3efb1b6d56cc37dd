"""The error tree of this package.

SchedulersError
├── RefusedError        a person asked for what the rules do not permit; shown to him, nothing was changed
└── StaleError          somebody else changed it meanwhile: read again and decide again
"""

from __future__ import annotations


class SchedulersError(Exception):
    """What all errors of this package are."""


class RefusedError(SchedulersError):
    """What was asked for is not permitted. One line: thing, found, expected."""

    def __init__(self, thing: str, found: str, expected: str) -> None:
        self.thing, self.found, self.expected = thing, found, expected
        super().__init__(f"{thing}: found {found}, expected {expected}")


class StaleError(SchedulersError):
    """A follow-up was changed by another between reading and writing."""
