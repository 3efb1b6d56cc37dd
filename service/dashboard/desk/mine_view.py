"""What is an agent's own: his month against floor and target, his day as a line, his calls, his objections. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from analytics.closing.records import About
from analytics.closing.states import ObjectionState
from service.dashboard import labels, numerals, rows
from service.dashboard.board import Rate
from service.dashboard.catalogues import marked
from service.dashboard.definitions import define
from service.dashboard.desk.caller_view import Reading
from service.dashboard.desk.labels import STRETCHES
from service.dashboard.desk.shapes import Day, Month, MyCall, MyCalls, Objections
from service.dashboard.desk.times import stamp
from service.dashboard.labels import Label
from service.dashboard.periods import Definition
from service.dashboard.rows import Mark, QuotaBar

_OVER = Label(marked("Target reached"), "good", "circle-check")
_REACHED = Label(marked("Floor reached"), "good", "circle-check")
_ON_COURSE = Label(marked("On course"), "good", "circle-check")
_BEHIND = Label(marked("Behind"), "warn", "triangle-alert")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """The month's bar, in percent: done, and from there to the projection."""

    quota: QuotaBar
    projected: str  # '' where nothing is projected
    width: str
    falls_short: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthView:
    """His minutes."""

    minutes: str
    exact: str
    month: str
    tier: str
    bar: Bar | None
    status: Mark | None
    floor: str
    target: str
    projected: str
    today: str
    calls: str
    rings: str
    rings_note: str
    rings_month: str
    rings_month_note: str
    talk_defined: Definition
    rings_defined: Definition


@dataclass(frozen=True, slots=True, kw_only=True)
class DaySegment:
    """A stretch of the line, in percent of it."""

    x: str
    width: str
    css: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DayView:
    """The line of his day."""

    segments: tuple[DaySegment, ...]
    now: str
    ticks: tuple[tuple[str, str, str], ...]  # x, anchor, words
    text: str
    legend: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CallLine:
    """One of his calls."""

    call_id: str
    at: str
    direction: Mark
    party: str
    talk: str
    disposition: Mark
    outcome: str
    content: str
    state: str  # recorded, draft, missing
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectionLine:
    """One objection and what became of it."""

    at: str
    period: str
    about: str
    text: str
    state: Mark
    answer: str


def month_view(reading: Reading, month: Month) -> MonthView:
    """His month and his day in figures."""
    words = reading.words
    local = words.local(month.start)
    return MonthView(
        minutes=numerals.minutes(month.talk_ms),
        exact=words.length(month.talk_ms),
        month=words.month(local.date()),
        tier=reading.named(month.tier_zh, month.tier_en),
        bar=_bar(reading, month),
        status=_status(reading, month),
        floor=numerals.count(month.floor_minutes),
        target=numerals.count(month.target_minutes),
        projected=numerals.minutes(month.projected_ms),
        today=numerals.clock(month.today_ms),
        calls=numerals.count(month.calls_today),
        rings=_percent(month.rings_today),
        rings_note=_of(month.rings_today),
        rings_month=_percent(month.rings),
        rings_month_note=_of(month.rings),
        talk_defined=define("talk_minutes", words),
        rings_defined=define("three_ring_rate", words),
    )


def _percent(rate: Rate) -> str:
    return numerals.percent(rate.value) + ("" if rate.value is None else "%")


def _of(rate: Rate) -> str:
    return f"{rate.within:,} / {rate.counted:,}" if rate.counted else ""


def _bar(reading: Reading, month: Month) -> Bar | None:
    if month.floor_minutes is None or month.target_minutes is None:
        return None
    top = month.target_minutes * 66_000
    projected = month.projected_ms
    ahead = 0 if projected is None else max(min(projected, top) - month.talk_ms, 0)
    return Bar(
        quota=rows.quota_bar(reading.words, month.talk_ms, month.floor_minutes, month.target_minutes),
        projected=rows.percent_of(min(month.talk_ms, top), top) if ahead else "",
        width=rows.percent_of(ahead, top),
        falls_short=projected is not None and projected < month.floor_minutes * 60_000,
    )


def _status(reading: Reading, month: Month) -> Mark | None:
    if month.floor_minutes is None or month.target_minutes is None:
        return None
    if month.talk_ms >= month.target_minutes * 60_000:
        return rows.mark(reading.words, _OVER)
    if month.talk_ms >= month.floor_minutes * 60_000:
        return rows.mark(reading.words, _REACHED)
    return None if month.behind is None else rows.mark(reading.words, _BEHIND if month.behind else _ON_COURSE)


# -- the line of his day ----------------------------------------------------------------------------


def day_view(reading: Reading, day: Day) -> DayView:
    """Stretches over each other, the later kinds on top; every second hour is told."""
    words = reading.words
    whole = (day.end - day.start).total_seconds()

    def place(at: datetime) -> float:
        return max(0.0, min((at - day.start).total_seconds() / whole, 1.0)) * 100

    segments = []
    for each in day.spans:
        label, start, end = STRETCHES[each.what], place(each.start), place(each.end)
        told = f"{words.gettext(label.message)} {words.time(each.start)}–{words.time(each.end)}"
        segments.append(DaySegment(x=f"{start:.2f}%", width=f"{end - start:.3f}%", css=label.css, title=told))
    hours = round(whole / 3600)
    step = 2 if hours <= 8 else 4
    return DayView(
        segments=tuple(segments),
        now=f"{place(day.now):.2f}%",
        ticks=tuple(_tick(reading, day, hour, hours) for hour in range(0, hours + 1, step)),
        text=words.gettext("Line of what you did today"),
        legend=tuple((each.css, words.gettext(each.message)) for each in STRETCHES.values()),
    )


def _tick(reading: Reading, day: Day, hour: int, hours: int) -> tuple[str, str, str]:
    at = reading.words.local(day.start).hour + hour
    anchor = "start" if hour == 0 else "end" if hour == hours else "middle"
    return f"{hour / hours * 100:.2f}%", anchor, f"{at % 24:02d}:00"


# -- calls and objections ---------------------------------------------------------------------------


def call_lines(reading: Reading, calls: Iterable[MyCall]) -> tuple[CallLine, ...]:
    """His calls as rows."""
    return tuple(_call(reading, each) for each in calls)


def _call(reading: Reading, each: MyCall) -> CallLine:
    words = reading.words
    going = Label(marked("In progress"), "acc", "phone-call")
    label = labels.DISPOSITIONS[each.disposition] if each.disposition else going
    return CallLine(
        call_id=each.call_id,
        at=stamp(words, each.at, reading.now),
        direction=rows.mark(words, labels.DIRECTIONS[each.direction]),
        party=words.gettext("withheld") if each.withheld else reading.number(each.party),
        talk=numerals.clock(each.talk_ms),
        disposition=rows.mark(words, label),
        outcome=reading.outcome(each.entry.outcome) if each.entry else "",
        content=reading.text(each.entry.content) if each.entry else "",
        state="recorded" if each.entry else "draft" if each.drafted else "missing",
        link=rows.call_link(each.call_id),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class CallsView:
    """His calls: of today, and those that have no outcome."""

    today: tuple[CallLine, ...]
    missing: tuple[CallLine, ...]


def calls_view(reading: Reading, calls: MyCalls) -> CallsView:
    """Both lists."""
    return CallsView(today=call_lines(reading, calls.today), missing=call_lines(reading, calls.missing))


ABOUT: dict[About, str] = {
    About.MINUTES: marked("My minutes"),
    About.RINGS: marked("My three rings"),
    About.CALL: marked("One call"),
}
_STATES: dict[ObjectionState, Label] = {
    ObjectionState.OPEN: Label(marked("waits for an answer"), "warn", "hourglass"),
    ObjectionState.UPHELD: Label(marked("upheld"), "good", "circle-check"),
    ObjectionState.REJECTED: Label(marked("rejected"), "", "circle-x"),
    ObjectionState.WITHDRAWN: Label(marked("withdrawn"), "mute", "circle-dashed"),
}


def objection_lines(reading: Reading, told: Objections) -> tuple[ObjectionLine, ...]:
    """What he objected to, the newest first."""
    words = reading.words
    return tuple(
        ObjectionLine(
            at=stamp(words, each.raised_at, reading.now),
            period=each.period,
            about=words.gettext(ABOUT[each.about]),
            text=reading.text(each.text),
            state=rows.mark(words, _STATES[each.state]),
            answer=reading.text(each.answer or ""),
        )
        for each in told.raised
    )
