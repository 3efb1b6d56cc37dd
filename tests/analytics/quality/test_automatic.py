"""Proposals: a figure with what it says of the promise, undecided near an edge, and nothing where nothing is known."""

from __future__ import annotations

import pytest

from analytics.quality.automatic import Proposal, Verdict, proposals
from analytics.recordings.sounded import Heard
from config.quality import Automatic
from config.recordings import RecordingRules, SoundTargets

ALL, RULES = tuple(Automatic), RecordingRules()
NOTHING = Heard(60_000, 0, 60_000, 0, 0, 0)
"""A talk of a minute in which nobody said anything."""


def proposed(item: Automatic, heard: Heard | None) -> Proposal:
    """The proposal of one item."""
    return next(each for each in proposals(ALL, heard, RULES) if each.item is item)


@pytest.mark.parametrize(("found", "verdict"), [(0, "kept"), (2000, "kept"), (2001, "missed")])
def test_first_words_within_two_seconds(found: int, verdict: str) -> None:
    """Two seconds themselves are in time."""
    told = proposed(Automatic.FIRST_WORDS, NOTHING._replace(first_words_ms=found))
    assert (told.figure, told.verdict) == (found, Verdict(verdict))


@pytest.mark.parametrize(
    ("syllables", "error", "verdict"),
    [(130, 50, "kept"), (122, 50, "undecided"), (139, 50, "undecided"), (100, 50, "missed"), (160, 50, "missed"),
     (120, 0, "kept"), (140, 0, "kept")],
)  # fmt: skip
def test_the_speech_rate_is_undecided_within_the_error_of_an_edge(syllables: int, error: int, verdict: str) -> None:
    """Only a rate whose whole error lies on one side of an edge is judged."""
    told = proposed(
        Automatic.SPEECH_RATE, NOTHING._replace(syllables=syllables, turns_ms=60_000, rate_error_permille=error)
    )
    assert (told.figure, told.verdict) == (syllables * 10, Verdict(verdict))


def test_without_a_band_the_speech_rate_stands_alone() -> None:
    """Its figure is told, and nothing is said of a promise."""
    heard = NOTHING._replace(syllables=200, turns_ms=60_000, rate_error_permille=50)
    told = next(
        iter(proposals((Automatic.SPEECH_RATE,), heard, RecordingRules(targets=SoundTargets(speech_rate=None))))
    )
    assert (told.figure, told.verdict) == (2000, Verdict.UNASKED)


def test_a_long_silence_is_missed_and_none_is_kept() -> None:
    """The longest is told with how many there were."""
    told = proposed(Automatic.SILENCES, NOTHING._replace(silence_count=2, longest_silence_ms=5200))
    assert (told.figure, told.count, told.verdict) == (5200, 2, Verdict.MISSED)
    assert (
        proposed(Automatic.SILENCES, NOTHING._replace(silence_count=0, longest_silence_ms=0)).verdict
        is Verdict.KEPT
    )


def test_what_was_not_heard_is_not_measurable_and_no_fault() -> None:
    """A mono file, or one that waits to be listened to, has no figure and no verdict."""
    assert {each.verdict for each in proposals(ALL, None, RULES)} == {Verdict.UNMEASURED}
    of_sides = (Automatic.FIRST_WORDS, Automatic.SPEECH_RATE)
    assert {(each.verdict, each.figure) for each in proposals(of_sides, NOTHING, RULES)} == {
        (Verdict.UNMEASURED, None)
    }


def test_only_what_the_policy_names_is_proposed() -> None:
    """In its order."""
    names = (Automatic.SILENCES, Automatic.FIRST_WORDS)
    assert [each.item for each in proposals(names, None, RULES)] == list(names)


def test_a_rate_is_judged_by_its_exact_value() -> None:
    """119.96 is shown as 120.0 and lies below the band: the card and every figure say the same."""
    heard = NOTHING._replace(syllables=11_996, turns_ms=6_000_000, rate_error_permille=0)
    told = proposed(Automatic.SPEECH_RATE, heard)
    assert (told.figure, told.verdict) == (1200, Verdict.MISSED)
