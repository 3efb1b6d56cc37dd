"""What stands on a list: recordings' files, each with what became of it. Frozen values, pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ItemState(StrEnum):
    """What became of a file on a list."""

    LISTED = "listed"  # nothing yet
    LEFT_OUT = "left_out"  # the reviewer took it off
    HELD = "held"  # a legal hold took it off
    BEGUN = "begun"  # its digest is on record; it may be gone, or not yet
    DESTROYED = "destroyed"
    FAILED = "failed"  # it could not be: the reason says why


class Basis(StrEnum):
    """Why a list was made."""

    RETENTION = "retention"  # past what the policy says
    BY_HAND = "by_hand"  # chosen by the registrar, with a reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A file that may be listed. `kept_until`: by the rule in force when its call began, None where none names it."""

    file_id: int
    pbx: str
    path: str
    call_id: str | None
    recording_id: str | None
    began_at: datetime
    kept_until: datetime | None
    size: int
    length_ms: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A file on a list."""

    id: int
    list_id: int
    file_id: int
    pbx: str
    path: str
    call_id: str | None
    recording_id: str | None
    began_at: datetime
    kept_until: datetime | None
    size: int
    length_ms: int | None
    state: ItemState
    reason: str
    sha256: str | None
    stamp: str | None
    overwritten: bool | None
    ended_at: datetime | None
