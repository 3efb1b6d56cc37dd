"""What holds of recordings for any calls and any sounds: parts add up, and every count opens into its calls."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from analytics.facts_in_memory import FactsInMemory
from analytics.metrics.catalogue import METRICS
from analytics.metrics.cells import Group
from analytics.metrics.definitions import Chapter
from analytics.metrics.periods import Period, custom_period, parse_period
from analytics.metrics.query import Query, Result, run
from analytics.recordings.sounded import Heard, Sounded
from telephony.calls.facts import Fact, TalkFact
from tests.analytics.factory import START
from tests.analytics.metrics.asking import SHANGHAI, policy
from tests.analytics.metrics.drawn import calls_of_a_day
from tests.analytics.recordings.talks_heard import MONO

MEASURED = tuple(name for name, each in METRICS.items() if each.chapter is Chapter.RECORDINGS)
SUMMED = tuple(name for name in MEASURED if METRICS[name].empty == 0)
IN_BAND = ("speech_rate_in_band", "speech_rate_below", "speech_rate_above", "speech_rate_undecided")
AS_OF = START + timedelta(days=30)
WHOLE = parse_period("2026-11-01/2026-11-06", SHANGHAI)


@st.composite
def heard_of(draw: st.DrawFn) -> Heard:
    """What may be heard of a talk, on two channels or on one."""
    length, agent, customer = (draw(st.integers(0, 600_000)) for _ in range(3))
    told: dict[str, Any] = {name: draw(st.integers(0, 9000)) for name in MONO}
    told |= {"agent_speech_ms": agent, "customer_speech_ms": customer, "silent_customer": draw(st.booleans())}
    return Heard(
        length_ms=length,
        speech_ms=draw(st.integers(0, length)),
        silence_ms=draw(st.integers(0, length)),
        music_ms=draw(st.integers(0, length)),
        silence_count=draw(st.integers(0, 9)),
        longest_silence_ms=draw(st.integers(0, length)),
        **(told if draw(st.booleans()) else MONO),
    )


@st.composite
def calls_with_sounds(draw: st.DrawFn) -> tuple[list[Fact], list[Sounded]]:
    """Calls of two days; of some talks something is known."""
    facts = draw(calls_of_a_day())
    sounds = [
        Sounded(
            each.id, draw(st.booleans()), draw(st.booleans()), draw(st.booleans()), draw(st.none() | heard_of())
        )
        for each in facts
        if isinstance(each, TalkFact) and draw(st.booleans())
    ]
    return facts, sounds


Told = tuple[list[Fact], list[Sounded]]


def asked(told: Told, metrics: Sequence[str], period: Period = WHOLE, **more: Any) -> Result:
    """The answer over facts and sounds."""
    facts, sounds = told
    query = Query(metrics=tuple(metrics), period=period, as_of=AS_OF, **more)
    return run(query, FactsInMemory(facts, sounds=sounds), policy())


def added(results: Iterable[Result]) -> Counter[str]:
    """The sums of all rows."""
    total: Counter[str] = Counter()
    for result in results:
        for row in result.rows:
            total.update({name: int(value or 0) for name, value in row.values.items()})
    return total


@given(told=calls_with_sounds(), cuts=st.lists(st.integers(0, 5 * 86_400), max_size=3, unique=True))
def test_the_parts_of_any_split_add_up(told: Told, cuts: list[int]) -> None:
    """Counts and times of recordings, wherever a period is cut."""
    edges = [WHOLE.start, *(WHOLE.start + timedelta(seconds=each) for each in sorted(cuts) if each), WHOLE.end]
    parts = [custom_period(one, other, ZoneInfo("Asia/Shanghai")) for one, other in pairwise(edges) if one < other]
    assert added(asked(told, SUMMED, part) for part in parts) == added([asked(told, SUMMED)])


@given(told=calls_with_sounds(), group=st.sampled_from(sorted(METRICS["talks_recorded"].groups)))
def test_the_rows_of_any_grouping_add_up(told: Told, group: Group) -> None:
    """By agent, queue, hour, and by call: so that every figure opens into the calls behind it."""
    names = [name for name in SUMMED if group in METRICS[name].groups]
    assert added([asked(told, names, groups=(group,))]) == added([asked(told, names)])


@given(told=calls_with_sounds())
def test_shares_are_shares_and_the_four_of_the_band_are_all(told: Told) -> None:
    """No share is below nothing or above all; a judged talk is in exactly one of four."""
    values = asked(told, MEASURED).row().values
    for name in ("recording_coverage", "stereo_coverage", "agent_talk_share", "mutual_silence_rate", *IN_BAND):
        assert 0 <= (values[name] or 0) <= 1, name
    judged = [values[name] for name in IN_BAND]
    assert judged == [None] * 4 or sum(each or 0 for each in judged) == 1
    ended, recorded, unrecorded, destroyed = (
        int(values[name] or 0) for name in ("talks_ended", "talks_recorded", "talks_unrecorded", "talks_destroyed")
    )
    assert ended == recorded + unrecorded + destroyed
