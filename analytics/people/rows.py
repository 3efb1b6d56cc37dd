"""Rows of sheets as records with their places: pure. A row that cannot be read is refused with its place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import tzinfo

from analytics.people import cells
from analytics.people.columns import LAYOUTS, WORDS, Header, Kind, read_header
from analytics.people.row_readers import READERS, CellError, Record, Row
from analytics.people.sheets import Sheet

HEADER_WITHIN = 10
"""Titles and dates stand above the names of the columns in people's sheets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a row stands, and how its columns are called there."""

    file: str
    sheet: str | None
    row: int
    titles: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why a row, or a whole sheet, is not taken."""

    file: str
    sheet: str | None
    row: int | None
    column: str | None
    why: str  # found …, expected …

    @property
    def found(self) -> str:
        """What stands there."""
        return self.why.removeprefix("found ").rpartition(", expected ")[0]

    @property
    def expected(self) -> str:
        """What should stand there."""
        return self.why.rpartition(", expected ")[2]

    def sentence(self) -> str:
        """One line: file, sheet, row, column, found, expected."""
        named = (("sheet", self.sheet), ("row", self.row), ("column", self.column))
        return ", ".join([self.file, *(f"{word} {it}" for word, it in named if it is not None)]) + f": {self.why}"


def refused(place: Place, column: str | None, why: str) -> Refusal:
    """A refusal of a row at its place, with the column as the file calls it."""
    title = dict(place.titles).get(column or "", column)
    return Refusal(file=place.file, sheet=place.sheet, row=place.row, column=title, why=why)


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A record and where it comes from. `name` is what a row said of the agent's name."""

    kind: Kind
    record: Record
    place: Place
    agent: str | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What files said: good rows, refused rows, and the columns that nobody reads."""

    placed: tuple[Placed, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    unread: tuple[str, ...] = ()


def read_rows(sheets: Iterable[Sheet], kinds: Sequence[Kind], zone: tzinfo, tiers: dict[str, str]) -> Read:
    """All rows of some sheets; `tiers` maps what a tier may be called to its id."""
    placed: list[Placed] = []
    refusals: list[Refusal] = []
    unread: list[str] = []
    for sheet in sheets:
        header, at = _header_of(sheet, kinds)
        if header is None:
            refusals.append(_headless(sheet, kinds))
            continue
        unread += header.unread
        for number, values in sheet.rows[at + 1 :]:
            place = Place(file=sheet.file, sheet=sheet.name, row=number, titles=tuple(header.titles.items()))
            try:
                row = Row(header, values, zone, tiers)
                placed.append(_placed(header.kind, row, place))
            except CellError as bad:
                refusals.append(refused(place, bad.column, bad.why))
    return Read(placed=tuple(placed), refusals=tuple(refusals), unread=tuple(dict.fromkeys(unread)))


def _placed(kind: Kind, row: Row, place: Place) -> Placed:
    record = READERS[kind](row)
    agent = None if kind in (Kind.SHIFTS, Kind.ROTATIONS) else row.agent()
    return Placed(kind=kind, record=record, place=place, agent=agent, name=row.name() if agent else None)


def _header_of(sheet: Sheet, kinds: Sequence[Kind]) -> tuple[Header | None, int]:
    for at, (_, values) in enumerate(sheet.rows[:HEADER_WITHIN]):
        header = read_header(values, sheet.name, kinds)
        if header is not None:
            return header, at
    return None, 0


def _headless(sheet: Sheet, kinds: Sequence[Kind]) -> Refusal:
    found = ", ".join(filter(None, (cells.plain(cell) for cell in sheet.rows[0][1])))
    wanted = "; ".join(f"{kind}: {_columns(kind)}" for kind in kinds[:4])
    why = f"found the columns {cells.shown(found)}, expected those of a kind, such as {wanted}"
    return Refusal(file=sheet.file, sheet=sheet.name, row=sheet.rows[0][0], column=None, why=why)


def _columns(kind: Kind) -> str:
    return ", ".join(f"{name} ({WORDS[name][0]})" for name in LAYOUTS[kind].needed)
