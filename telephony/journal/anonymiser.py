"""Takes persons out of packets: numbers, names, addresses and secrets, the same way everywhere; pure.

    anonymiser = Anonymiser()
    for packet in packets: anonymiser.learn(packet)
    for packet in packets: pairs = anonymiser.anonymise(packet)

Everything is learned before anything is replaced, so that a name that is told late is gone from what came
before. Ids, times, order and Asterisk's own words stay, so a replay gives the same calls.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from telephony.ami.packet import Packet
from telephony.journal.privacy import (
    Content,
    content_of,
    content_of_arguments,
    content_of_variable,
)
from telephony.journal.pseudonyms import Pseudonyms, number_in, plain_digits, replace_apart

# Whole, before names and numbers within them are looked for.
ADDRESS = re.compile(r"""(?P<uri>sips?:[^\s<>"&,;)]+)|[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,}""")
# What is no number though it has digits comes first: bridge ids, uniqueids, channel counters, dates.
TOKEN = re.compile(
    r"""
      (?P<kept> [0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}
              | (?<![\d.])1\d{9}\.\d{1,9}(?!\d)
              | -0[0-9a-f]{7}(?![0-9a-f])
              | (?<!\d)20\d{6}-\d{6}(?!\d)
              | (?<!\d)20\d\d/\d\d/\d\d(?!\d) )
    | (?P<ipv4> (?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.]) )
    | (?P<ipv6> (?<![\w:])(?:[0-9A-Fa-f]{0,4}:){3,7}[0-9A-Fa-f]{0,4}(?![\w:]) )
    | (?P<number> \d{3,} )
    """,
    re.VERBOSE,
)
IDENTITY_NUMBER = re.compile(r"(?<![\d.])\d{6,}(?!\d|\.\d)")
CALLER_ID = re.compile(r'"?(?P<name>.*?)"?\s*<(?P<number>[^<>]*)>', re.DOTALL)
SMALL = re.compile(r"(?:-?[0-9]{1,5}(?:\.[0-9]{1,6})?)?")
REMOVED_URI, REMOVED_MAIL = "sip:removed", "someone@example.invalid"


class _Header(NamedTuple):
    """A header with all that decides what it may hold."""

    key: str
    value: str
    content: Content


class Anonymiser:
    """Learns packets, then rewrites them.

    keep_extensions: keep numbers of up to five digits (extensions, queues, short codes); else those of three
        to five are replaced too.
    keep_variables: dialplan variables whose values may be kept but for numbers and known names.
    """

    def __init__(self, *, keep_extensions: bool = True, keep_variables: frozenset[str] = frozenset()) -> None:
        self.pseudonyms = Pseudonyms(keep_extensions=keep_extensions)
        self._keep_variables = frozenset(name.lower() for name in keep_variables)
        self._learned: set[tuple[Content, str]] = set()
        self._written: dict[str, str] = {}
        self._learners: dict[Content, Callable[[str], None]] = {
            Content.TECHNICAL: self._learn_technical,
            Content.NAME: self._learn_name,
            Content.NUMBER: self._learn_number,
            Content.CALLER_ID: self._learn_caller_id,
        }
        self._writers: dict[Content, Callable[[str], str]] = {
            Content.VOCABULARY: str,
            Content.IDENTITY: self._identity,
            Content.TECHNICAL: self._technical,
            Content.NAME: self._name,
            Content.NUMBER: self._number,
            Content.CALLER_ID: self._caller_id,
            Content.SECRET: lambda value: "",
            Content.UNKNOWN: self._unknown,
        }

    def learn(self, packet: Packet) -> None:
        """Takes note of the numbers and names of a packet."""
        for header in self._headers(packet):
            if header.content is Content.ASSIGNMENT:
                variable, _, value = header.value.partition("=")
                self._learn(self._of_variable(variable), value)
            else:
                self._learn(header.content, header.value)

    def anonymise(self, packet: Packet) -> list[tuple[str, str]]:
        """The headers of a packet that was learned, rewritten. Lines without a name are left out."""
        return [(self._key(header), self._write(header)) for header in self._headers(packet)]

    def _headers(self, packet: Packet) -> Iterator[_Header]:
        of_user = packet.event == "UserEvent"
        for key, value in packet.headers:
            if not key:
                continue
            content = content_of(key)
            if content is Content.VALUE:
                content = self._of_variable(packet.get("Variable"))
            elif content is Content.ARGUMENTS:
                content = content_of_arguments(packet.get("Application") or packet.get("LastApplication"))
            elif content is Content.VOCABULARY and of_user and key not in ("Event", "Privilege", "Timestamp"):
                # A dialplan's own event may say anything under these names.
                content = Content.TECHNICAL
            yield _Header(key, value, content)

    def _of_variable(self, name: str) -> Content:
        if name.strip().lstrip("_").lower() in self._keep_variables:
            return Content.TECHNICAL
        return content_of_variable(name)

    def _learn(self, content: Content, value: str) -> None:
        learner = self._learners.get(content)
        if learner is not None and value and (content, value) not in self._learned:
            self._learned.add((content, value))
            learner(value)

    def _learn_technical(self, value: str) -> None:
        for found in TOKEN.finditer(value):
            if found["number"]:
                self.pseudonyms.learn_number(plain_digits(found["number"]))

    def _learn_name(self, value: str) -> None:
        digits = number_in(value)
        if digits is not None:
            self.pseudonyms.learn_number(digits)
            self.pseudonyms.learn_spelling(value, digits)
            return
        # Names hold numbers too: `Customer 13800138000`.
        self._learn_technical(value)
        if _has_letters(value):
            self.pseudonyms.learn_name(value)

    def _learn_number(self, value: str) -> None:
        learn = self._learn_technical if _is_address(value) else self._learn_name
        learn(value)

    def _learn_caller_id(self, value: str) -> None:
        found = CALLER_ID.fullmatch(value.strip())
        if found is None:
            self._learn_name(value)
        else:
            self._learn_name(found["name"].strip())
            self._learn_number(found["number"].strip())

    def _key(self, header: _Header) -> str:
        # `ChanVariable(PJSIP/447700900110-00000066)`, or a dialplan's own header.
        own = content_of(header.key) is Content.UNKNOWN or "(" in header.key
        return self._technical(header.key) if own else header.key

    def _write(self, header: _Header) -> str:
        if header.content is Content.ASSIGNMENT:
            variable, equals, value = header.value.partition("=")
            if not equals:
                return self._unknown(header.value)
            return self._technical(variable) + equals + self._writers[self._of_variable(variable)](value)
        return self._writers[header.content](header.value)

    def _identity(self, value: str) -> str:
        return IDENTITY_NUMBER.sub(self._known_number, value)

    def _known_number(self, found: re.Match[str]) -> str:
        digits = plain_digits(found[0])
        return self.pseudonyms.number(digits) if self.pseudonyms.knows_number(digits) else found[0]

    def _technical(self, value: str) -> str:
        # A stream says the same some hundred times.
        written = self._written.get(value)
        if written is None:
            written = replace_apart(ADDRESS, value, _removed, self._without_addresses)
            self._written[value] = written
        return written

    def _without_addresses(self, text: str) -> str:
        return self.pseudonyms.replace_spelled(text, lambda rest: TOKEN.sub(self._token, rest))

    def _token(self, found: re.Match[str]) -> str:
        text = found[0]
        match found.lastgroup:
            case "ipv4" | "ipv6":
                return self.pseudonyms.address(text)
            case "number":
                return self.pseudonyms.number(plain_digits(text))
            case _:
                return self._identity(text)

    def _name(self, value: str) -> str:
        digits = number_in(value)
        if digits is None:
            return self.pseudonyms.name(value) if _has_letters(value) else self._technical(value)
        return ("+" if value.lstrip().startswith("+") else "") + self.pseudonyms.number(digits)

    def _number(self, value: str) -> str:
        return self._technical(value) if _is_address(value) else self._name(value)

    def _caller_id(self, value: str) -> str:
        found = CALLER_ID.fullmatch(value.strip())
        if found is None:
            return self._name(value)
        return f'"{self._name(found["name"].strip())}" <{self._number(found["number"].strip())}>'

    def _unknown(self, value: str) -> str:
        return value if SMALL.fullmatch(value) else self.pseudonyms.text(value)


def _removed(found: re.Match[str]) -> str:
    return REMOVED_URI if found["uri"] else REMOVED_MAIL


def _has_letters(value: str) -> bool:
    return any(map(str.isalpha, value))


def _is_address(value: str) -> bool:
    """A channel, dial string or SIP address where a number is expected."""
    return "@" in value or "/" in value
