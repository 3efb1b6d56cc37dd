"""The figures of a strip: each with its value, unit, note, level and the metric that defines it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from service.dashboard import numerals
from service.dashboard.board import Rate
from service.dashboard.definitions import define
from service.dashboard.periods import Definition, MinutesMonth, OfferingCounts, ThreeRingsPeriod
from service.dashboard.words import Words


class Level(StrEnum):
    """How a figure stands to its goal; each has a colour, an icon and words."""

    NONE = ""
    GOOD = "good"
    WARN = "warn"
    BAD = "bad"


ICONS = {Level.NONE: "", Level.GOOD: "circle-check", Level.WARN: "triangle-alert", Level.BAD: "octagon-alert"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """One figure. `id` names the element that live updates replace; `since` makes the value tick."""

    id: str
    label: str
    value: str
    unit: str = ""
    note: str = ""
    level: Level = Level.NONE
    definition: Definition | None = None
    since: datetime | None = None
    link: str = ""

    @property
    def icon(self) -> str:
        """The shape that goes with the colour."""
        return ICONS[self.level]


def rate_note(words: Words, rate: Rate) -> str:
    """398 / 412: what the share is of."""
    if not rate.counted:
        return words.gettext("nothing to count yet")
    return f"{rate.within:,} / {rate.counted:,}"


def _rate_tile(words: Words, identity: str, label: str, rate: Rate, definition: Definition | None) -> Tile:
    return Tile(
        id=identity,
        label=label,
        value=numerals.percent(rate.value),
        unit="" if rate.value is None else "%",
        note=rate_note(words, rate),
        definition=definition,
    )


def minutes_tiles(words: Words, month: MinutesMonth) -> list[Tile]:
    """The strip of the minutes page."""
    with_quota = [row for row in month.rows if row.floor_minutes is not None]
    reached = sum(1 for row in with_quota if row.counted_ms >= (row.floor_minutes or 0) * 60_000)
    return [
        Tile(
            id="minutes",
            label=words.gettext("Talk minutes"),
            value=numerals.minutes(month.total_ms),
            unit=words.gettext("min"),
            note=words.ngettext("%(n)s talk", "%(n)s talks", month.talks)
            + ("" if month.mean_ms is None else " · " + words.gettext("mean %(t)s", t=words.length(month.mean_ms))),
            definition=define("talk_minutes", words),
        ),
        Tile(
            id="reached",
            label=words.gettext("Floor reached"),
            value=numerals.count(reached) if with_quota else numerals.DASH,
            unit=f" / {len(with_quota)}" if with_quota else "",
            note=words.gettext("agents with a quota") if with_quota else words.gettext("no tier has a quota"),
        ),
        Tile(
            id="claimed",
            label=words.gettext("PBX claims more"),
            value=numerals.signed_minutes(month.claimed_ms),
            unit="" if month.claimed_ms is None else words.gettext("min"),
            note=words.gettext("what the PBX says, less what we count"),
        ),
    ]


def ring_tiles(words: Words, period: ThreeRingsPeriod) -> list[Tile]:
    """The strip of the three-rings page, in the agent's view and the caller's."""
    total = period.total
    missed = total.no_answer + total.declined + total.gave_up_late
    return [
        _rate_tile(
            words, "agent_view", words.gettext("Agent's view"), total.rate, define("three_ring_rate", words)
        ),
        *([] if period.partial else [_caller_view(words, period)]),
        Tile(
            id="within", label=words.gettext("Within three rings"), value=numerals.count(total.rate.within),
            note=_spread(words, total),
        ),
        Tile(
            id="late", label=words.gettext("Picked up late"), value=numerals.count(total.late),
            note="" if total.longest_late_ms is None
            else words.gettext("longest %(s)s s", s=numerals.seconds(total.longest_late_ms)),
        ),
        Tile(
            id="missed", label=words.gettext("Not answered"), value=numerals.count(missed),
            note=words.gettext("timed out %(t)s · declined %(d)s", t=f"{total.no_answer:,}",
                               d=f"{total.declined:,}"),
        ),
        Tile(
            id="apart", label=words.gettext("Not their fault"), value=numerals.count(total.apart),
            note=words.gettext("answered elsewhere %(n)s", n=f"{total.answered_elsewhere:,}"),
        ),
    ]  # fmt: skip


def _caller_view(words: Words, period: ThreeRingsPeriod) -> Tile:
    metric = define("caller_three_ring_rate", words)
    return _rate_tile(words, "caller_view", words.gettext("Caller's view"), period.caller, metric)


def _spread(words: Words, counts: OfferingCounts) -> str:
    if counts.median_ms is None or counts.p95_ms is None:
        return ""
    median, p95 = numerals.seconds(counts.median_ms), numerals.seconds(counts.p95_ms)
    return words.gettext("median %(m)s s · p95 %(p)s s", m=median, p=p95)
