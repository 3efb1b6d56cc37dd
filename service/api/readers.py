"""How the values of a parameter are read, or refused with the parameter's name, what was found and what was expected.

A reader takes the values as they came: none, one, or several where the parameter repeats.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from analytics.errors import PeriodError
from analytics.metrics.periods import Period
from config.policies import Policy
from service.api import figures
from service.api.cursors import read_cursor, read_word
from service.api.errors import ApiError
from service.api.figures import CHOICES, GROUPS
from service.api.limits import MAX_LIMIT


@dataclass(frozen=True, slots=True, kw_only=True)
class Now:
    """What a reader may know beside the text: the instant, and the policy with the centre's zone and days."""

    at: datetime
    policy: Policy


Reader = Callable[[str, Sequence[str], Now], Any]
"""(the parameter's name, the values as they came, now) -> the value. Raises ApiError."""


def refused(name: str, found: str, expected: str) -> ApiError:
    """A mistake in one parameter."""
    return ApiError(400, f"bad_{name}", f"{name}: found {found}, expected {expected}")


def quoted(text: str) -> str:
    """What was found, short and on one line."""
    return ascii(text[:40]) if not text.isprintable() else repr(text[:40])


def one(name: str, texts: Sequence[str]) -> str | None:
    """The only value, if there is one."""
    if len(texts) > 1:
        raise refused(name, f"it {len(texts)} times", "it once")
    return texts[0] if texts else None


def text_of(name: str, texts: Sequence[str], now: Now) -> str | None:
    """The text as it came."""
    return one(name, texts)


def some_text_of(name: str, texts: Sequence[str], now: Now) -> str | None:
    """The text as it came, which may not be empty."""
    text = one(name, texts)
    if text == "":
        raise refused(name, "nothing", "a text")
    return text


def period_of(name: str, texts: Sequence[str], now: Now) -> Period:
    """A month, a day or START/END; without a value, today."""
    text = one(name, texts)
    if text is None:
        return figures.today(now.at, now.policy)
    try:
        return figures.period_of(text, now.policy)
    except PeriodError as error:
        raise ApiError(400, "bad_period", str(error)[:200]) from None
    except OverflowError:
        raise refused(name, quoted(text), "days of the years 2 to 9998") from None


def limit_of(name: str, texts: Sequence[str], now: Now) -> int:
    """How many calls a page has."""
    text = one(name, texts)
    if text is None:
        return 100
    if not text.isascii() or not text.isdigit() or len(text) > 4 or not 1 <= int(text) <= MAX_LIMIT:
        raise refused(name, quoted(text), f"1 to {MAX_LIMIT}")
    return int(text)


def after_of(name: str, texts: Sequence[str], now: Now) -> tuple[int, str] | None:
    """Start and id of the last call of the page before."""
    text = one(name, texts)
    return None if text is None else read_cursor(text)


def word_of_page(name: str, texts: Sequence[str], now: Now) -> str | None:
    """The id of the last one of the page before, where ids are the order."""
    text = one(name, texts)
    return None if text is None else read_word(text)


def one_of(values: Sequence[str]) -> Reader:
    """A reader of one of these words."""

    def read(name: str, texts: Sequence[str], now: Now) -> str | None:
        text = one(name, texts)
        if text is not None and text not in values:
            raise refused(name, quoted(text), f"one of {', '.join(values)}")
        return text

    return read


def names_of(values: Sequence[str], at_least: int) -> Reader:
    """A reader of several of these words with commas between, at least so many."""

    def read(name: str, texts: Sequence[str], now: Now) -> tuple[str, ...]:
        text = one(name, texts)
        found = () if text is None else tuple(text.split(","))
        if len(found) < at_least:
            raise refused(name, "none", f"some of {', '.join(values)}")
        for each in found:
            if each not in values or found.count(each) > 1:
                what = f"{quoted(each)} twice" if each in values else quoted(each)
                raise refused(name, what, f"some of {', '.join(values)}")
        return found

    return read


def where_of(name: str, texts: Sequence[str], now: Now) -> Mapping[str, frozenset[str]]:
    """Which values of which groups count."""
    found: dict[str, frozenset[str]] = {}
    for text in texts:
        group, colon, values = text.partition(":")
        named = values.split(",")
        if group not in CHOICES or not colon or not all(named):
            raise refused(name, quoted(text), f"{' or '.join(CHOICES)}, a colon and values: queue:sales,support")
        if group in found:
            raise refused(name, f"{group} twice", "each group once")
        found[group] = frozenset(named)
    return found


def key_of(name: str, texts: Sequence[str], now: Now) -> Mapping[str, str]:
    """Which figure: a value for each group."""
    found: dict[str, str] = {}
    for text in texts:
        group, colon, value = text.partition(":")
        if group not in GROUPS or not colon or group in found:
            raise refused(name, quoted(text), "a group, a colon and its value, each group once: agent:1001")
        found[group] = value
    return found


def instant_of(name: str, texts: Sequence[str], now: Now) -> datetime | None:
    """An instant that has come; without a zone of its own, by the centre's clocks."""
    text = one(name, texts)
    if text is None:
        return None
    try:
        read = datetime.fromisoformat(text)
        aware = read if read.tzinfo else read.replace(tzinfo=now.policy.zone)
        asked = aware.astimezone(now.at.tzinfo)
    except (ValueError, OverflowError):
        raise refused(name, quoted(text), "an instant such as 2026-11-02T18:00:00+08:00") from None
    if asked > now.at:
        raise refused(name, quoted(text), "an instant that has come: figures of the future are not known")
    return asked


def whole_of(low: int, high: int) -> Reader:
    """A reader of a whole number in a range, both ends included."""

    def read(name: str, texts: Sequence[str], now: Now) -> int | None:
        text = one(name, texts)
        if text is None:
            return None
        if not text.isascii() or not text.isdigit() or len(text) > 6 or not low <= int(text) <= high:
            raise refused(name, quoted(text), f"a whole number from {low} to {high}")
        return int(text)

    return read


def seconds_of(name: str, texts: Sequence[str], now: Now) -> timedelta | None:
    """Whole seconds."""
    found: int | None = whole_of(1, 3600)(name, texts, now)
    return None if found is None else timedelta(seconds=found)
