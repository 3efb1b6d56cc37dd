"""Files are found by what the PBX named, and linked anew when their calls change."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from sqlalchemy import Engine, select, update

from analytics.recordings.conditions import FileCondition
from analytics.recordings.values import Axis, Features, Marks
from analytics.storage.models import recordings, talks
from analytics.storage.recording_files import orphan_recordings, spans_of_file
from analytics.storage.recording_models import recording_work
from analytics.storage.recording_results import store_heard
from analytics.storage.talk_features import features_of_talks
from service.recordings.taking import Taken
from telephony.calls.facts import TalkFact
from tests.analytics.factory import at, call, talk
from tests.analytics.stored import store_facts
from tests.service.recordings.laid import CALL, PATH, a_call, a_recording, finding, lay, stored

TALK = f"{CALL}/talk/PJSIP/1004"
HEARD = Features(length_ms=60_000, stereo=False, speech_ms=1, silence_ms=1, music_ms=0)


def queued(store: Engine) -> list[int]:
    """The files that are to be listened to."""
    with store.connect() as connection:
        return sorted(connection.execute(select(recording_work.c.file_id)).scalars())


def ends(store: Engine) -> list[int]:
    """Where the talks in the first file end."""
    with store.connect() as connection:
        return [each.end_ms for each in spans_of_file(connection, 1)]


def empty_queue(store: Engine) -> None:
    """All was listened to, and every talk was heard."""
    files = stored(store)
    with store.begin() as connection:
        connection.execute(recording_work.delete())
        for file in files:
            spans = spans_of_file(connection, file.id)
            heard = {each.talk_id: HEARD for each in spans}
            store_heard(connection, file, spans, heard, Marks(speech=()), version=1, now=at(100))


def test_what_the_pbx_named_is_found_without_looking_through_the_folder(store: Engine, tmp_path: Path) -> None:
    """By its full path there, though our folder is mounted elsewhere; again changes nothing."""
    store_facts(store, a_call(path=f"/var/spool/asterisk/monitor/{PATH}"))
    lay(tmp_path, PATH)
    lay(tmp_path, "2026/11/02/other.wav")
    with finding(store, tmp_path) as finder:
        finder.name()
        assert [each.path for each in stored(store)] == [PATH]
        assert finder.name() == Taken()
    (file,) = stored(store)
    assert (file.call_id, file.linked_by, file.axis, queued(store)) == (CALL, "named", Axis.JOINED, [file.id])


def test_a_bare_name_is_found_in_its_day_s_folder(store: Engine, tmp_path: Path) -> None:
    """As FreePBX names it in a variable: without folder and ending; no channel in it is needed."""
    store_facts(store, a_call(path="in-house"))
    lay(tmp_path, "2026/11/02/in-house.gsm", b"\xd0" * 33 * 3000)
    with finding(store, tmp_path) as finder:
        finder.name()
    (file,) = stored(store)
    assert (file.path, file.call_id, file.linked_by) == ("2026/11/02/in-house.gsm", CALL, "named")


def test_a_stored_file_is_named_later(store: Engine, tmp_path: Path) -> None:
    """The folder was looked through before the call was known."""
    lay(tmp_path, "2026/11/02/greeting.wav")
    with finding(store, tmp_path) as finder:
        finder.scan("pbx")
        assert stored(store)[0].call_id is None
        store_facts(store, a_call(path="greeting.wav"))
        finder.name()
        assert stored(store)[0].call_id == CALL
    with store.connect() as connection:
        assert orphan_recordings(connection) == []


def test_a_name_that_leads_outside_names_nothing(store: Engine, tmp_path: Path) -> None:
    """Neither by dots nor by a link; its recording stays an orphan."""
    root = tmp_path / "root"
    lay(root, "a.wav")
    lay(tmp_path, "secret.wav")
    (root / "link.wav").symlink_to(tmp_path / "secret.wav")
    for number, path in enumerate(("../secret.wav", "link.wav", str(tmp_path / "secret.wav"))):
        store_facts(store, a_call(f"pbx/{number}.1", path))
    with finding(store, root) as finder:
        finder.name()
    assert stored(store) == []
    with store.connect() as connection:
        assert len(orphan_recordings(connection)) == 3


def test_a_file_is_linked_by_the_channel_in_its_name_to_any_part_of_a_call(store: Engine, tmp_path: Path) -> None:
    """The first channel, one that merged into it, one that only a talk was told of; all else is an orphan."""
    merged = replace(call("pbx/1795294392.9", end=65), merged_into=CALL)
    talk_of_other = talk(CALL, id="pbx/1795294392.5/talk/1", start=5, end=65)
    store_facts(store, [*a_call(path=None)[:1], talk_of_other], [merged])
    for number in (1, 5, 9, 7, 51):
        lay(tmp_path, f"q-600-+8613800138000-20261102-090005-1795294392.{number}.wav")
    with finding(store, tmp_path) as finder:
        finder.scan("pbx")
    linked = {each.path[-5:-4]: (each.call_id, each.linked_by) for each in stored(store)}
    found = (CALL, "channel")
    assert linked["9"] == linked["5"] == found
    assert {each.path: each.call_id for each in stored(store)} == {
        **{f"q-600-+8613800138000-20261102-090005-1795294392.{number}.wav": CALL for number in (1, 5, 9)},
        **{f"q-600-+8613800138000-20261102-090005-1795294392.{number}.wav": None for number in (7, 51)},
    }


def test_a_call_that_is_not_known_yet_is_found_when_it_comes(store: Engine, tmp_path: Path) -> None:
    """The file lay there first."""
    lay(tmp_path, PATH)
    with finding(store, tmp_path) as finder:
        finder.scan("pbx")
        assert finder.relink_since() == Taken()
        store_facts(store, a_call())
        assert finder.relink_since() == Taken(linked=1, queued=1)
        assert finder.relink_since() == Taken()
    assert (stored(store)[0].call_id, len(queued(store))) == (CALL, 1)


def test_a_talk_that_ends_later_is_placed_later(store: Engine, tmp_path: Path) -> None:
    """A further revision of it: the file is listened to again, and only because of that."""
    store_facts(store, [*a_call()[:1], talk(CALL, start=5, end=40), *a_call()[2:]])
    lay(tmp_path, PATH)
    with finding(store, tmp_path) as finder:
        finder.scan("pbx")
        assert ends(store) == [35_000]
        empty_queue(store)
        store_facts(store, [talk(CALL, start=5, end=65, revision=2)])
        assert finder.relink_calls([CALL]) == Taken(linked=1, queued=1)
        assert finder.relink_calls([CALL]) == Taken()
    assert ends(store) == [60_000]


def test_a_merged_call_takes_its_files_along(store: Engine, tmp_path: Path) -> None:
    """What was heard is of the survivor; the same sound is not listened to again."""
    store_facts(store, a_call(), a_call("pbx/1795294300.1", None)[:1])
    lay(tmp_path, PATH)
    with finding(store, tmp_path) as finder:
        finder.scan("pbx")
        empty_queue(store)
        store_facts(store, [call(CALL, end=65, revision=2, merged_into="pbx/1795294300.1")])
        finder.relink_calls(["pbx/1795294300.1"])
    (file,) = stored(store)
    with store.connect() as connection:
        assert features_of_talks(connection, [TALK])[TALK].call_id == "pbx/1795294300.1"
        assert [each.talk_id for each in spans_of_file(connection, file.id)] == [TALK]
    assert (file.call_id, queued(store)) == ("pbx/1795294300.1", [])


def test_another_person_at_the_device_makes_no_other_sound(store: Engine, tmp_path: Path) -> None:
    """The talk is his at once, and nothing is listened to again."""
    store_facts(store, a_call())
    lay(tmp_path, PATH)
    with finding(store, tmp_path) as finder:
        finder.scan("pbx")
        empty_queue(store)
        with store.begin() as connection:
            connection.execute(update(talks).values(agent="wang"))
        finder.relink_since()
    with store.connect() as connection:
        assert [each.agent for each in spans_of_file(connection, stored(store)[0].id)] == ["wang"]
        assert features_of_talks(connection, [TALK])[TALK].agent == "wang"
    assert queued(store) == []


def test_a_talk_that_another_file_has_too_is_told_by_that_one_then(store: Engine, tmp_path: Path) -> None:
    """Where the first file tells it no more: the other one is listened to."""
    other = "2026/11/02/q-1795294392.1.wav"
    store_facts(store, [*a_call(), a_recording(CALL, other, 2)])
    lay(tmp_path, PATH)
    lay(tmp_path, other)
    with finding(store, tmp_path) as finder:
        finder.scan("pbx")
        empty_queue(store)
        first, second = stored(store)
        lay(tmp_path, PATH, b"RIFF nothing", changed=66)
        finder.scan("pbx", whole=True)
    assert [each.condition for each in stored(store)] == [FileCondition.BROKEN, FileCondition.READY]
    assert first.id not in queued(store)
    assert queued(store) == [second.id]


def test_a_call_that_says_nothing_of_a_file_any_more_lets_go_of_it(store: Engine, tmp_path: Path) -> None:
    """It was rebuilt from the PBX's logs without this recording: the file is an orphan, its talk heard no more."""
    store_facts(store, a_call(path="greeting.wav"))
    lay(tmp_path, "greeting.wav")
    with finding(store, tmp_path) as finder:
        finder.name()
        empty_queue(store)
        with store.begin() as connection:
            connection.execute(recordings.delete())
        finder.relink_since()
    (file,) = stored(store)
    with store.connect() as connection:
        assert features_of_talks(connection, [TALK]) == {}
    assert (file.call_id, file.axis, file.started_at) == (None, None, at(65))


def test_a_missing_file_keeps_what_was_heard_of_it(store: Engine, tmp_path: Path) -> None:
    """Also when its call changes afterwards."""
    store_facts(store, a_call())
    path = lay(tmp_path, PATH)
    with finding(store, tmp_path) as finder:
        finder.scan("pbx")
        empty_queue(store)
        path.unlink()
        finder.scan("pbx", whole=True)
        store_facts(store, [call(CALL, end=66, revision=2)])
        finder.relink_since()
    with store.connect() as connection:
        assert TALK in features_of_talks(connection, [TALK])
    assert (stored(store)[0].condition, queued(store)) == (FileCondition.MISSING, [])


def test_the_same_facts_in_any_order_make_the_same_mark(store: Engine, tmp_path: Path) -> None:
    """Stored again, they change nothing."""
    facts = a_call()
    store_facts(store, facts)
    lay(tmp_path, PATH)
    with finding(store, tmp_path) as finder:
        finder.scan("pbx")
        mark = stored(store)[0].linked_mark
        store_facts(store, facts[::-1])
        assert finder.relink_since() == Taken()
        store_facts(store, [each for each in a_call() if isinstance(each, TalkFact)])
        assert finder.relink_since() == Taken()
    assert stored(store)[0].linked_mark == mark
