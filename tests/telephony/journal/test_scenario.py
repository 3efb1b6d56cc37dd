"""A scenario is cut out of a journal by range or by call, and replays as the journal does."""

from __future__ import annotations

import json
import lzma
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from telephony.ami.packet import Packet
from telephony.errors import JournalError
from telephony.journal import Entry, EntryKind, JournalWriter, read
from telephony.journal.anonymiser import Anonymiser
from telephony.journal.raw_source import read_capture
from telephony.journal.scenario import cut_scenario, write_scenario
from tests.telephony.journal.samples import NOON

pytestmark = pytest.mark.slow

CAPTURES = Path(__file__).parents[2] / "scenarios" / "captures" / "regression"
STRUCTURE = (
    "Event",
    "Timestamp",
    "Uniqueid",
    "Linkedid",
    "DestUniqueid",
    "BridgeUniqueid",
    "ChannelState",
    "Cause",
)


def event(name: str, **headers: str) -> bytes:
    return Packet.from_pairs([("Event", name), *headers.items()]).raw


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    """Two calls, told in turns: a's second channel joins by its linkedid; b is another call."""
    said = [
        event("Newchannel", Uniqueid="1.1", Linkedid="1.1", CallerIDName="Ann Ash"),
        event("Newchannel", Uniqueid="2.1", Linkedid="2.1", CallerIDName="Bob Birch"),
        event("DialBegin", Uniqueid="1.1", Linkedid="1.1", DestUniqueid="1.2", DestLinkedid="1.1"),
        event("BridgeCreate", BridgeUniqueid="bridge-a"),
        event("BridgeCreate", BridgeUniqueid="bridge-b"),
        event("BridgeEnter", Uniqueid="1.2", Linkedid="1.1", BridgeUniqueid="bridge-a"),
        event("BridgeEnter", Uniqueid="2.1", Linkedid="2.1", BridgeUniqueid="bridge-b"),
        event("DeviceStateChange", Device="PJSIP/1001", State="INUSE"),
        event("Hangup", Uniqueid="1.2", Linkedid="1.1", Cause="16"),
    ]
    folder = tmp_path / "journal"
    with JournalWriter(folder, "pbx") as writer:
        writer.append(1, EntryKind.CONNECTED, NOON, detail="Asterisk Call Manager/11.0.0")
        for n, frame in enumerate(said):
            writer.append(1, EntryKind.PACKETS, NOON + timedelta(seconds=n, microseconds=1), (frame,))
    return folder


def events(path: Path) -> list[tuple[str, str]]:
    packets = [Packet(frame) for entry in read_capture(path) for frame in entry.frames]
    return [(packet.event, packet.get("Uniqueid") or packet.get("BridgeUniqueid")) for packet in packets]


def test_a_range_is_written_with_its_times(journal: Path, tmp_path: Path) -> None:
    """From one number to another; the receive times are the journal's, to the microsecond."""
    target = tmp_path / "ami.jsonl"
    cut = cut_scenario(journal, "pbx", target, after_seq=1, until_seq=4)
    assert (cut.path, cut.packets, cut.names, cut.numbers) == (target, 3, 2, 0)
    found, source = list(read_capture(target)), list(read(journal, "pbx", after_seq=1, until_seq=4))
    assert [entry.received_at for entry in found] == [entry.received_at for entry in source]
    assert b"Ann" not in target.read_bytes()
    assert b"Bob" not in target.read_bytes()


def test_lines_tell_their_place_in_the_stream(journal: Path, tmp_path: Path) -> None:
    """`off` and `len` are those of the bytes that the lines stand for."""
    target = tmp_path / "ami.jsonl"
    cut_scenario(journal, "pbx", target)
    lines = [json.loads(line) for line in target.read_text().splitlines()]
    assert lines[0]["packet"] == [["", "Asterisk Call Manager/11.0.0"]]
    offset = 0
    for line in lines:
        assert line["off"] == offset
        offset += line["len"]
    last = Packet.from_pairs(map(tuple, lines[-1]["packet"]))
    assert lines[-1]["len"] == len(last.raw) + 4


def test_one_call_is_cut_out_whole(journal: Path, tmp_path: Path) -> None:
    """Any of its ids gives all its channels and bridges, and nothing of another call."""
    expected = [
        ("Newchannel", "1.1"),
        ("DialBegin", "1.1"),
        ("BridgeCreate", "bridge-a"),
        ("BridgeEnter", "1.2"),
        ("Hangup", "1.2"),
    ]
    for wanted in ("1.1", "1.2"):
        target = tmp_path / f"{wanted}.jsonl.xz"
        cut_scenario(journal, "pbx", target, ids=frozenset({wanted}))
        assert events(target) == expected
        assert b"Bob" not in lzma.decompress(target.read_bytes())


def test_times_cut_a_scenario(journal: Path, tmp_path: Path) -> None:
    """[since, until) of the receive time."""
    target = tmp_path / "ami.jsonl"
    cut_scenario(journal, "pbx", target, since=NOON + timedelta(seconds=1), until=NOON + timedelta(seconds=3))
    assert events(target) == [("Newchannel", "2.1"), ("DialBegin", "1.1")]


def test_a_call_that_is_not_there_is_an_error(journal: Path, tmp_path: Path) -> None:
    """Not an empty file, and not everything."""
    with pytest.raises(JournalError, match=r"found no packet of 9\.9, expected"):
        cut_scenario(journal, "pbx", tmp_path / "ami.jsonl", ids=frozenset({"9.9"}))
    assert list(tmp_path.iterdir()) == [journal]


def test_a_target_that_cannot_be_written_is_named(journal: Path, tmp_path: Path) -> None:
    """And nothing half-written stays."""
    with pytest.raises(JournalError, match=r"ami\.jsonl: No such file or directory"):
        cut_scenario(journal, "pbx", tmp_path / "nowhere" / "ami.jsonl")


@pytest.mark.parametrize("capture", ["16.28", "22.10"])
def test_a_real_capture_keeps_its_structure_and_loses_its_people(tmp_path: Path, capture: str) -> None:
    """Thousands of packets of a real PBX: same events, ids and times; no number or name of before."""

    def entries() -> Iterator[Entry]:
        return read_capture(CAPTURES / capture / "ami.raw.xz")

    target = tmp_path / "ami.jsonl"
    write_scenario(entries, target, ids=frozenset(), anonymiser=Anonymiser())
    before = [Packet(frame) for entry in entries() for frame in entry.frames]
    after = [Packet(frame) for entry in read_capture(target) for frame in entry.frames]
    assert [[p.get(name) for name in STRUCTURE] for p in after] == [
        [p.get(name) for name in STRUCTURE] for p in before
    ]
    content = target.read_text()
    for n in range(101, 150):
        assert f"Customer {n}" not in content
    for name in ("Alice", "Bob Brown", "Carol", "Frank"):
        assert name not in content
    numbers = {p.get("CallerIDNum") for p in before if len(p.get("CallerIDNum")) == 12}
    assert len(numbers) > 20
    assert not [number for number in numbers if number in content]
