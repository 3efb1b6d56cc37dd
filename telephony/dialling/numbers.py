"""A customer's number as a trunk wants it dialled. Pure."""

from __future__ import annotations

import re
from enum import StrEnum

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat

_DIALLABLE = re.compile(r"\+?[0-9*#]+")
_WRITTEN = re.compile(r"[\s().\-/]+")


class NumberForm(StrEnum):
    """How a trunk wants numbers in E.164 to be dialled."""

    NATIONAL = "national"  # as people of the country dial it: 13800138000, 075512345678, 0085221234567
    E164 = "e164"  # country code first, without a plus: 8613800138000
    PLUS = "plus"  # with it: +8613800138000


def as_dialled(number: str, form: NumberForm, *, country: str, prefix: str = "") -> str | None:
    """The number as this trunk wants it, the prefix in front; None for a text that no telephone could dial.

    `country` is the trunk's, two letters. A number that is not in E.164 (95588, an extension, one that a file had
    without its country) is dialled as it is written.
    """
    parsed = _parsed(number)
    text = _WRITTEN.sub("", number) if parsed is None else _formed(parsed, form, country.upper())
    return prefix + text if is_diallable(text) else None


def is_diallable(text: str) -> bool:
    """Whether these are digits, stars and hashes that a trunk can be given, perhaps with a plus first."""
    return _DIALLABLE.fullmatch(text) is not None


def _parsed(number: str) -> PhoneNumber | None:
    if not number.startswith("+"):
        return None
    try:
        return phonenumbers.parse(number, None)
    except NumberParseException:
        return None


def _formed(number: PhoneNumber, form: NumberForm, country: str) -> str:
    e164 = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    if form is NumberForm.PLUS:
        return e164
    if form is NumberForm.E164:
        return e164.removeprefix("+")
    if phonenumbers.country_code_for_region(country) == number.country_code:
        text = phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL)
    else:
        text = phonenumbers.format_out_of_country_calling_number(number, country)
    return _WRITTEN.sub("", text)
