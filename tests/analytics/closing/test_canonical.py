"""Values as one text: sorted, exact, the same for the same value."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.closing.canonical import (
    as_decimal,
    canonical,
    digest,
    plain_number,
    policy_rules,
    read_canonical,
)
from analytics.errors import ClosingError
from config.policies import PolicyVersion, RingRule
from config.policy_loader import load_policy, shipped_policies
from tests.analytics.metrics.asking import policy

numbers = st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.decimals(-9, 9, places=4)
values = st.recursive(
    st.none() | st.booleans() | st.text() | numbers,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)


@given(values)
def test_what_is_written_is_read_again(value: object) -> None:
    """Reading gives the same values, and writing those gives the same text."""
    text = canonical(value)
    assert canonical(read_canonical(text)) == text
    text.encode()


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_keeps_its_value_and_has_no_exponent(value: float) -> None:
    """The text leads back to the very float."""
    text = plain_number(as_decimal(value))
    assert float(text) == value
    assert "e" not in text.lower()


def test_numbers_have_no_noise() -> None:
    """A float has the decimals that it is shown with, whatever it is in memory."""
    assert canonical([59.5, 0.1, 1.0, -0.0, 5e-05, Decimal("2.5000"), np.float64(0.3), 10]) == (
        "[59.5,0.1,1,0,0.00005,2.5,0.3,10]"
    )


def test_keys_are_sorted_and_chinese_stays_readable() -> None:
    """The order in which a mapping was made makes no difference."""
    assert canonical({"b": 1, "a": "王娜"}) == canonical({"a": "王娜", "b": 1}) == '{"a":"王娜","b":1}'


@pytest.mark.parametrize("value", [float("nan"), Decimal("Infinity"), b"bytes", {1, 2}, 1 + 2j])
def test_what_has_no_exact_text_is_refused(value: object) -> None:
    """One line says what was found."""
    with pytest.raises(ClosingError, match="figures: found"):
        canonical([value])


@pytest.mark.parametrize("name", shipped_policies())
def test_every_shipped_policy_has_rules_that_can_be_frozen(name: str) -> None:
    """Twice the same text, which names its zone and every tier."""
    loaded = load_policy(name)
    text = policy_rules(loaded)
    assert text == policy_rules(load_policy(name))
    assert read_canonical(text)["zone"] == "Asia/Shanghai"
    assert len(read_canonical(text)["versions"][-1]["tiers"]) == len(loaded.versions[-1].tiers)


def test_another_rule_gives_another_digest() -> None:
    """A second more in one limit is seen."""
    rule = PolicyVersion()
    other = replace(rule, ring=replace(RingRule(), rings=4))
    longer = replace(rule, limits=replace(rule.limits, short_talk=timedelta(seconds=6)))
    digests = {digest(policy_rules(policy(each))) for each in (rule, other, longer)}
    assert len(digests) == 3
