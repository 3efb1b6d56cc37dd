"""The month's minutes as rows by tier: so far, projected, needed a day, before, and what the PBX claims. Pure.

Every figure comes with the values; how an agent stands to his floor is told by `analytics.reports.quota`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from urllib.parse import quote

from analytics.metrics.definitions import Value
from analytics.metrics.periods import Period
from analytics.people.roster import Roster
from analytics.reports.minutes import tier_of
from analytics.reports.quota import Standing, days_left, needed_a_day, standing
from analytics.storage.claimed import Balance
from config.people import Tier, TierCounts
from config.policies import Policy
from service.dashboard import numerals, rows
from service.dashboard.catalogues import marked
from service.dashboard.figures.cells import Fig, Opener
from service.dashboard.figures.tables import cut
from service.dashboard.labels import Label
from service.dashboard.rendering import Reader
from service.dashboard.rows import Mark, percent_of
from service.dashboard.words import Words

COLUMNS = ("talk_minutes", "calls_handled", "average_talk", "three_ring_rate")
_MINUTE = 60_000
_REACHED = Label(marked("Floor reached"), "good", "circle-check")
_OVER = Label(marked("Target reached"), "good", "circle-check")
_COURSE = Label(marked("On course"), "good", "circle-check")
_BEHIND = Label(marked("Behind"), "warn", "triangle-alert")
_BELOW = Label(marked("Below the floor"), "warn", "triangle-alert")

NameOf = Callable[[str, datetime], str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One agent's month as it is known."""

    agent: str
    name: str | None
    tier: Tier | None
    values: Mapping[str, Value]
    stands: Standing
    days_left: int
    before: Value
    balance: Balance | None
    issued: Decimal | None  # the minutes that were issued, where the month was

    @property
    def talk_ms(self) -> int:
        """His minutes, in milliseconds."""
        return int(self.values["talk_minutes"] or 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """Minutes so far and projected, against the band from floor to target; in percent of the tier's scale."""

    done: str
    more: str  # from what is done to what is projected
    warns: bool  # the projection ends below the floor
    floor: str
    band: str
    target: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A row as it is shown. `opens` is the address with its days open, or closed again where they are."""

    agent: str
    name: str
    initial: str
    number: str
    link: str
    opens: str
    is_open: bool
    minutes: Fig
    issued: str
    bar: Bar | None
    projected: str
    needed: str
    before: str
    talks: Fig
    mean: Fig
    rings: Fig
    claimed: str
    status: Mark | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TierRows:
    """A tier and its agents, the most minutes first."""

    title: str
    quota: str
    lines: tuple[Line, ...]


def month_rows(
    agents: Iterable[str],
    values: Callable[[str], Mapping[str, Value]],
    before: Callable[[str], Value],
    balances: Mapping[str, Balance],
    issued: Mapping[str, Decimal],
    policy: Policy,
    roster: Roster,
    period: Period,
    as_of_us: int,
    name_of: NameOf,
) -> list[Row]:
    """Each agent's month."""
    found = []
    for agent in sorted(agents):
        tier = tier_of(policy, agent, period)
        told = values(agent)
        floor = tier.floor_minutes if tier else None
        planned = roster.scheduled(agent, period.start_us, period.end_us)
        found.append(
            Row(
                agent=agent,
                name=name_of(agent, period.start),
                tier=tier,
                values=told,
                stands=standing(policy, roster, agent, period, as_of_us, int(told["talk_minutes"] or 0), floor),
                days_left=days_left(policy, planned, period, as_of_us),
                before=before(agent),
                balance=balances.get(agent),
                issued=issued.get(agent),
            )
        )
    return found


def by_tier(
    words: Words,
    found: list[Row],
    policy: Policy,
    period: Period,
    opener: Opener,
    reader: Reader,
    opened: str,
    after: str,
) -> tuple[list[TierRows], str]:
    """A page of the tiers in the policy's order, agents without a quota last; and after whom the next page begins."""
    tiers = [each for each in policy.resolve(period.start).tiers if each.counts is TierCounts.MINUTES]
    order = {tier.id: n for n, tier in enumerate(tiers)}

    def place(row: Row) -> tuple[int, int, str]:
        return order.get(row.tier.id if row.tier else "", len(order)), -row.talk_ms, row.agent

    unfinished = opener.spell.unfinished
    ordered = sorted(found, key=place)
    page, following = cut(ordered, [row.agent for row in ordered], after)
    shown = groupby(page, key=lambda row: place(row)[0])
    tiers_shown = [
        _tier_rows(
            words,
            tiers[n] if n < len(tiers) else None,
            [_line(words, row, opener, reader, opened, unfinished=unfinished) for row in those],
        )
        for n, those in shown
    ]
    return tiers_shown, following


def _tier_rows(words: Words, tier: Tier | None, lines: list[Line]) -> TierRows:
    title, quota = words.gettext("Without a quota"), ""
    if tier is not None:
        title = tier.name_zh if words.chinese else tier.name_en
        if tier.floor_minutes is not None and tier.target_minutes is not None:
            floor, target = f"{tier.floor_minutes:,}", f"{tier.target_minutes:,}"
            quota = words.gettext("%(floor)s–%(target)s minutes a month", floor=floor, target=target)
    return TierRows(title=title, quota=quota, lines=tuple(lines))


def _line(words: Words, row: Row, opener: Opener, reader: Reader, opened: str, *, unfinished: bool) -> Line:
    name = words.person(row.agent, row.name)
    figs = {each: opener.fig(words, each, row.values, agent=row.agent) for each in COLUMNS}
    needed = needed_a_day(row.stands.floor_ms, row.talk_ms, row.days_left) if unfinished else None
    projected = row.stands.projected_ms if unfinished and row.tier and row.tier.floor_minutes is not None else None
    is_open = row.agent == opened
    return Line(
        agent=row.agent,
        name=name,
        initial=rows.initial_of(name),
        number=row.agent if row.name else "",
        link=f"/agents/{quote(row.agent, safe='')}?period={opener.spell.key}",
        opens=reader.here(open="" if is_open else row.agent),
        is_open=is_open,
        minutes=figs["talk_minutes"],
        issued=_corrected(row),
        bar=_bar(words, row, projected),
        projected=numerals.minutes(projected),
        needed=numerals.minutes(needed),
        before=numerals.minutes(None if row.before is None else int(row.before)),
        talks=figs["calls_handled"],
        mean=figs["average_talk"],
        rings=figs["three_ring_rate"],
        claimed=numerals.signed_minutes(row.balance.more_ms if row.balance else None),
        status=_status(words, row, unfinished=unfinished),
    )


def _corrected(row: Row) -> str:
    """What was issued, where it is not what is counted now: shown before → after."""
    if row.issued is None or abs(row.issued - Decimal(row.talk_ms) / _MINUTE) < Decimal("0.0001"):
        return ""
    return numerals.minutes(int(row.issued * _MINUTE))


def _bar(words: Words, row: Row, projected: int | None) -> Bar | None:
    tier = row.tier
    if tier is None or tier.floor_minutes is None or tier.target_minutes is None:
        return None
    top = tier.target_minutes * 66_000
    reach = max(min(projected or 0, top), row.talk_ms)
    return Bar(
        done=percent_of(row.talk_ms, top),
        more=percent_of(max(reach - min(row.talk_ms, top), 0), top),
        warns=(projected or 0) < tier.floor_minutes * _MINUTE,
        floor=percent_of(tier.floor_minutes * _MINUTE, top),
        band=percent_of((tier.target_minutes - tier.floor_minutes) * _MINUTE, top),
        target=percent_of(tier.target_minutes * _MINUTE, top),
        text=words.gettext(
            "%(n)s min so far, floor %(floor)s, target %(target)s",
            n=numerals.minutes(row.talk_ms), floor=f"{tier.floor_minutes:,}", target=f"{tier.target_minutes:,}",
        ),
    )  # fmt: skip


def _status(words: Words, row: Row, *, unfinished: bool) -> Mark | None:
    """Being over the target is no fault; being below the floor is one only when the month is over, or will not do."""
    tier = row.tier
    if tier is None or row.stands.floor_ms is None:
        return None
    if tier.target_minutes is not None and row.talk_ms >= tier.target_minutes * _MINUTE:
        return rows.mark(words, _OVER)
    if row.talk_ms >= row.stands.floor_ms:
        return rows.mark(words, _REACHED)
    if not unfinished:
        return rows.mark(words, _BELOW)
    projected = row.stands.projected_ms
    if projected is None:
        return None
    return rows.mark(words, _COURSE if projected >= row.stands.floor_ms else _BEHIND)
