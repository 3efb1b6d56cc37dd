"""Reads the rows of a policy that have dates of their own: agents, devices, opening hours."""

from __future__ import annotations

from datetime import time, tzinfo
from itertools import pairwise

from config.calendars import WEEKDAYS, OpenSpan, WeeklyHours
from config.dates import day_of, instant_of
from config.people import AgentPeriod, DevicePeriod
from config.reading import Table

EXPECTED_SPANS = 'a list of spans in order such as ["09:00-12:00", "13:30-18:00"], none over midnight'
EXPECTED_CLOCK = 'a time of day such as "06:00"'
EXPECTED_DAYS_OFF = 'a list of weekdays, one a week in turn, such as ["sat", "sun"]'
CLOCK = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]"
_SPAN = rf"{CLOCK}-(?:{CLOCK}|24:00)"


def read_agent(table: Table, zone: tzinfo) -> AgentPeriod:
    """One [[agent]]: who, and in which tier and group, from when to when."""
    row = AgentPeriod(
        agent=table.required("agent", expected="the agent's number as a text"),
        name=table.optional("name"),
        tier=table.optional("tier", expected="a tier's id"),
        group=table.optional("group"),
        start=instant_of(table, "from", zone),
        end=instant_of(table, "to", zone),
    )
    table.done()
    return row


def read_device(table: Table, zone: tzinfo) -> DevicePeriod:
    """One [[device]]: whose interface, from when to when."""
    row = DevicePeriod(
        interface=table.required("interface", expected="an interface such as PJSIP/1004", pattern=r"\S+/\S+"),
        agent=table.required("agent", expected="the agent's number as a text"),
        start=instant_of(table, "from", zone),
        end=instant_of(table, "to", zone),
    )
    table.done()
    return row


def read_day_start(table: Table) -> time:
    """The policy's `day_start`: when the business day begins, by the centre's clock."""
    return time.fromisoformat(table.text("day_start", "00:00", expected=EXPECTED_CLOCK, pattern=CLOCK))


def read_hours(table: Table) -> WeeklyHours:
    """One [[hours]]: a week of opening hours; a day that is not named is closed."""
    hours = WeeklyHours(
        start=day_of(table, "from"),
        days=tuple(read_spans(table, weekday) for weekday in WEEKDAYS),
        days_off=_read_days_off(table),
    )
    table.done()
    return hours


def read_spans(table: Table, key: str) -> tuple[OpenSpan, ...]:
    """The opening times of a day at a key; () if it is not there."""
    texts = table.texts(key, expected=EXPECTED_SPANS, pattern=_SPAN)
    if not _in_order([edge for text in texts for edge in text.split("-")]):
        table.note(key, f'"{", ".join(texts)}"', EXPECTED_SPANS)
    return tuple(_span(text) for text in texts)


def _read_days_off(table: Table) -> tuple[int, ...]:
    """The weekdays that are off in turn; the first of them in the week of `from`, which they need."""
    names = table.texts("days_off", expected=EXPECTED_DAYS_OFF, pattern="|".join(WEEKDAYS))
    if names and not table.has("from"):
        table.note("days_off", "no from beside it", "from: its week is the first of the turn")
    return tuple(WEEKDAYS.index(name) for name in names)


def _in_order(edges: list[str]) -> bool:
    """Whether every edge is later than the one before it; a span may begin where the last one ended."""
    return all(a < b if index % 2 == 0 else a <= b for index, (a, b) in enumerate(pairwise(edges)))


def _span(text: str) -> OpenSpan:
    opens, closes = text.split("-")
    return OpenSpan(
        opens=time.fromisoformat(opens), closes=None if closes == "24:00" else time.fromisoformat(closes)
    )
