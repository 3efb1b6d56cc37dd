"""One log's file: real ones, compressed ones, damaged ones, and one that is being written."""

from __future__ import annotations

import bz2
import gzip
import lzma
import random
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import zstandard

from telephony.errors import LogError
from telephony.pbxlogs import log_file
from telephony.pbxlogs.blocks import ROW_LIMIT, values_of
from telephony.pbxlogs.files import FileLog
from telephony.pbxlogs.log_source import LogSource
from telephony.pbxlogs.rows import CelRow, LogKind, LogRow
from tests.telephony.pbxlogs.fuzz import LOGS, Read, captured, content, read

CEL = captured("cel.csv.xz")[0]
QUEUE = captured("queue_log")[0]
PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "plain": bytes,
    "gzip": gzip.compress,
    "gzip in two parts": lambda data: gzip.compress(data[:5000]) + gzip.compress(data[5000:]),
    "xz": lzma.compress,
    "bzip2": bz2.compress,
    "Zstandard": zstandard.ZstdCompressor().compress,
    "Zstandard in two parts": lambda data: zstandard.compress(data[:5000]) + zstandard.compress(data[5000:]),
}


def written(folder: Path, data: bytes, kind: LogKind = LogKind.CEL, **options: bool) -> FileLog:
    path = folder / "log"
    path.write_bytes(data)
    return FileLog(kind, path, **options)


def lines_of(path: Path, count: int = 20) -> list[bytes]:
    return content(path).splitlines(keepends=True)[:count]


@pytest.mark.parametrize(
    ("kind", "path"),
    [(kind, path) for name, kind in LOGS.items() for path in captured(name)],
    ids=lambda value: "-".join(value.parts[-3:]) if isinstance(value, Path) else str(value),
)
def test_every_line_of_every_captured_log_is_a_row(kind: LogKind, path: Path) -> None:
    """Real logs of two versions, plain and FreePBX: nothing is quarantined, nothing is passed over."""
    log: LogSource = FileLog(kind, path)
    found = list(log.batches())
    assert sum(len(batch.rows) for batch in found) == content(path).count(b"\n")
    assert not any(batch.bad or batch.irrelevant for batch in found)
    assert log.done(found[-1].mark) == log.size() == path.stat().st_size


@pytest.mark.parametrize("pack", PACKERS.values(), ids=PACKERS)
def test_compression_is_told_by_the_content(pack: Callable[[bytes], bytes], tmp_path: Path) -> None:
    """The file's name does not matter, nor whether it was compressed in parts; progress ends at its size on disk."""
    log = written(tmp_path, pack(content(CEL)))
    assert read(log) == read(FileLog(LogKind.CEL, CEL))
    *_, last = log.batches()
    assert log.done(last.mark) == log.size()
    assert list(log.batches(after=last.mark)) == []


@pytest.mark.parametrize("pack", PACKERS.values(), ids=PACKERS)
def test_reading_goes_on_from_any_mark(
    pack: Callable[[bytes], bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What comes after a mark is what had not come before it, to the row; in small blocks too."""
    monkeypatch.setitem(log_file.BLOCK, LogKind.CEL, 7000)
    log = written(tmp_path, pack(content(CEL)))
    batches = list(log.batches())
    rows = [row for batch in batches for row in batch.rows]
    assert len(batches) > 20
    given, sizes = 0, [log.done(batch.mark) for batch in batches]
    for batch in batches[::7]:
        given = sum(len(other.rows) for other in batches[: batches.index(batch) + 1])
        assert [row for rest in log.batches(after=batch.mark) for row in rest.rows] == rows[given:]
    assert sizes == sorted(sizes)


@pytest.mark.parametrize("block", [700, 5000, 50_000])
def test_where_a_block_ends_changes_nothing(block: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Broken quotes, names over several lines and blank lines are read the same in blocks of any size."""
    chance = random.Random(block)
    lines = lines_of(CEL, 400)
    for place in range(0, 400, 9):
        cut = chance.randrange(len(lines[place]))
        lines[place] = chance.choice(
            [lines[place][:cut] + b"\n", b"\n", lines[place][:cut] + b'"' + lines[place][cut:]]
        )
        lines[place + 3] = lines[place + 3].replace(b'"Customer', b'"Cust""o\nmer', 1)
    log = written(tmp_path, b"".join(lines))
    whole = read(log)
    monkeypatch.setitem(log_file.BLOCK, LogKind.CEL, block)
    assert whole.bad
    assert read(log) == whole


def test_a_value_over_several_lines_is_one_row(tmp_path: Path) -> None:
    """A caller's name with commas, quotes and a line's end stays whole, and the next row's number counts the lines."""
    first, second = lines_of(CEL, 2)
    name = b'"A ""B"",\nC\n\nD"'
    found = read(written(tmp_path, first.replace(b'"Customer 101"', name) + second + b"broken\n"))
    rows = [row for row in found.rows if isinstance(row, CelRow)]
    assert [row.name for row in rows] == ['A "B",\nC\n\nD', "Customer 101"]
    assert [(row.line, row.text) for row in found.bad] == [(6, "broken")]
    assert found.lines == 6


def test_quotes_that_never_close_swallow_nothing(tmp_path: Path) -> None:
    """A cut row is quarantined line by line, and the next row is read."""
    lines = lines_of(CEL, 8)
    lines[2] = lines[2][:90] + b"\n"
    lines[3] = b'and some "words\n'
    found = read(written(tmp_path, b"".join(lines)))
    assert len(found.rows) == 6
    assert [row.line for row in found.bad] == [3, 4]
    assert "expected quotes that close" in found.bad[0].why
    assert found.bad[0].source == str(tmp_path / "log")


def test_a_name_cannot_pass_for_a_row(tmp_path: Path) -> None:
    """What a caller puts into his name, after a line's end, is no row of its own."""
    first, second = lines_of(CEL, 2)
    forged = ",".join(value.replace(",", "") for value in values_of(second.decode())).encode()
    assert len(read(written(tmp_path, forged + b"\n")).rows) == 1
    found = read(written(tmp_path, first.replace(b"Customer 101", b"A\n" + forged + b"\nB") + second))
    assert len(found.rows) == 2
    assert found.bad == []


@pytest.mark.parametrize("ending", [b"\n", b"\r\n"])
@pytest.mark.parametrize("beginning", [b"", b"\xef\xbb\xbf"])
def test_files_that_went_through_other_systems_are_read(beginning: bytes, ending: bytes, tmp_path: Path) -> None:
    """A byte order mark at the beginning and CRLF at the lines' ends change no row."""
    for kind, path in ((LogKind.CEL, CEL), (LogKind.QUEUE_LOG, QUEUE)):
        plain = b"".join(lines_of(path))
        found = read(written(tmp_path, beginning + plain.replace(b"\n", ending), kind))
        assert found == read(written(tmp_path, plain, kind))


def test_hostile_bytes_stay_as_they_are(tmp_path: Path) -> None:
    """Bytes that are no UTF-8, zeros and Unicode's other line ends are part of a value, and never fail."""
    name = b"\xffJos\xe9\x00\xe2\x80\xa8\xc2\x85\x0b"
    found = read(written(tmp_path, lines_of(CEL, 1)[0].replace(b"Customer 101", name)))
    row = found.rows[0]
    assert isinstance(row, CelRow)
    assert row.name.encode("utf-8", "surrogateescape") == name
    line = b"1795303731|1795303731.125|support|" + name + b"|CONNECT|2|1795303731.129|2\n"
    assert len(read(written(tmp_path, line, LogKind.QUEUE_LOG)).rows) == 1


@pytest.mark.parametrize(
    ("kind", "path", "long"),
    [
        (LogKind.CEL, CEL, b"x" * 3 * ROW_LIMIT),
        (LogKind.CEL, CEL, b'"' + b"x," * ROW_LIMIT),
        (LogKind.QUEUE_LOG, QUEUE, b"|" * 2 * ROW_LIMIT),
        (LogKind.QUEUE_LOG, QUEUE, b"1795303731|1|s|A|INFO|" + b"x" * ROW_LIMIT),
    ],
)
def test_a_row_without_end_is_quarantined(kind: LogKind, path: Path, long: bytes, tmp_path: Path) -> None:
    """A line of more than a million characters is one bad line, wherever it stands, and little of it is kept."""
    lines = lines_of(path, 4)
    for place in (1, 4):
        data = b"".join([*lines[:place], long + b"\n", *lines[place:]])
        found = read(written(tmp_path, data, kind))
        assert len(found.rows) == 4
        assert [(row.line, len(row.text) <= 200) for row in found.bad] == [(place + 1, True)]
    assert len(read(written(tmp_path, b"".join(lines) + long, kind)).bad) == 1
    assert read(written(tmp_path, b"".join(lines) + long, kind, complete=False))[1:] == ([], 0, 4)


def test_headings_and_blank_lines_are_known_to_say_nothing(tmp_path: Path) -> None:
    """They are counted apart, also where two files were put together."""
    heading = b"eventtype,eventtime,cid_name,channame,uniqueid,linkedid\n"
    row = b"ANSWER,1795303639.5,A,SIP/a-1,1795303639.1,1795303639.1\n"
    found = read(written(tmp_path, (heading + row + b"\n") * 2))
    assert (len(found.rows), found.bad, found.irrelevant, found.lines) == (2, [], 4, 6)


@pytest.mark.parametrize("kind", [LogKind.CEL, LogKind.CDR])
def test_a_file_of_something_else_is_refused(kind: LogKind, tmp_path: Path) -> None:
    """The message names the file and what --columns may hold."""
    with pytest.raises(LogError, match=r"log: found rows of 3 values .* expected .*--columns .*uniqueid"):
        read(written(tmp_path, b"a,b,c\n" * 500, kind))


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """LogError names it."""
    with pytest.raises(LogError, match="found No such file"):
        read(FileLog(LogKind.CEL, tmp_path / "log"))
    assert FileLog(LogKind.CEL, tmp_path / "log").size() is None
    with pytest.raises(LogError, match="found the mark"):
        list(written(tmp_path, content(CEL)).batches(after="17"))


@pytest.mark.parametrize("kind", LogKind)
@pytest.mark.parametrize("data", [b"", b"\n", b"\n\n\n"])
def test_an_empty_file_has_no_rows(kind: LogKind, data: bytes, tmp_path: Path) -> None:
    """Blank lines alone are no reason to refuse it."""
    assert read(written(tmp_path, data, kind)) == Read([], [], len(data), len(data))


@pytest.mark.parametrize(("kind", "path"), [(LogKind.CEL, CEL), (LogKind.QUEUE_LOG, QUEUE)])
def test_a_log_is_followed_while_it_is_written(kind: LogKind, path: Path, tmp_path: Path) -> None:
    """Whatever stands in the file at each look, in the end each row has come once and in order."""
    data, chance = content(path)[:60_000], random.Random(3)
    data = data[: data.rfind(b"\n") + 1]
    log = written(tmp_path, b"", kind, complete=False)
    mark, rows, bad, at = None, list[LogRow](), 0, 0
    while at < len(data):
        step = chance.choice((1, 20, 300, 4000))
        with (tmp_path / "log").open("ab") as file:
            file.write(data[at : at + step])
        at += step
        for batch in log.batches(after=mark):
            mark, bad = batch.mark, bad + len(batch.bad)
            rows += batch.rows
    assert (rows, bad) == (read(written(tmp_path, data, kind)).rows, 0)


def test_a_last_line_that_was_cut_waits_or_is_accounted_for(tmp_path: Path) -> None:
    """While the log is written it is left for later; in a complete file it is a row, or quarantined."""
    lines = lines_of(CEL, 3)
    assert len(read(written(tmp_path, b"".join(lines)[:-1], complete=False)).rows) == 2
    assert len(read(written(tmp_path, b"".join(lines)[:-1])).rows) == 3
    cut = read(written(tmp_path, b"".join(lines)[:-30]))
    assert (len(cut.rows), [row.line for row in cut.bad], cut.lines) == (2, [3], 3)


def test_a_row_that_was_cut_holds_up_none_that_follow(tmp_path: Path) -> None:
    """A crash in the middle of a row is known for one by the next row, without waiting for the quotes to close."""
    lines = lines_of(CEL, 6)
    lines[2] = lines[2][:90] + b"\n"
    found = read(written(tmp_path, b"".join(lines), complete=False))
    assert (len(found.rows), [row.line for row in found.bad]) == (5, [3])


def test_a_file_that_was_written_anew_is_read_from_its_beginning(tmp_path: Path) -> None:
    """The mark of what stood there before does not hide what stands there now."""
    lines = lines_of(CEL, 40)
    *_, last = written(tmp_path, b"".join(lines[:20])).batches()
    assert (
        len([row for batch in written(tmp_path, b"".join(lines[20:])).batches(last.mark) for row in batch.rows])
        == 20
    )


@pytest.mark.parametrize("pack", [gzip.compress, lzma.compress, bz2.compress, zstandard.compress])
@pytest.mark.parametrize("struck", [False, True])
def test_damage_in_a_compressed_file_is_told(pack: Callable[[bytes], bytes], struck: bool, tmp_path: Path) -> None:
    """What can be read is read; the rest is one quarantined place, told once."""
    packed = bytearray(pack(content(CEL) * 5))
    if struck:
        packed[len(packed) // 2 : len(packed) // 2 + 40] = bytes(40)
    log = written(tmp_path, bytes(packed) if struck else bytes(packed[: len(packed) // 2]))
    found = read(log)
    assert [row for row in found.bad if "found damage" in row.why] == found.bad[-1:]
    *_, last = log.batches()
    assert list(log.batches(last.mark)) == []


def test_local_times_are_read_in_the_zone_that_the_file_tells(tmp_path: Path) -> None:
    """FreePBX's CDR, written two hours ahead of UTC, gives the same instants."""
    lines = [line.decode() for line in lines_of(captured("cdr-freepbx.csv")[0], 300)]
    moved = [f'"{datetime.fromisoformat(line[1:20]) + timedelta(hours=2)}{line[20:]}' for line in lines]
    found = read(written(tmp_path, "".join(moved).encode(), LogKind.CDR))
    assert found == read(written(tmp_path, "".join(lines).encode(), LogKind.CDR))
    assert len(found.rows) > 200
