"""From cells to the rows of a result: what a row is named by."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date

from analytics.metrics.cells import IN_TIME, OF_THE_DAY, QUARTERS_AN_HOUR, Cell, Cells, Group
from analytics.metrics.measures import Sheet
from analytics.metrics.periods import Period
from analytics.metrics.plan import Finest, Stretch
from analytics.metrics.tallies import Tally

Key = tuple[str, ...]
"""What a row is named by: a value for each group, in the order asked for."""

Rows = dict[Key, Tally]

FIELD: dict[Group, str] = {
    Group.AGENT: "agent",
    Group.GROUP: "group",
    Group.TIER: "tier",
    Group.QUEUE: "queue",
    Group.DID: "did",
    Group.LINE: "line",
    Group.BRANCH: "branch",
    Group.CODE: "code",
    Group.DIRECTION: "direction",
    Group.HOURS: "hours",
    Group.REASON: "reason",
    Group.CALL: "call_id",
}
"""The field of a cell that a group tells apart."""


def day_label(group: Group, day: date) -> str:
    """A day's name as day, week, month or weekday."""
    match group:
        case Group.DAY:
            return day.isoformat()
        case Group.WEEK:
            year, week, _ = day.isocalendar()
            return f"{year:04}-W{week:02}"
        case Group.MONTH:
            return f"{day.year:04}-{day.month:02}"
        case _:
            return str(day.isoweekday())


def quarter_label(group: Group, quarter: int) -> str:
    """A quarter's name as hour or quarter of an hour."""
    hour, part = divmod(quarter, QUARTERS_AN_HOUR)
    return f"{hour:02}" if group is Group.HOUR else f"{hour:02}:{part * 15:02}"


def finest_of(groups: Collection[Group], sheet: Sheet) -> Finest:
    """How large the spans of a sheet may be so that these groups can be told apart."""
    if Group.CALL in groups:
        return Finest.FACTS
    if sheet is Sheet.AGENTS and OF_THE_DAY & set(groups):
        return Finest.FACTS
    if {Group.DAY, Group.WEEK} & set(groups) or (sheet is Sheet.AGENTS and Group.WEEKDAY in groups):
        return Finest.DAY
    return Finest.MONTH if Group.MONTH in groups else Finest.YEAR


def labels_of(groups: Sequence[Group], period: Period) -> list[Key]:
    """The rows that are there also where nothing happened: the whole, and each day, week or month of the period."""
    if not groups:
        return [()]
    if len(groups) == 1 and groups[0] in IN_TIME:
        clock = period.clock
        days = (clock.day_of(each.start_us) for each in period.days())
        return list(dict.fromkeys((day_label(groups[0], day),) for day in days))
    return []


def renamed(rows: Rows, named: Callable[[Key], Key]) -> Rows:
    """The rows by other names; what comes to have one name is added up."""
    found: Rows = {}
    for key, tally in rows.items():
        found.setdefault(named(key), Tally()).absorb(tally)
    return found


def rows_of_cells(
    cells: Cells, stretch: Stretch, quarter: int, groups: Sequence[Group]
) -> Iterable[tuple[Key, Tally]]:
    """The cells of a stretch with the keys of their rows. `quarter` is where the stretch begins."""
    namers = [_namer(group, stretch.day, quarter) for group in groups]
    for cell, tally in cells.items():
        yield tuple(name(cell) for name in namers), tally


def _namer(group: Group, day: date, quarter: int) -> Callable[[Cell], str]:
    if group in IN_TIME:
        label = day_label(group, day)
        return lambda cell: label
    if group is Group.WEEKDAY:
        # The business day's; a cell of the load sheet has the same.
        return lambda cell: str(day.isoweekday())
    if group in OF_THE_DAY:
        return lambda cell: quarter_label(group, cell.quarter if cell.quarter >= 0 else quarter)
    place = Cell._fields.index(FIELD[group])
    return lambda cell: str(cell[place])


def matches(cell: Cell, where: Mapping[Group, Collection[str]]) -> bool:
    """Whether a cell is among those asked for."""
    return all(getattr(cell, FIELD[group]) in values for group, values in where.items())
