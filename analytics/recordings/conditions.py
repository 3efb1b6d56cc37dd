"""In what condition a recording's file is, as it is stored. Pure."""

from __future__ import annotations

from enum import StrEnum


class FileCondition(StrEnum):
    """Whether a file can be heard, and why not."""

    READY = "ready"
    GROWING = "growing"  # the call goes on: the PBX still writes
    EMPTY = "empty"  # a header and nothing behind it: nothing was recorded
    BROKEN = "broken"  # it cannot be read as sound
    UNPLAYABLE = "unplayable"  # browsers do not play its format, and there is nothing here that converts it
    MISSING = "missing"  # it lay there, and does not any more
    DESTROYED = "destroyed"  # by order, with a certificate: the row stays


LISTENED_TO = frozenset({FileCondition.READY, FileCondition.UNPLAYABLE})
"""What can be measured: a file that no browser plays can be."""
