"""Certificates of destruction: numbered, each with the digest of the one before, so that none is taken out or changed.

A certificate names files by their numbers here and by the digest of their bytes; it holds no sound, no number of a
customer, and no name of a file, which may hold one.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from analytics.closing.canonical import canonical, digest
from service.destroying.acts import Step
from service.destroying.errors import DestructionError
from service.destroying.items import Item, ItemState
from service.destroying.lists import DestructionList, items_of
from service.destroying.models import destruction_certificates
from telephony.calls.record import instant
from telephony.clock import from_microseconds, to_microseconds

KIND = "certificate of destruction"


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """One certificate. `document` is what `text` says; `sha256` is the digest of the text in UTF-8."""

    number: int
    list_id: int
    issued_at: datetime
    document: dict[str, Any]
    text: str
    sha256: str


def issue(connection: Connection, found: DestructionList, rules: str, now: datetime) -> Certificate:
    """Certify a list that is done. Called in the transaction that finishes it, in which nobody else issues one."""
    before = _last(connection)
    number = 1 if before is None else before.number + 1
    told = document_of(found, items_of(connection, found.id), number, before, rules, now)
    text = canonical(told)
    row = {"number": number, "list_id": found.id, "issued_us": to_microseconds(now), "document": text}
    connection.execute(insert(destruction_certificates).values(**row, sha256=digest(text)))
    return need(connection, number)


def document_of(
    found: DestructionList,
    items: Iterable[Item],
    number: int,
    before: Certificate | None,
    rules: str,
    now: datetime,
) -> dict[str, Any]:
    """What a certificate says. Pure."""
    told = tuple(items)
    destroyed = [each for each in told if each.state is ItemState.DESTROYED]
    return {
        "kind": KIND,
        "number": number,
        "previous": None if before is None else {"number": before.number, "sha256": before.sha256},
        "issued_at": instant(now),
        "program": version("threerings"),
        "list": found.id,
        "basis": found.basis.value,
        "reason": found.reason,
        "policy": found.policy,
        "rules": rules,
        "acts": [_act(each) for each in found.steps],
        "counts": {state.value: found.counts.get(state, 0) for state in ItemState if state is not ItemState.BEGUN},
        "destroyed": [_destroyed(each) for each in destroyed],
        "not_destroyed": [
            {"file": each.file_id, "call_id": each.call_id, "state": each.state.value, "reason": each.reason}
            for each in told
            if each.state is not ItemState.DESTROYED
        ],
    }


def _act(step: Step) -> dict[str, Any]:
    who = step.person
    told = {"act": step.act.value, "account": who.account, "login": who.login, "name": who.name}
    return {**told, "at": instant(step.at), "note": step.note}


def _destroyed(item: Item) -> dict[str, Any]:
    return {
        "file": item.file_id,
        "pbx": item.pbx,
        "call_id": item.call_id,
        "began_at": instant(item.began_at),
        "kept_until": None if item.kept_until is None else instant(item.kept_until),
        "length_ms": item.length_ms,
        "bytes": item.size,
        "sha256": item.sha256,
        "written_over": item.overwritten,
        "destroyed_at": None if item.ended_at is None else instant(item.ended_at),
    }


def need(connection: Connection, number: int) -> Certificate:
    """One certificate. Raises DestructionError where there is none of this number."""
    wanted = select(destruction_certificates).where(destruction_certificates.c.number == number)
    row = connection.execute(wanted).first()
    if row is None:
        raise DestructionError(f"certificate: found none of the number {number}, expected one that was issued")
    return _certificate(row)


def check_chain(connection: Connection) -> tuple[int, str | None]:
    """How many certificates there are, and what is wrong with the first that is not as it was issued; None: nothing."""
    before: Certificate | None = None
    count = 0
    wanted = select(destruction_certificates).order_by(destruction_certificates.c.number)
    for row in connection.execute(wanted):
        found, count = _certificate(row), count + 1
        wrong = _wrong(found, before)
        if wrong is not None:
            return count, f"certificate {found.number}: {wrong}"
        before = found
    return count, None


def _wrong(found: Certificate, before: Certificate | None) -> str | None:
    if digest(found.text) != found.sha256:
        return "found another text than the one that was issued, expected its digest to fit"
    if found.number != (1 if before is None else before.number + 1):
        return f"found it after {before.number if before else 'none'}, expected none to be missing"
    expected = None if before is None else {"number": before.number, "sha256": before.sha256}
    if found.document["previous"] != expected:
        return "found another digest of the one before, expected that of the certificate before it"
    return None


def _last(connection: Connection) -> Certificate | None:
    wanted = select(destruction_certificates).order_by(destruction_certificates.c.number.desc()).limit(1)
    row = connection.execute(wanted).first()
    return None if row is None else _certificate(row)


def _certificate(row: Row[Any]) -> Certificate:
    return Certificate(
        number=row.number, list_id=row.list_id, issued_at=from_microseconds(row.issued_us),
        document=json.loads(row.document), text=row.document, sha256=row.sha256,
    )  # fmt: skip
