"""What an agent's row of the minutes opens to: his days, his service codes, and why the PBX claims otherwise. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from analytics.differential import AgentBalance, Why
from analytics.metrics.query import Result
from analytics.storage.claimed import SOURCES
from service.dashboard import numerals
from service.dashboard.catalogues import marked
from service.dashboard.figures.asking import About
from service.dashboard.figures.cells import Fig, text_of
from service.dashboard.figures.charts import Chart, Datum, columns
from service.dashboard.figures.spells import Spell
from service.dashboard.rows import call_link
from service.dashboard.words import Words

DAYS_HIGH = 96  # pixels

WHYS = {
    Why.TRANSFER: marked("Kept counting after the call was handed on"),
    Why.HOLD: marked("Hold counted as talk"),
    Why.CONSULT: marked("Consultation counted as talk"),
    Why.WAIT: marked("Waiting or ringing counted as talk"),
    Why.DOUBLED: marked("Several rows for one talk"),
    Why.NOT_COUNTED: marked("Talk that the PBX names nobody for"),
    Why.INTERNAL: marked("Talk among colleagues"),
    Why.NO_TALK: marked("No talk with a customer at all"),
    Why.OTHER: marked("Other reasons"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """Minutes and talks of one service code."""

    code: str
    minutes: Fig
    talks: Fig


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One reason why the PBX claims otherwise: how much, in how many calls, and the call in which it is most."""

    why: str
    more: str
    calls: int
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """All that a row opens to. `source` is whose claim is compared."""

    days: Chart
    codes: tuple[Code, ...]
    differences: tuple[Difference, ...]
    source: str


def opened_row(
    words: Words, about: About, agent: str, by_day: Result, by_code: Result, balance: AgentBalance | None
) -> Opened:
    """One agent's month."""
    opener = about.opener()
    codes = [row for row in by_code.rows if row.key[0] and row.values["talk_minutes"]]
    source = next((each for each in SOURCES if balance and each in balance.claimed_ms), "")
    return Opened(
        days=_days(words, about, agent, by_day),
        codes=tuple(
            Code(
                code=row.key[0],
                minutes=opener.fig(words, "talk_minutes", row.values, agent=agent, code=row.key[0]),
                talks=opener.fig(words, "calls_handled", row.values, agent=agent, code=row.key[0]),
            )
            for row in codes
        ),
        differences=tuple(_differences(words, balance, source)) if balance else (),
        source=source,
    )


def _days(words: Words, about: About, agent: str, by_day: Result) -> Chart:
    spell, data = about.spell, []
    for row in by_day.rows:
        day = date.fromisoformat(row.key[0])
        if day > spell.today:
            break
        one = Spell(start=day, end=day + timedelta(days=1), today=spell.today)
        fig = about.opener(one).fig(words, "talk_minutes", row.values, agent=agent)
        ms = int(row.values["talk_minutes"] or 0)
        data.append(
            Datum(
                label=str(day.day), value=ms // 1000, said=f"{text_of('talk_minutes', ms)} {words.gettext('min')}",
                firm=not one.unfinished, link=fig.link, drill=fig.drill, exact=fig.exact,
            )
        )  # fmt: skip
    chart = columns(words.gettext("Minutes a day"), data, height=DAYS_HIGH)
    return Chart(bars=chart.bars, across=chart.across, label=chart.label)


def _differences(words: Words, balance: AgentBalance, source: str) -> Iterable[Difference]:
    """The largest first."""
    told = [each for each in balance.disagreements if each.source == source]
    sums: dict[Why, int] = {}
    for each in told:
        sums[each.why] = sums.get(each.why, 0) + each.claimed_ms - each.ours_ms
    for why, more in sorted(sums.items(), key=lambda pair: -abs(pair[1])):
        those = [each for each in told if each.why is why]
        worst = max(those, key=lambda each: abs(each.claimed_ms - each.ours_ms))
        sign = "+" if more > 0 else "−"
        yield Difference(
            why=words.gettext(WHYS[why]),
            more=f"{sign}{numerals.clock(abs(more))}",
            calls=len(those),
            link=call_link(worst.call_id),
        )
