"""Queues as rows of the wall: who waits, what became of the day's callers, each figure against its mark. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from service.dashboard import levels, numerals
from service.dashboard.board import Board, QueueNow
from service.dashboard.tiles import ICONS, Level
from service.dashboard.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One figure of a row; `word` says in words what its colour and shape say."""

    text: str
    level: Level = Level.NONE
    word: str = ""
    since: datetime | None = None
    title: str = ""

    @property
    def icon(self) -> str:
        """The shape that goes with the colour; what is good needs none in a table."""
        return ICONS[self.level]

    def said(self) -> tuple[object, ...]:
        """What of it is no running time."""
        return "" if self.since else self.text, self.level, self.since, self.title


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueRow:
    """One queue."""

    queue: str
    name: str
    waiting: int
    longest: Cell
    answered: str
    abandoned: str
    short: str  # '' where there were none
    three_rings: Cell
    level: Cell

    def said(self) -> tuple[object, ...]:
        """What of it is no running time."""
        cells = (self.longest.said(), self.three_rings.said(), self.level.said())
        return self.queue, self.name, self.waiting, self.answered, self.abandoned, self.short, cells


def queue_rows(words: Words, board: Board) -> list[QueueRow]:
    """Every queue of the board, by its name."""
    return [_row(words, each, board.as_of) for each in board.queues]


def _row(words: Words, queue: QueueNow, as_of: datetime) -> QueueRow:
    since = queue.longest_since
    held = numerals.DASH if since is None else numerals.clock(numerals.elapsed_ms(since, as_of))
    rings, level = queue.three_rings, queue.level
    return QueueRow(
        queue=queue.queue,
        name=levels.queue_title(queue),
        waiting=queue.waiting,
        longest=_cell(words, held, levels.waits(queue.marks.longest_wait, since, as_of), since=since),
        answered=numerals.count(queue.answered),
        abandoned=numerals.count(queue.abandoned),
        short=f"+{queue.abandoned_short:,}" if queue.abandoned_short else "",
        three_rings=_cell(
            words, numerals.percent(rings.value), levels.keeps(queue.marks.three_rings, rings),
            title=f"{rings.within:,} / {rings.counted:,}" if rings.counted else "",
        ),
        level=_cell(
            words, numerals.percent(level.value), levels.keeps(queue.marks.service_level, level),
            title=f"{level.within:,} / {level.counted:,}" if level.counted else "",
        ),
    )  # fmt: skip


def _cell(words: Words, text: str, level: Level, *, since: datetime | None = None, title: str = "") -> Cell:
    """In a table only what is not good is marked: a quiet shift has a quiet board."""
    shown = level if level in (Level.WARN, Level.BAD) else Level.NONE
    return Cell(text=text, level=shown, word=levels.level_word(words, shown), since=since, title=title)
