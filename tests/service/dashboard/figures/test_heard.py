"""What was heard of a talk as its page says it: beside the policy's targets, and never a zero for what is not known."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from analytics.recordings.sounded import Heard
from config.recordings import Band, RecordingRules, SoundTargets
from service.dashboard.figures import targets
from service.dashboard.figures.heard import HeardTile, HeardView, Spoken, heard_view, heard_views
from service.dashboard.tiles import Level
from service.dashboard.words import words
from tests.analytics.recordings.talks_heard import heard, mono, sounded

ZONE = ZoneInfo("Asia/Shanghai")
ZH, EN = words("zh", ZONE), words("en", ZONE)
WHO = Spoken("王娜娜", "10:24:07")
STRICT = RecordingRules(
    targets=SoundTargets(
        talk_share=Band(low=40, high=55), mutual_silence=20, overlaps=5, response=timedelta(seconds=0.8)
    )
)


def view(told: Heard, rules: RecordingRules | None = None, language: Any = EN) -> HeardView:
    """The view of one talk."""
    return heard_view(language, "t", WHO, told, rules or RecordingRules())


def tile(told: Heard, metric: str, rules: RecordingRules | None = None, language: Any = EN) -> HeardTile:
    """One of its figures."""
    return next(each for each in view(told, rules, language).tiles if each.definition.name == metric)


def said(each: HeardTile) -> tuple[str, str, Level]:
    """What stands there."""
    return each.value + each.unit, each.note, each.level


def test_a_talk_on_two_channels_is_told_with_its_targets() -> None:
    """The rate with its error and band, first words, shares, silence, speaking at once, delay; in both languages."""
    assert said(tile(heard(), "speech_rate")) == ("130chars/min", "± 6 · target 120–140", Level.GOOD)
    assert said(tile(heard(), "speech_rate", language=ZH)) == ("130字/分", "± 6 · 目标 120–140", Level.GOOD)
    assert said(tile(heard(), "average_first_words", language=ZH)) == ("1.2秒", "目标 ≤ 2 秒", Level.GOOD)
    assert said(tile(heard(), "agent_talk_share", language=ZH)) == ("60.0%", "客户 40.0%", Level.NONE)
    silence = tile(heard(), "mutual_silence_minutes", language=ZH)
    assert said(silence) == ("12.0秒", "1 次超过 3 秒，最长 4.0", Level.NONE)
    assert said(tile(heard(), "overlaps", language=ZH)) == ("1次", "超过 1 秒；共 1.5 秒", Level.NONE)
    assert said(tile(heard(), "response_delay", language=ZH))[:2] == ("0.8秒", "最长 1.9 秒")
    assert view(heard(music_ms=0)).flags == ()


@pytest.mark.parametrize(
    ("syllables", "permille", "note", "level"),
    [
        (65, 100, "± 13 · undecided: 120–140", Level.NONE),
        (50, 50, "± 5 · target 120–140", Level.WARN),
        (90, 50, "± 9 · target 120–140", Level.WARN),
    ],
)
def test_a_rate_out_of_the_band_warns_and_one_that_is_undecided_does_not(
    syllables: int, permille: int, note: str, level: Level
) -> None:
    """The band is a target: outside it is amber and never red; within the error of an edge it is neither."""
    told = tile(heard(syllables=syllables, rate_error_permille=permille), "speech_rate")
    assert (told.note, told.level) == (note, level)


def test_targets_of_the_policy_judge_each_figure() -> None:
    """At the very edge they are kept."""
    met = {each.definition.name: each.level for each in view(heard(), STRICT).tiles}
    assert met == {
        "speech_rate": Level.GOOD,
        "average_first_words": Level.GOOD,
        "agent_talk_share": Level.WARN,  # 60 % of 40 to 55
        "mutual_silence_minutes": Level.GOOD,  # 20 % of 20
        "overlaps": Level.NONE,  # a target of many talks is none of one
        "response_delay": Level.GOOD,  # 0.8 of 0.8
    }
    worse = heard(first_words_ms=2001, silence_ms=12_001, response_ms=3201)
    levels = {each.definition.name: each.level for each in view(worse, STRICT).tiles}
    assert [name for name, level in levels.items() if level is Level.WARN] == [
        "average_first_words", "agent_talk_share", "mutual_silence_minutes", "response_delay",
    ]  # fmt: skip


def test_on_one_channel_it_says_not_measurable_and_tells_what_it_can() -> None:
    """单声道不可测: a dash, no zero; mutual silence is told all the same."""
    one = view(mono(), language=ZH)
    missing = {each.definition.name for each in one.tiles if each.note == "单声道不可测"}
    assert missing == {"speech_rate", "average_first_words", "agent_talk_share", "overlaps", "response_delay"}
    assert {each.value for each in one.tiles if each.definition.name in missing} == {"—"}
    assert tile(mono(), "mutual_silence_minutes").value == "12.0"
    assert one.flags[0] == "单声道：双方分不开"


@pytest.mark.parametrize(
    ("more", "metric", "note"),
    [
        ({"syllables": None}, "speech_rate", "the agent says nothing"),
        ({"turns_ms": 0}, "speech_rate", "the agent says nothing"),
        ({"first_words_ms": None}, "average_first_words", "its beginning is not in this recording"),
        ({"agent_speech_ms": 0, "customer_speech_ms": 0}, "agent_talk_share", "nobody says anything"),
        ({"responses": 0, "response_ms": 0}, "response_delay", "the agent answers nothing"),
    ],
)
def test_what_is_missing_on_two_channels_has_a_reason_of_its_own(
    more: dict[str, Any], metric: str, note: str
) -> None:
    """Nobody is told that a stereo file is mono."""
    assert said(tile(heard(**more), metric)) == ("—", note, Level.NONE)


def test_talks_stand_in_order_and_one_that_nobody_listened_to_is_left_out() -> None:
    """Also one of another call."""
    sounds = [sounded("b", heard()), sounded("a", heard(silent_customer=True)), sounded("c"), sounded("x", heard())]
    talks = {each: Spoken(each, "") for each in "abcd"}
    found = heard_views(EN, sounds, talks, RecordingRules())
    assert [each.who for each in found] == ["a", "b"]
    assert found[0].flags == ("the customer is not heard", "music for 3.0 s")


def test_notes_of_many_talks_are_those_of_their_targets() -> None:
    """A strip says the coverage that is asked for; where nothing is asked there is no note."""
    values = {
        "recording_coverage": Fraction(94, 100), "speech_rate": Fraction(130, 60_000),
        "speech_rate_error": Fraction(1, 20), "agent_talk_share": Fraction(1, 2),
        "mutual_silence_share": Fraction(1, 4), "overlaps_per_talk": Fraction(1, 2), "response_delay": Fraction(801),
    }  # fmt: skip
    plain = targets.notes_of(EN, values, SoundTargets(), 95)
    assert plain == {
        "recording_coverage": ("target 95%", Level.WARN),
        "speech_rate": ("± 6 · target 120–140", Level.GOOD),
    }
    strict = targets.notes_of(EN, values, STRICT.targets, 0)
    assert {name: level for name, (_, level) in strict.items()} == {
        "speech_rate": Level.GOOD, "agent_talk_share": Level.GOOD, "mutual_silence_share": Level.WARN,
        "overlaps_per_talk": Level.GOOD, "response_delay": Level.WARN,
    }  # fmt: skip
    nothing = dict.fromkeys(values)
    assert targets.notes_of(EN, nothing, STRICT.targets, 95) == {"recording_coverage": ("target 95%", Level.NONE)}
