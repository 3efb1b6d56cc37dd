"""Waiting before the next try."""

from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from telephony.ami.backoff import Backoff
from tests.telephony.ami.clients import Highest


def test_bounds_double_up_to_the_cap() -> None:
    """Half a second first, never more than the cap."""
    backoff = Backoff(base=0.5, cap=30.0)
    assert [backoff.delay(n, Highest()) for n in range(1, 9)] == [0.5, 1, 2, 4, 8, 16, 30, 30]


@given(st.integers(1, 10_000), st.integers())
def test_the_jitter_is_full_and_bounded(failures: int, seed: int) -> None:
    """Anything from nothing to the bound, however long the PBX is away."""
    assert 0.0 <= Backoff().delay(failures, Random(seed)) <= 30.0


@given(st.integers())
def test_a_refused_login_is_retried_slowly(seed: int) -> None:
    """At most two tries in five minutes, so that no address is locked out."""
    assert 150.0 <= Backoff(refused=300.0).delay_refused(Random(seed)) <= 300.0


def test_the_jitter_is_the_given_source_s() -> None:
    """The same seed waits the same."""
    assert Backoff().delay(5, Random(7)) == Backoff().delay(5, Random(7))
