"""Recordings and what is heard in them, as figures: counted by hand."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction

import pytest

from analytics.facts_in_memory import FactsInMemory
from analytics.metrics.beware import Caution
from analytics.metrics.cells import Group
from analytics.metrics.definitions import Value
from analytics.metrics.query import Query, Result, run
from analytics.recordings.sounded import Sounded
from config.policies import Policy, PolicyVersion
from config.recordings import Band, RecordingRules, SoundTargets
from telephony.calls.facts import Fact, TalkKind
from tests.analytics.factory import call, recording, talk
from tests.analytics.metrics.asking import TODAY, policy
from tests.analytics.recordings.talks_heard import TALK, heard, mono, sounded

OTHER = "pbx/1.1/talk/PJSIP/1005"


def a_call(*more: Fact, end: float | None = 130) -> list[Fact]:
    """A call in which 1004 talks for a minute and then 1005 for another."""
    return [
        call(answered=10, end=end),
        talk(start=10, end=70),
        talk(start=70, end=130, device="PJSIP/1005", queue=None),
        *more,
    ]


def ask(
    facts: list[Fact],
    sounds: list[Sounded],
    *metrics: str,
    rules: Policy | None = None,
    groups: tuple[Group, ...] = (),
) -> Result:
    """The answer over a day's facts, and over what is known of their recordings."""
    query = Query(metrics=metrics, period=TODAY, as_of=TODAY.end, groups=groups)
    return run(query, FactsInMemory(facts, sounds=sounds), rules or policy())


def figures(sounds: list[Sounded], *metrics: str, rules: Policy | None = None) -> tuple[Value, ...]:
    """Some figures of `a_call`."""
    return tuple(ask(a_call(), sounds, *metrics, rules=rules).row().values.values())


COVERAGE = ("talks_ended", "talks_recorded", "talks_unrecorded", "talks_destroyed")
SHARES = ("recording_coverage", "stereo_coverage")


def test_coverage_is_the_share_of_talks_with_a_playable_file() -> None:
    """Each agent's talk is one: a call of two talks, one of which lies in a file, is half covered."""
    half = [sounded()]
    assert figures(half, *COVERAGE) == (2, 1, 1, 0)
    assert figures(half, *SHARES) == (Fraction(1, 2), Fraction(1, 2))
    assert figures([sounded(), sounded(OTHER, apart=False)], *SHARES) == (1, Fraction(1, 2))
    assert figures([], *SHARES) == (0, 0)
    told = ask(a_call(), half, *SHARES, groups=(Group.AGENT,))
    assert [(row.key, row.values["recording_coverage"]) for row in told.rows] == [(("1004",), 1), (("1005",), 0)]


def test_that_the_pbx_names_a_recording_is_another_figure() -> None:
    """A named recording without a file is no coverage, and a file that nobody named is."""
    metrics = ("recordings_named", "recording_coverage")
    named = ask(a_call(recording()), [], *metrics).row().values
    assert tuple(named.values()) == (1, 0)
    assert figures([sounded(), sounded(OTHER)], *metrics) == (0, 1)


def test_what_was_destroyed_by_order_is_not_lacking() -> None:
    """It leaves coverage; where all was destroyed there is no share, rather than none or all."""
    gone = sounded(OTHER, playable=False, destroyed=True)
    assert figures([sounded(), gone], *COVERAGE, "recording_coverage") == (2, 1, 0, 1, 1)
    both = [sounded(playable=False, destroyed=True), gone]
    assert figures(both, "talks_unrecorded", *SHARES) == (0, None, None)


def test_a_talk_that_goes_on_and_talk_between_colleagues_need_no_recording_yet() -> None:
    """Only talks with customers that are over are asked for."""
    facts = [
        call(answered=10),
        talk(start=10),
        talk(start=20, end=30, device="PJSIP/1005", kind=TalkKind.CONSULT),
    ]
    assert ask(facts, [sounded()], *COVERAGE).row().values == dict.fromkeys(COVERAGE, 0)
    assert ask(facts, [], "recording_coverage").row().values["recording_coverage"] is None


def test_every_rate_over_nothing_heard_is_null() -> None:
    """A file that nobody listened to yet says nothing of silence, speech or rate."""
    metrics = (
        "speech_share", "agent_talk_share", "mutual_silence_rate", "mutual_silence_share", "longest_mutual_silence",
        "overlaps_per_talk", "overlap_share", "response_delay", "longest_response_delay", "first_words_rate",
        "average_first_words", "speech_rate", "speech_rate_error", "phonation_rate", "speech_rate_in_band",
        "speech_rate_below", "speech_rate_above", "speech_rate_undecided",
    )  # fmt: skip
    assert set(figures([sounded()], *metrics)) == {None}
    assert figures([sounded()], "talks_measured", "mutual_silences", "mutual_silence_minutes") == (0, 0, 0)


def test_what_is_heard_adds_up_over_talks() -> None:
    """Sums over sums: a longer talk weighs more."""
    longer = heard(
        length_ms=180_000, speech_ms=135_000, silence_ms=45_000, silence_count=0, longest_silence_ms=0,
        agent_speech_ms=30_000, customer_speech_ms=105_000, overlap_count=4, overlap_ms=500, responses=1,
        response_ms=800, longest_response_ms=800, first_words_ms=2001,
    )  # fmt: skip
    sounds = [sounded(told=heard()), sounded(OTHER, longer)]
    assert figures(sounds, "speech_share", "agent_talk_share") == (Fraction(180, 240), Fraction(57, 180))
    assert figures(sounds, "mutual_silences", "mutual_silence_rate", "longest_mutual_silence") == (
        1, Fraction(1, 2), 4000,
    )  # fmt: skip
    assert figures(sounds, "mutual_silence_minutes", "mutual_silence_share") == (57_000, Fraction(57, 240))
    assert figures(sounds, "overlaps", "overlaps_per_talk", "overlap_share") == (
        5,
        Fraction(5, 2),
        Fraction(2, 240),
    )
    assert figures(sounds, "response_delay", "longest_response_delay") == (800, 1900)
    assert figures(sounds, "first_words_rate", "average_first_words") == (Fraction(1, 2), Fraction(3201, 2))


@pytest.mark.parametrize(("ms", "rate"), [(1999, 1), (2000, 1), (2001, 0), (None, None)])
def test_first_words_at_the_very_limit_are_in_time(ms: int | None, rate: int | None) -> None:
    """Within two seconds of the answer, or what the policy says; a talk that begins in another file is not judged."""
    assert figures([sounded(told=heard(first_words_ms=ms))], "first_words_rate") == (rate,)
    slower = policy(
        PolicyVersion(recordings=RecordingRules(targets=SoundTargets(first_words=timedelta(seconds=3))))
    )
    in_time = figures([sounded(told=heard(first_words_ms=ms))], "first_words_rate", rules=slower)
    assert in_time == (None if ms is None else 1,)


def test_on_one_channel_what_either_said_is_not_measurable() -> None:
    """Speech and silence are; rate, overlap, shares and first words are neither zero nor counted."""
    one = [sounded(told=mono(), apart=False)]
    assert figures(one, "talks_measured", "talks_not_measurable", "speech_rate_talks") == (1, 1, 0)
    assert figures(one, "speech_share", "mutual_silences") == (Fraction(45, 60), 1)
    sides = ("speech_rate", "agent_talk_share", "overlaps_per_talk", "response_delay", "first_words_rate")
    assert set(figures(one, *sides)) == {None}
    both = [*one, sounded(OTHER, heard())]
    assert figures(both, *sides) == figures([sounded(OTHER, heard())], *sides)
    assert figures(both, "talks_measured", "talks_not_measurable", "mutual_silences") == (2, 1, 2)


def test_the_speech_rate_is_syllables_over_the_time_of_turns() -> None:
    """65 in 30 s and 40 in 20 s are 105 in 50 s: 126 a minute; over phonation they are more."""
    slower = heard(syllables=40, turns_ms=20_000, phonation_ms=16_000, rate_error_permille=100)
    sounds = [sounded(told=heard()), sounded(OTHER, slower)]
    rate, phonation, error = figures(sounds, "speech_rate", "phonation_rate", "speech_rate_error")
    assert (rate, phonation) == (Fraction(105, 50_000), Fraction(105, 42_000))
    assert error == Fraction(3 + 4, 105)  # 3.25 and 4 syllables, in whole ones


def test_an_answer_with_a_speech_rate_says_that_it_is_estimated() -> None:
    """Whoever reads the rate alone is pointed to its error, in both languages; other figures are not."""
    (warned,) = ask(a_call(), [sounded(told=heard())], "speech_rate").warnings
    assert warned.caution is Caution.ESTIMATED
    assert all("speech_rate_error" in warned.sentence(language) for language in ("zh", "en"))
    assert ask(a_call(), [sounded(told=heard())], "agent_talk_share", "recording_coverage").warnings == ()


@pytest.mark.parametrize(
    ("syllables", "permille", "metric"),
    [
        (65, 50, "speech_rate_in_band"),  # 130 ± 6.5
        (65, 77, "speech_rate_undecided"),  # 130 ± 10.01
        (60, 0, "speech_rate_in_band"),
        (60, 1, "speech_rate_undecided"),
        (50, 100, "speech_rate_below"),  # 100 ± 10
        (50, 200, "speech_rate_undecided"),  # up to 120 itself
        (90, 200, "speech_rate_above"),  # 180 ± 36
    ],
)
def test_within_the_error_of_an_edge_a_talk_is_undecided(syllables: int, permille: int, metric: str) -> None:
    """Domain §1: the band is a target; each judged talk is in one of four shares."""
    shares = ("speech_rate_in_band", "speech_rate_below", "speech_rate_above", "speech_rate_undecided")
    told = [sounded(told=heard(syllables=syllables, rate_error_permille=permille))]
    assert dict(zip(shares, figures(told, *shares), strict=True)) == {name: int(name == metric) for name in shares}


def test_without_a_band_no_rate_is_judged_and_the_rate_itself_stands() -> None:
    """A centre that asks for no rate has one all the same; another band judges otherwise."""
    free = policy(PolicyVersion(recordings=RecordingRules(targets=SoundTargets(speech_rate=None))))
    told = [sounded(told=heard())]
    assert figures(told, "speech_rate_in_band", "speech_rate_talks", rules=free) == (None, 1)
    fast = RecordingRules(targets=SoundTargets(speech_rate=Band(low=200, high=240)))
    assert figures(told, "speech_rate_below", rules=policy(PolicyVersion(recordings=fast))) == (1,)


def test_a_talk_counts_where_its_agents_part_does() -> None:
    """In the queue of his first stretch, in the period of the call, and among the calls behind the figure."""
    facts = [call(answered=10, end=200), talk(start=10, end=70), talk(id="late", start=80, end=200, queue="other")]
    sounds = [sounded(told=heard()), sounded("late", heard())]
    by_queue = ask(facts, sounds, "talks_measured", "talks_ended", groups=(Group.QUEUE,))
    assert {row.key: tuple(row.values.values()) for row in by_queue.rows} == {("sales",): (2, 2)}
    behind = ask(facts, sounds, "talks_measured", "overlaps", groups=(Group.CALL,))
    assert {row.key: tuple(row.values.values()) for row in behind.rows} == {("pbx/1.1",): (2, 2)}


APART = ("silent_calls", "calls_handled", "handled", "contacts", "average_talk")


def test_audio_that_shows_no_speech_of_the_customer_makes_a_silent_call() -> None:
    """Domain §1: it stays in answered and leaves the averages, three minutes and first-contact resolution."""
    facts: list[Fact] = [call(answered=10, end=70), talk(start=10, end=70)]
    query = Query(metrics=(*APART, "inbound_answered"), period=TODAY, as_of=TODAY.end + timedelta(days=2))

    def told(*sounds: Sounded) -> tuple[Value, ...]:
        return tuple(run(query, FactsInMemory(facts, sounds=sounds), policy()).row().values.values())

    assert told(sounded(TALK, heard())) == (0, 1, 1, 1, 60_000, 1)
    assert told(sounded(TALK, heard(silent_customer=True))) == (1, 1, 0, 0, None, 1)
    assert told(sounded(TALK, mono())) == told() == (0, 1, 1, 1, 60_000, 1)


def test_a_customer_who_was_heard_by_one_agent_or_by_none_that_we_know_is_not_silent() -> None:
    """All talks of a call must be silent: what was not listened to is no silence."""
    silent = heard(silent_customer=True)
    assert figures([sounded(told=silent), sounded(OTHER, silent)], "silent_calls", "talks_silent") == (1, 2)
    assert figures([sounded(told=silent), sounded(OTHER, heard())], "silent_calls", "talks_silent") == (0, 1)
    assert figures([sounded(told=silent)], "silent_calls", "talks_silent") == (0, 1)
