"""The month's minutes as rows by tier. Pure; every figure comes with the values."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from service.dashboard import numerals, rows
from service.dashboard.catalogues import marked
from service.dashboard.labels import Label
from service.dashboard.periods import MinutesMonth, MinutesRow, TierTitle
from service.dashboard.rows import Mark, QuotaBar
from service.dashboard.words import Words

_REACHED = Label(marked("Floor reached"), "good", "circle-check")
_OVER = Label(marked("Target reached"), "good", "circle-check")
_BELOW = Label(marked("Below the floor so far"), "", "circle-dashed")


@dataclass(frozen=True, slots=True, kw_only=True)
class MinutesLine:
    """One agent's month."""

    name: str
    initial: str
    number: str
    minutes: str
    exact: str  # to the second, for who points at it
    quota: QuotaBar | None
    talks: str
    mean: str
    rings: str
    claimed: str
    status: Mark | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MinutesGroup:
    """A tier and its agents, the most minutes first. `quota` is in words, '' where there is none."""

    title: str
    quota: str
    lines: list[MinutesLine]


def minutes_groups(words: Words, month: MinutesMonth) -> list[MinutesGroup]:
    """The tiers in the policy's order; agents without one last."""
    order = {tier.tier: n for n, tier in enumerate(month.tiers)}
    titles = {tier.tier: tier for tier in month.tiers}

    def place(row: MinutesRow) -> tuple[int, int, str]:
        return order.get(row.tier or "", len(order)), -row.counted_ms, row.agent

    ordered = sorted(month.rows, key=place)
    groups = groupby(ordered, key=lambda row: row.tier if row.tier in titles else None)
    return [_group(words, titles.get(tier or ""), list(found)) for tier, found in groups]


def _group(words: Words, tier: TierTitle | None, found: list[MinutesRow]) -> MinutesGroup:
    title, quota = words.gettext("Without a tier"), ""
    if tier is not None:
        title = tier.name_zh if words.chinese else tier.name_en
        if tier.floor_minutes is not None and tier.target_minutes is not None:
            floor, target = f"{tier.floor_minutes:,}", f"{tier.target_minutes:,}"
            quota = words.gettext("%(floor)s–%(target)s minutes a month", floor=floor, target=target)
    return MinutesGroup(title=title, quota=quota, lines=[_line(words, row) for row in found])


def _line(words: Words, row: MinutesRow) -> MinutesLine:
    name = words.person(row.agent, row.name)
    rate = row.three_rings.value
    return MinutesLine(
        name=name,
        initial=rows.initial_of(name),
        number=row.agent if row.name else "",
        minutes=numerals.minutes(row.counted_ms),
        exact=words.length(row.counted_ms),
        quota=None
        if row.floor_minutes is None or row.target_minutes is None
        else rows.quota_bar(words, row.counted_ms, row.floor_minutes, row.target_minutes),
        talks=numerals.count(row.talks),
        mean=numerals.clock(row.mean_ms),
        rings=numerals.percent(rate) + ("" if rate is None else "%"),
        claimed=numerals.signed_minutes(row.claimed_ms),
        status=_status(words, row),
    )


def _status(words: Words, row: MinutesRow) -> Mark | None:
    if row.floor_minutes is None or row.target_minutes is None:
        return None
    if row.counted_ms >= row.target_minutes * 60_000:
        return rows.mark(words, _OVER)
    return rows.mark(words, _REACHED if row.counted_ms >= row.floor_minutes * 60_000 else _BELOW)
