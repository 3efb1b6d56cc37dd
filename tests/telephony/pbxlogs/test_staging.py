"""Staging: rows of the PBX's logs kept on disk, and given back a call at a time."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from telephony.errors import StagingError
from telephony.pbxlogs.log_source import Batch
from telephony.pbxlogs.rows import BadRow, CallRows, CdrRow, CelRow, LogKind, QueueRow
from telephony.pbxlogs.staging import Counts, Place, Staging
from tests.filesystems import filled, small_filesystem

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
CEL, CDR, QUEUE = LogKind.CEL, LogKind.CDR, LogKind.QUEUE_LOG


def at(seconds: float) -> datetime:
    """So many seconds after the start."""
    return START + timedelta(seconds=seconds)


def cel(seconds: float, uniqueid: str, linkedid: str, event: str = "CHAN_START", extra: str = "") -> CelRow:
    """A CEL row."""
    return CelRow(
        at(seconds), event, uniqueid, linkedid, f"PJSIP/trunk-{uniqueid}", "13800138000", "王", "s", "from-trunk",
        "Dial", "PJSIP/1001,20", "", "trunk", "", extra,
    )  # fmt: skip


def cdr(seconds: float, uniqueid: str, linkedid: str = "", ended: float | None = None) -> CdrRow:
    """A CDR row."""
    return CdrRow(
        at(seconds), None, None if ended is None else at(ended), uniqueid, linkedid, f"PJSIP/trunk-{seconds}", "", "1",
        "2", "from-trunk", '"A" <1>', "Dial", "", 3, 2, "ANSWERED", "", "", "", "", "", "",
    )  # fmt: skip


def queue(seconds: float, call: str, event: str = "ENTERQUEUE", data: tuple[str, ...] = ("", "1", "1")) -> QueueRow:
    """A queue_log row of a call."""
    return QueueRow(at(seconds), call, "sales", "Alice Adams", event, data)


def staged(
    cels: Sequence[CelRow] = (),
    cdrs: Sequence[CdrRow] = (),
    queues: Sequence[QueueRow] = (),
    *,
    at_once: int = 2000,
    live: bool = False,
    path: Path | None = None,
) -> Staging:
    """A settled staging with these rows."""
    staging = Staging(path, live=live)
    kinds: list[tuple[LogKind, Sequence[Any]]] = [(CEL, cels), (CDR, cdrs), (QUEUE, queues)]
    for kind, rows in kinds:
        for begin in range(0, len(rows), at_once):
            staging.add(kind, kind, Batch(list(rows[begin : begin + at_once]), [], 0, str(begin)))
    staging.settle()
    return staging


def keys(calls: Iterable[CallRows]) -> list[str]:
    """The calls' keys, in order."""
    return [call.key for call in calls]


def test_rows_come_back_as_they_were() -> None:
    """Every field of every kind survives, microseconds, empty ones, line ends and bytes of a broken name included."""
    row = cel(0.000001, "9.1", "9.1")._replace(name="Müller\udcff\n\0,\"'", extra='{"a":"\u4e2d"}')
    record = cdr(1, "9.1", "9.1", 5)._replace(answered_at=at(2.5), caller="\udc80")
    line = queue(2, "9.1", "CONNECT", ("3", "", "\udcfe|"))
    with staged([row], [record], [line]) as staging:
        assert list(staging.calls()) == [CallRows("9.1", [row], [record], [line])]


def test_a_file_of_an_older_version_is_read_on(tmp_path: Path) -> None:
    """What it has not kept is empty, and new rows beside it are whole."""
    path = tmp_path / "staging.db"
    old, new = cel(0, "9.1", "9.1"), cel(1, "9.1", "9.1", "HANGUP")._replace(dialled="13800138000")
    staged([old], live=True, path=path).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("ALTER TABLE cel DROP COLUMN dialled")
    with staged([new], live=True, path=path) as staging:
        assert [call.cel for call in staging.calls()] == [[old, new]]


def test_a_broken_unique_id_is_an_id_like_any_other() -> None:
    """Bytes that are no UTF-8 in an id neither fail nor join what does not belong together."""
    rows = [cel(0, "9.\udcff", "9.\udcff"), cel(1, "9.2", "9.2"), cel(2, "9.3", "9.\udcff")]
    with staged(rows) as staging:
        assert {call.key: len(call.cel) for call in staging.calls()} == {"9.\udcff": 2, "9.2": 1}


JOINED = {
    "channels of one linkedid": ([cel(0, "9.1", "9.1"), cel(1, "9.2", "9.1")], [], [], ["9.1"]),
    "two calls": ([cel(0, "9.1", "9.1"), cel(1, "9.2", "9.2")], [], [], ["9.1", "9.2"]),
    "a channel that bore two linkedids": (
        [cel(0, "9.1", "9.1"), cel(1, "9.2", "9.2"), cel(2, "9.3", "9.2"), cel(3, "9.3", "9.1")],
        [],
        [],
        ["9.1"],
    ),
    "a chain of joined calls": (
        [cel(1, "9.1", "9.3"), cel(2, "9.1", "9.2"), cel(3, "9.4", "9.2"), cel(4, "9.4", "9.5"), cel(5, "9.5", "9.5")],
        [],
        [],
        ["9.3"],
    ),
    "an attended transfer names the other channel": (
        [
            cel(0, "9.1", "9.1"),
            cel(5, "9.8", "9.8"),
            cel(9, "9.1", "9.1", "ATTENDEDTRANSFER", '{"channel2_uniqueid":"9.8"}'),
        ],
        [],
        [],
        ["9.1"],
    ),
    "a blind transfer names who was handed on": (
        [
            cel(0, "9.1", "9.1"),
            cel(5, "9.8", "9.8"),
            cel(9, "9.8", "9.8", "BLINDTRANSFER", '{"transferee_channel_uniqueid":"9.1"}'),
        ],
        [],
        [],
        ["9.1"],
    ),
    "a transfer that names nobody known": (
        [cel(0, "9.1", "9.1"), cel(9, "9.1", "9.1", "ATTENDEDTRANSFER", '{"channel2_uniqueid":"7.7"}')],
        [],
        [],
        ["9.1"],
    ),
    "no other event joins": (
        [cel(0, "9.1", "9.1"), cel(1, "9.2", "9.2"), cel(2, "9.2", "9.2", "HANGUP", '{"x_uniqueid":"9.1"}')],
        [],
        [],
        ["9.1", "9.2"],
    ),
    "CDR by linkedid": ([cel(0, "9.1", "9.1")], [cdr(0, "9.7", "9.1")], [], ["9.1"]),
    "CDR of old by unique id": ([cel(0, "9.1", "9.1"), cel(1, "9.2", "9.1")], [cdr(0, "9.2")], [], ["9.1"]),
    "CDR alone, without linkedid": ([], [cdr(0, "9.1"), cdr(1, "9.1"), cdr(2, "9.2")], [], ["9.1", "9.2"]),
    "CDR without any id": ([], [cdr(0, ""), cdr(1, "")], [], ["1772438400-PJSIP/trunk-0", "1772438401-PJSIP/trunk-1"]),
    "queue_log by a unique id of CEL": ([cel(0, "9.1", "9.1"), cel(1, "9.2", "9.1")], [], [queue(2, "9.2")], ["9.1"]),
    "queue_log by a unique id of CDR": ([], [cdr(0, "9.2", "9.1")], [queue(2, "9.2")], ["9.1"]),
    "queue_log alone": ([], [], [queue(2, "9.2"), queue(3, "9.2"), queue(4, "9.3")], ["9.2", "9.3"]),
}  # fmt: skip


@pytest.mark.parametrize("live", [False, True])
@pytest.mark.parametrize("name", JOINED)
def test_which_rows_are_one_call(name: str, live: bool) -> None:
    """Calls are told apart and joined by what the logs say of their channels."""
    cels, cdrs, queues, expected = JOINED[name]
    with staged(cels, cdrs, queues, live=live) as staging:
        found = list(staging.calls())
    assert keys(found) == expected
    assert sum(len(call.cel) for call in found) == len(cels)
    assert sum(len(call.cdr) for call in found) == len(cdrs)
    assert sum(len(call.queue) for call in found) == len(queues)


def test_calls_come_in_order_of_their_first_rows_and_can_be_taken_up_again() -> None:
    """Order is (first row, key); `after` gives exactly the rest, wherever it is cut."""
    rows = [cel(n * 7 % 50, f"9.{n}", f"9.{n}") for n in range(250)]
    with staged(rows) as staging:
        calls = list(staging.calls())
        order = [(call.cel[0].at, call.key) for call in calls]
        assert order == sorted(order)
        assert len(order) == 250
        for cut in (0, 99, 100, 101, 249):
            place = staging.place_of(calls[cut].key)
            assert place == Place(calls[cut].cel[0].at, calls[cut].key)
            assert list(staging.calls(place)) == calls[cut + 1 :]
        assert staging.place_of("nobody") is None


def test_cel_tells_when_a_call_began() -> None:
    """queue_log's whole seconds do not put a call before another that CEL saw begin earlier."""
    rows = [cel(0.9, "9.1", "9.1"), cel(0.5, "9.2", "9.2")]
    with staged(rows, [], [queue(0, "9.1")]) as staging:
        assert keys(staging.calls()) == ["9.2", "9.1"]


def test_rows_of_a_call_are_in_order_of_time_then_of_the_log() -> None:
    """A log whose rows of one instant stand in a meaningful order keeps it."""
    rows = [
        cel(2, "9.1", "9.1", "HANGUP"),
        cel(1, "9.1", "9.1", "B"),
        cel(1, "9.1", "9.1", "A"),
        cel(0, "9.1", "9.1"),
    ]
    with staged(rows) as staging:
        (call,) = staging.calls()
    assert [row.event for row in call.cel] == ["CHAN_START", "B", "A", "HANGUP"]


def test_members_rows_belong_to_no_call() -> None:
    """Comings, goings and pauses come in order of time, each once; what says nothing of a member is irrelevant."""
    rows = [
        queue(5, "9.1", "UNPAUSE", ()),
        queue(3, "MANAGER", "PAUSE", ("lunch",)),
        queue(3, "MANAGER", "PAUSE", ("lunch",)),
        queue(1, "", "ADDMEMBER", ("",)),
        queue(0, "", "CONFIGRELOAD", ("",)),
    ]
    with staged([], [], rows) as staging:
        assert [row.event for row in staging.loose()] == ["ADDMEMBER", "PAUSE", "UNPAUSE"]
        assert list(staging.calls()) == []
        assert staging.counts() == {QUEUE: Counts(rows=5, used=3, repeated=1, quarantined=0, irrelevant=1)}


def many(seed: int) -> tuple[list[CelRow], list[CdrRow], list[QueueRow]]:
    """Rows of calls of many shapes, by chance."""
    chance = random.Random(seed)
    cels: list[CelRow] = []
    cdrs: list[CdrRow] = []
    queues: list[QueueRow] = []
    for call in range(120):
        began, linkedid = chance.uniform(0, 3000), f"9.{call * 10}"
        for leg in range(chance.randint(1, 4)):
            uniqueid = f"9.{call * 10 + leg}"
            cels += [
                cel(began + leg + step / 7, uniqueid, linkedid, f"E{step}") for step in range(chance.randint(0, 5))
            ]
            cdrs += [cdr(began + leg, uniqueid, chance.choice(["", linkedid]), began + 20)]
        if chance.random() < 0.5:
            queues += [queue(began + step, linkedid, "RINGNOANSWER", (str(step),)) for step in range(3)]
        if call and chance.random() < 0.2:
            cels.append(cel(began + 9, f"9.{call * 10}", f"9.{(call - 1) * 10}"))
    queues += [queue(chance.uniform(0, 3000), "", chance.choice(["PAUSE", "CONFIGRELOAD"]), ()) for _ in range(40)]
    return cels, cdrs, queues


def in_time(call: CallRows) -> CallRows:
    """A call's rows in an order that does not hang on the log's."""
    return CallRows(call.key, sorted(call.cel), sorted(call.cdr, key=repr), sorted(call.queue))


@pytest.mark.parametrize("seed", range(8))
def test_doubled_and_shuffled_logs_give_the_same_calls_and_the_counts_add_up(seed: int) -> None:
    """Each repeat is dropped and counted; order and size of batches change nothing but the order of one instant."""
    cels, cdrs, queues = many(seed)
    with staged(cels, cdrs, queues) as staging:
        expected = [in_time(call) for call in staging.calls()]
        assert sum(len(call.cel) for call in expected) == len(cels)
    chance = random.Random(seed)
    for rows in (cels, cdrs, queues):
        rows += rows[: len(rows) // 2]  # type: ignore[operator]
        chance.shuffle(rows)  # type: ignore[arg-type]
    with staged(cels, cdrs, queues, at_once=chance.randint(1, 90), live=bool(seed % 2)) as staging:
        assert [in_time(call) for call in staging.calls()] == expected
        list(staging.loose())
        counts = staging.counts()
        for kind, rows in ((CEL, cels), (CDR, cdrs), (QUEUE, queues)):
            found = counts[kind]
            assert found.rows == len(rows)
            assert found.rows == found.used + found.repeated + found.quarantined + found.irrelevant
            assert found.used == len(set(rows)) - (
                40 and len({row for row in set(rows) if row[4] == "CONFIGRELOAD"})
            )
        list(staging.calls())
        assert staging.counts() == counts


def test_bad_rows_are_kept_and_counted() -> None:
    """What could not be read is given back with its place, bytes of broken text included."""
    bad = BadRow("Master.csv", 17, "found 3 values, expected 20", "\udcff,x")
    with Staging() as staging:
        staging.add("a", CEL, Batch([cel(0, "9.1", "9.1"), cel(0, "", "")], [bad], 2, "m"))
        staging.settle()
        list(staging.calls())
        assert list(staging.quarantined()) == [bad]
        assert staging.counts() == {CEL: Counts(rows=5, used=1, repeated=0, quarantined=1, irrelevant=3)}


def test_marks_are_stored_with_the_rows_before_them(tmp_path: Path) -> None:
    """Another process finds rows and mark of each whole transaction, and nothing of one that was cut short."""
    path = tmp_path / "staging.db"
    staging = Staging(path, live=True)
    assert staging.mark("a") is None
    staging.add("a", CEL, Batch([cel(0, "9.1", "9.1")], [], 0, "first"))
    other = sqlite3.connect(path)
    assert other.execute("SELECT mark FROM marks").fetchall() == [("first",)]
    assert other.execute("SELECT count(*) FROM cel").fetchall() == [(1,)]
    other.close()
    staging.close()
    with Staging(path) as again:
        assert again.mark("a") == "first"
        again.add("a", CEL, Batch([cel(1, "9.2", "9.2")], [], 0, "second"))
        cut = sqlite3.connect(path)
        assert cut.execute("SELECT mark FROM marks").fetchall() == [("first",)]
        assert cut.execute("SELECT count(*) FROM cel").fetchall() == [(1,)]
        cut.close()


def test_rows_that_come_late_join_their_call() -> None:
    """Live: asked again after more rows, a call is whole, whichever log was first."""
    with Staging(live=True) as staging:
        staging.add("q", QUEUE, Batch([queue(3, "9.1")], [], 0, "1"))
        staging.settle()
        assert keys(staging.calls()) == ["9.1"]
        staging.add("c", CEL, Batch([cel(1, "9.1", "9.0"), cel(0, "9.0", "9.0")], [], 0, "1"))
        staging.settle()
        (call,) = staging.calls()
    assert call.key == "9.0"
    assert (len(call.cel), len(call.queue)) == (2, 1)


def test_a_window_gives_whole_calls() -> None:
    """Live: every call that was going on in the window, its rows outside of it included, and no other."""
    rows = [
        *(cel(0, "9.1", "9.1"), cel(100, "9.1", "9.1", "HANGUP")),  # spans it
        *(cel(10, "9.2", "9.2"), cel(40, "9.2", "9.2", "HANGUP")),  # ends in it
        *(cel(60, "9.3", "9.3"), cel(90, "9.3", "9.3", "HANGUP")),  # begins in it
        *(cel(10, "9.4", "9.4"), cel(29, "9.4", "9.4", "HANGUP")),  # before it
        *(cel(61, "9.5", "9.5"), cel(70, "9.5", "9.5", "HANGUP")),  # after it
    ]
    with staged(rows, [cdr(5, "9.6", "9.6", ended=33)], live=True) as staging:
        found = list(staging.calls_between(at(30), at(60)))
    assert keys(found) == ["9.1", "9.6", "9.2", "9.3"]
    assert [len(call.cel) for call in found] == [2, 0, 2, 2]


def test_what_is_over_can_be_forgotten() -> None:
    """Live: calls that ended before an instant go with all that was noted of them; others stay whole."""
    rows = [cel(0, "9.1", "9.1"), cel(50, "9.1", "9.1"), cel(0, "9.2", "9.2"), cel(10, "9.2", "9.2")]
    loose = [queue(1, "", "PAUSE", ()), queue(60, "", "PAUSE", ())]
    with staged(rows, [cdr(0, "9.2", "9.2")], [queue(2, "9.2"), *loose], live=True) as staging:
        staging.forget(at(40))
        for _ in range(2):
            assert [(call.key, len(call.cel)) for call in staging.calls()] == [("9.1", 2)]
            assert [row.at for row in staging.loose()] == [at(60)]
            staging.settle()


def test_a_file_that_is_no_staging_is_refused(tmp_path: Path) -> None:
    """The error names the file and what it is not."""
    path = tmp_path / "staging.db"
    path.write_bytes(b"not a database, but long enough to be looked at as if it were one" * 20)
    with pytest.raises(StagingError, match=r"staging\.db: found file is not a database, expected"):
        Staging(path)


def test_a_disk_that_runs_full_ends_it_with_the_files_name_and_keeps_what_was_committed(tmp_path: Path) -> None:
    """The error is one of ours; with room again the rows go on at the mark."""
    path = tmp_path / "small" / "staging.db"
    rows: list[Any] = [cel(number, f"1.{number}", "1.0", extra="x" * 200) for number in range(2000)]
    with small_filesystem(path.parent, 2):
        with Staging(path, live=True) as staging:
            staging.add("cel", CEL, Batch(rows[:100], [], 0, "100"))
        with (
            filled(path.parent),
            pytest.raises(StagingError, match=r"staging\.db: found .*(full|I/O error), expected"),
            Staging(path, live=True) as staging,
        ):
            staging.add("cel", CEL, Batch(rows, [], 0, "2000"))
        with Staging(path) as staging:
            assert staging.mark("cel") == "100"
            assert staging.counts()[CEL].rows == 100


def test_a_temporary_staging_leaves_nothing() -> None:
    """Its folder is gone once it is closed."""
    with Staging() as staging:
        path = staging.path
        assert path.exists()
        assert path.stat().st_mode & 0o077 == 0
    assert not path.parent.exists()
