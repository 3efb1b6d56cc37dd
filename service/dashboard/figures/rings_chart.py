"""How long phones rang, as a picture: bells shaded, a line where it becomes late. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from analytics.metrics.definitions import Value
from analytics.metrics.rings import RingResult
from analytics.storage.lost_rings import LostRing
from config.rings import Boundary, RingRule
from service.dashboard import numerals
from service.dashboard.periods import RingBin
from service.dashboard.words import Words
from telephony.clock import milliseconds

BIN_MS = 500
_TENTH_MS = 100
PLOT = 236  # pixels high
TOP = 22  # above it stand the rings' numbers
_BASE = TOP + PLOT
_MOST_BELLS = 12
_HEADROOM = 1.06


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One bin: its bars, from the ground up. Heights in pixels, places in percent."""

    x: str
    width: str
    answered_y: str
    answered_height: str
    missed_y: str
    missed_height: str
    late: bool
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bell:
    """The stretch in which ring n sounds."""

    x: str
    width: str
    text: str
    late: bool
    anchor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A label at a place: of the seconds' axis (x) or of the counts' (y)."""

    place: str
    text: str
    anchor: str = "middle"
    strong: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Histogram:
    """How long phones rang."""

    columns: list[Column]
    bells: list[Bell]
    seconds: list[Mark]
    counts: list[Mark]
    limit_x: str
    after_x: str  # beyond the bell that starts at the limit
    before: str
    after: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rings:
    """What the picture is of: the rule that judges, half-second bins, and the rate that the figures tell."""

    rule: RingRule
    bins: tuple[RingBin, ...]
    within: int
    counted: int
    value: Fraction | None


def bins_of(answered: Mapping[int, int], lost_ms: Iterable[int]) -> tuple[RingBin, ...]:
    """Half seconds: of a spread of answered rings (bucket k is [k - 1, k) tenths), and of rings that were lost."""
    found: dict[int, list[int]] = {}
    for bucket, count in answered.items():
        found.setdefault((bucket - 1) * _TENTH_MS // BIN_MS * BIN_MS, [0, 0])[0] += count
    for ring_ms in lost_ms:
        found.setdefault(ring_ms // BIN_MS * BIN_MS, [0, 0])[1] += 1
    return tuple(RingBin(start_ms=at, answered=pair[0], not_answered=pair[1]) for at, pair in sorted(found.items()))


def not_answered(lost: Iterable[LostRing]) -> list[int]:
    """The ring times of offerings that nobody answered; what was answered late is in the spread."""
    return [each.ring_ms for each in lost if each.result is not RingResult.LATE]


def rate_of(value: Value) -> Fraction | None:
    """A rate as it comes from the figures."""
    return None if value is None else Fraction(value)


def histogram(words: Words, period: Rings, *, narrow: bool = False) -> Histogram:
    """The picture: bells shaded, a line where it becomes late, the two shares beside it; narrow, it has fewer words."""
    limit = milliseconds(period.rule.limit())
    cycle = milliseconds(period.rule.cadence.cycle)
    span = -(-8 * limit // 5000) * 1000
    drawn = _within_axis([each for each in period.bins if each.answered + each.not_answered], span)
    top = max((each.answered + each.not_answered for each in drawn), default=0) * _HEADROOM or 1.0
    after = period.counted - period.within
    share = numerals.percent(period.value)
    return Histogram(
        columns=[_column(words, each, span, top, limit) for each in drawn],
        bells=_bells(words, period, span, limit, narrow=narrow),
        seconds=_seconds(words, span, cycle, limit),
        counts=_counts(top),
        limit_x=_percent(limit, span),
        after_x=_percent(limit + milliseconds(period.rule.cadence.tone_end), span),
        before="" if period.value is None else words.gettext("%(share)s%% within", share=share),
        after=words.gettext("%(n)s after it", n=f"{after:,}") if period.counted and not narrow else "",
        label=words.gettext(
            "How long phones rang: %(within)s of %(counted)s within the limit of %(s)s s",
            within=period.within, counted=period.counted, s=numerals.seconds(limit),
        ),
    )  # fmt: skip


def _within_axis(bins: list[RingBin], span: int) -> list[RingBin]:
    """What rang longer than the axis is in its last bin."""
    last = span - BIN_MS
    beyond = [each for each in bins if each.start_ms >= last]
    if not beyond:
        return bins
    answered, missed = sum(each.answered for each in beyond), sum(each.not_answered for each in beyond)
    return [each for each in bins if each.start_ms < last] + [
        RingBin(start_ms=last, answered=answered, not_answered=missed)
    ]


def _percent(part: float, whole: float) -> str:
    return f"{part / whole * 100:.3f}%"


def _column(words: Words, found: RingBin, span: int, top: float, limit: int) -> Column:
    answered = _height(found.answered, top)
    missed = _height(found.not_answered, top)
    start, end = numerals.seconds(found.start_ms), numerals.seconds(found.start_ms + BIN_MS)
    end = "∞" if found.start_ms + BIN_MS >= span else end
    return Column(
        x=_percent(found.start_ms + BIN_MS * 0.08, span),
        width=_percent(BIN_MS * 0.84, span),
        answered_y=f"{_BASE - answered:.1f}",
        answered_height=f"{answered:.1f}",
        missed_y=f"{_BASE - answered - missed:.1f}",
        missed_height=f"{missed:.1f}",
        late=found.start_ms >= limit,
        title=words.gettext(
            "%(a)s–%(b)s s: %(n)s picked up, %(m)s not",
            a=start, b=end, n=f"{found.answered:,}", m=f"{found.not_answered:,}",
        ),
    )  # fmt: skip


def _height(n: int, top: float) -> float:
    return max(n / top * PLOT, 2.0) if n else 0.0


def _bells(words: Words, period: Rings, span: int, limit: int, *, narrow: bool) -> list[Bell]:
    cadence = period.rule.cadence
    found = []
    for n in range(_MOST_BELLS):
        start = milliseconds(n * cadence.cycle)
        length = min(milliseconds(cadence.tone_end), span - start)
        if length <= 0:
            break
        found.append(
            Bell(
                x=_percent(start, span), width=_percent(length, span), late=start >= limit,
                text=str(n + 1) if narrow else words.gettext("ring %(n)s", n=n + 1),
                anchor="start" if n == 0 else "middle",
            )
        )  # fmt: skip
    return found


def _seconds(words: Words, span: int, cycle: int, limit: int) -> list[Mark]:
    step = cycle if span // cycle <= 12 else cycle * 2
    places = sorted({*range(0, span + 1, step), limit})
    marks = []
    for at in places:
        if at != limit and abs(at - limit) < 1000:
            continue
        strong = at == limit
        shown = numerals.seconds(at).removesuffix(".0")
        text = words.gettext("%(n)s s", n=shown) if strong or not at else shown
        anchor = "start" if not at else "end" if at == span else "middle"
        marks.append(Mark(place=_percent(at, span), text=text, anchor=anchor, strong=strong))
    return marks


def _counts(top: float) -> list[Mark]:
    step = next((s for s in _round_steps() if top / s <= 4), 1)
    return [
        Mark(place=f"{_BASE - n * step / top * PLOT:.0f}", text=f"{n * step:,}")
        for n in range(1, 5)
        if n * step / top * PLOT < PLOT - 12
    ]


def _round_steps() -> list[int]:
    return [base * 10**power for power in range(7) for base in (1, 2, 5)]


def rule_text(words: Words, rule: RingRule) -> str:
    """When an answer is late, in words."""
    limit = numerals.seconds(milliseconds(rule.limit()))
    if rule.boundary is Boundary.SECONDS:
        return words.gettext("late from %(s)s s of ringing", s=limit)
    if rule.boundary is Boundary.TONE_END:
        return words.gettext("late from the end of tone %(n)s, at %(s)s s", n=rule.rings, s=limit)
    return words.gettext("late from the start of ring %(n)s, at %(s)s s", n=rule.rings + 1, s=limit)
