"""The lanes of a recording: who is on which channel, whose talk lies where, and what to jump to. Pure.

All places are shares of the file's own axis, as SVG attributes have them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from analytics.recordings import Waveform
from analytics.recordings.values import Layout, Stretch
from service.dashboard import numerals
from service.dashboard.recordings.parts import FileParts
from service.dashboard.words import Words

HALF = 42
LONG_QUIET_MS = 3000
_LEAST = 0.35  # per cent: a mark is seen, however long the file
_ROOM = 9.0  # per cent of the width that a name needs within its span


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """One channel: `path` is its bars as an SVG path, `bars` units wide. `side`: agent, customer or ''."""

    name: str
    sub: str
    path: str
    bars: int
    css: str
    channel: int
    side: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A stretch on the file's axis: of a class, or filled with a pattern."""

    x: str
    width: str
    title: str
    css: str = ""
    fill: str = ""
    thin: bool = False  # beneath the others: there may be another at the same time


@dataclass(frozen=True, slots=True, kw_only=True)
class SpanBar:
    """One agent's talk; `name` is '' where it has no room."""

    x: str
    width: str
    middle: str
    name: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Legend:
    """What a mark means: a class or a pattern, and words."""

    css: str
    fill: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """Everything that is marked, and the stretches that [ and ] leap between, as the script reads them."""

    marks: tuple[Mark, ...]
    holds: tuple[Mark, ...]
    legend: tuple[Legend, ...]
    jumps: str


def lanes(words: Words, drawn: Waveform | None, parts: FileParts | None, customer: str) -> list[Lane]:
    """A lane for each channel, the agent's first; none where nothing is drawn. `customer`: as this reader sees him."""
    if drawn is None or not drawn.peaks[0]:
        return []
    if len(drawn.peaks) == 1:
        return [_single(words, drawn.peaks[0], parts, customer)]
    sides = (words.gettext("left channel"), words.gettext("right channel"))
    found = []
    for channel, peaks in enumerate(drawn.peaks):
        where = sides[channel] if channel < len(sides) else words.gettext("channel %(n)s", n=channel + 1)
        found.append(
            _lane(words, channel, peaks, where, _agents(parts, channel), _is_customer(parts, channel), customer)
        )
    return sorted(found, key=lambda lane: lane.side != "agent")


def _lane(
    words: Words, channel: int, peaks: bytes, where: str, agents: list[str], has_customer: bool, customer: str
) -> Lane:
    if agents and not has_customer:
        sub = words.gettext("agent, %(channel)s", channel=where)
        return _drawn(
            "、".join(agents) if words.chinese else ", ".join(agents), sub, peaks, "s-acc", channel, "agent"
        )
    if has_customer and not agents:
        sub = words.gettext("customer, %(channel)s", channel=where)
        return _drawn(customer, sub, peaks, "s-ink", channel, "customer")
    return _drawn(
        words.gettext("Channel %(n)s", n=channel + 1),
        where,
        peaks,
        "s-acc" if channel % 2 else "s-ink",
        channel,
        "",
    )


def _single(words: Words, peaks: bytes, parts: FileParts | None, customer: str) -> Lane:
    layout = parts.file.layout if parts else None
    if layout in (Layout.HEARD, Layout.SAID):
        both = words.gettext("one direction alone")
    else:
        both = words.gettext("both sides in one channel")
    return _drawn(words.gettext("Mono"), both, peaks, "s-acc", 0, "")


def _drawn(name: str, sub: str, peaks: bytes, css: str, channel: int, side: str) -> Lane:
    """Bars as strokes up and down from the middle: they keep their width however wide the page is."""
    steps = []
    for n, peak in enumerate(peaks):
        half = max(round(peak / 255 * (HALF - 2), 1), 0.6)
        steps.append(f"M{n + 0.5} {HALF - half:.1f}v{2 * half:.1f}")
    return Lane(name=name, sub=sub, path="".join(steps), bars=len(peaks), css=css, channel=channel, side=side)


def _agents(parts: FileParts | None, channel: int) -> list[str]:
    spans = parts.spans if parts else ()
    return list(dict.fromkeys(parts.name(each.agent) for each in spans if parts and each.agent_channel == channel))


def _is_customer(parts: FileParts | None, channel: int) -> bool:
    return parts is not None and any(each.customer_channel == channel for each in parts.spans)


# -- whose talk lies where ---------------------------------------------------------------------------


def span_bars(words: Words, parts: FileParts | None, length_ms: int) -> list[SpanBar]:
    """The talks in the file, in order; empty where it was not linked, or one talk fills it whole."""
    if parts is None or not length_ms:
        return []
    found = []
    for each in parts.spans:
        share = (each.end_ms - each.start_ms) * 100 / length_ms
        times = f"{numerals.clock(each.start_ms)}–{numerals.clock(each.end_ms)}"
        name = parts.name(each.agent)
        found.append(
            SpanBar(
                x=_share(each.start_ms, length_ms), width=f"{max(share, _LEAST):.3f}%",
                middle=_share((each.start_ms + each.end_ms) // 2, length_ms), name=name if share >= _ROOM else "",
                title=words.gettext("%(name)s talks, %(times)s", name=name, times=times),
            )
        )  # fmt: skip
    return found


# -- what is marked ------------------------------------------------------------------------------------


def marked(words: Words, drawn: Waveform | None, parts: FileParts | None, length_ms: int) -> Marked:
    """Silence, overlap, hold and music, as they were heard; before that what is quiet in the waveform."""
    heard = parts.marks if parts else None
    if heard is None:
        quiet = drawn.quiet if drawn else ()
        long = [each for each in quiet if each[1] - each[0] > LONG_QUIET_MS]
        silences = _marks(words, long, length_ms, words.gettext("quiet"), css="f-warn")
        legend = [Legend(css="f-warn", fill="", text=words.gettext("quiet for more than 3 s"))] if long else []
        return Marked(marks=tuple(silences), holds=(), legend=tuple(legend), jumps=_jumps(quiet))
    holds = sorted({hold for span in (parts.spans if parts else ()) for hold in span.holds})
    kinds = (
        (heard.silences, "f-warn", "", words.gettext("both silent"), words.gettext("both silent for long")),
        (heard.overlaps, "", "h-bad", words.gettext("both talk"), words.gettext("both talk for long")),
        (holds, "", "h-mute", words.gettext("on hold"), words.gettext("Hold")),
        (heard.music, "f-line", "", words.gettext("music"), words.gettext("Music")),
    )
    marks = [
        mark
        for stretches, css, fill, text, _ in kinds
        for mark in _marks(words, stretches, length_ms, text, css=css, fill=fill, thin=stretches is heard.music)
    ]
    legend = [Legend(css=css, fill=fill, text=name) for stretches, css, fill, _, name in kinds if stretches]
    return Marked(
        marks=tuple(marks),
        holds=tuple(_marks(words, holds, length_ms, words.gettext("on hold"), fill="h-mute")),
        legend=tuple(legend),
        jumps=_jumps((*heard.silences, *heard.overlaps)),
    )


def _marks(
    words: Words,
    stretches: Iterable[Stretch],
    length_ms: int,
    text: str,
    *,
    css: str = "",
    fill: str = "",
    thin: bool = False,
) -> list[Mark]:
    return [
        Mark(
            x=_share(start, length_ms),
            width=f"{max((end - start) * 100 / length_ms, _LEAST) if length_ms else 0:.3f}%",
            title=words.gettext(
                "%(what)s for %(s)s s from %(at)s",
                what=text, s=numerals.seconds(end - start), at=numerals.clock(start),
            ),
            css=css,
            fill=fill,
            thin=thin,
        )
        for start, end in stretches
    ]  # fmt: skip


def _jumps(stretches: Iterable[Stretch]) -> str:
    return ",".join(f"{start}-{end}" for start, end in sorted(stretches))


def _share(part: int, whole: int) -> str:
    return f"{part * 100 / whole:.3f}%" if whole else "0%"
