"""Parts of a file: what a browser may ask for, the bytes that it gets, and how much somebody heard."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.recordings import read_sound
from service.listening.heard import heard_ms, read_spans
from service.listening.ranges import Part, UnsatisfiableError, wanted
from service.listening.sending import blocks_of
from service.listening.tape import played
from tests.analytics.recordings.tones import pcm16, tone, wave, write

TAG = '"a"'


@pytest.mark.parametrize(
    ("header", "part"),
    [
        ("bytes=0-", (0, 99)), ("bytes=10-19", (10, 19)), ("bytes=90-500", (90, 99)), ("bytes=-5", (95, 99)),
        ("bytes=-500", (0, 99)), ("bytes=99-99", (99, 99)),
        (None, None), ("bytes=5-2", None), ("bytes=0-1,5-6", None), ("pages=1-2", None), ("bytes=-", None),
    ],
)  # fmt: skip
def test_one_range_is_a_part_and_all_else_the_whole(header: str | None, part: tuple[int, int] | None) -> None:
    """Of a file of a hundred bytes."""
    found = wanted(header, None, TAG, 100)
    assert (None if found is None else (found.first, found.last)) == part


@pytest.mark.parametrize("header", ["bytes=100-", "bytes=500-600", "bytes=-0"])
def test_a_range_beyond_the_end_cannot_be_had(header: str) -> None:
    """416."""
    with pytest.raises(UnsatisfiableError):
        wanted(header, None, TAG, 100)


@pytest.mark.parametrize(
    ("if_range", "partial"), [(TAG, True), ('"b"', False), ("Fri, 20 Nov 2026 07:00:00 GMT", False)]
)
def test_a_part_of_another_file_is_never_sent(if_range: str, partial: bool) -> None:
    """If-Range with our tag keeps the range; with another, or a date, the whole comes."""
    assert (wanted("bytes=1-2", if_range, TAG, 100) is not None) is partial


@given(first=st.integers(0, 16_100), size=st.integers(1, 400))
def test_parts_are_cut_from_header_and_samples_alike(
    tmp_path_factory: pytest.TempPathFactory, first: int, size: int
) -> None:
    """Bare samples get a header; any part equals the same part of the whole."""
    path = tmp_path_factory.getbasetemp() / "part.sln"
    if not path.exists():
        write(path, pcm16(tone(1, 0.5)))
    shown = played(path, read_sound(path))
    whole = b"".join(blocks_of(shown, Part(first=0, last=shown.whole - 1)))
    last = min(first + size, shown.whole) - 1
    if first <= last:
        assert b"".join(blocks_of(shown, Part(first=first, last=last))) == whole[first : last + 1]


def test_a_whole_wave_is_served_as_it_is_and_an_unfinished_one_mended(tmp_path: Path) -> None:
    """Byte for byte; the other with the length that there is."""
    body = pcm16(tone(1, 0.5))
    good, bad = write(tmp_path / "a.wav", wave(body)), write(tmp_path / "b.wav", wave(body, said=0))
    served = [b"".join(blocks_of(shown, Part(first=0, last=shown.whole - 1)))
              for shown in (played(path, read_sound(path)) for path in (good, bad))]  # fmt: skip
    assert served == [good.read_bytes(), good.read_bytes()]


def test_what_was_heard_counts_once_and_never_beyond_the_end() -> None:
    """Overlapping stretches, a second hearing, and a claim longer than the file."""
    assert heard_ms([(0, 4000), (2000, 6000), (0, 1000)], 10_000) == 6000
    assert heard_ms([(9000, 99_000)], 10_000) == 1000
    assert heard_ms([(20_000, 99_000)], 10_000) == 0
    assert heard_ms([], 10_000) == 0


@pytest.mark.parametrize(
    "told", [None, {}, [[1]], [[2, 1]], [[-1, 1]], [[0.5, 1]], [["0", "1"]], [[True, True]], [[0, 1]] * 501]
)
def test_spans_that_are_none_are_refused(told: object) -> None:
    """What was found and expected, in words."""
    with pytest.raises(ValueError, match="expected"):
        read_spans(told)
