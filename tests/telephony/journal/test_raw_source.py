"""Captures are opened whole, their torn end is counted, and anything else is refused with its place."""

from __future__ import annotations

import json
import lzma
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from telephony.clock import EPOCH
from telephony.errors import CaptureError, TelephonyError
from telephony.journal import Entry, EntryKind, JournalWriter
from telephony.journal.raw_source import Capture, read_capture
from tests.telephony.journal.samples import NOON, packets, write_packets

CAPTURES = Path(__file__).parents[2] / "scenarios" / "captures" / "regression"
BANNER = "Asterisk Call Manager/11.0.0"
LOGIN = b"Response: Success\r\nMessage: Authentication accepted\r\n\r\n"


def line(t: object, *pairs: tuple[str, str]) -> str:
    return json.dumps({"t": t, "off": 0, "len": 1, "packet": pairs}) + "\n"


def event(name: str) -> tuple[str, str]:
    return ("Event", name)


def written(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    content = content.encode() if isinstance(content, str) else content
    path.write_bytes(lzma.compress(content) if name.endswith(".xz") else content)
    return path


def frames(entries: list[Entry]) -> list[bytes]:
    return [frame for entry in entries for frame in entry.frames]


@pytest.mark.parametrize("capture", sorted(path.name for path in CAPTURES.iterdir()))
def test_lines_and_raw_bytes_of_a_capture_give_the_same_packets(capture: str) -> None:
    """Four captures of real PBXs: every packet, in order, to the byte."""
    lines = list(read_capture(CAPTURES / capture / "ami.jsonl.xz"))
    raw = list(read_capture(CAPTURES / capture / "ami.raw.xz"))
    assert frames(lines) == frames(raw)
    assert len(frames(raw)) > 8000
    assert lines[0].kind is raw[0].kind is EntryKind.CONNECTED
    assert lines[0].detail.startswith("Asterisk Call Manager/")


def test_lines_with_the_same_time_are_one_run(tmp_path: Path) -> None:
    """They came by one read of the socket; times are exact to the microsecond."""
    content = line(5.000001, event("A")) + line(5.000001, event("B")) + line(6, event("C"))
    first, second = read_capture(written(tmp_path, "ami.jsonl", content))
    assert (first.seq, first.frames) == (1, (b"Event: A", b"Event: B"))
    assert (second.seq, second.frames) == (3, (b"Event: C",))
    assert first.received_at == EPOCH + timedelta(seconds=5, microseconds=1)


def test_pairs_without_a_name_are_left_out(tmp_path: Path) -> None:
    """A stray blank line is no header; a line of nothing else is no packet; unknown keys do not matter."""
    content = line(1, ("", ""), event("A"), ("", "x")) + line(2, ("", "")) + '{"t": 3, "packet": [], "x": 1}\n\n'
    assert frames(list(read_capture(written(tmp_path, "ami.jsonl", content)))) == [b"Event: A"]


def test_a_banner_begins_a_connection_in_both_forms(tmp_path: Path) -> None:
    """Two connections one after another: each begins with CONNECTED and has its own number."""
    lines = (line(1, ("", BANNER)) + line(2, event("A"))) * 2
    raw = (BANNER.encode() + b"\r\n" + LOGIN) * 2
    for path in (written(tmp_path, "ami.jsonl", lines), written(tmp_path, "ami.raw", raw)):
        found = list(read_capture(path))
        assert [(entry.connection, entry.kind.name) for entry in found] == [
            (1, "CONNECTED"),
            (1, "PACKETS"),
            (2, "CONNECTED"),
            (2, "PACKETS"),
        ]
        assert [entry.seq for entry in found] == [1, 2, 3, 4]
        assert found[2].detail == BANNER


def test_a_packet_torn_where_connections_meet_is_counted(tmp_path: Path) -> None:
    """The connection broke within a line; what was half said is left out, nothing else."""
    raw = b"Event: A\r\n\r\nEvent: B\r\nChan" + BANNER.encode() + b"\r\n" + LOGIN
    capture = Capture(written(tmp_path, "ami.raw", raw))
    found = list(capture)
    assert frames(found) == [b"Event: A", LOGIN[:-4]]
    assert [entry.connection for entry in found] == [1, 2, 2]
    assert capture.cut_bytes == len(b"Event: B\r\nChan")


def test_a_caller_named_like_a_banner_begins_no_connection(tmp_path: Path) -> None:
    """Only what a PBX says after a banner makes it one."""
    raw = b"Event: Newchannel\r\nCallerIDName: " + BANNER.encode() + b"\r\nExten: 1\r\n\r\n"
    (found,) = read_capture(written(tmp_path, "ami.raw", raw))
    assert found.frames == (raw[:-4],)


def test_raw_times_come_from_timestamps(tmp_path: Path) -> None:
    """The packet's own, else that of the packet before, else the epoch."""
    raw = LOGIN + b"Event: A\r\nTimestamp: 1795294392.403686\r\n\r\n"
    raw += b"Event: B\r\n\r\nEvent: C\r\nTimestamp: 1795294393\r\n\r\n"
    found = list(read_capture(written(tmp_path, "ami.raw", raw)))
    assert [entry.frames[0][:8] for entry in found] == [b"Response", b"Event: A", b"Event: C"]
    assert [entry.received_at - EPOCH for entry in found] == [
        timedelta(0),
        timedelta(seconds=1795294392, microseconds=403686),
        timedelta(seconds=1795294393),
    ]


def test_a_torn_last_line_is_counted(tmp_path: Path) -> None:
    """A recording that was killed loses its last line only."""
    content = line(1, event("A")) + line(2, event("三声"))
    whole = len(line(1, event("A")))
    for length in range(whole + 1, len(content) - 1):
        capture = Capture(written(tmp_path, "ami.jsonl", content[:length]))
        assert frames(list(capture)) == [b"Event: A"]
        assert capture.cut_bytes == length - whole


def test_a_last_line_without_its_newline_counts(tmp_path: Path) -> None:
    """It is whole JSON, so nothing is cut."""
    capture = Capture(written(tmp_path, "ami.jsonl", line(1, event("A")).rstrip()))
    assert (frames(list(capture)), capture.cut_bytes) == ([b"Event: A"], 0)


def test_a_torn_last_packet_is_counted(tmp_path: Path) -> None:
    """Bytes after the last empty line are no packet."""
    capture = Capture(written(tmp_path, "ami.raw", b"Event: A\r\n\r\nEvent: B\r\n"))
    assert (frames(list(capture)), capture.cut_bytes) == ([b"Event: A"], len("Event: B\r\n"))


@pytest.mark.parametrize("name", ["ami.jsonl.xz", "ami.raw.xz"])
def test_a_compressed_file_cut_short_gives_what_it_holds(tmp_path: Path, name: str) -> None:
    """The beginning is read; that the end is missing is told."""
    source = (CAPTURES / "22.10" / name).read_bytes()
    path = tmp_path / name
    path.write_bytes(source[: len(source) // 2])
    capture = Capture(path)
    found, whole = frames(list(capture)), frames(list(read_capture(CAPTURES / "22.10" / name)))
    assert 0 < len(found) < len(whole)
    assert found == whole[: len(found)]
    assert capture.truncated


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        ("not json", "found b'not json', expected a JSON object"),
        ("[1]", "expected a JSON object"),
        ("[" * 100_000, "expected a JSON object"),
        ('{"packet": []}', "t: found None, expected seconds since 1970"),
        ('{"t": "1", "packet": []}', "t: found '1', expected seconds since 1970"),
        ('{"t": true, "packet": []}', "t: found True"),
        ('{"t": NaN, "packet": []}', "t: found nan"),
        ('{"t": 1e300, "packet": []}', "t: found 1e"),
        ('{"t": 1}', "packet: found None, expected a list"),
        ('{"t": 1, "packet": {"Event": "A"}}', "packet: found .*expected a list"),
        ('{"t": 1, "packet": [["Event"]]}', r"packet: found .*expected \[name, value\]"),
        ('{"t": 1, "packet": [["Event", 1]]}', r"packet: found .*expected \[name, value\]"),
        ('{"t": 1, "packet": [["Event", "A\\r\\nB"]]}', "expected no line end within a header"),
        ('{"t": 1, "packet": [["Event", "\\ud800"]]}', "expected text that UTF-8 can hold"),
    ],
)
def test_a_bad_line_is_refused_with_its_place(tmp_path: Path, bad: str, message: str) -> None:
    """File, line, what was found and expected; never a traceback of something else."""
    path = written(tmp_path, "ami.jsonl", line(1, event("A")) + bad + "\n" + line(2, event("B")))
    with pytest.raises(CaptureError, match=rf"ami\.jsonl, line 2: .*{message}"):
        list(read_capture(path))


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("notes.txt", b"x", r"found this name, expected \*.jsonl"),
        ("one.jsonl", b"hello", "line 1: found b'hello'"),
        ("picture.raw", b"\x89PNG\r\n\x1a\n\r\n\r\n", "expected Asterisk Call Manager/"),
        ("unix.raw", b"Event: A\n\nEvent: B\n\n", "bytes without a packet's end"),
        ("plain.jsonl.xz", None, "found bytes that are not xz"),
    ],
)
def test_a_file_that_is_something_else_is_refused(
    tmp_path: Path, name: str, content: bytes | None, message: str
) -> None:
    """Wrong name, wrong content, wrong line ends, wrong compression."""
    path = tmp_path / name
    path.write_bytes(content if content is not None else b"not compressed at all")
    with pytest.raises(CaptureError, match=message):
        list(read_capture(path))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """The system's own word for it."""
    with pytest.raises(CaptureError, match=r"ami\.raw: No such file or directory"):
        list(read_capture(tmp_path / "ami.raw"))


@settings(deadline=None)
@given(
    content=st.binary(max_size=300),
    name=st.sampled_from(["a.jsonl", "a.raw", "a.raw.xz", "a-2026-11-21.journal"]),
)
def test_no_content_gives_anything_but_our_errors(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, name: str
) -> None:
    """Any bytes under any of the names: entries or one of our errors."""
    path = tmp_path_factory.mktemp("capture") / name
    path.write_bytes(content)
    try:
        assert all(isinstance(entry, Entry) for entry in read_capture(path))
    except TelephonyError as error:
        if str(path) not in str(error):
            raise


def test_a_journal_is_a_capture_too(tmp_path: Path) -> None:
    """A folder or one day file of it, with the numbers and times it has."""
    with JournalWriter(tmp_path, "pbx") as writer:
        write_packets(writer, range(3), NOON, timedelta(hours=10))
    assert [entry.seq for entry in read_capture(tmp_path)] == [1, 2, 3]
    *_, last = read_capture(tmp_path / "pbx-2026-11-22.journal")
    assert (last.seq, last.frames) == (3, packets(2))


def test_a_folder_of_several_pbxs_wants_a_name(tmp_path: Path) -> None:
    """Never the first of them by chance."""
    for name in ("east", "west"):
        with JournalWriter(tmp_path, name) as writer:
            write_packets(writer, [len(name)])
    with pytest.raises(CaptureError, match="found journals of east, west, expected one"):
        read_capture(tmp_path)
    with pytest.raises(CaptureError, match="found journals of east, west, expected 'north'"):
        read_capture(tmp_path, "north")
    assert len(list(read_capture(tmp_path, "west"))) == 1
