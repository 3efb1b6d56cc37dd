"""The error tree of this package. Each becomes one line on stderr and an exit status (docs/cli.md).

ServiceError
├── UsageError          2: wrong usage or bad input: what, where, found, expected
├── AccountError        2: what an account, a right or a password cannot be (service.auth.errors)
├── CheckFailedError    1: a check fell short
├── RecordingPlaceError 2: a recording's name leads outside the folder of recordings
└── UnreachableError    3: something it needs cannot be reached
"""

from __future__ import annotations


class ServiceError(Exception):
    """Base of all errors of this package; `status` is the command's exit status."""

    status = 2


class UsageError(ServiceError):
    """Wrong usage, or bad input."""

    status = 2


class CheckFailedError(ServiceError):
    """A check fell short."""

    status = 1


class RecordingPlaceError(ServiceError):
    """A recording's name leads outside the folder of recordings."""

    status = 2


class UnreachableError(ServiceError):
    """Something that is needed cannot be reached."""

    status = 3
