"""Invented numbers, names and addresses, the same for the same input; pure.

All originals are learned first, so that no invented one is, or contains, an original.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from itertools import count

from telephony.errors import MisuseError
from telephony.journal.privacy import NOBODY

# Ofcom's numbers for drama, which ring nowhere: mobile first, then places. 1000 each.
BLOCKS = (
    "447700900",
    "442079460",
    "441632960",
    "441134960",
    "441144960",
    "441154960",
    "441164960",
    "441174960",
    "441184960",
    "441214960",
    "441314960",
    "441414960",
    "441514960",
    "441614960",
    "441914980",
    "442896496",
    "442920180",
)
SHORTEST_NUMBER = 6
"""Digits from which on a number is an outside one; what is shorter is an extension or a short code."""
SHORTEST_BASE, LONGEST_PREFIX = 7, 4
"""9 + number, 86 + number, 0086 + number: the same number behind a prefix."""
FIRST_EXTENSION, LAST_EXTENSION = 8001, 99_999
NAME_PREFIXES = ("Name", "Person", "Party", "Somebody")
# RFC 2544's block for benchmarks, routed nowhere.
NETWORK = "198.18"
SEPARATORS = re.compile(r"[\W_]+")
FORMATTING = re.compile(r"[\s().\-/]+")
ESCAPED = re.compile(r"\\(.)")


def plain_digits(text: str) -> str:
    """Digits of any script (full-width ones are typed in China) as 0-9."""
    return "".join(str(unicodedata.digit(char)) for char in text)


def number_in(text: str) -> str | None:
    """The digits of a text that is a formatted number, such as +44 (7700) 900-110; else None."""
    digits = FORMATTING.sub("", text).removeprefix("+")
    return plain_digits(digits) if digits.isdigit() and digits.isdecimal() else None


def replace_apart(
    pattern: re.Pattern[str],
    text: str,
    replace: Callable[[re.Match[str]], str],
    otherwise: Callable[[str], str],
) -> str:
    """Replaces matches by one rule and what lies between them by another: nothing is replaced twice."""
    pieces, at = [], 0
    for found in pattern.finditer(text):
        pieces += [otherwise(text[at : found.start()]), replace(found)]
        at = found.end()
    return "".join([*pieces, otherwise(text[at:])])


class Pseudonyms:
    """Learns originals, then gives each its invented one in the order in which they were learned."""

    def __init__(self, *, keep_extensions: bool) -> None:
        self._keep_extensions = keep_extensions
        self._numbers: dict[str, str] = {}
        self._extensions: dict[str, str] = {}
        self._names: dict[str, str] = {}
        self._spelled: dict[str, str] = {}
        self._texts: dict[str, str] = {}
        self._addresses: dict[str, str] = {}
        self._pattern: re.Pattern[str] | None = None
        self._candidates: Iterator[str] | None = None
        self._invented: Iterator[str] | None = None

    @property
    def counts(self) -> tuple[int, int]:
        """How many numbers (extensions included) and names were invented."""
        invented = [*self._numbers.values(), *self._extensions.values()]
        return sum(map(bool, invented)), sum(map(bool, self._names.values()))

    def learn_number(self, digits: str) -> None:
        """Takes note of a run of digits."""
        if len(digits) >= SHORTEST_NUMBER:
            self._numbers.setdefault(digits, "")
        elif len(digits) >= 3 and not self._keep_extensions:
            self._extensions.setdefault(digits, "")

    def learn_name(self, name: str) -> None:
        """Takes note of a person's name."""
        key = _key(name)
        if key:
            self._names.setdefault(key, "")
            # As Asterisk writes it in events (C-escaped), and as the dialplan has it.
            for spelling in (name.strip(), ESCAPED.sub(r"\1", name).strip()):
                self._spelled.setdefault(spelling, key)

    def learn_spelling(self, text: str, digits: str) -> None:
        """Takes note of a number that is written with more than digits."""
        if len(digits) >= SHORTEST_NUMBER and text.strip() != digits:
            self._spelled.setdefault(text.strip(), digits)

    def knows_number(self, digits: str) -> bool:
        """This very number was learned, or one that it is behind a prefix."""
        return digits in self._numbers or self._base(digits) is not None

    def number(self, digits: str) -> str:
        """The invented number; the same behind the same prefix."""
        if len(digits) < SHORTEST_NUMBER:
            return self._extension(digits)
        base = self._base(digits)
        if base is not None:
            return digits[: -len(base)] + self.number(base)
        if not self._numbers.get(digits):
            self._numbers[digits] = self._next_number()
        return self._numbers[digits]

    def name(self, name: str) -> str:
        """The invented name; words that name nobody stay."""
        key = _key(name)
        if not key:
            return name
        if not self._names.get(key):
            self._names[key] = self._next_name()
        return self._names[key]

    def text(self, text: str) -> str:
        """A word in place of what may hold anything."""
        return self._texts.setdefault(text, f"text-{len(self._texts) + 1}")

    def address(self, address: str) -> str:
        """An invented IPv4 address."""
        number = len(self._addresses) + 1
        return self._addresses.setdefault(address, f"{NETWORK}.{number // 256 % 256}.{number % 256}")

    def replace_spelled(self, text: str, otherwise: Callable[[str], str]) -> str:
        """Known names and formatted numbers anywhere in a text; what lies between goes to `otherwise`."""
        if self._pattern is None:
            self._pattern = _pattern(self._spelled)
        return replace_apart(self._pattern, text, lambda found: self._unspelled(found[0]), otherwise)

    def _unspelled(self, found: str) -> str:
        digits = number_in(found)
        return self.number(digits) if digits else self.name(found)

    def _base(self, digits: str) -> str | None:
        for prefix in range(1, min(LONGEST_PREFIX, len(digits) - SHORTEST_BASE) + 1):
            if digits[prefix:] in self._numbers:
                return digits[prefix:]
        return None

    def _extension(self, digits: str) -> str:
        if self._keep_extensions or len(digits) < 3:
            return digits
        if not self._extensions.get(digits):
            used = {*self._extensions, *self._extensions.values()}
            free = (str(n) for n in range(FIRST_EXTENSION, LAST_EXTENSION) if str(n) not in used)
            self._extensions[digits] = next(free)
        return self._extensions[digits]

    def _next_number(self) -> str:
        if self._candidates is None:
            self._candidates = (f"{block}{n:03}" for block in BLOCKS for n in range(1000))
        for candidate in self._candidates:
            if not _holds_any(candidate, self._numbers):
                return candidate
        raise MisuseError(f"found more than {len(BLOCKS) * 1000} numbers, expected a shorter scenario")

    def _next_name(self) -> str:
        if self._invented is None:
            originals = [key for key in self._names if len(key) > 2]
            prefix = next((word for word in NAME_PREFIXES if not _clashes(word, originals)), None)
            if prefix is None:
                raise MisuseError(f"found callers called {', '.join(NAME_PREFIXES)}, expected one not to be")
            self._invented = (f"{prefix} {n}" for n in count(1))
        return next(self._invented)


def _clashes(word: str, originals: list[str]) -> bool:
    return any(word.lower() in key or key in word.lower() for key in originals)


def _key(name: str) -> str:
    """A name as it is compared; '' for one that names nobody."""
    plain = ESCAPED.sub(r"\1", name).strip().casefold()
    return "" if not plain or plain in NOBODY else SEPARATORS.sub(" ", plain).strip()


def _holds_any(candidate: str, originals: dict[str, str]) -> bool:
    cuts = (
        candidate[start:end]
        for start in range(len(candidate))
        for end in range(start + SHORTEST_NUMBER, len(candidate) + 1)
    )
    return any(cut in originals for cut in cuts)


def _pattern(spelled: dict[str, str]) -> re.Pattern[str]:
    """Matches every spelling, longest first, whatever the case and the marks between its words."""
    alternatives = [_alternative(text) for text in sorted(spelled, key=len, reverse=True) if len(text) > 1]
    return re.compile("|".join(filter(None, alternatives)) or r"(?!)", re.IGNORECASE)


def _alternative(text: str) -> str:
    words = [re.escape(word) for word in SEPARATORS.split(text) if word]
    if not words:
        return ""
    pattern = r"[\W_]{1,3}".join(words)
    # A Latin name must stand alone (Ann is not in Joanna); Chinese has no spaces between words.
    before = r"(?<![^\W_])" if words[0][0].isascii() else ""
    after = r"(?![^\W_])" if words[-1][-1].isascii() else ""
    return f"{before}{pattern}{after}"
