"""What was heard of one talk, beside the policy's targets: each figure measurable or not. Pure.

The page of a call and the page of a recording show it by the same template, `heard.html`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from analytics.recordings.sounded import Heard, Sounded
from config.explain_recordings import seconds_of
from config.recordings import RecordingRules
from service.dashboard import numerals
from service.dashboard.definitions import define
from service.dashboard.figures import targets
from service.dashboard.periods import Definition
from service.dashboard.tiles import ICONS, Level
from service.dashboard.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardTile:
    """One figure of a talk. `value` is a dash where it is not measurable, and the note says why."""

    label: str
    value: str
    unit: str
    note: str
    level: Level
    definition: Definition

    @property
    def icon(self) -> str:
        """The shape that goes with the colour."""
        return ICONS[self.level]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardView:
    """One talk. `flags` are words that stand beside its name: one channel, a silent customer, music."""

    talk_id: str
    who: str
    at: str
    tiles: tuple[HeardTile, ...]
    flags: tuple[str, ...]


class Spoken(NamedTuple):
    """Whose talk it was, and when it began, as the page says it."""

    who: str
    at: str


def heard_views(
    words: Words, sounds: Iterable[Sounded], talks: Mapping[str, Spoken], rules: RecordingRules
) -> list[HeardView]:
    """What was heard of these talks, in their order; nothing of one that was not listened to. `talks`: by id."""
    told = {each.talk_id: each.heard for each in sounds if each.heard is not None}
    return [
        heard_view(words, talk_id, spoken, told[talk_id], rules)
        for talk_id, spoken in talks.items()
        if talk_id in told
    ]


def heard_view(words: Words, talk_id: str, spoken: Spoken, heard: Heard, rules: RecordingRules) -> HeardView:
    """One talk, by the rules in force when its call began."""
    tiles = (_rate, _first_words, _share, _silence, _overlap, _response)
    return HeardView(
        talk_id=talk_id,
        who=spoken.who,
        at=spoken.at,
        tiles=tuple(tile(words, heard, rules) for tile in tiles),
        flags=tuple(_flags(words, heard)),
    )


def _flags(words: Words, heard: Heard) -> Iterable[str]:
    if not heard.apart:
        yield words.gettext("one channel: the sides cannot be told apart")
    if heard.silent_customer:
        yield words.gettext("the customer is not heard")
    if heard.music_ms:
        yield words.gettext("music for %(s)s s", s=numerals.seconds(heard.music_ms))


def _rate(words: Words, heard: Heard, rules: RecordingRules) -> HeardTile:
    if heard.rate is None:
        return _missing(words, "speech_rate", heard, words.gettext("the agent says nothing"))
    note, level = targets.rate_note(words, heard.rate, heard.rate_error, rules.targets.speech_rate)
    return _tile(words, "speech_rate", str(round(heard.rate)), words.gettext("chars/min"), note, level)


def _first_words(words: Words, heard: Heard, rules: RecordingRules) -> HeardTile:
    ms = heard.first_words_ms
    if ms is None:
        return _missing(
            words, "average_first_words", heard, words.gettext("its beginning is not in this recording")
        )
    note, level = targets.most_seconds_note(words, ms, rules.targets.first_words)
    label = words.gettext("First words")
    return _tile(words, "average_first_words", numerals.seconds(ms), words.gettext("s"), note, level, label)


def _share(words: Words, heard: Heard, rules: RecordingRules) -> HeardTile:
    said = (heard.agent_speech_ms or 0) + (heard.customer_speech_ms or 0)
    if not heard.apart or not said:
        return _missing(words, "agent_talk_share", heard, words.gettext("nobody says anything"))
    share = Fraction(heard.agent_speech_ms or 0, said)
    note, level = targets.share_note(words, share, rules.targets.talk_share)
    note = note or words.gettext("customer %(n)s%%", n=numerals.percent(1 - share))
    return _tile(words, "agent_talk_share", numerals.percent(share), "%", note, level)


def _silence(words: Words, heard: Heard, rules: RecordingRules) -> HeardTile:
    """Measurable on one channel too: nobody speaks."""
    share = Fraction(heard.silence_ms, heard.length_ms) if heard.length_ms else None
    note, level = targets.most_share_note(words, share, rules.targets.mutual_silence)
    long = words.ngettext(
        "%(n)s over %(limit)s s, longest %(s)s", "%(n)s over %(limit)s s, longest %(s)s", heard.silence_count,
        limit=seconds_of(rules.silence), s=numerals.seconds(heard.longest_silence_ms),
    )  # fmt: skip
    none = words.gettext("none over %(limit)s s", limit=seconds_of(rules.silence))
    said = " · ".join(filter(None, (long if heard.silence_count else none, note)))
    return _tile(
        words, "mutual_silence_minutes", numerals.seconds(heard.silence_ms), words.gettext("s"), said, level
    )


def _overlap(words: Words, heard: Heard, rules: RecordingRules) -> HeardTile:
    if heard.overlap_count is None:
        return _missing(words, "overlaps", heard)
    note = words.gettext(
        "over %(limit)s s; %(s)s s in all",
        limit=seconds_of(rules.overlap),
        s=numerals.seconds(heard.overlap_ms or 0),
    )
    return _tile(words, "overlaps", numerals.count(heard.overlap_count), words.gettext("times"), note)


def _response(words: Words, heard: Heard, rules: RecordingRules) -> HeardTile:
    if not heard.responses or heard.response_ms is None:
        return _missing(words, "response_delay", heard, words.gettext("the agent answers nothing"))
    mean = Fraction(heard.response_ms, heard.responses)
    note, level = targets.most_seconds_note(words, mean, rules.targets.response)
    note = note or words.gettext("longest %(s)s s", s=numerals.seconds(heard.longest_response_ms))
    return _tile(words, "response_delay", numerals.seconds(round(mean)), words.gettext("s"), note, level)


def _missing(words: Words, metric: str, heard: Heard, why: str = "") -> HeardTile:
    """Not measurable is no zero: on one channel, or for a reason of the talk's own."""
    note = why if heard.apart and why else words.gettext("not measurable: one channel")
    label = words.gettext("First words") if metric == "average_first_words" else ""
    return _tile(words, metric, numerals.DASH, "", note, Level.NONE, label)


def _tile(
    words: Words, metric: str, value: str, unit: str, note: str, level: Level = Level.NONE, label: str = ""
) -> HeardTile:
    definition = define(metric, words)
    return HeardTile(
        label=label or definition.title, value=value, unit=unit, note=note, level=level, definition=definition
    )
