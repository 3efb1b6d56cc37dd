"""What is overdue, and how late something is, in words. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from service.dashboard.promises.coverage_view import kind_name
from service.dashboard.promises.people import Teller
from service.dashboard.promises.source import Owed, Proof
from service.dashboard.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class LateRow:
    """Something that is overdue."""

    by: str  # for how long
    who: str
    what: str
    link: str
    owner: str
    initial: str


def late_rows(teller: Teller, proof: Proof) -> tuple[LateRow, ...]:
    """What is overdue, the longest first."""
    return tuple(_late_row(teller, proof, each) for each in proof.late)


def _late_row(teller: Teller, proof: Proof, owed: Owed) -> LateRow:
    words, stood = teller.words, owed.stood
    return LateRow(
        by=late_by(words, stood.due_at, proof.as_of),
        who=teller.customer(owed.customer, owed.item),
        what=kind_name(words, proof.rules, stood.kind),
        link=f"/followups/{stood.id}",
        owner=teller.agent(stood.owner),
        initial=teller.initial(stood.owner),
    )


def late_by(words: Words, due: datetime, at: datetime) -> str:
    """How late something is: +3:12 in hours and minutes, from two days on +2 d."""
    minutes = int((at - due).total_seconds() // 60)
    if minutes >= 2 * 1440:
        return words.gettext("+%(days)s d", days=f"{minutes // 1440:,}")
    return f"+{minutes // 60}:{minutes % 60:02d}"
