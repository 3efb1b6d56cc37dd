"""Figures as people read them: the text, the definition beside it, and the link to the calls behind it. Pure.

A link opens what adds up to the figure; a rate opens what it is taken over. `exact` is the number that the opened
page adds up to, so that a test can hold one against the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from urllib.parse import urlencode

from analytics.metrics.catalogue import METRICS
from analytics.metrics.cells import Group
from analytics.metrics.definitions import Unit, Value
from analytics.metrics.showing import shown
from service.dashboard import numerals
from service.dashboard.catalogues import marked
from service.dashboard.definitions import define
from service.dashboard.figures.spells import Spell
from service.dashboard.periods import Definition
from service.dashboard.tiles import ICONS, Level
from service.dashboard.words import Words

TAKEN_OVER = {
    "three_ring_rate": "ring_offered",
    "average_ring": "ring_offered",
    "caller_three_ring_rate": "callers_rung",
    "average_talk": "calls_handled",
    "average_handle_time": "calls_handled",
    "average_wrap_up": "calls_handled",
    "own_handled_rate": "own_handled",
    "transfer_rate": "transfers",
    "service_level": "visits",
    "abandonment_rate": "visits_abandoned",
    "average_wait": "visits_answered",
    "longest_wait": "visits",
    "answer_rate": "calls_inbound",
    "handled_rate": "handled",
    "recording_coverage": "talks_unrecorded",
    "stereo_coverage": "talks_recorded",
    "speech_rate": "speech_rate_talks",
    "first_words_rate": "talks_measured",
    "agent_talk_share": "talks_measured",
    "mutual_silence_share": "mutual_silences",
    "overlaps_per_talk": "overlaps",
    "response_delay": "talks_measured",
}
"""What a rate, an average or a greatest opens: calls that it was made of."""

LABELS = {
    "talk_minutes": marked("Minutes"),
    "calls_handled": marked("Talks"),
    "three_ring_rate": marked("Three-ring rate"),
    "caller_three_ring_rate": marked("Three-ring rate"),
    "average_talk": marked("Mean talk"),
    "average_handle_time": marked("Handle time"),
    "ring_offered": marked("Offerings that count"),
    "ring_within": marked("Within three rings"),
    "ring_late": marked("Picked up late"),
    "ring_losses": marked("Not answered"),
    "ring_no_answer": marked("Not answered"),
    "ring_declined": marked("Declined"),
    "ring_caller_gave_up_late": marked("Caller gave up late"),
    "ring_answered_elsewhere": marked("Answered elsewhere"),
    "ring_caller_gave_up_early": marked("Caller gave up"),
    "callers_rung": marked("Callers rung for"),
    "caller_within": marked("Within three rings"),
    "caller_late": marked("Picked up late"),
    "caller_not_answered": marked("Not answered"),
    "caller_never_rang": marked("Never rang"),
    "caller_gave_up_early": marked("Caller gave up"),
    "visits": marked("Queue visits"),
    "visits_answered": marked("Answered"),
    "visits_abandoned": marked("Abandoned"),
    "visits_overflowed": marked("Overflowed"),
    "average_wait": marked("Mean wait"),
    "longest_wait": marked("Longest wait"),
    "transfers": marked("Transfers"),
    "login_minutes": marked("Logged in"),
    "pause_minutes": marked("On pause"),
}
"""What stands over a column or a tile where the registry's own title would be too long."""

_SIGNS = {Unit.MINUTES: marked("min"), Unit.PER_MINUTE: marked("chars/min")}
_TENTHS = frozenset({"average_ring", "longest_ring", "average_first_words", "response_delay"})


def label_of(words: Words, metric: str) -> str:
    """What a figure is called on a page."""
    return words.gettext(LABELS[metric]) if metric in LABELS else define(metric, words).title


def text_of(metric: str, value: Value) -> str:
    """A value with its unit where that is a sign; minutes and times have it in the head of their column."""
    if value is None:
        return numerals.DASH
    match METRICS[metric].unit:
        case Unit.COUNT:
            return numerals.count(int(value))
        case Unit.MINUTES:
            return numerals.minutes(int(value))
        case Unit.RATE:
            return numerals.percent(Fraction(value)) + "%"
        case Unit.PER_MINUTE:
            return str(shown(METRICS[metric], value, 0))
        case Unit.MEAN:
            return str(shown(METRICS[metric], value))
        case _:
            return f"{numerals.seconds(int(value))} s" if metric in _TENTHS else numerals.clock(int(value))


@dataclass(frozen=True, slots=True, kw_only=True)
class Fig:
    """One figure. `drill` is the metric that the link opens, `exact` its value there."""

    metric: str
    text: str
    title: str = ""
    link: str = ""
    drill: str = ""
    exact: int | None = None
    css: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opener:
    """Makes links to the calls behind figures of some days and filters. `filters` are keys of the list's address."""

    spell: Spell
    filters: Mapping[str, str] = field(default_factory=dict)

    def link(self, metric: str, **more: str) -> str:
        """The page of the calls behind a metric."""
        kept = {key: value for key, value in {**self.filters, **more}.items() if value}
        return "/calls?" + urlencode({"figure": metric, "period": self.spell.key, **kept})

    def fig(self, words: Words, metric: str, values: Mapping[str, Value], *, css: str = "", **more: str) -> Fig:
        """A figure of a row of values; it opens where there is something behind it, and its calls can be told."""
        value = values[metric]
        drill = TAKEN_OVER.get(metric, metric)
        behind = values.get(drill)
        opens = bool(behind) and Group.CALL in METRICS[drill].groups
        minutes = METRICS[metric].unit is Unit.MINUTES and value is not None
        return Fig(
            metric=metric,
            text=text_of(metric, value),
            title=words.length(int(value or 0)) if minutes else "",
            link=self.link(drill, **more) if opens else "",
            drill=drill if opens else "",
            exact=int(behind or 0) if opens else None,
            css=css,
        )


def with_drills(metrics: Iterable[str]) -> tuple[str, ...]:
    """The metrics of a question, with those that rates among them open."""
    names = tuple(metrics)
    return tuple(dict.fromkeys((*names, *(TAKEN_OVER[each] for each in names if each in TAKEN_OVER))))


# -- tiles ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class FigTile:
    """A figure of a strip, with the note that says its target, its size or the period before."""

    label: str
    fig: Fig
    note: str
    definition: Definition | None
    level: Level = Level.NONE
    unit: str = ""

    @property
    def icon(self) -> str:
        """The shape that goes with the colour."""
        return ICONS[self.level]

    @property
    def parts(self) -> tuple[str, str]:
        """The value, and the sign of its unit apart."""
        text = self.fig.text
        return (text[:-1], "%") if text.endswith("%") else (text, "")


def tile(words: Words, fig: Fig, note: str, *, level: Level = Level.NONE, label: str = "") -> FigTile:
    """A tile of a metric."""
    return FigTile(
        label=label or label_of(words, fig.metric),
        fig=fig,
        note=note,
        definition=define(fig.metric, words),
        level=level,
        unit=words.gettext(_SIGNS[unit]) if (unit := METRICS[fig.metric].unit) in _SIGNS else "",
    )


def than_before(words: Words, metric: str, value: Value, before: Value) -> str:
    """上期 95.2%，+1.1: what it was, and the difference with its sign; '' where there is nothing to compare."""
    if value is None or before is None:
        return ""
    return words.gettext(
        "before %(was)s, %(change)s", was=text_of(metric, before), change=_change(metric, value, before)
    )


def _change(metric: str, value: Value, before: Value) -> str:
    difference = Fraction(value or 0) - Fraction(before or 0)
    if METRICS[metric].unit is Unit.RATE:
        text = f"{abs(float(difference)) * 100:.1f}"
        nothing = text == "0.0"
    else:
        text = text_of(metric, abs(difference))
        nothing = text in ("0", "0:00", "0.0 s", "0.00")
    return "±0" if nothing else ("+" if difference > 0 else "−") + text
