"""Trunks are told from phones by whose numbers their calls carry."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from telephony.calls.tracker import DEFAULT_TRUNKS
from telephony.events import NewChannel
from telephony.journal.entries import Entry
from telephony.journal.raw_source import read_capture
from telephony.trunk_sightings import TrunkFinder
from tests.telephony.calls.streams import CAPTURES

AT = datetime(2026, 11, 27, 9, tzinfo=UTC)
RENAMED = (
    (b"PJSIP/trunk-", b"PJSIP/carrier-"),
    (b"PJSIP/voip-provider-", b"PJSIP/carrier-"),
    (b"from-trunk", b"inbound"),
    (b"from-pstn", b"inbound"),
)
"""The captured PBXs' trunk, as one that no default rule knows."""


def renamed(capture: str) -> Iterator[Entry]:
    """The entries of a captured stream, its trunk under another name."""
    for entry in read_capture(CAPTURES / capture / "ami.raw.xz"):
        frames = entry.frames
        for old, new in RENAMED:
            frames = tuple(frame.replace(old, new) for frame in frames)
        yield replace(entry, frames=frames)


@pytest.mark.parametrize("capture", ["plain-22", "freepbx-22"])
def test_the_trunk_of_a_real_stream_is_found_and_no_phone(capture: str) -> None:
    """A hundred calls of real phones and customers: one peer leads outside."""
    finder = TrunkFinder(DEFAULT_TRUNKS)
    finder.read(renamed(capture))
    (trunk,) = finder.found()
    assert trunk.peer == "carrier"
    assert trunk.calls > trunk.callers > 5


def test_what_the_settings_name_is_not_told_again() -> None:
    """Neither by pattern nor, in the stream as it was captured, by its first context."""
    known = TrunkFinder(("carr*",))
    known.read(renamed("plain-22"))
    assert known.found() == ()
    default = TrunkFinder(DEFAULT_TRUNKS)
    default.read(read_capture(CAPTURES / "plain-22" / "ami.raw.xz"))
    assert default.found() == ()


@pytest.mark.parametrize(
    ("numbers", "is_trunk"),
    [
        (("13800138000", "13900139000"), True),
        (("13800138000", "13800138000"), False),  # a phone that shows the centre's number
        (("1001", "1002"), False),
        (("13800138000", "+8613900139000", "1001", "1001"), True),
        (
            ("13800138000", "13900139000", "1001", "1001", "1001"),
            False,
        ),  # phones behind a gateway, two of them forwarded
        (("", ""), False),
    ],
)
def test_half_of_the_calls_of_two_outside_numbers(numbers: tuple[str, ...], is_trunk: bool) -> None:
    """Two outside numbers at least, and half of the calls; channels that were called tell nothing."""
    finder = TrunkFinder(DEFAULT_TRUNKS)
    for order, number in enumerate(numbers):
        begun = NewChannel(
            AT, f"1.{order}", f"1.{order}", f"PJSIP/gw-{order:08x}", 4, number, "", "inbound", "02188886666"
        )
        finder.hear(begun)
        finder.hear(begun._replace(channel=f"PJSIP/1001-{order:08x}", exten=""))
    assert [each.peer for each in finder.found()] == (["gw"] if is_trunk else [])
