"""Lists, items, holds and certificates as JSON objects: the same for commands and API. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from service.destroying.acts import left
from service.destroying.certificates import Certificate
from service.destroying.holds import Hold
from service.destroying.items import Item, ItemState
from service.destroying.lists import DestructionList
from telephony.calls.record import instant


def list_json(found: DestructionList, now: datetime) -> dict[str, Any]:
    """A list: how it stands, what was done, what is left to do."""
    return {
        "id": found.id,
        "basis": found.basis.value,
        "reason": found.reason or None,
        "made_at": instant(found.made_at),
        "policy": found.policy,
        "stage": found.standing.stage.value,
        "files": found.files,
        "counts": {state.value: found.counts.get(state, 0) for state in ItemState},
        "held_when_made": found.left_out,
        "present": [person.login for person in found.standing.present_at(now)],
        "left": [each.value for each in left(found.standing, now)],
        "acts": [
            {
                "act": step.act.value, "login": step.person.login, "name": step.person.name, "at": instant(step.at),
                "note": step.note or None,
            }
            for step in found.steps
        ],
        "certificate": found.certificate,
    }  # fmt: skip


def item_json(item: Item) -> dict[str, Any]:
    """A file on a list."""
    return {
        "id": item.id,
        "file": item.file_id,
        "call_id": item.call_id,
        "began_at": instant(item.began_at),
        "kept_until": _at(item.kept_until),
        "bytes": item.size,
        "length_ms": item.length_ms,
        "state": item.state.value,
        "reason": item.reason or None,
        "sha256": item.sha256,
        "written_over": item.overwritten,
        "ended_at": _at(item.ended_at),
    }


def hold_json(hold: Hold) -> dict[str, Any]:
    """A legal hold."""
    return {
        "id": hold.id,
        "kind": hold.kind.value,
        "target": hold.target,
        "from": _at(hold.start),
        "to": _at(hold.end),
        "reason": hold.reason,
        "placed_by": hold.placed_by,
        "placed_at": instant(hold.placed_at),
        "lifted_by": hold.lifted_by,
        "lifted_at": _at(hold.lifted_at),
        "lift_reason": hold.lift_reason,
    }


def certificate_json(found: Certificate) -> dict[str, Any]:
    """A certificate with the digest of its document."""
    return {"number": found.number, "sha256": found.sha256, "document": found.document}


def _at(at: datetime | None) -> str | None:
    return None if at is None else instant(at)
