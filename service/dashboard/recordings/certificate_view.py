"""A certificate as it is read and printed: nothing that its document does not say. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from service.dashboard import numerals
from service.dashboard.recordings.destruction_view import ACTS, BASES, ITEM_STATES
from service.dashboard.words import Words
from service.destroying.acts import Act
from service.destroying.certificates import Certificate
from service.destroying.items import Basis, ItemState


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateView:
    """The page of a certificate."""

    number: int
    list_id: int
    issued: str
    basis: str
    reason: str
    policy: str
    rules: str
    program: str
    acts: tuple[tuple[str, str, str, str, str], ...]  # role, name, login, when, note
    counts: tuple[tuple[str, str], ...]
    destroyed: tuple[
        tuple[str, ...], ...
    ]  # file, call, began, kept until, length, bytes, written over, when, digest
    not_destroyed: tuple[tuple[str, ...], ...]  # file, call, state, reason
    previous: str
    sha256: str


def certificate_view(words: Words, found: Certificate) -> CertificateView:
    """A certificate in the reader's language; instants by the centre's clock."""
    told = found.document
    previous = told["previous"]
    return CertificateView(
        number=found.number, list_id=found.list_id, issued=words.moment(found.issued_at),
        basis=words.gettext(BASES[Basis(told["basis"])]), reason=told["reason"], policy=told["policy"],
        rules=told["rules"], program=told["program"],
        acts=tuple(
            (words.gettext(ACTS[Act(each["act"])]), each["name"], each["login"], _at(words, each["at"]), each["note"])
            for each in told["acts"]
        ),
        counts=tuple(
            (words.gettext(ITEM_STATES[ItemState(state)].message), numerals.count(count))
            for state, count in told["counts"].items()
            if count
        ),
        destroyed=tuple(_destroyed(words, each) for each in told["destroyed"]),
        not_destroyed=tuple(
            (
                str(each["file"]), each["call_id"] or numerals.DASH,
                words.gettext(ITEM_STATES[ItemState(each["state"])].message), each["reason"],
            )
            for each in told["not_destroyed"]
        ),
        previous="" if previous is None else words.gettext(
            "No. %(n)s, SHA-256 %(digest)s", n=previous["number"], digest=previous["sha256"]
        ),
        sha256=found.sha256,
    )  # fmt: skip


def _destroyed(words: Words, each: Mapping[str, Any]) -> tuple[str, ...]:
    over = {True: words.gettext("yes"), False: words.gettext("no"), None: numerals.DASH}[each["written_over"]]
    return (
        str(each["file"]), each["call_id"] or numerals.DASH, _at(words, each["began_at"]),
        numerals.DASH if each["kept_until"] is None else _at(words, each["kept_until"])[:10],
        numerals.DASH if each["length_ms"] is None else numerals.clock(each["length_ms"]),
        numerals.count(each["bytes"]), over, _at(words, each["destroyed_at"]), each["sha256"] or numerals.DASH,
    )  # fmt: skip


def _at(words: Words, text: str) -> str:
    return f"{words.local(datetime.fromisoformat(text)):%Y-%m-%d %H:%M:%S}"
