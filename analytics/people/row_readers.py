"""One row of a sheet as a record of its kind: pure. A cell that cannot be read is refused, never guessed."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, tzinfo
from typing import TypeVar

from analytics.errors import PeopleError
from analytics.people import cells
from analytics.people.columns import Header, Kind
from analytics.people.devices import BEGINNING_OF_TIME, END_OF_TIME
from analytics.people.records import (
    Agent,
    Certificate,
    ChangeKind,
    DayChange,
    Leave,
    MonthFact,
    Rotation,
    ShiftAssignment,
    ShiftPattern,
    Stretch,
)
from analytics.people.shift_texts import read_days, read_spans

Value = TypeVar("Value")
TOTALS = frozenset(("合计", "总计", "小计", "汇总", "total", "totals", "sum"))
OFF = frozenset(("休", "休息", "off", "-", "—", "/"))
FACT_WORDS = {"案例分析": "case_analyses", "录音剪辑": "recording_hours", "录音剪辑小时": "recording_hours"}
FACT_WORDS |= {"服务日志": "log_entries", "服务日志条数": "log_entries", "转接": "transfers", "转接数": "transfers"}
CHANGE_WORDS = {
    "": ChangeKind.INSTEAD,
    "换班": ChangeKind.INSTEAD,
    "调班": ChangeKind.INSTEAD,
    "加班": ChangeKind.EXTRA,
}
_KNOWN_FACTS = ", ".join(sorted(set(FACT_WORDS.values())))

Record = Agent | Stretch | Certificate | ShiftPattern | Rotation | ShiftAssignment | DayChange | Leave | MonthFact


class CellError(PeopleError):
    """A cell of a row cannot be read: which column, what was found and expected."""

    def __init__(self, column: str, why: str) -> None:
        super().__init__(why)
        self.column = column
        self.why = why


class Row:
    """One row's cells by column, read with their place."""

    def __init__(self, header: Header, values: Sequence[object], zone: tzinfo, tiers: dict[str, str]) -> None:
        self._cells = {name: values[at] if at < len(values) else None for name, at in header.places.items()}
        self.zone = zone
        self.tiers = tiers

    def has(self, column: str) -> bool:
        """Whether there is anything in this column."""
        return bool(cells.plain(self._cells.get(column)))

    def read(self, column: str, how: Callable[[object], Value]) -> Value:
        """The column's value. Raise CellError where it cannot be read."""
        try:
            return how(self._cells.get(column))
        except PeopleError as error:
            raise CellError(column, str(error)) from None

    def text(self, column: str, expected: str) -> str:
        """A text that must be there."""
        return self.read(column, lambda cell: cells.read_text(cell, expected))

    def optional_text(self, column: str) -> str:
        """A text, '' where there is none."""
        return self.text(column, "a text") if self.has(column) else ""

    def agent(self) -> str:
        """The agent's number."""
        agent = self.text("agent", "an agent's number (of merged cells only the first has it)")
        if agent.casefold() in TOTALS:
            raise CellError("agent", f"found {agent!r}, expected an agent's number: a line of totals is nobody")
        return agent

    def name(self) -> str | None:
        """The person's name."""
        return self.read("name", cells.read_name)

    def optional_day(self, column: str) -> date | None:
        """A date, None where there is none."""
        return self.read(column, cells.read_day) if self.has(column) else None

    def moment(self, column: str, default: int, *, ends: bool = False) -> int:
        """An instant, the default where the column is empty."""
        if not self.has(column):
            return default
        return self.read(column, lambda cell: cells.read_moment(cell, self.zone, ends=ends))


# -- one reader a kind ---------------------------------------------------------------------------


def _agent(row: Row) -> Agent:
    joined, left = row.optional_day("joined"), row.optional_day("left")
    if joined and left and left <= joined:
        raise CellError("left", f"found {left}, expected a day after {joined}, the first on which he is gone")
    return Agent(agent=row.agent(), name=row.name(), joined=joined, left=left)


def _stretch(row: Row, key: str, value: str) -> Stretch:
    start, end = row.moment("from", BEGINNING_OF_TIME), row.moment("to", END_OF_TIME)
    if start >= end:
        raise CellError(
            "to", "found an end not after the start, expected a later one (the first day on which it is over)"
        )
    return Stretch(key=key, start_us=start, end_us=end, value=value)


def _device(row: Row) -> Stretch:
    return _stretch(row, row.text("interface", "an interface such as PJSIP/1004"), row.agent())


def _group(row: Row) -> Stretch:
    return _stretch(row, row.agent(), row.text("group", "a group's name"))


def _tier(row: Row) -> Stretch:
    tier = row.text("tier", "a tier")
    if tier not in row.tiers:
        known = ", ".join(dict.fromkeys(row.tiers.values())) or "none: the policy has no tiers"
        raise CellError("tier", f"found {tier!r}, expected a tier of the policy: {known}")
    return _stretch(row, row.agent(), row.tiers[tier])


def _certificate(row: Row) -> Certificate:
    obtained = row.read("obtained", cells.read_day)
    expires = row.optional_day("expires")
    if expires is not None and expires <= obtained:
        raise CellError("expires", f"found {expires}, expected a day after {obtained}")
    return Certificate(
        agent=row.agent(),
        code=row.text("certificate", "a certificate's code"),
        role=row.optional_text("role"),
        obtained=obtained,
        expires=expires,
    )


def _shift(row: Row) -> ShiftPattern:
    name = row.text("shift", "a shift's name")
    if name.casefold() in OFF:
        raise CellError("shift", f"found {name!r}, which means a day off, expected a shift's name")
    spans = row.read("spans", lambda cell: read_spans(cells.plain(cell)))
    return ShiftPattern(name=name, spans=spans, days=row.read("days", lambda cell: read_days(cells.plain(cell))))


def _rotation(row: Row) -> Rotation:
    weeks = re.split(r"\s*[,、;/|]\s*", row.text("weeks", "a shift for each week: 早班,晚班,休"))
    return Rotation(
        name=row.text("rotation", "a rotation's name"),
        start=row.read("from", cells.read_day),
        weeks=tuple(None if week.casefold() in OFF else week for week in weeks),
    )


def _assignment(row: Row) -> ShiftAssignment:
    start, end = row.optional_day("from"), row.optional_day("to")
    if start and end and end <= start:
        raise CellError("to", f"found {end}, expected a day after {start}, the first on which it is over")
    return ShiftAssignment(agent=row.agent(), shift=row.text("shift", "a shift's name"), start=start, end=end)


def _change(row: Row) -> DayChange:
    shift = row.text("shift", "a shift's name, or 休 for a day off")
    word = cells.plain(row.optional_text("change"))
    kind = CHANGE_WORDS.get(word) or next((each for each in ChangeKind if each.value == word), None)
    if kind is None:
        raise CellError("change", f"found {word!r}, expected 换班 (instead) or 加班 (extra)")
    off = shift.casefold() in OFF
    if off and kind is ChangeKind.EXTRA:
        raise CellError("shift", f"found {shift!r}, expected the shift that is worked on top")
    day = row.read("day", cells.read_day)
    return DayChange(agent=row.agent(), day=day, kind=kind, shift=None if off else shift)


def _leave(row: Row) -> Leave:
    start = row.read("from", lambda cell: cells.read_moment(cell, row.zone))
    end = row.read("to", lambda cell: cells.read_moment(cell, row.zone, ends=True))
    if start >= end:
        raise CellError("to", "found an end not after the start, expected a later one (the last day is inside)")
    return Leave(
        agent=row.agent(),
        start_us=start,
        end_us=end,
        kind=row.optional_text("leave"),
        approved=row.read("approved", lambda cell: cells.read_flag(cell, True)),
    )


def _fact(row: Row) -> MonthFact:
    word = row.text("fact", f"a fact: {_KNOWN_FACTS}, or a name of your own")
    return MonthFact(
        agent=row.agent(),
        month=row.read("month", cells.read_month),
        kind=FACT_WORDS.get(word, word),
        thousandths=row.read("value", cells.read_thousandths),
        source=row.optional_text("source"),
    )


READERS: dict[Kind, Callable[[Row], Record]] = {
    Kind.AGENTS: _agent,
    Kind.DEVICES: _device,
    Kind.GROUPS: _group,
    Kind.TIERS: _tier,
    Kind.CERTIFICATES: _certificate,
    Kind.SHIFTS: _shift,
    Kind.ROTATIONS: _rotation,
    Kind.ASSIGNMENTS: _assignment,
    Kind.CHANGES: _change,
    Kind.LEAVE: _leave,
    Kind.FACTS: _fact,
}
