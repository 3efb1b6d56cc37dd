"""Days, figures, tables and pictures of the pages, as functions of values."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest

from analytics.metrics.periods import DayClock, PeriodKind
from analytics.metrics.spreads import reached_by
from analytics.reports.quota import Standing, days_left, needed_a_day
from analytics.storage.claimed import Balance
from analytics.storage.day_lines import Doing, Stretch
from config.people import Tier
from config.policies import Policy
from config.rings import Boundary, RingRule
from service.dashboard.figures import charts
from service.dashboard.figures.cells import Fig, Opener, than_before
from service.dashboard.figures.day_lines import week_of
from service.dashboard.figures.minutes_rows import Row, by_tier
from service.dashboard.figures.minutes_tiles import claim_tile, floor_tiles
from service.dashboard.figures.rings_chart import Rings, bins_of, histogram, rule_text
from service.dashboard.figures.spells import Spell, in_words, read_spell
from service.dashboard.figures.tables import PAGE, cut
from service.dashboard.periods import RingBin
from service.dashboard.query import QueryError
from service.dashboard.rendering import Reader
from service.dashboard.words import words
from telephony.clock import to_microseconds
from tests.service.dashboard.figures.conftest import OPEN, policy

ZONE = ZoneInfo("Asia/Shanghai")
ZH, EN = words("zh", ZONE), words("en", ZONE)
TODAY = date(2026, 11, 20)


# -- days -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "key", "before", "compared", "after"),
    [
        ("today", "2026-11-20", "2026-11-19", "2026-11-19", None),
        ("week", "2026-11-16..2026-11-20", "2026-11-09..2026-11-15", "2026-11-09..2026-11-13", None),
        ("month", "2026-11", "2026-10", "2026-10-01..2026-10-20", None),
        ("2026-10", "2026-10", "2026-09", "2026-09", "2026-11"),
        ("2026-11-18", "2026-11-18", "2026-11-17", "2026-11-17", "2026-11-19"),
        ("2026-03", "2026-03", "2026-02", "2026-02", "2026-04"),
    ],
)
def test_days_know_those_beside_them(said: str, key: str, before: str, compared: str, after: str | None) -> None:
    """An address that means the same tomorrow; what goes on is compared with as many days of the one before."""
    spell = read_spell(said, TODAY)
    following = spell.after()
    assert (spell.key, spell.before().key, spell.compared().key) == (key, before, compared)
    assert (following.key if following else None) == after


@pytest.mark.parametrize(
    ("said", "chinese", "english"),
    [
        ("today", "11 月 20 日 周五", "Fri 20 Nov"),
        ("2026-11-01..2026-11-20", "11 月 1–20 日", "1–20 Nov"),
        ("2026-10-28..2026-11-03", "10 月 28 日–11 月 3 日", "28 Oct–3 Nov"),
        ("2025-12-30..2025-12-31", "2025 年 12 月 30–31 日", "30–31 Dec 2025"),
        ("month", "2026 年 11 月", "November 2026"),
    ],
)
def test_days_are_said_as_people_say_them(said: str, chinese: str, english: str) -> None:
    """The year only where it is another than today's."""
    spell = read_spell(said, TODAY)
    assert (in_words(ZH, spell), in_words(EN, spell)) == (chinese, english)


def test_a_month_is_a_month_and_days_begin_with_the_business_day() -> None:
    """So quotas hold, and a centre that begins at 07:35 has its days from then."""
    month = read_spell("2026-11", TODAY).period(policy())
    assert month.kind is PeriodKind.MONTH
    days = read_spell("2026-11-20..2026-11-21", TODAY).period(policy())
    assert days.start == datetime(2026, 11, 19, 23, 35, tzinfo=UTC)
    assert days.end - days.start == timedelta(days=2)
    with pytest.raises(QueryError):
        read_spell("yesterday", TODAY)


# -- figures --------------------------------------------------------------------------------------


def test_a_rate_opens_what_it_is_taken_over_and_nothing_opens_nothing() -> None:
    """With its number there; a figure of 0, and one that no call is behind, are plain."""
    opener = Opener(spell=read_spell("2026-11", TODAY), filters={"agent": "1003", "queue": ""})
    values = {
        "three_ring_rate": Fraction(697, 718),
        "ring_offered": 718,
        "ring_late": 0,
        "occupancy": Fraction(4, 5),
    }
    rate = opener.fig(EN, "three_ring_rate", values)
    assert (rate.text, rate.drill, rate.exact) == ("97.1%", "ring_offered", 718)
    assert rate.link == "/calls?figure=ring_offered&period=2026-11&agent=1003"
    assert opener.fig(EN, "ring_late", values) == Fig(metric="ring_late", text="0")
    assert opener.fig(EN, "occupancy", values).link == ""


@pytest.mark.parametrize(
    ("metric", "value", "before", "said"),
    [
        ("three_ring_rate", Fraction(9, 10), Fraction(8, 10), "before 80.0%, +10.0"),
        ("visits", 10, 22, "before 22, −12"),
        ("average_wait", Fraction(23_000), Fraction(23_000), "before 0:23, ±0"),
        ("talk_minutes", 60_000, 0, "before 0, +1"),
        ("three_ring_rate", None, Fraction(1), ""),
        ("longest_wait", 1000, None, ""),
    ],
)
def test_a_figure_is_compared_with_its_sign(
    metric: str, value: int | Fraction | None, before: int | Fraction | None, said: str
) -> None:
    """A true minus; nothing where one of the two is nothing."""
    assert than_before(EN, metric, value, before) == said


def test_a_table_is_cut_into_pages_that_miss_nothing() -> None:
    """The next page begins after the last row of this one; a row that has gone begins it anew."""
    names = [f"{n:03}" for n in range(2 * PAGE + 7)]
    seen: list[str] = []
    after = ""
    while True:
        rows, after = cut(names, names, after)
        seen += rows
        if not after:
            break
    assert seen == names
    assert cut(names, names, "gone")[0] == names[:PAGE]


# -- minutes --------------------------------------------------------------------------------------

TIER = Tier(id="L1", name_zh="一级", name_en="Level 1", floor_minutes=2000, target_minutes=5000)


def row(agent: str, minutes: int, projected: int | None, **more: object) -> Row:
    """An agent of level 1 with so many minutes."""
    values = {"talk_minutes": minutes * 60_000, "calls_handled": 7, "average_talk": None, "three_ring_rate": None}
    stands = Standing(
        floor_ms=2000 * 60_000, projected_ms=None if projected is None else projected * 60_000, due_ms=None
    )
    plain = Row(
        agent=agent, name=None, tier=TIER, values={**values, "ring_offered": 0}, stands=stands, days_left=5,
        before=None, balance=None, issued=None,
    )  # fmt: skip
    return replace(plain, **more)  # type: ignore[arg-type]


def shown(*found: Row, said: str = "2026-11") -> list[tuple[str, str, str]]:
    """Agent, what he needs a day, and his status, as the page of a month has it."""
    spell = read_spell(said, TODAY)
    reader = Reader(language="en", theme="light", path="/minutes", query=(), visitor=OPEN)
    tiers, _ = by_tier(EN, list(found), policy(), spell.period(policy()), Opener(spell=spell), reader, "", "")
    lines = [line for tier in tiers for line in tier.lines]
    return [(line.agent, line.needed, line.status.text if line.status else "") for line in lines]


def test_over_the_target_is_no_fault_and_behind_is_what_will_not_do() -> None:
    """While a month goes on the projection tells; when it is over, the floor."""
    rows = (row("1", 5100, 5200), row("2", 2100, 4000), row("3", 1500, 2400), row("4", 1000, 1600))
    assert shown(*rows) == [
        ("1", "—", "Target reached"),
        ("2", "—", "Floor reached"),
        ("3", "100", "On course"),
        ("4", "200", "Behind"),
    ]
    assert [status for *_, status in shown(*rows, said="2026-10")][2:] == ["Below the floor"] * 2
    assert [needed for _, needed, _ in shown(*rows, said="2026-10")] == ["—"] * 4


def test_the_strip_counts_who_reached_the_floor_and_what_the_others_lack() -> None:
    """By the projection while the month goes on; nothing where no tier has a floor."""
    rows = [row("1", 2100, 4000), row("2", 1500, 2400), row("3", 1000, 1600)]
    reached, behind = floor_tiles(EN, rows, unfinished=True)
    assert (reached.fig.text, reached.note) == ("1 / 3", "1 more projected to")
    assert (behind.fig.text, behind.note, behind.level) == ("1", "400 minutes short in all", "warn")
    _, below = floor_tiles(EN, rows, unfinished=False)
    assert (below.fig.text, below.note) == ("2", "1,500 minutes short in all")
    (none,) = floor_tiles(
        EN, [replace(each, stands=replace(each.stands, floor_ms=None)) for each in rows], unfinished=True
    )
    assert none.fig.text == "—"


def test_the_claim_is_over_the_calls_that_are_claimed() -> None:
    """With its sign; a dash where the PBX claims nothing."""
    claimed = replace(row("1", 1, 1), balance=Balance(claimed_ms=600_000, ours_ms=480_000))
    assert claim_tile(EN, [claimed, row("2", 1, 1)]).fig.text == "+2"
    assert claim_tile(EN, [row("2", 1, 1)]).fig.text == "—"


def test_what_was_issued_stands_before_what_has_changed_since() -> None:
    """And nowhere else."""
    spell = read_spell("2026-10", TODAY)
    reader = Reader(language="en", theme="light", path="/minutes", query=(), visitor=OPEN)
    found = [row("1", 2100, None, issued=Decimal("2099.0000")), row("2", 2000, None, issued=Decimal("2000.0000"))]
    (tier,), _ = by_tier(EN, found, policy(), spell.period(policy()), Opener(spell=spell), reader, "", "")
    assert [line.issued for line in tier.lines] == ["2,099", ""]


def test_what_is_needed_a_day_reaches_the_floor() -> None:
    """Rounded up; None where it is reached, there is no floor, or no day is left."""
    assert needed_a_day(100, 1, 10) == 10
    assert [needed_a_day(100, 100, 3), needed_a_day(None, 1, 3), needed_a_day(100, 1, 0)] == [None] * 3
    month = read_spell("2026-11", TODAY).period(policy())
    noon = to_microseconds(datetime(2026, 11, 20, 4, tzinfo=UTC))
    assert days_left(policy(), (), month, noon) == 10
    shift = (
        to_microseconds(datetime(2026, 11, 25, 1, tzinfo=UTC)),
        to_microseconds(datetime(2026, 11, 25, 9, tzinfo=UTC)),
    )
    assert days_left(policy(), (shift,), month, noon) == 1


# -- pictures -------------------------------------------------------------------------------------


def rings(*bins: RingBin, rule: RingRule | None = None) -> Rings:
    """A picture's values."""
    return Rings(rule=rule or RingRule(), bins=bins, within=8395, counted=8736, value=Fraction(8395, 8736))


def test_the_histogram_marks_where_it_becomes_late() -> None:
    """Bars from 15 s on are late; what rang longer than the axis is in its last bar; the shares stand at the line."""
    picture = histogram(
        EN,
        rings(
            RingBin(start_ms=14_500, answered=3, not_answered=0), RingBin(start_ms=15_000, answered=2, not_answered=1),
            RingBin(start_ms=60_000, answered=0, not_answered=5), RingBin(start_ms=290_000, answered=1, not_answered=0),
        ),
    )  # fmt: skip
    assert [column.late for column in picture.columns] == [False, True, True]
    assert picture.columns[-1].title == "23.5–∞ s: 1 picked up, 5 not"
    assert (picture.before, picture.after) == ("96.1% within", "341 after it")
    assert [bell.late for bell in picture.bells] == [False, False, False, True, True]
    assert [bell.text for bell in histogram(EN, rings(), narrow=True).bells] == ["1", "2", "3", "4", "5"]


@pytest.mark.parametrize("n", [0, 1, 17, 1_234_567])
def test_bars_stay_inside_the_picture(n: int) -> None:
    """Whatever the counts, and both kinds on top of each other."""
    picture = histogram(EN, rings(RingBin(start_ms=0, answered=n, not_answered=n)))
    for column in picture.columns:
        assert 22 <= float(column.missed_y) <= float(column.answered_y) <= 258
    assert len(picture.counts) <= 4


def test_bins_are_of_half_a_second() -> None:
    """Bucket k of a spread holds [k - 1, k) tenths: 0.4 s and 0.5 s are in two bins."""
    assert bins_of({5: 2, 6: 1}, [499, 500]) == (
        RingBin(start_ms=0, answered=2, not_answered=1),
        RingBin(start_ms=500, answered=1, not_answered=1),
    )


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (RingRule(), "late from the start of ring 4, at 15.0 s"),
        (RingRule(boundary=Boundary.TONE_END), "late from the end of tone 3, at 11.0 s"),
        (RingRule(boundary=Boundary.SECONDS, seconds=timedelta(seconds=12)), "late from 12.0 s of ringing"),
    ],
)
def test_the_rule_is_said_in_words(rule: RingRule, said: str) -> None:
    """As the policy has it."""
    assert rule_text(EN, rule) == said


def test_a_share_of_a_spread_is_reached_by_a_bucket() -> None:
    """The first by which so many are counted; none of nothing."""
    spread = {1: 5, 4: 4, 9: 1}
    assert [reached_by(spread, Fraction(n, 10)) for n in (1, 5, 6, 9, 10)] == [1, 1, 4, 4, 9]
    assert reached_by({}, Fraction(1, 2)) is None


def test_columns_keep_to_their_place_and_rates_to_their_axis() -> None:
    """No bar or point leaves the picture, a gap in the rates draws no stroke, and few labels are shown."""
    data = [
        charts.Datum(label=f"{n}", value=n * n, said=str(n), rate=None if n % 7 == 3 else Fraction(n, 40))
        for n in range(31)
    ]
    chart = charts.columns("by day", data, target=Fraction(95, 100))
    for bar in chart.bars:
        assert float(bar.y) >= charts.TOP
        assert float(bar.y) + float(bar.height) == pytest.approx(charts.BASE, abs=0.11)
    assert all(charts.TOP <= float(point.y) <= charts.BASE for point in chart.points)
    assert len(chart.points) == sum(each.rate is not None for each in data)
    assert len(chart.across) <= 12


def test_waits_are_closed_above_and_the_longest_are_together() -> None:
    """Five seconds are in the first column, what is beyond two minutes in the last."""
    answered, gave_up = charts.waits(EN, {0: 1, 5: 2, 6: 3, 400: 4}, {20: 1}, 20)
    said = [bar.title for bar in answered.bars if bar.height != "0.0"]
    assert said == ["0–5 s: 3 answered", "5–10 s: 3 answered", "> 115 s: 4 answered"]
    assert [bar.title for bar in gave_up.bars if bar.height != "0.0"] == ["15–20 s: 1 gave up"]
    assert answered.mark_x == "16.67%"


# -- the line of a day ----------------------------------------------------------------------------


def us(day: int, hour: float) -> int:
    """An instant of November by the centre's clock."""
    return to_microseconds(datetime(2026, 11, day, tzinfo=ZONE)) + round(hour * 3_600_000_000)


def test_a_day_has_its_stretches_on_the_clocks_axis_and_no_others() -> None:
    """States of two queues are one bar; a talk into the next business day is cut there; now is a line."""
    clock = DayClock(ZONE, time(7, 0))
    stretches = [
        Stretch(doing=Doing.READY, start_us=us(19, 8), end_us=us(19, 17)),
        Stretch(doing=Doing.READY, start_us=us(19, 9), end_us=us(19, 18)),
        Stretch(doing=Doing.TALKING, start_us=us(20, 6.5), end_us=us(20, 7.5), call_id="hq/1.1"),
        Stretch(doing=Doing.TALKING, start_us=us(20, 11), end_us=None, call_id="hq/1.2"),
    ]
    fig = Fig(metric="talk_minutes", text="1")
    days = {date(2026, 11, 19): fig, date(2026, 11, 20): fig}
    week = week_of(EN, clock, stretches, days, us(20, 12))
    today, before = week.lines
    assert [bar.title for bar in before.bars] == ["Ready 08:00–18:00 · 10:00:00", "Talking 06:30–07:00 · 30:00"]
    assert [bar.title for bar in today.bars] == ["Talking 07:00–07:30 · 30:00", "Talking 11:00–12:00 · 1:00:00"]
    assert [bar.link for bar in today.bars] == ["/calls/hq/1.1", "/calls/hq/1.2"]
    assert (before.now_x, bool(today.now_x)) == ("", True)
    assert [hour.text for hour in week.hours] == ["07:00", "13:00", "19:00", "01:00", "07:00"]


def test_spells_of_one_rule_do_not_touch_the_policy() -> None:
    """A spell is a value: the same days by another policy are other instants."""
    spell = Spell(start=TODAY, end=date(2026, 11, 21), today=TODAY)
    plain = Policy(name="plain", zone=ZONE, country="CN", versions=policy().versions)
    assert spell.period(plain).start_us != spell.period(policy()).start_us
