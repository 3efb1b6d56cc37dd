"""Files of one direction each are listened to together, as far as they belong together."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from analytics.errors import SoundError
from analytics.recordings import Heard as HeardIn
from analytics.recordings.conditions import FileCondition
from analytics.recordings.values import Layout, Limits, Span
from analytics.storage.recording_files import marks_of_file
from analytics.storage.recording_models import talk_features
from service.recordings import ear
from service.recordings.tasks import Other, Task
from service.recordings.walking import look
from service.recordings.working import Outcome
from tests.analytics.recordings.tones import pcm16, wave
from tests.analytics.recordings.voices import script
from tests.analytics.stored import store_facts
from tests.service.recordings.laid import CALL, PATH, a_call, a_recording, finding, lay, stored
from tests.service.recordings.test_working import working

HEARD, SAID = PATH.replace(".wav", "-in.wav"), PATH.replace(".wav", "-out.wav")


def side(*turns: tuple[float, float], seconds: float = 60.0, seed: int = 1) -> bytes:
    """A WAVE on which somebody speaks at these seconds."""
    return wave(pcm16(script(seconds, *turns, seed=seed)))


CUSTOMER, AGENT = side((2, 6), (20, 25)), side((8, 14), (23, 30), seed=2)


def listened(store: Engine, root: Path) -> list[Outcome]:
    """What came of everything that is queued."""
    with finding(store, root) as finder:
        finder.scan("pbx")
    with working(store, root) as worker:
        found = []
        while (step := worker.step()).outcome is not Outcome.IDLE:
            found.append(step.outcome)
    return found


def told(store: Engine) -> tuple[bool, int | None, int | None]:
    """Of the one talk: whether it was told of both sides, answers, and how long both spoke at once."""
    table = talk_features.c
    with store.connect() as connection:
        row = connection.execute(select(table.stereo, table.responses, table.overlap_ms)).one()
    return row.stereo, row.responses, None if row.overlap_ms is None else round(row.overlap_ms, -3)


def test_both_directions_of_a_recording_tell_of_both_sides(store: Engine, tmp_path: Path) -> None:
    """Whichever is listened to first; each file has marks of its own."""
    store_facts(store, a_call())
    lay(tmp_path, HEARD, CUSTOMER)
    lay(tmp_path, SAID, AGENT)
    assert listened(store, tmp_path) == [Outcome.DONE] * 2
    assert [each.layout for each in stored(store)] == [Layout.HEARD, Layout.SAID]
    assert told(store) == (True, 1, 2000)
    with store.connect() as connection:
        marks = [marks_of_file(connection, each.id) for each in stored(store)]
    assert [None if each is None else len(each.speech) for each in marks] == [1, 1]


def test_the_second_direction_may_come_later(store: Engine, tmp_path: Path) -> None:
    """Until then one side is told; then both are."""
    store_facts(store, a_call())
    lay(tmp_path, HEARD, CUSTOMER)
    assert listened(store, tmp_path) == [Outcome.DONE]
    assert told(store) == (False, None, None)
    lay(tmp_path, SAID, AGENT, changed=66)
    assert listened(store, tmp_path) == [Outcome.DONE]
    assert told(store) == (True, 1, 2000)


@pytest.mark.parametrize(
    ("path", "content", "outcomes"),
    [
        (SAID, side((8, 14), seconds=58), [Outcome.DONE, Outcome.DONE]),  # of another length
        (SAID, b"no sound", [Outcome.DONE]),
        ("2026/11/02/q-1795294392.1-out.wav", AGENT, [Outcome.DONE, Outcome.DONE]),
    ],
    ids=["another length", "broken", "another recording"],
)
def test_what_does_not_belong_together_is_heard_alone(
    store: Engine, tmp_path: Path, path: str, content: bytes, outcomes: list[Outcome]
) -> None:
    """And what is wrong with the one file is none of the other's business."""
    store_facts(store, [*a_call(), a_recording(CALL, "2026/11/02/q-1795294392.1.wav", 2)])
    lay(tmp_path, HEARD, CUSTOMER)
    lay(tmp_path, path, content)
    assert listened(store, tmp_path) == outcomes
    assert told(store)[0] is False
    assert next(each for each in stored(store) if each.path == HEARD).condition is FileCondition.READY


def test_a_direction_that_breaks_off_amid_its_sound_harms_only_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What can be opened may yet not be decoded to its end: the file that is whole is heard alone."""
    lay(tmp_path, HEARD, CUSTOMER)
    lay(tmp_path, SAID, AGENT)
    found = {path: look(tmp_path, "pbx", path) for path in (HEARD, SAID)}
    stamps = {path: seen.stamp for path, seen in found.items() if seen is not None}
    span = Span(talk_id="t", agent="1001", start_ms=0, end_ms=60_000)
    other = Other(path=SAID, stamp=stamps[SAID], is_heard=False, spans=(span,))
    task = Task(root=tmp_path, path=HEARD, stamp=stamps[HEARD], spans=(span,), limits=Limits(), other=other)

    def breaks(*_: object, **__: object) -> HeardIn:
        raise SoundError("found no end, expected one")

    monkeypatch.setattr(ear, "listen_both", breaks)
    answer = ear.hear(task)
    assert (answer.fault, answer.heard is not None) == (None, True)
    monkeypatch.undo()
    changed = replace(task, other=replace(other, stamp="another"))
    assert ear.hear(changed) == answer
