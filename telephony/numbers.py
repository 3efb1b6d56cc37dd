"""Telephone numbers as a PBX gives them: E.164, withheld or not, cut out of a dial string, masked.

Pure. Nothing here raises for any text: what cannot be read is None.
"""

from __future__ import annotations

import re
from functools import lru_cache

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

MIN_INTERNATIONAL_DIGITS = 8
MAX_NUMBER_CHARACTERS = 32

_OWN_ZERO = frozenset({"CI", "GA", "IT", "SM", "VA"})
_NEVER = re.compile("(?!)")
_SEPARATORS = re.compile(r"[\s().\-/]+")
_NUMBER = re.compile(r"\+?[0-9]+")
_DIALLED = re.compile(r"\+?[0-9*#]+")
_SIP = re.compile(r"sips?:", re.IGNORECASE)
_FOLLOW_ME = re.compile(r"FM(?:GL|PR)-(.*?)#?")  # FreePBX's own Local extensions
_TECHNOLOGIES = frozenset({"pjsip", "sip", "iax2", "local", "dahdi"})

# What Asterisk, SIP providers and exchanges put where a number should be.
_WITHHELD = frozenset(
    {
        "",
        "<unknown>",
        "<none>",
        "unknown",
        "anonymous",
        "unavailable",
        "private",
        "restricted",
        "withheld",
        "blocked",
        "asterisk",
    }
)
_HIDDEN_NAMES = frozenset({"anonymous", "private", "restricted", "withheld", "unavailable", "blocked"})


@lru_cache(maxsize=65_536)
def to_e164(number: str | None, country: str) -> str | None:
    """The number in E.164, or None.

    Read as a number of `country` (two letters) if that is valid; else, from 8 digits on, as one that lacks
    only its '+' if that is possible (a plan knows such a length); else None. So, in CN, 13800138000 is
    +8613800138000, 447700900110 is +447700900110 and 95588 is None.
    """
    digits = _plain(number)
    if digits is None:
        return None
    if (code := _calling_code(country.upper())) and _is_mobile(digits, country.upper()):
        return f"+{code}{digits}"  # what the two questions below would find, in a tenth of the time
    national = _parsed(digits, country.upper())
    if national is not None and phonenumbers.is_valid_number(national):
        return phonenumbers.format_number(national, PhoneNumberFormat.E164)
    bare = digits.removeprefix("+")
    if len(bare) < MIN_INTERNATIONAL_DIGITS:
        return None
    international = _parsed(f"+{bare}", None)
    if international is None or not phonenumbers.is_possible_number(international):
        return None
    return phonenumbers.format_number(international, PhoneNumberFormat.E164)


def heard_forms(number: str, country: str) -> tuple[str, ...]:
    """The forms in which a PBX may give a number in E.164: as it is, without '+', with 00, national, national with 0.

    A number of another form is given as it is.
    """
    parsed = _parsed(number, None) if number.startswith("+") else None
    if parsed is None:
        return (number,)
    bare = number.removeprefix("+")
    forms = [number, bare, f"00{bare}"]
    if phonenumbers.country_code_for_region(country.upper()) == parsed.country_code:
        national = phonenumbers.national_significant_number(parsed)
        forms += [national, f"0{national}"]
    return tuple(forms)


def is_withheld(number: str | None, name: str | None = None, presentation: str | None = None) -> bool:
    """Whether the caller's number was kept back or never came.

    `presentation` is CALLERID(pres) or its description ("prohib_passed_screen", "Presentation prohibited");
    one that forbids or lacks the number decides, whatever the number says. A name alone decides only where
    the number has no digit: providers send "anonymous" as the name of a number that they do show.
    """
    if _forbids(presentation):
        return True
    text = _folded(number)
    if text in _WITHHELD or text.startswith("anonymous@"):
        return True
    if any(character.isdigit() for character in text):
        return False
    return _folded(name) in _HIDDEN_NAMES


def dialled_number(dial_string: str | None, tech: str | None = None) -> str | None:
    """The number that a dial string reaches, as it was dialled; None where there is none.

    The string is that of DialBegin (without the technology) or of Dial() (with it). `tech` is the channel's
    technology: PJSIP, SIP, IAX2, DAHDI, Local …

    447700900501@trunk · trunk/447700900501 · g1/447700900501 · voip/sip:447700900801@10.0.0.1:5060 ·
    FMGL-447700900705#@from-internal · Local/9447700900531@agents/n. An extension is a number too: whether
    it is a customer's is the caller's to say. In `peer/sip:user@host` the user is taken.
    """
    text = re.split(r"[&,]", dial_string or "", maxsplit=1)[0].strip()
    head, slash, rest = text.partition("/")
    if slash and head.casefold() in _TECHNOLOGIES:
        return _in_dial_string(rest, head.casefold())
    return _in_dial_string(text, (tech or "").casefold())


def mask(number: str | None) -> str | None:
    """The number for people without the right to read it: 138****6021.

    The last four digits stay, and so many of the first that at least four in the middle are hidden; of a
    number of seven digits or fewer only the last two stay. The length is kept from 8 digits on. Text
    without any digit, such as "anonymous", hides nobody and stays.
    """
    if number is None or not any(map(str.isdigit, number)):
        return number
    if len(number) <= 7:
        return "****" + (number[-2:] if len(number) > 4 else "")
    head = min(len(number) - 8, 3 + number.startswith("+") * 3)
    return number[:head] + "*" * (len(number) - head - 4) + number[-4:]


def _plain(number: str | None) -> str | None:
    """Digits, and a leading '+' if there was one; None for anything that is not a plain number."""
    if number is None or len(number) > MAX_NUMBER_CHARACTERS:
        return None
    text = _SEPARATORS.sub("", number)
    return text if _NUMBER.fullmatch(text) else None


@lru_cache(maxsize=256)
def _calling_code(country: str) -> int | None:
    """The country's calling code; None where others share it, or where a national number has a zero of its own."""
    code = phonenumbers.country_code_for_region(country)
    alone = phonenumbers.COUNTRY_CODE_TO_REGION_CODE.get(code) == (country,)
    return code if alone and country not in _OWN_ZERO else None


@lru_cache(maxsize=256)
def _mobile_rule(country: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """How a mobile number looks there, and how what is cut off before a national number does."""
    plan = phonenumbers.PhoneMetadata.metadata_for_region(country)
    if plan is None or plan.mobile is None:
        return _NEVER, _NEVER
    before = "|".join(
        f"(?:{each})" for each in (plan.national_prefix_for_parsing, plan.international_prefix) if each
    )
    return re.compile(plan.mobile.national_number_pattern or _NEVER.pattern), re.compile(before or _NEVER.pattern)


def _is_mobile(digits: str, country: str) -> bool:
    """Whether this is a mobile number of the country's plan as it stands, without any prefix."""
    mobile, before = _mobile_rule(country)
    return mobile.fullmatch(digits) is not None and before.match(digits) is None


def _parsed(number: str, country: str | None) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(number, country)
    except NumberParseException:
        return None


def _folded(text: str | None) -> str:
    return (text or "").strip().strip('"').casefold()


def _forbids(presentation: str | None) -> bool:
    text = _folded(presentation)
    return text.startswith("prohib") or "prohibited" in text or text == "unavailable" or "not available" in text


def _in_dial_string(text: str, tech: str) -> str | None:
    """The number in a dial string without its technology.

    Before the first slash stands a peer, an endpoint, a group of lines or (Local, PJSIP) the number itself;
    after it a number, a URI, or options such as `n`.
    """
    head, slash, rest = text.partition("/")
    after = _cut(rest if _SIP.match(rest) else rest.partition("/")[0])
    if slash and after and tech != "local":
        return after
    return None if tech == "dahdi" else _cut(head)


def _cut(part: str) -> str | None:
    """The number of `sip:user@host:port`, `user@peer`, `user:secret@peer` or `user`."""
    user = _SIP.sub("", part.strip(), count=1).partition("@")[0].partition(";")[0].partition(":")[0]
    follow_me = _FOLLOW_ME.fullmatch(user)
    number = _SEPARATORS.sub("", follow_me.group(1) if follow_me else user)
    return number if _DIALLED.fullmatch(number) and any(map(str.isdigit, number)) else None
