"""What is done to follow-ups from the pages, and how each of it is undone. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from schedulers.errors import RefusedError
from schedulers.followups.records import FollowUp
from service.dashboard.promises.source import Became, Deed
from service.desk import acts
from service.desk.acts import Job

HAND_OVER, RESCHEDULE, AGREE, CLOSE, REOPEN, NOTE, APPROVE = (
    "hand-over", "reschedule", "agree", "close", "reopen", "note", "approve",
)  # fmt: skip
DEEDS = (HAND_OVER, RESCHEDULE, AGREE, CLOSE, REOPEN, NOTE, APPROVE)
TIMED = (RESCHEDULE, AGREE)
"""What needs a time."""
OF_MANY = (HAND_OVER, RESCHEDULE, CLOSE)
"""What may be done to many at once."""


def job_of(deed: Deed) -> Job:
    """The job of a deed. Raises RefusedError for a time that is not told."""
    match deed.what:
        case "hand-over":
            return acts.to_hand_over(deed.to)
        case "reschedule" if deed.at is not None:
            return acts.to_reschedule(deed.at)
        case "close":
            return acts.to_close(deed.reason)
        case "reopen":
            return acts.to_reopen
        case "note":
            return acts.to_note
        case "approve":
            return acts.to_approve
    raise RefusedError("time", "none", "the new time")


def undoing(deed: Deed, became: Sequence[Became], by: str) -> tuple[Deed, ...]:
    """What takes a deed back: each to its owner of before, to its due time of before, or opened again."""
    done = [each.before for each in became if each.refused is None and each.before is not None]
    if deed.what == CLOSE:
        ids = tuple(each.id for each in done)
        return (Deed(what=REOPEN, ids=ids, by=by, note=deed.note),) if ids else ()
    return tuple(_over(deed, done, by) if deed.what == HAND_OVER else _back(deed, done, by))


def _over(deed: Deed, done: Sequence[FollowUp], by: str) -> list[Deed]:
    owners = dict.fromkeys(each.owner for each in done)
    return [
        replace(deed, ids=tuple(each.id for each in done if each.owner == owner), by=by, to=owner)
        for owner in owners
    ]


def _back(deed: Deed, done: Sequence[FollowUp], by: str) -> list[Deed]:
    times = dict.fromkeys(each.due_at for each in done) if deed.what == RESCHEDULE else ()
    return [
        replace(deed, ids=tuple(each.id for each in done if each.due_at == due), by=by, at=due) for due in times
    ]
