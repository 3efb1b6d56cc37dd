"""A short, seeded run of the fuzzer; the long ones are run by hand."""

from __future__ import annotations

import pytest

from tests.telephony.ami.fuzz import fuzz


@pytest.mark.parametrize("seed", range(4))
def test_only_named_errors_come_out(seed: int) -> None:
    """Parser, protocol and actions: every kind of end is reached, none is a traceback."""
    ends = fuzz(seed, 3000)
    assert sum(ends.values()) == 3000
    assert {end.split(": ")[1] for end in ends} == {
        "packets", "nothing whole", "PacketTooLargeError", "BannerError",
        "answered", "spoke", "no banner", "sent", "unsafe", "misuse",
    }  # fmt: skip


def test_the_same_seed_gives_the_same_inputs() -> None:
    """A find can be repeated."""
    assert fuzz(7, 300) == fuzz(7, 300)
