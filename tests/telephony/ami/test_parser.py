"""Framing: however the stream is cut, the packets are the same."""

from __future__ import annotations

import lzma
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.ami.packet import Packet
from telephony.ami.parser import Parser
from telephony.errors import BannerError, PacketTooLargeError
from tests.telephony.ami.transcripts import CAPTURES, VERSIONS

STREAM = (
    b"Asterisk Call Manager/11.0.0\r\n"
    b"Response: Success\r\nMessage: Authentication accepted\r\n\r\n"
    b"Event: TestEvent\r\nApp: x\r\n\r\n\r\n"
    b"Event: Newchannel\r\nCallerIDName: \xe7\x8e\x8b\xe5\xb0\x8f\xe6\x98\x8e\r\nChanVariable: A=1\r\n"
    b"ChanVariable: B=\r\n\r\n"
    b"\r\n\r\nEvent: Hangup\r\nCause: 16\r\n\r\n"
)


def parse(stream: bytes, cuts: list[int], **options: bool | int) -> list[Packet]:
    """All packets of a stream that arrives cut at these places."""
    parser = Parser(**options)  # type: ignore[arg-type]
    places = [0, *sorted(cuts), len(stream)]
    return [packet for start, end in pairwise(places) for packet in parser.feed(stream[start:end])]


@given(st.lists(st.integers(0, len(STREAM)), max_size=30))
def test_cuts_never_change_the_packets(cuts: list[int]) -> None:
    """A stream cut anywhere gives the packets of the whole stream."""
    assert parse(STREAM, cuts) == parse(STREAM, [])


def test_byte_by_byte_gives_the_packets_of_the_whole() -> None:
    """The hardest cut of all, with trailing data held back."""
    whole = parse(STREAM + b"Event: Unfin", [])
    single = parse(STREAM + b"Event: Unfin", list(range(len(STREAM) + 12)))
    assert single == whole
    assert [packet.event for packet in whole] == ["", "TestEvent", "Newchannel", "Hangup"]


@given(st.binary(max_size=200).map(lambda b: b.replace(b"x", b"\r\n")), st.lists(st.integers(0, 300)))
def test_arbitrary_bytes_frame_the_same_however_cut(noise: bytes, cuts: list[int]) -> None:
    """Not only well-formed streams: the framing has no state that depends on the chunks."""
    cuts = [min(cut, len(noise)) for cut in cuts]
    assert parse(noise, cuts, expect_banner=False) == parse(noise, [], expect_banner=False)


@pytest.mark.parametrize("version", VERSIONS)
def test_a_captured_stream_in_odd_pieces_loses_no_event(version: str) -> None:
    """Pieces of 1009 bytes (a prime) of a real stream give as many events as it has."""
    stream = lzma.decompress((CAPTURES / version / "ami.raw.xz").read_bytes())[:1_000_000]
    stream = stream[: stream.rfind(b"\r\n\r\n") + 4]
    packets = parse(stream, list(range(0, len(stream), 1009)))
    assert sum(packet.event != "" for packet in packets) == stream.count(b"\r\nEvent: ")


@pytest.mark.parametrize("version", ["1.0", "2.10.6", "5.0.4", "11.0.0", "99.0.0-rc1"])
@pytest.mark.parametrize("end", [b"\r\n", b"\n"])
def test_a_banner_of_any_version_is_read(version: str, end: bytes) -> None:
    """The version is never a condition."""
    parser = Parser()
    assert parser.feed(b"Asterisk Call Manager/" + version.encode() + end) == []
    assert parser.banner == f"Asterisk Call Manager/{version}"


@pytest.mark.parametrize("line", [b"SSH-2.0-OpenSSH_9\r\n", b"\x15\x03\x01", b"HTTP/1.1 400\r\n", b"Asterisk X"])
def test_another_server_is_refused_at_its_first_bytes(line: bytes) -> None:
    """A wrong port is told at once, without waiting for a line end."""
    with pytest.raises(BannerError, match="expected Asterisk Call Manager"):
        Parser().feed(line)


def test_a_banner_without_end_is_refused() -> None:
    """An endless first line cannot fill memory."""
    with pytest.raises(BannerError):
        parse(b"Asterisk Call Manager/" + b"1" * 2000, list(range(0, 2000, 100)))


@pytest.mark.parametrize("cuts", [[], list(range(300))])
def test_a_packet_of_the_limit_passes_and_one_byte_more_does_not(cuts: list[int]) -> None:
    """The limit counts a packet's bytes without its end, however it arrives."""
    largest = b"E" * 100 + b"\r\n\r\n"
    assert len(parse(largest, cuts[:100], expect_banner=False, max_packet=100)) == 1
    with pytest.raises(PacketTooLargeError, match="expected at most 100"):
        parse(b"E" + largest, cuts[:101], expect_banner=False, max_packet=100)


def test_a_packet_without_end_is_refused() -> None:
    """A PBX that never ends a packet cannot fill memory."""
    parser = Parser(expect_banner=False, max_packet=1000)
    parser.feed(b"Output: x\r\n" * 91)
    assert parser.pending == 1001
    with pytest.raises(PacketTooLargeError):
        parser.feed(b"Output: x\r\n")


def test_one_stray_blank_line_belongs_to_no_packet() -> None:
    """An event whose body ends in CRLF makes an extra blank line; a lone CR is kept as it came."""
    assert [p.raw for p in parse(b"A: 1\r\n\r\n\r\nB: 2\r\n\r\n", [], expect_banner=False)] == [
        b"A: 1",
        b"B: 2",
    ]
    assert [p.raw for p in parse(b"\r\n\r\r\n\r\n", [], expect_banner=False)] == [b"\r"]
