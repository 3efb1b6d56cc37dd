"""Telephone numbers as people write them in a cell: several of them, with labels and extensions. Pure.

`138 0013 8000 / 021-88886666转801` · `13800138000(本人)；13900139000` · `+86 138 0013 8000`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from analytics.people.cells import plain, shown
from config.policies import NumberLists
from schedulers.customers.records import Number, NumberUse
from telephony.numbers import to_e164

EXPECTED = "a number that can be dialled"
MOST = 20
_BETWEEN = re.compile(r"[,;、|/\n\r\t，；／｜]+")
_PART = re.compile(
    r"(?P<label>[^\d+(]{0,20}?)[:\s]*"
    r"(?P<number>\(?\+?\(?\d[\d\s().\-]*)"
    r"(?:(?:转|分机|ext\.?|x|#)\s*(?P<extension>\d{1,6}))?"
    r"\s*(?:\((?P<note>[^()\d]{1,20})\))?",
    re.IGNORECASE,
)
_SEPARATORS = re.compile(r"[\s().\-]+")
_WHOLE = 7
"""Digits from which on what stands between spaces is a number of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbering:
    """How numbers are read: the centre's country, and the numbers that it knows as nobody's own."""

    country: str
    lists: NumberLists


def read_numbers(
    cells: Sequence[tuple[object, str]], numbering: Numbering
) -> tuple[tuple[Number, ...], tuple[tuple[int, str], ...]]:
    """The numbers of some cells with their columns' labels, in order and each once; and what cannot be dialled.

    Of that, the place of the cell and a sentence: found, expected.
    """
    found: dict[str, Number] = {}
    wrong: list[tuple[int, str]] = []
    for at, (cell, label) in enumerate(cells):
        for part in _parts(cell):
            number = _number(part, label, numbering)
            if number is None:
                wrong.append((at, f"found {shown(part)}, expected {EXPECTED}"))
            else:
                found.setdefault(number.number, number)
    return tuple(found.values()), tuple(wrong)


def _parts(cell: object) -> list[str]:
    """What stands between commas, semicolons, strokes, line ends; and between spaces where each is long enough."""
    text = cell if isinstance(cell, str) else plain(cell)
    parts = [plain(part) for part in _BETWEEN.split(text)]
    return [piece for part in parts if part for piece in _pieces(part)]


def _pieces(part: str) -> list[str]:
    pieces = part.split()
    are_whole = all(sum(map(str.isdigit, piece)) >= _WHOLE for piece in pieces)
    return pieces if are_whole else [part]


def _number(part: str, label: str, numbering: Numbering) -> Number | None:
    if part.isdigit():
        return _read(part, part, Number(number="", written=part, label=label), numbering)
    match = _PART.fullmatch(part)
    if match is None:
        return None
    said = (match["note"] or match["label"] or "").strip(" :-") or label
    use = NumberUse.SHARED if match["extension"] else NumberUse.OWN
    bare = match["number"].strip()
    return _read(bare, part, Number(number="", written=part, label=said, use=use), numbering)


def _read(bare: str, part: str, told: Number, numbering: Numbering) -> Number | None:
    """The number in E.164; one that the centre knows as a switchboard or short code also without that form."""
    e164, digits = to_e164(bare, numbering.country), _SEPARATORS.sub("", bare)
    if numbering.lists.is_shared(digits, e164):
        return replace(told, number=e164 or digits, use=NumberUse.SHARED)
    return None if e164 is None else replace(told, number=e164)
