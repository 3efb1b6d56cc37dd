"""Places for the stretches of one lane: bars, bells, marks, and words where they find room. Pure.

Words stand within their bar, else beside it, else nowhere: a tooltip and the table tell them anyway. No two words of a
lane touch at the narrowest width, and none covers a bar that is not its own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from config.rings import Cadence
from service.dashboard.axis import Axis, Room, text_width
from service.dashboard.story.stretches import HATCHED, LOOKS, Look, Piece, Stretch, paint

HEIGHT = 42
BAR_TOP, BAR_HEIGHT, FILE_HEIGHT, FILE_STEP = 10, 22, 6, 9
_MARGIN = 8.0
_MOST_BELLS = 40
_GAPS = {Look.MENU: 14}
"""A key that was pressed last stands at the bar's end."""

_LIGHT = {Look.TALK: "on", Look.HOLD: "acc halo", Look.CONSULT: "acc", Look.COLLEAGUE: "acc"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A stretch's visible part: its place, its looks, and what is said of it. `start` orders the focus."""

    x: str
    width: str
    y: int
    height: int
    css: str  # a class of the style sheet, or '' where `fill` is a pattern
    fill: str
    title: str
    start: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Bell:
    """One tone of the ringing."""

    x: str
    width: str
    y: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Words in a lane."""

    x: str
    dx: int
    text: str
    css: str
    anchor: str = "start"


@dataclass(slots=True, kw_only=True)
class Lane:
    """One party, queue or thing. `key` names it for hand-overs."""

    key: str
    name: str
    sub: str
    icon: str = ""
    top: int = 0
    bars: list[Bar] = field(default_factory=list)
    bells: list[Bell] = field(default_factory=list)
    stops: list[str] = field(default_factory=list)  # red lines: a ringing that nobody answered
    dots: list[str] = field(default_factory=list)  # a queue was left for an agent
    keys: list[Note] = field(default_factory=list)  # pressed in the menu
    notes: list[Note] = field(default_factory=list)
    room: Room = field(default_factory=Room)
    key_room: Room = field(default_factory=Room)

    @property
    def text_y(self) -> int:
        """The line on which its words stand."""
        return self.top + 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Lays stretches out on one axis, with one cadence."""

    axis: Axis
    cadence: Cadence

    def fill(self, lane: Lane, stretches: list[Stretch], titles: dict[int, str]) -> None:
        """Put these stretches into their lane. `titles`: by the stretch's id()."""
        pieces = [each for each in paint(stretches) if self.axis.touches(each.start, each.end)]
        for piece in pieces:
            self._bar(lane, piece, titles[id(piece.of)])
        for each in stretches:
            if each.look is Look.RING and each.lane.startswith("agent:"):
                self._bells(lane, each)
            if each.firm:
                lane.stops.append(self.axis.x(each.end))
            if each.dot:
                lane.dots.append(self.axis.x(each.end))
        self._words(lane, stretches, pieces)

    def files(self, lane: Lane, stretches: list[Stretch], titles: dict[int, str]) -> None:
        """Recordings: thin bars, in rows where they overlap."""
        rows: list[datetime] = []
        for each in stretches:
            row = next((n for n, busy in enumerate(rows) if busy <= each.start), len(rows))
            rows[row : row + 1] = [each.end]
            x, width = self.axis.bar(each.start, each.end)
            y = lane.top + 18 - 5 * min(len(stretches) - 1, 1) + FILE_STEP * min(row, 2)
            lane.bars.append(
                Bar(
                    x=x, width=width, y=y, height=FILE_HEIGHT, css=LOOKS[Look.FILE], fill="", title=titles[id(each)],
                    start=each.start,
                )
            )  # fmt: skip
            lane.room.take(self.axis.pixels(each.start), self.axis.pixels(each.end))

    # -- bars ------------------------------------------------------------------------------

    def _bar(self, lane: Lane, piece: Piece, title: str) -> None:
        look = piece.of.look
        x, width = self.axis.bar(piece.start, piece.end)
        lane.bars.append(
            Bar(
                x=x, width=width, y=lane.top + BAR_TOP, height=BAR_HEIGHT, css="" if look in HATCHED else LOOKS[look],
                fill=HATCHED.get(look, ""), title=title, start=piece.start,
            )
        )  # fmt: skip
        lane.room.take(self.axis.pixels(piece.start), self.axis.pixels(piece.end))

    def _bells(self, lane: Lane, ringing: Stretch) -> None:
        at = ringing.start
        for _ in range(_MOST_BELLS):
            for n, length in enumerate(self.cadence.pattern):
                if at >= ringing.end:
                    return
                if n % 2 == 0:
                    x, width = self.axis.bar(at, min(at + length, ringing.end))
                    lane.bells.append(Bell(x=x, width=width, y=lane.top + BAR_TOP))
                at += length

    # -- words -----------------------------------------------------------------------------

    def _words(self, lane: Lane, stretches: list[Stretch], pieces: list[Piece]) -> None:
        waiting = []
        for each in sorted(stretches, key=lambda one: one.start):
            mine = [piece for piece in pieces if piece.of is each]
            if each.beside and each.inside and each.look is not Look.RING:
                self._inside(lane, each, mine)
                waiting.append(each)
            elif each.beside:
                waiting.append(each)
            else:
                self._inside(lane, each, mine)
        for each in waiting:
            if not (each.firm or each.after) and self._before(lane, each):
                continue
            if not self._after(lane, each) and not self._before(lane, each):
                self._in_silence(lane, each)

    def _inside(self, lane: Lane, each: Stretch, pieces: list[Piece]) -> bool:
        """Words in the widest visible piece."""
        widest = max(pieces, key=lambda piece: piece.end - piece.start, default=None)
        if widest is None:
            return False
        room = self.axis.pixels(widest.end) - self.axis.pixels(widest.start)
        for text in each.inside:
            if text_width(text) + 2 * _MARGIN <= room:
                css = _LIGHT.get(each.look, "ink2")
                lane.notes.append(Note(x=self.axis.x(widest.start), dx=7, text=text, css=css))
                return True
        return False

    def _after(self, lane: Lane, each: Stretch) -> bool:
        """Words to the right of a bar."""
        css = "bad b" if each.firm else "ink2"
        gap = _GAPS.get(each.look, 10 if each.dot else 8)
        for text in each.beside:
            left = self.axis.pixels(each.end) + gap
            if lane.room.free(left, left + text_width(text)):
                lane.notes.append(Note(x=self.axis.x(each.end), dx=gap, text=text, css=css))
                lane.room.take(left, left + text_width(text))
                return True
        return False

    def _before(self, lane: Lane, each: Stretch) -> bool:
        """Words to the left of a bar."""
        css = "bad b" if each.firm else "ink2"
        for text in each.beside:
            right = self.axis.pixels(each.start) - _MARGIN
            if lane.room.free(right - text_width(text), right):
                lane.notes.append(Note(x=self.axis.x(each.start), dx=-8, text=text, css=css, anchor="end"))
                lane.room.take(right - text_width(text), right)
                return True
        return False

    def _in_silence(self, lane: Lane, each: Stretch) -> None:
        """Words in a ringing's bar between its last bell and its end."""
        cycles = (each.end - each.start) // self.cadence.cycle
        silent = each.start + cycles * self.cadence.cycle + self.cadence.tone_end
        room = self.axis.pixels(each.end) - self.axis.pixels(min(silent, each.end))
        for text in each.inside or each.beside:
            if text_width(text) + 2 * _MARGIN <= room:
                css = "bad b" if each.firm else "ink2"
                lane.notes.append(Note(x=self.axis.x(each.end), dx=-8, text=text, css=css, anchor="end"))
                return

    def say_after(self, lane: Lane, at: datetime, texts: tuple[str, ...], css: str = "ink2") -> bool:
        """Other words to the right of an instant, the first that fits; whether one did."""
        for text in texts:
            left = self.axis.pixels(at) + 10
            if lane.room.free(left, left + text_width(text)):
                lane.notes.append(Note(x=self.axis.x(at), dx=10, text=text, css=css))
                lane.room.take(left, left + text_width(text))
                return True
        return False
