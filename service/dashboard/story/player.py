"""Recordings as the page shows them: a player with its waveform, or the words that say why there is none. Pure.

`players` asks the source for pictures; all else is made of values.
"""

from __future__ import annotations

from dataclasses import dataclass

from analytics.errors import SoundError
from analytics.recordings import Waveform
from service.dashboard import numerals
from service.dashboard.catalogues import marked
from service.dashboard.story.source import StorySource
from service.dashboard.words import Words
from service.listening import Condition, Tape
from telephony.calls.facts import RecordingFact

HALF = 40
LONG_QUIET_MS = 3000
_MOST_TICKS = 8
_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600)

CONDITIONS: dict[Condition, str] = {
    Condition.READY: "",
    Condition.GROWING: marked("Still being recorded; what is there so far can be heard."),
    Condition.EMPTY: marked("Nothing was recorded: the file holds a header and no sound."),
    Condition.MISSING: marked("The file is not there any more, or never was: moved, or destroyed."),
    Condition.BROKEN: marked("The file cannot be read as sound."),
    Condition.UNPLAYABLE: marked(
        "Browsers do not play this format, and ffmpeg, which would convert it, is not installed here."
    ),
    Condition.DESTROYED: marked("This recording was destroyed."),
    Condition.REFUSED: marked("The name of the file leads outside the folder of recordings; it is not opened."),
    Condition.NOWHERE: marked(
        "The settings do not say where this PBX’s recordings are ([pbx.NAME.logs] recordings)."
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """One channel of the file: `path` is its bars as an SVG path, `bars` how many units wide it is."""

    name: str
    sub: str
    path: str
    bars: int
    css: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A quiet stretch on the file's axis."""

    x: str
    width: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """A time of the file's axis."""

    x: str
    text: str
    anchor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Player:
    """One recording. `words` says what is the matter, '' where nothing is; `url` is '' where it cannot be heard."""

    number: int
    url: str
    heard_url: str
    began: str
    length: str
    length_ms: int
    words: str
    growing: bool
    tracks: list[Track]
    quiet: list[Mark]
    jumps: str  # the quiet stretches of a second or longer in ms: 2000-5000,9000-10500
    ticks: list[Tick]


async def players(
    source: StorySource, words: Words, link: str, facts: list[RecordingFact], tapes: list[Tape]
) -> list[Player]:
    """All recordings of a call."""
    found = []
    for number, (fact, tape) in enumerate(zip(facts, tapes, strict=True), start=1):
        drawn, broken = await _drawn(source, tape)
        found.append(player(words, number, link, fact, Tape(condition=Condition.BROKEN) if broken else tape, drawn))
    return found


async def _drawn(source: StorySource, tape: Tape) -> tuple[Waveform | None, bool]:
    """The picture; and whether the file turned out not to be readable."""
    try:
        return await source.picture(tape), False
    except (SoundError, OSError):
        return None, True


def player(words: Words, number: int, link: str, fact: RecordingFact, tape: Tape, drawn: Waveform | None) -> Player:
    """One recording; `link` is the page of its call."""
    base = link.replace("/calls/", "/recordings/", 1) + f"/{number}"
    length_ms = drawn.length_ms if drawn else tape.length_ms or 0
    quiet = drawn.quiet if drawn else ()
    return Player(
        number=number, url=f"{base}/audio" if tape.audible and _something(tape) else "", heard_url=f"{base}/heard",
        began=words.time(fact.at), length=numerals.clock(length_ms) if length_ms else numerals.DASH,
        length_ms=length_ms, words=words.gettext(CONDITIONS[tape.condition]) if CONDITIONS[tape.condition] else "",
        growing=tape.condition is Condition.GROWING, tracks=_tracks(words, drawn),
        quiet=[_mark(words, each, length_ms) for each in quiet if each[1] - each[0] > LONG_QUIET_MS],
        jumps=",".join(f"{start}-{end}" for start, end in quiet), ticks=_ticks(length_ms),
    )  # fmt: skip


def _something(tape: Tape) -> bool:
    return tape.sound is not None and not tape.sound.empty


def _tracks(words: Words, drawn: Waveform | None) -> list[Track]:
    if drawn is None or not drawn.peaks[0]:
        return []
    if len(drawn.peaks) == 1:
        both = words.gettext("both sides in one channel")
        return [_track(words.gettext("Mono"), both, drawn.peaks[0], "s-acc")]
    sides = (words.gettext("left channel"), words.gettext("right channel"))
    return [
        _track(
            words.gettext("Channel %(n)s", n=n + 1), sides[n] if n < 2 else "", peaks, "s-acc" if n % 2 else "s-ink"
        )
        for n, peaks in enumerate(drawn.peaks)
    ]


def _track(name: str, sub: str, peaks: bytes, css: str) -> Track:
    """Bars as strokes up and down from the middle: they keep their width however wide the page is."""
    steps = []
    for n, peak in enumerate(peaks):
        half = max(round(peak / 255 * (HALF - 2), 1), 0.6)
        steps.append(f"M{n + 0.5} {HALF - half:.1f}v{2 * half:.1f}")
    return Track(name=name, sub=sub, path="".join(steps), bars=len(peaks), css=css)


def _mark(words: Words, quiet: tuple[int, int], length_ms: int) -> Mark:
    start, end = quiet
    title = words.gettext(
        "quiet for %(s)s s from %(at)s", s=numerals.seconds(end - start), at=numerals.clock(start)
    )
    return Mark(x=_share(start, length_ms), width=_share(end - start, length_ms), title=title)


def _share(part: int, whole: int) -> str:
    return f"{part * 100 / whole:.3f}%" if whole else "0%"


def _ticks(length_ms: int) -> list[Tick]:
    if not length_ms:
        return []
    step = next((each for each in _STEPS if length_ms / 1000 / each <= _MOST_TICKS), _STEPS[-1])
    times = range(0, length_ms + 1, step * 1000)
    return [Tick(x=_share(at, length_ms), text=numerals.clock(at), anchor=_anchor(at, length_ms)) for at in times]


def _anchor(at: int, length_ms: int) -> str:
    if at == 0:
        return "start"
    return "end" if at > length_ms * 0.95 else "middle"
