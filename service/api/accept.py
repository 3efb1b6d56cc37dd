"""Which format an answer has: `format` of the query, else the one that Accept likes best. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from config.settings import Language
from service.api.errors import ApiError

JSON = "application/json"
CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HTML = "text/html"
BY_NAME = {"json": JSON, "csv": CSV, "xlsx": XLSX}
_LONGEST = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """One entry of Accept or Accept-Language: what, and how much it is liked, 0 to 1."""

    what: str
    quality: float


def ranges(header: str) -> list[Range]:
    """The entries of a header. What cannot be read is passed over; without a q it is 1."""
    return [found for part in header[:_LONGEST].split(",") if (found := _range(part)) is not None]


def _range(part: str) -> Range | None:
    what, *more = (each.strip().lower() for each in part.split(";"))
    quality = next((each[2:] for each in more if each.startswith("q=")), "1")
    try:
        value = float(quality)
    except ValueError:
        return None
    return Range(what=what, quality=value) if what and 0 <= value <= 1 else None


def media_type(header: str | None, named: str | None, offered: Sequence[str]) -> str:
    """The format to answer in; where two are liked alike, the first that is offered. Raises ApiError 406."""
    if named is not None:
        return BY_NAME[named]
    if not header:
        return offered[0]
    liked = ranges(header)
    best = max(offered, key=lambda each: _quality(each, liked))
    if _quality(best, liked) <= 0:
        found = header[:60] if header.isprintable() else "what does not print"
        raise ApiError(406, "not_acceptable", f"Accept: found {found}, expected {' or '.join(offered)}")
    return best


def _quality(offered: str, liked: Sequence[Range]) -> float:
    """The most particular entry that names it decides."""
    family = offered.partition("/")[0] + "/*"
    for name in (offered, family, "*/*"):
        found = [each.quality for each in liked if each.what == name]
        if found:
            return max(found)
    return 0.0


def language(header: str | None, otherwise: Language) -> Language:
    """The language that Accept-Language likes best of ours."""
    liked = sorted(ranges(header or ""), key=lambda each: -each.quality)
    known = {each.value: each for each in Language}
    found = (known.get(each.what.partition("-")[0]) for each in liked if each.quality > 0)
    return next((each for each in found if each is not None), otherwise)
