"""A customer's number in the form that a trunk wants."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.dialling.numbers import NumberForm, as_dialled, is_diallable
from telephony.numbers import to_e164

FORMS = (NumberForm.NATIONAL, NumberForm.E164, NumberForm.PLUS)


@pytest.mark.parametrize(
    ("number", "country", "forms"),
    [
        ("+8613800138000", "CN", ("13800138000", "8613800138000", "+8613800138000")),
        ("+8675512345678", "CN", ("075512345678", "8675512345678", "+8675512345678")),
        ("+85221234567", "CN", ("0085221234567", "85221234567", "+85221234567")),
        ("+442079460100", "gb", ("02079460100", "442079460100", "+442079460100")),
        ("95588", "CN", ("95588",) * 3),
        ("0755 1234-5678", "CN", ("075512345678",) * 3),
    ],
)
def test_each_form_of_mobiles_landlines_and_foreign_numbers(
    number: str, country: str, forms: tuple[str, str, str]
) -> None:
    """National is what a person there would dial; what is no E.164 goes out as it is written."""
    assert tuple(as_dialled(number, form, country=country) for form in FORMS) == forms


def test_the_prefix_stands_in_front() -> None:
    """A trunk behind another exchange wants its digits first."""
    assert as_dialled("+8613800138000", NumberForm.NATIONAL, country="CN", prefix="9") == "913800138000"


@pytest.mark.parametrize(
    "number", ["", "anonymous", "138,0013", "1&PJSIP/2", "${X}", "138\r\nAction: x", "+", "+abc"]
)
def test_what_no_telephone_could_dial_is_none(number: str) -> None:
    """Nothing that a dialplan would read as more than a number gets through."""
    assert [as_dialled(number, form, country="CN", prefix="0") for form in FORMS] == [None] * 3


@given(st.integers(10**9, 10**10 - 1).map(lambda n: f"+861{n}"), st.sampled_from(FORMS))
def test_a_dialled_number_is_the_same_customer(number: str, form: NumberForm) -> None:
    """What the PBX will tell of the call is read as the number that was to be dialled, in every form."""
    dialled = as_dialled(number, form, country="CN")
    assert dialled is not None
    assert is_diallable(dialled)
    if to_e164(number, "CN") == number and to_e164(number.removeprefix("+86"), "CN") == number:
        assert to_e164(dialled, "CN") == number
