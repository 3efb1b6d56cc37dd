"""What the addresses of these pages say, or a refusal in words. Pure.

/followups?period=2026-11&kind=missed&group=service&as_of=2026-11-15T17:00&month=2026-12
/followups/items?…&standing=closed&reason=refused&after=…
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from schedulers.storage.coverage import Standing
from schedulers.storage.seeing import Whom
from service.auth.rights import Seen, Sight
from service.dashboard.promises.source import Place, Question
from service.dashboard.query import QueryError, next_month, read_month, read_period

COVERAGE = ("period", "kind", "group", "as_of", "month")
BEHIND = ("period", "kind", "group", "as_of", "standing", "reason", "after")
DAY = timedelta(days=1)
STANDINGS: dict[str, tuple[Standing, ...]] = {
    "": (),
    "done": (Standing.DONE_ON_TIME, Standing.DONE_LATE),
    "open": (Standing.OPEN_IN_TIME, Standing.OPEN_OVERDUE),
    **{each.value: (each,) for each in Standing},
}
"""What `standing` may be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question with how its period was written, and the month of the calendar."""

    question: Question
    period: str
    month: date


def whom_of(seen: Seen, sight: Sight) -> Whom | None:
    """Whose follow-ups a visitor sees; None where he sees all."""
    if seen.everything:
        return None
    return Whom(agents=seen.agents, groups=sight.groups, branches=sight.branches)


def read_asked(query: Mapping[str, str], now: datetime, zone: ZoneInfo, seen: Whom | None) -> Asked:
    """A question about coverage, by the centre's calendar."""
    today = now.astimezone(zone).date()
    written = query.get("period", "") or f"{today:%Y-%m}"
    first, end = _period(written, today)
    question = Question(
        first=first,
        end=end,
        as_of=read_as_of(query.get("as_of", ""), now, zone),
        kind=query.get("kind") or None,
        group=query.get("group") or None,
        seen=seen,
    )
    month = read_month(query.get("month", ""), first) if query.get("month") else _calendar_of(first, end, today)
    return Asked(question=question, period=written, month=month)


def _period(written: str, today: date) -> tuple[date, date]:
    """As of other pages; but what is due is asked of whole weeks and months, also of those to come."""
    if written == "week":
        monday = today - today.weekday() * DAY
        return monday, monday + 7 * DAY
    if written == "month":
        return today.replace(day=1), next_month(today)
    return read_period(written, today)


def _calendar_of(first: date, end: date, today: date) -> date:
    return (today if first <= today < end else first).replace(day=1)


def read_as_of(written: str, now: datetime, zone: ZoneInfo) -> datetime | None:
    """An instant by the centre's clock that has come; None where nothing is said."""
    if not written:
        return None
    expected = "an instant that has come, such as 2026-11-15T17:00"
    try:
        read = datetime.fromisoformat(written)
        found = (read if read.tzinfo else read.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise QueryError("as_of", written, expected) from None
    if found > now:
        raise QueryError("as_of", written, expected)
    return found


def typed(form: Mapping[str, str], name: str, most: int) -> str:
    """What somebody typed into a field, on one line, without what does not print; at most so many characters."""
    line = " ".join(form.get(name, "").split())
    return "".join(each for each in line if each.isprintable())[:most]


def one_of(key: str, query: Mapping[str, str], known: Collection[str]) -> str | None:
    """A word of several; None where nothing is said."""
    found = query.get(key, "")
    if found and found not in known:
        raise QueryError(key, found, "one of " + (", ".join(sorted(known)) or "none"))
    return found or None


def read_standing(query: Mapping[str, str]) -> tuple[Standing, ...]:
    """Which part of the equation."""
    return STANDINGS[one_of("standing", query, [each for each in STANDINGS if each]) or ""]


def read_place(written: str) -> Place | None:
    """After which item the page begins."""
    if not written:
        return None
    at, _, identity = written.partition("~")
    try:
        read = datetime.fromisoformat(at)
        if read.tzinfo is None or not identity:
            raise ValueError
    except ValueError:
        raise QueryError("after", written, "the cursor of the page before") from None
    return read, identity


def place_text(place: Place | None) -> str:
    """A place as one word; '' where there is none."""
    return "" if place is None else f"{place[0].isoformat()}~{place[1]}"
