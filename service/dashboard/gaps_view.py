"""The page of gaps: when a PBX was not heard, and what became of the calls within. Values in, words out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from service.dashboard.catalogues import marked
from service.dashboard.labels import DISPOSITIONS
from service.dashboard.rows import call_link
from service.dashboard.words import Words
from service.gap_calls import GapCalls, SpanningCall
from service.pipeline.gaps import Gap, GapReason

REASONS: dict[GapReason, str] = {
    GapReason.LOST: marked("The connection broke"),
    GapReason.STOPPED: marked("Listening was stopped"),
    GapReason.CRASHED: marked("Listening was killed"),
    GapReason.UNBROKEN: marked("The connection was made anew"),
    GapReason.PBX_RESTARTED: marked("The PBX ended in order"),
    GapReason.PBX_CRASHED: marked("The PBX crashed"),
    GapReason.CLOCK: marked("The clock jumped"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class GapLine:
    """One line of the ledger and its calls; `calls` is None where the store could not be asked."""

    gap: Gap
    calls: GapCalls | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownCall:
    """A call within a gap."""

    link: str
    call_id: str
    at: str
    known: str
    disposition: str
    repaired: str  # when and by which logs; '' if it was not


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownGap:
    """One gap, as the page shows it."""

    pbx: str
    start: str
    end: str  # '' while it goes on
    lasted: str
    why: str
    booted: str  # when the PBX began anew; '' if it did not
    is_clock: bool
    counts: tuple[int, int, int] | None  # observed, repaired, inferred
    calls: tuple[ShownCall, ...]


def shown_gaps(words: Words, lines: tuple[GapLine, ...]) -> list[ShownGap]:
    """The newest first."""
    return [_shown(words, line) for line in sorted(lines, key=lambda line: line.gap.start, reverse=True)]


def _shown(words: Words, line: GapLine) -> ShownGap:
    gap, found = line.gap, line.calls
    is_clock = gap.why is GapReason.CLOCK
    return ShownGap(
        pbx=gap.pbx,
        start=words.moment(gap.start),
        end=words.moment(gap.end) if gap.end else "",
        lasted=gap.detail if is_clock else _lasted(words, gap.start, gap.end),
        why=words.gettext(REASONS[gap.why]),
        booted=words.moment(gap.booted_at) if gap.booted_at else "",
        is_clock=is_clock,
        counts=None if found is None else _counts(found),
        calls=() if found is None else tuple(_call(words, each) for each in found.calls),
    )


def _counts(found: GapCalls) -> tuple[int, int, int]:
    known = found.known
    return known["observed"], known["repaired"], known["inferred"]


def _lasted(words: Words, start: datetime, end: datetime | None) -> str:
    return words.length(None if end is None else int((end - start).total_seconds() * 1000))


def _call(words: Words, call: SpanningCall) -> ShownCall:
    disposition = DISPOSITIONS[call.disposition].message if call.disposition else marked("in progress")
    sources = ", ".join(call.sources)
    return ShownCall(
        link=call_link(call.call_id),
        call_id=call.call_id,
        at=words.moment(call.started_at),
        known=call.known.value,
        disposition=words.gettext(disposition),
        repaired=f"{words.moment(call.repaired_at)} · {sources}" if call.repaired_at else "",
    )
