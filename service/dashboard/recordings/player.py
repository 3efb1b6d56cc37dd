"""A recording as a page shows it: a player with its lanes, or the words that say why there is none. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from analytics.recordings import Waveform
from service.dashboard import numerals
from service.dashboard.catalogues import marked as said
from service.dashboard.recordings.lanes import Lane, Legend, Mark, SpanBar, lanes, marked, span_bars
from service.dashboard.recordings.parts import Destroyed, FileParts
from service.dashboard.words import Words
from service.listening import Condition, Tape

_MOST_TICKS = 8
_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600)
_SHORTEST_LAST = 0.95  # of the file: a tick beyond it stands before its place

CONDITIONS: dict[Condition, str] = {
    Condition.READY: "",
    Condition.GROWING: said("Still being recorded; what is there so far can be heard."),
    Condition.EMPTY: said("Nothing was recorded: the file holds a header and no sound."),
    Condition.MISSING: said("The file is not there any more, or never was: moved, or taken away by somebody."),
    Condition.BROKEN: said("The file cannot be read as sound."),
    Condition.UNPLAYABLE: said("Neither browsers nor this service can read its format."),
    Condition.DESTROYED: said("This recording was destroyed."),
    Condition.REFUSED: said("The name of the file leads outside the folder of recordings; it is not opened."),
    Condition.NOWHERE: said(
        "The settings do not say where this PBX’s recordings are ([pbx.NAME.logs] recordings)."
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """A time of the file's axis."""

    x: str
    text: str
    anchor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Player:
    """One recording. `words` says what is the matter, '' where nothing is; `url` is '' where it cannot be heard.

    `file`: its number here, None where the folder was not looked through yet. `certificate`: of its destruction.
    """

    number: int
    file: int | None
    url: str
    heard_url: str
    began: str
    length: str
    length_ms: int
    words: str
    growing: bool
    certificate: int | None
    lanes: list[Lane]
    spans: list[SpanBar]
    marks: tuple[Mark, ...]
    holds: tuple[Mark, ...]
    legend: tuple[Legend, ...]
    jumps: str  # the stretches to leap between, in ms: 2000-5000,9000-10500
    ticks: list[Tick]

    @property
    def sides(self) -> list[Lane]:
        """The lanes that can be heard alone: those whose speaker is known."""
        return [each for each in self.lanes if each.side]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a player is made of. `base`: the address below which its sound is; `customer`: as this reader sees him."""

    number: int
    base: str
    began_at: datetime
    customer: str
    tape: Tape
    drawn: Waveform | None
    parts: FileParts | None = None
    destroyed: Destroyed | None = None


def player(words: Words, told: Told) -> Player:
    """One recording."""
    tape, drawn, parts = told.tape, told.drawn, told.parts
    length_ms = drawn.length_ms if drawn else tape.length_ms or 0
    known = marked(words, drawn, parts, length_ms)
    audible = tape.audible and tape.sound is not None and not tape.sound.empty
    return Player(
        number=told.number, file=parts.file.id if parts else None, url=f"{told.base}/audio" if audible else "",
        heard_url=f"{told.base}/heard", began=words.time(told.began_at),
        length=numerals.clock(length_ms) if length_ms else numerals.DASH, length_ms=length_ms,
        words=_words(words, tape, told.destroyed), growing=tape.condition is Condition.GROWING,
        certificate=told.destroyed.certificate if told.destroyed else None,
        lanes=lanes(words, drawn, parts, told.customer), spans=span_bars(words, parts, length_ms), marks=known.marks,
        holds=known.holds, legend=known.legend, jumps=known.jumps, ticks=_ticks(length_ms),
    )  # fmt: skip


def _words(words: Words, tape: Tape, destroyed: Destroyed | None) -> str:
    if destroyed is not None:
        return words.gettext("This recording was destroyed on %(at)s.", at=words.moment(destroyed.at))
    sentence = CONDITIONS[tape.condition]
    return words.gettext(sentence) if sentence else ""


def _ticks(length_ms: int) -> list[Tick]:
    if not length_ms:
        return []
    step = next((each for each in _STEPS if length_ms / 1000 / each <= _MOST_TICKS), _STEPS[-1])
    times = range(0, length_ms + 1, step * 1000)
    return [
        Tick(x=f"{at * 100 / length_ms:.3f}%", text=numerals.clock(at), anchor=_anchor(at, length_ms))
        for at in times
    ]


def _anchor(at: int, length_ms: int) -> str:
    if at == 0:
        return "start"
    return "end" if at > length_ms * _SHORTEST_LAST else "middle"
