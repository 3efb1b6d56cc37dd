"""Whose talk lies where in a file: axes, spans, channels, names."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.recordings.axis import length_of, measure, position, tolerance
from analytics.recordings.linking import Placed, place
from analytics.recordings.naming import NamedAfter, channel_of_file_name, layout_of, recording_of
from analytics.recordings.values import Axis, Layout
from telephony.calls.facts import Interval, Joined, Known, Muted, RecordingFact, RecordingPart, TalkFact
from telephony.clock import to_microseconds
from tests.analytics.factory import at, call, recording, talk

CUSTOMER, ANN, BEN = "1.1", "1.2", "1.3"


def joined(start: float, end: float | None, *said: str, heard: tuple[str, ...] = (CUSTOMER,)) -> Joined:
    """A stretch of the recorded channel in a bridge, in seconds."""
    return Joined(start=at(start), end=None if end is None else at(end), heard=heard, said=said)


def made(
    *stretches: Joined, options: str | None = "b", start: float = 1, end: float | None = 60, **more: Any
) -> RecordingFact:
    """A recording of the customer's channel, from second 1 to 60."""
    ended = None if end is None else at(end)
    values: dict[str, Any] = {
        "channel": CUSTOMER,
        "started_at": at(start),
        "ended_at": ended,
        "options": options,
        "joined": stretches,
    }
    return recording(**(values | more))


def talked(leg: str, start: float, end: float, **more: Any) -> TalkFact:
    """A talk of this leg."""
    return talk(id=f"pbx/{leg}/talk/1", start=start, end=end, **more)


def placed(of: RecordingFact, *talks: TalkFact, length: int, layout: Layout = Layout.MIXED) -> Placed:
    """Where these talks lie in a file of this length."""
    return place(of, talks, call(end=60), length, layout, {talks[0].id: "P1"} if talks else {})


def where(found: Placed) -> list[tuple[int, int]]:
    """The spans' bounds."""
    return [(span.start_ms, span.end_ms) for span in found.spans]


def test_with_option_b_the_file_has_the_joined_stretches_alone() -> None:
    """Waiting before, between and after is cut out."""
    found = placed(
        made(joined(10, 20, ANN), joined(30, 35, BEN)), talked(ANN, 10, 20), talked(BEN, 30, 35), length=15_000
    )
    assert (found.axis, found.off_ms) == (Axis.JOINED, 0)
    assert where(found) == [(0, 10_000), (10_000, 15_000)]


def test_without_it_the_file_runs_from_begin_to_hang_up() -> None:
    """The queue's music is in it, and lies before the talk."""
    found = placed(made(joined(10, 20, ANN), options=""), talked(ANN, 10, 20), length=59_010)
    assert (found.axis, found.off_ms) == (Axis.WHOLE, 10)
    assert where(found) == [(9000, 19_000)]


def test_where_the_options_were_not_heard_the_length_decides() -> None:
    """A manager's stream tells the beginning only."""
    of = made(joined(10, 20, ANN), options=None)
    assert placed(of, talked(ANN, 10, 20), length=10_000).axis is Axis.JOINED
    assert placed(of, talked(ANN, 10, 20), length=59_000).axis is Axis.WHOLE
    both = made(joined(1.15, 60, ANN), options=None)  # begun just before it was joined
    assert where(placed(both, talked(ANN, 1.15, 60), length=59_000)) == [(150, 59_000)]
    assert where(placed(both, talked(ANN, 1.15, 60), length=58_850)) == [(0, 58_850)]


def test_of_a_length_that_nothing_explains_nothing_is_said() -> None:
    """Off by how much from the nearest is told."""
    found = placed(made(joined(10, 20, ANN), options=None), talked(ANN, 10, 20), length=12_500)
    assert (found.axis, found.off_ms, found.spans) == (Axis.UNKNOWN, 2500, ())


def test_a_channel_that_sent_nothing_before_it_was_joined_gives_a_joined_axis_without_option_b() -> None:
    """MixMonitor writes what it gets."""
    found = placed(made(joined(10, 60, ANN), options=""), talked(ANN, 10, 60), length=50_000)
    assert found.axis is Axis.JOINED


def test_a_recording_whose_beginning_was_not_heard_has_no_axis() -> None:
    """Nor one that still goes on in a call that does."""
    of = made(joined(10, 20, ANN))
    unheard = recording(channel=CUSTOMER)
    overwritten = made(joined=None, options="")
    assert placed(overwritten, talked(ANN, 10, 20), length=59_000).axis is Axis.UNKNOWN
    assert placed(unheard, talked(ANN, 10, 20), length=10_000).axis is Axis.UNKNOWN
    going_on = made(joined(10, None, ANN), end=None)
    assert place(going_on, [], call(), 10_000, Layout.MIXED, {}).axis is Axis.UNKNOWN
    assert place(going_on, [], call(end=20), 10_000, Layout.MIXED, {}).axis is Axis.JOINED
    assert of.joined


def test_hold_and_what_was_muted_lie_within_the_span_and_do_not_touch() -> None:
    """Both are no talk; a mute writes silence, so the axis goes on."""
    silent = tuple(Muted(start=at(14), end=at(16), direction=each) for each in ("read", "write"))
    held = talked(ANN, 10, 20, holds=((12, 15),))
    (span,) = placed(made(joined(10, 20, ANN), muted=silent), held, length=10_000).spans
    assert span.holds == ((2000, 6000),)
    assert span.begins_talk


@pytest.mark.parametrize(("start", "begins"), [(9, True), (10.1, True), (11, False)])
def test_a_file_that_began_later_than_the_talk_has_not_its_first_words(start: float, begins: bool) -> None:
    """A tenth of a second is nothing."""
    of = made(joined(max(start, 10), 20, ANN), start=start)
    length = round((20 - max(start, 10)) * 1000)
    (span,) = placed(of, talked(ANN, 10, 20), length=length).spans
    assert span.begins_talk is begins


def test_a_talk_that_was_muted_from_its_beginning_has_not_its_first_words() -> None:
    """Silence was written in their place."""
    of = made(joined(10, 20, ANN), muted=(Muted(start=at(8), end=at(12), direction="read"),))
    (span,) = placed(of, talked(ANN, 10, 20), length=10_000).spans
    assert (span.holds, span.begins_talk) == (((0, 2000),), False)


def test_a_consultation_that_the_recorded_channel_did_not_hear_is_not_in_its_file() -> None:
    """The customer has music meanwhile."""
    of = made(joined(10, 20, ANN), joined(20, 30), joined(30, 40, BEN))
    found = placed(
        of, talked(ANN, 10, 20), talked(BEN, 22, 30), talk(id="pbx/1.3/talk/2", start=30, end=40), length=30_000
    )
    assert [(span.talk_id, span.start_ms, span.end_ms) for span in found.spans] == [
        ("pbx/1.2/talk/1", 0, 10_000),
        ("pbx/1.3/talk/2", 20_000, 30_000),
    ]


def test_all_agents_of_a_conference_have_spans() -> None:
    """Neither is alone on a channel of a file of two."""
    of = made(joined(10, 20, ANN, BEN))
    found = placed(of, talked(ANN, 10, 20), talked(BEN, 10, 20), length=10_000, layout=Layout.APART)
    assert where(found) == [(0, 10_000)] * 2
    assert {(span.agent_channel, span.customer_channel) for span in found.spans} == {(None, 0)}


CHANNELS = [
    # layout, heard, said -> agent's channel, customer's channel
    (Layout.MIXED, (CUSTOMER,), (ANN,), None, None),
    (Layout.APART, (CUSTOMER,), (ANN,), 1, 0),
    (Layout.APART, (ANN,), (CUSTOMER,), 0, 1),  # the agent's own channel is recorded
    (Layout.APART, (CUSTOMER,), (ANN, BEN), None, 0),
    (Layout.HEARD, (CUSTOMER,), (ANN,), None, 0),
    (Layout.SAID, (CUSTOMER,), (ANN,), 0, None),
    (Layout.HEARD, (ANN,), (CUSTOMER,), 0, None),
]


@pytest.mark.parametrize(("layout", "heard", "said", "agent", "customer"), CHANNELS)
def test_who_is_on_which_channel_follows_from_the_recorded_one(
    layout: Layout, heard: tuple[str, ...], said: tuple[str, ...], agent: int | None, customer: int | None
) -> None:
    """Its own party comes in, all others go out."""
    of = made(joined(10, 20, *said, heard=heard))
    found = placed(of, talked(ANN, 10, 20), talked(BEN, 10, 20), length=10_000, layout=layout)
    span = next(span for span in found.spans if span.talk_id == "pbx/1.2/talk/1")
    assert (span.agent_channel, span.customer_channel) == (agent, customer)


def test_the_agent_is_the_person_that_was_joined_to_the_talk_else_the_extension() -> None:
    """People are joined to interfaces elsewhere."""
    of = made(joined(10, 20, ANN, BEN))
    found = placed(of, talked(ANN, 10, 20), talked(BEN, 10, 20, interface="PJSIP/1006"), length=10_000)
    assert [span.agent for span in found.spans] == ["P1", "1006"]


def test_runs_under_one_name_follow_each_other_with_option_a_and_replace_each_other_without() -> None:
    """Where the options are not known the length tells."""
    stretches = (joined(10, 20, ANN), joined(30, 34, ANN))
    gap = (Interval(start=at(20), end=at(30)),)
    both = placed(made(*stretches, options="ab", stopped=gap), talked(ANN, 10, 34), length=14_000)
    last = placed(made(*stretches, options="b", stopped=gap), talked(ANN, 10, 34), length=4000)
    assert (where(both), where(last)) == ([(0, 14_000)], [(0, 4000)])
    assert (both.spans[0].begins_talk, last.spans[0].begins_talk) == (True, False)
    for length in (14_000, 4000):
        assert placed(made(*stretches, options=None, stopped=gap), talked(ANN, 10, 34), length=length).off_ms == 0


def test_a_long_file_may_be_off_by_more_and_the_difference_is_spread() -> None:
    """Packets come late, telephones' clocks go wrong: a thousandth of the length."""
    of = made(joined(10, 1010, ANN), joined(1010, 2010, BEN), end=2010)
    talks = talked(ANN, 10, 1010), talked(BEN, 1010, 2010)
    found = place(of, talks, call(end=2010), 2_002_000, Layout.MIXED, {})
    assert where(found) == [(0, 1_001_000), (1_001_000, 2_002_000)]
    assert place(of, talks, call(end=2010), 2_003_000, Layout.MIXED, {}).axis is Axis.UNKNOWN


def test_a_span_ends_with_its_file() -> None:
    """A file may lack a frame."""
    found = placed(made(joined(10, 20, ANN)), talked(ANN, 10, 20), length=9980)
    assert (where(found), found.off_ms) == ([(0, 9980)], -20)


def test_a_log_of_whole_seconds_tells_only_a_file_of_one_talk() -> None:
    """Its length may differ by a second; where within a file one talk ends and the next begins it does not know."""
    repaired = call(end=60, known=Known.REPAIRED)
    one, two = made(joined(10, 20, ANN)), made(joined(10, 20, ANN), joined(20, 30, BEN))
    talks = [talked(ANN, 10, 20), talked(BEN, 20, 30)]
    for length in (9400, 10_700):
        assert where(place(one, talks, repaired, length, Layout.MIXED, {})) == [(0, length)]
    assert place(one, talks, repaired, 12_000, Layout.MIXED, {}).axis is Axis.UNKNOWN
    assert place(two, talks, repaired, 20_000, Layout.MIXED, {}).axis is Axis.UNKNOWN


@pytest.mark.parametrize(
    ("part", "channels", "layout"),
    [
        (RecordingPart.WHOLE, 1, Layout.MIXED),
        (RecordingPart.WHOLE, 2, Layout.APART),
        (RecordingPart.HEARD, 1, Layout.HEARD),
        (RecordingPart.SAID, 1, Layout.SAID),
    ],
)
def test_the_layout_follows_from_the_part_and_the_files_own_channels(
    part: RecordingPart, channels: int, layout: Layout
) -> None:
    """Only a file itself tells how many it has."""
    assert layout_of(recording(part=part), channels) is layout


# -- names --------------------------------------------------------------------------------

NAMES = [
    ("2026/11/21/1795294392.0.wav", ("1795294392.0",), None),
    ("1795294741.167-in.wav", ("1795294741.167",), Layout.HEARD),
    ("1795294741.167-out.wav", ("1795294741.167",), Layout.SAID),
    ("1795294741.167", ("1795294741.167",), None),  # MixMonitor keeps what it is given
    ("1795294741.167.mp3", ("1795294741.167",), None),
    ("job-44-attempt-1-b.wav", ("job-44-attempt-1-b",), None),
    ("out-9447700900541-1001-20261121-223144-c2c-1.wav", ("c2c-1",), None),
    ("q-600-447700900121-20261121-222309-1795299789.75.WAV", ("1795299789.75",), None),
    ("q-600--20261121-222309-pbx-a-1795299789.75.wav", ("pbx-a-1795299789.75",), None),
    (
        "sale-pbx-1795299789.75.wav",
        ("sale-pbx-1795299789.75", "pbx-1795299789.75", "1795299789.75"),
        None,
    ),
]


@pytest.mark.parametrize(("name", "channels", "layout"), NAMES)
def test_a_files_name_ends_in_the_id_of_its_channel(
    name: str, channels: tuple[str, ...], layout: Layout | None
) -> None:
    """Plain names and those of FreePBX; what else the name says is not asked."""
    found = channel_of_file_name(name)
    assert found.channels[: len(channels)] == channels
    assert found.layout is layout
    assert isinstance(found, NamedAfter)


def test_a_file_is_of_the_recording_that_names_it() -> None:
    """With its folder or without, whatever ending a converter gave it."""
    known = [made(file="2026/11/02/a.wav", id="a"), made(file="b", id="b")]
    for name, id_ in (("2026/11/02/a.mp3", "a"), ("a.wav", "a"), ("2026/11/02/b.wav", "b")):
        found = recording_of(name, known)
        assert found is not None
        assert (found.id, found.file) == (id_, name)
    assert recording_of("2026/11/02/aa.wav", known) is None


def test_a_file_of_one_direction_that_nobody_named_is_of_the_recording_beside_it() -> None:
    """A manager without class dialplan hears the name of the whole only."""
    found = recording_of("x/1.1-out.wav", [made(file="x/1.1.wav"), made(file="x/2.2.wav")])
    assert found is not None
    assert (found.part, layout_of(found, 1)) == (RecordingPart.SAID, Layout.SAID)


def test_a_file_that_nobody_named_is_of_the_only_unnamed_recording_of_its_channel() -> None:
    """Of two it cannot be told which."""
    unnamed, other = made(file="", channel="1795299789.75"), made(file="", channel="1795299789.7")
    name = "q-600-1-20261121-222309-1795299789.75.wav"
    found = recording_of(name, [other, unnamed])
    assert found is not None
    assert (found.channel, found.file, found.part) == ("1795299789.75", name, RecordingPart.WHOLE)
    assert recording_of(name, [unnamed, unnamed]) is None
    assert recording_of(name, [other]) is None


# -- properties ---------------------------------------------------------------------------


@st.composite
def recordings(draw: st.DrawFn) -> RecordingFact:
    """A recording over random bridges, with or without option b."""
    lengths = draw(st.lists(st.integers(1, 20_000), min_size=1, max_size=12))
    moments, now = [], 0
    for length in lengths:
        moments.append(now)
        now += length
    moments.append(now)
    stretches = [
        joined(start / 1000, end / 1000, draw(st.sampled_from([ANN, BEN])))
        for start, end in pairwise(moments)
        if draw(st.booleans())
    ]
    return made(*stretches, options=draw(st.sampled_from(["b", ""])), start=0, end=now / 1000)


@given(of=recordings(), instants=st.lists(st.integers(-5_000, 300_000), min_size=2))
def test_what_comes_later_lies_later_and_the_whole_is_the_files_length(
    of: RecordingFact, instants: list[int]
) -> None:
    """Whatever was cut out: an axis never goes back, and its end is what was written."""
    assert of.joined is not None
    assert of.ended_at is not None
    bridged = sum((each.end - each.start).total_seconds() for each in of.joined if each.end is not None)
    length = round(1000 * (bridged if of.options else (of.ended_at - at(0)).total_seconds()))
    measured = measure(of, None, length)
    assert measured.axis is not Axis.UNKNOWN
    assert abs(measured.off_ms) <= tolerance(measured.written)
    found = [position(measured, to_microseconds(at(ms / 1000))) for ms in sorted(instants)]
    assert found == sorted(found)
    assert position(measured, to_microseconds(of.ended_at)) == pytest.approx(length_of(measured.written), 1)


@given(of=recordings())
def test_the_spans_of_who_follow_each_other_on_a_joined_axis_fill_the_file(of: RecordingFact) -> None:
    """Each stretch a talk of its own: nothing is told twice, and nothing is left out."""
    assert of.joined is not None
    talks = [
        talk(id=f"pbx/{each.said[0]}/talk/{n}", start=each.start, end=each.end) for n, each in enumerate(of.joined)
    ]
    length = round(sum((each.end - each.start).total_seconds() for each in of.joined if each.end) * 1000)
    found = place(made(*of.joined, start=0, end=300), talks, call(end=300), length, Layout.MIXED, {})
    bounds = where(found)
    assert [end for _, end in bounds[:-1]] == [start for start, _ in bounds[1:]]
    assert sum(end - start for start, end in bounds) == length
