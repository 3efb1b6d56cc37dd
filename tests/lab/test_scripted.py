"""Calls by a script over the real PBX: what the service says of each agent's talk is what was said, to 0.2 s.

Collected only with THREERINGS_LAB=all (conftest.py), since four calls take two minutes; test_voices shows in
every run that talks are found, tests/analytics that they are heard.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from analytics.recordings import listen, read_sound
from analytics.recordings.axis import measure, position
from analytics.recordings.halves import Half, fit, spans_of_both
from analytics.recordings.linking import place
from analytics.recordings.listening import listen_both
from analytics.recordings.values import Axis, Features, Layout, Limits, Span
from telephony.calls.facts import RecordingFact
from telephony.calls.record import CallRecord, fold
from tests.lab.run import finish
from tests.lab.test_live import need_lab
from tests.lab.voices.scripted import SILENT, Script, Truth, as_wave, scripted_call
from tests.lab.world import Bench, World
from tests.telephony.calls.streams import events_of, track

WITHIN_MS = 200
SLOT = 3
IN_TWO_FILES = "442079460104"

PLAIN = Script(
    seconds=24,
    agent=((1.2, 4.0), (9.0, 11.0), (17.0, 21.0)),
    customer=((5.0, 8.2), (11.6, 13.0), (19.0, 22.5)),
)
HELD = Script(
    seconds=26,
    agent=((1.0, 4.0), (15.0, 18.0), (22.0, 24.0)),
    customer=((4.8, 6.0), (19.0, 21.0)),
    hold=(7.0, 14.0),
)
HANDED_OVER = Script(
    seconds=26,
    agent=((1.0, 4.0), (7.0, 9.0)),
    customer=((4.8, 6.4), (16.0, 18.0)),
    handed_over=10.0,
    second=((13.0, 15.2), (19.0, 23.0)),
)


class Told:
    """A scripted call as the service tells it: its record, its spans, and what is heard in each.

    sounds: its file of two channels, or the two of one direction each.
    """

    def __init__(self, record: CallRecord, recording: RecordingFact, sounds: Sequence[Path], truth: Truth) -> None:
        halves = [Half(path=each, sound=read_sound(each)) for each in sounds]
        length_ms = halves[0].sound.length_ms
        assert length_ms is not None

        def placed(layout: Layout) -> Sequence[Span]:
            found = place(recording, record.talks, record.call, length_ms, layout, {})
            assert found.axis is Axis.JOINED
            return found.spans

        if len(halves) == 2:
            assert fit(halves[0].sound, halves[1].sound)
            spans = spans_of_both(placed(Layout.HEARD), placed(Layout.SAID))
            heard = listen_both(halves[0], halves[1], spans, Limits(), marks_of_heard=True)
        else:
            spans = list(placed(Layout.APART))
            heard = listen(halves[0].path, halves[0].sound, spans, Limits())
        self.spans: dict[str, Span] = {span.agent: span for span in spans}
        self.features: dict[str, Features] = {span.agent: heard.features[span.talk_id] for span in spans}
        measured = measure(recording, record.call.ended_at, length_ms)
        self.began_ms = position(measured, round(truth.began * 1e6))
        self.speech = heard.marks.speech


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Told]:
    """All scripts, one after the other, on Asterisk 22."""
    need_lab()
    out = tmp_path_factory.mktemp("scripted")
    bench = Bench("forky", SLOT, "conf")
    world = World(bench, "plain", out, SILENT)
    made: dict[str, tuple[list[Path], Truth]] = {}
    try:
        for name, each in (("plain", PLAIN), ("held", HELD), ("handed over", HANDED_OVER)):
            world.begin(name)
            path, truth = scripted_call(world, each)
            world.end()
            made[name] = [as_wave(path, out / f"{truth.uniqueid}.wav")], truth
        world.begin("in two files")
        path, truth = scripted_call(world, PLAIN, IN_TWO_FILES)
        world.end()
        kept = [out / f"{path.stem}{suffix}.wav" for suffix in ("-in", "-out")]
        for each in kept:
            shutil.copy(path.with_name(each.name), each)
        made["in two files"] = kept, truth
    finally:
        finish(world, out, keep_recordings=False, pack=False)
    records = fold(track(events_of(out / "ami.jsonl")))
    return {name: _told(records, *each) for name, each in made.items()}


def _told(records: list[CallRecord], sounds: list[Path], truth: Truth) -> Told:
    for record in records:
        for recording in record.recordings:
            if recording.channel == truth.uniqueid:
                return Told(record, recording, sounds, truth)
    raise AssertionError(f"{truth.uniqueid}: no recording of it is known")


def near(seconds: float) -> object:
    """So many seconds, in milliseconds, to what is promised."""
    return pytest.approx(seconds * 1000, abs=WITHIN_MS)


@pytest.mark.lab
@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", ["plain", "in two files"])
def test_what_was_said_in_a_call_is_heard_in_its_file(told: dict[str, Told], name: str) -> None:
    """Speech of each, talking at once, silence, answers and first words; also where each side has a file of its own."""
    found = told[name]
    features, start = found.features["1001"], found.began_ms - found.spans["1001"].start_ms
    assert features.stereo
    assert features.agent_speech_ms == near(2.8 + 2.0 + 4.0)
    assert features.customer_speech_ms == near(3.2 + 1.4 + 3.5)
    assert features.overlap_ms == near(2.0)
    assert features.first_words_ms == near(start / 1000 + 1.2)
    assert [
        each == (near(13 + found.began_ms / 1000), near(17 + found.began_ms / 1000)) for each in features.silences
    ] == [True]
    assert features.responses == 2
    assert features.longest_response_ms == near(4.0)


@pytest.mark.lab
@pytest.mark.timeout(600)
def test_the_music_of_a_hold_is_no_speech_and_no_silence(told: dict[str, Told]) -> None:
    """The hold lies within the span, and is cut out of all that is told."""
    found = told["held"]
    span, features = found.spans["1001"], found.features["1001"]
    assert [tuple(edge - found.began_ms for edge in hold) for hold in span.holds] == [(near(7.0), near(14.0))]
    assert features.agent_speech_ms == near(3.0 + 3.0 + 2.0)
    assert features.customer_speech_ms == near(1.2 + 2.0)
    assert features.silences == ()


@pytest.mark.lab
@pytest.mark.timeout(600)
def test_each_agent_has_what_he_said_himself(told: dict[str, Told]) -> None:
    """A file goes on through a transfer; the second agent's words are not the first one's."""
    found = told["handed over"]
    assert found.features["1001"].agent_speech_ms == near(3.0 + 2.0)
    assert found.features["1001"].customer_speech_ms == near(1.6)
    assert found.features["1006"].agent_speech_ms == near(2.2 + 4.0)
    assert found.features["1006"].customer_speech_ms == near(2.0)
    assert found.features["1006"].responses == 1
