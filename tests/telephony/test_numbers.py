"""Tests of telephony.numbers: E.164, withheld numbers, dial strings, masks."""

from __future__ import annotations

import re

import phonenumbers
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from telephony.numbers import dialled_number, is_withheld, mask, to_e164

DIGITS = st.from_regex(r"\+?[0-9]{3,17}", fullmatch=True)
TEXTS = st.one_of(st.text(), DIGITS, st.text("0123456789+*#@/:;-. ()sipSIPLocal&,"))


@pytest.mark.parametrize(
    ("number", "country", "e164"),
    [
        ("13800138000", "CN", "+8613800138000"),
        ("447700900110", "CN", "+447700900110"),
        ("95588", "CN", None),
        ("12345", "CN", None),
        ("1001", "CN", None),
        ("01062345678", "CN", "+861062345678"),
        ("4008001234", "CN", "+864008001234"),
        ("008613800138000", "CN", "+8613800138000"),
        ("8613800138000", "CN", "+8613800138000"),
        ("+8613800138000", "CN", "+8613800138000"),
        ("+8613800138000", "US", "+8613800138000"),
        ("138-0013 8000", "CN", "+8613800138000"),
        ("(010) 6234-5678", "CN", "+861062345678"),
        ("442079460101", "CN", "+442079460101"),
        ("02079460100", "GB", "+442079460100"),
        ("447700900110", "GB", "+447700900110"),
        ("2025550123", "US", "+12025550123"),
        ("13800138000", "cn", "+8613800138000"),
        ("1234567", "CN", None),
        ("1234567890123456", "CN", None),
        ("+", "CN", None),
        ("", "CN", None),
        (None, "CN", None),
        ("<unknown>", "CN", None),
        ("anonymous", "CN", None),
        ("1-800-FLOWERS", "US", None),
        ("13800138000x12", "CN", None),
        ("１３８００１３８０００", "CN", None),
        ("s", "CN", None),
        ("9" * 40, "CN", None),
        ("447700900110", "nowhere", "+447700900110"),
    ],
)
def test_a_number_is_read_as_national_then_as_international(
    number: str | None, country: str, e164: str | None
) -> None:
    """Valid in the country first; else, from eight digits on, with a plus if a plan knows such a length."""
    assert to_e164(number, country) == e164


@pytest.mark.parametrize(
    ("digits", "e164"),
    [("2901234", None), ("29012345", "+29012345"), ("65123456", None), ("6512345678", "+6512345678")],
)
def test_eight_digits_are_the_least_for_a_foreign_number(digits: str, e164: str | None) -> None:
    """Below eight digits nothing is guessed; from there on the foreign plan must know the length."""
    assert to_e164(digits, "CN") == e164


@pytest.mark.parametrize(
    ("number", "name", "presentation", "withheld"),
    [
        ("13800138000", None, None, False),
        ("13800138000", "Anonymous", None, False),
        ("13800138000", "Wang", "allowed_not_screened", False),
        ("13800138000", "Wang", "prohib_passed_screen", True),
        ("13800138000", "Wang", "Presentation prohibited, user-provided number", True),
        ("13800138000", None, "unavailable", True),
        ("13800138000", None, "Number not available", True),
        (None, None, None, True),
        ("", None, None, True),
        ("  ", None, None, True),
        ("<unknown>", "<unknown>", None, True),
        ("anonymous", "", None, True),
        ("Anonymous", "Anonymous", None, True),
        ("Unavailable", None, None, True),
        ("restricted", None, None, True),
        ("private", None, None, True),
        ("WITHHELD", None, None, True),
        ('"Anonymous"', None, None, True),
        ("anonymous@anonymous.invalid", None, None, True),
        ("wang", "Private", None, True),
        ("wang", "Wang", None, False),
    ],
)
def test_a_number_is_withheld_by_its_words_or_its_presentation(
    number: str | None, name: str | None, presentation: str | None, withheld: bool
) -> None:
    """A presentation that forbids decides; then the number's own word; a name only if there is no digit."""
    assert is_withheld(number, name, presentation) is withheld


@pytest.mark.parametrize(
    ("dial_string", "tech", "number"),
    [
        ("447700900501@trunk", "PJSIP", "447700900501"),
        ("trunk/447700900501", "SIP", "447700900501"),
        ("voip-provider/sip:447700900801@10.0.0.1:5060", "PJSIP", "447700900801"),
        ("trunk/sip:+447700900501@h;user=phone", "PJSIP", "+447700900501"),
        ("trunk/SIPS:447700900501@[::1]:5061", "PJSIP", "447700900501"),
        ("g1/447700900501", "DAHDI", "447700900501"),
        ("DAHDI/g1/447700900501", None, "447700900501"),
        ("DAHDI/i1/447700900501/r", None, "447700900501"),
        ("1", "DAHDI", None),
        ("user:secret@peer/447700900501@context", "IAX2", "447700900501"),
        ("1001/sip:1001@127.0.0.1:15101", "PJSIP", "1001"),
        ("1001", "PJSIP", "1001"),
        ("PJSIP/1001", None, "1001"),
        ("PJSIP/1001", "PJSIP", "1001"),
        ("Local/1004@queue-agents/n", "Local", "1004"),
        ("9447700900531@agents/n", "Local", "9447700900531"),
        ("Local/9447700900531@from-internal/n", None, "9447700900531"),
        ("FMGL-9447700900705#@from-internal", "Local", "9447700900705"),
        ("FMPR-1005@from-internal", "Local", "1005"),
        ("PJSIP/13800138000@trunk&PJSIP/13800138001@trunk,30", None, "13800138000"),
        ("138-0013-8000@trunk", "PJSIP", "13800138000"),
        ("nobody", "PJSIP", None),
        ("trunk/nobody", "SIP", None),
        ("@trunk", "PJSIP", None),
        ("sip:@h", "PJSIP", None),
        ("***", "PJSIP", None),
        ("", "PJSIP", None),
        (None, None, None),
    ],
)
def test_the_number_is_cut_out_of_a_dial_string(
    dial_string: str | None, tech: str | None, number: str | None
) -> None:
    """Before the @, behind the peer, or in the URI, by technology; None where nothing was dialled."""
    assert dialled_number(dial_string, tech) == number


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("13800136021", "138****6021"),
        ("+8613800136021", "+86138****6021"),
        ("01062345678", "010****5678"),
        ("123456789", "1****6789"),
        ("12345678", "****5678"),
        ("1234567", "****67"),
        ("95588", "****88"),
        ("1001", "****"),
        ("1", "****"),
        ("", ""),
        ("anonymous", "anonymous"),
        (None, None),
    ],
)
def test_a_mask_hides_the_middle(number: str | None, masked: str | None) -> None:
    """At least four digits are hidden of a long number, all but two of a short one."""
    assert mask(number) == masked


@given(st.from_regex(r"\+?[0-9]{8,20}", fullmatch=True))
def test_a_mask_keeps_the_length_and_hides_four(number: str) -> None:
    """From eight digits on the mask has the length, shows the last four and hides at least four."""
    masked = mask(number)
    assert masked is not None
    assert len(masked) == len(number)
    assert masked[-4:] == number[-4:]
    assert masked.count("*") >= 4


@given(TEXTS, st.one_of(st.sampled_from(["CN", "US", "GB"]), st.text(max_size=3)))
def test_what_is_read_is_e164_whatever_the_text(number: str, country: str) -> None:
    """Any text gives None or a plus and digits, and so does what it gave.

    It need not give the same: the library drops zeros that some plans do not dial (+20020… of no real number).
    """
    e164 = to_e164(number, country)
    for read in (e164, None if e164 is None else to_e164(e164, country)):
        assert read is None or re.fullmatch(r"\+[0-9]{7,17}", read)


@given(TEXTS, st.one_of(st.none(), TEXTS), st.one_of(st.none(), TEXTS))
def test_nothing_raises_for_any_text(number: str, name: str | None, other: str | None) -> None:
    """Whatever a PBX says, each function answers, and a dialled number holds only what can be dialled."""
    assert is_withheld(number, name, other) in {True, False}
    assert mask(number) is not None
    dialled = dialled_number(number, other)
    assert dialled is None or re.fullmatch(r"\+?[0-9*#]*[0-9][0-9*#]*", dialled)


@pytest.mark.parametrize("country", ["CN", "DE", "IN", "BR", "IT", "GB", "US", "HK"])
@given(digits=st.from_regex(r"0?[1-9][0-9]{6,11}", fullmatch=True))
@example(digits="01180100")  # in the US 011 leads abroad, and no country begins 801
def test_a_number_that_is_valid_in_a_country_is_read_as_the_library_reads_it(digits: str, country: str) -> None:
    """Also where a mobile number is told at a glance, in every plan; what it cannot read at all is none of ours."""
    try:
        national = phonenumbers.parse(digits, country)
    except phonenumbers.NumberParseException:
        assert to_e164(digits, country) in (None, f"+{digits}")
        return
    if phonenumbers.is_valid_number(national):
        expected = phonenumbers.format_number(national, phonenumbers.PhoneNumberFormat.E164)
        assert to_e164(digits, country) == expected


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True))
def test_a_mobile_of_china_is_told_at_a_glance_if_it_is_one(digits: str) -> None:
    """A million of them are imported at once: valid ones are E.164, and no other is."""
    valid = phonenumbers.is_valid_number(phonenumbers.parse(digits, "CN"))
    assert (to_e164(digits, "CN") == f"+86{digits}") is valid
