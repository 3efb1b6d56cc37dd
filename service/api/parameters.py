"""What a request may say: each parameter with its schema, its words, and how it is read.

A reader takes the values as they came (none, one, or several where the parameter repeats) and gives a value, or
refuses with the parameter's name, what was found and what was expected. The description of the API, the page and
the check of every request are made of these objects.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from analytics.errors import PeriodError
from analytics.metrics.catalogue import METRICS
from analytics.metrics.periods import Period, day_period, parse_period
from config.policies import ServiceLevelFormula
from config.settings import Language
from service.api.cursors import read_cursor
from service.api.errors import ApiError
from service.api.figures import CHOICES, GROUPS
from service.api.limits import MAX_LIMIT, MAX_TEXT, MAX_VALUES

Schema = dict[str, Any]


class Place(StrEnum):
    """Where a parameter stands."""

    QUERY = "query"
    PATH = "path"


@dataclass(frozen=True, slots=True, kw_only=True)
class Now:
    """What a reader may know beside the text: the instant and the centre's zone."""

    at: datetime
    zone: ZoneInfo


Reader = Callable[[str, Sequence[str], Now], Any]
"""(the parameter's name, the values as they came, now) -> the value. Raises ApiError."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One parameter; `example` is a value that is accepted."""

    name: str
    en: str
    zh: str
    schema: Schema
    read: Reader
    example: str
    place: Place = Place.QUERY
    required: bool = False
    repeats: bool = False

    @property
    def is_list(self) -> bool:
        """Whether one value holds several, with commas between."""
        return self.schema.get("type") == "array" and not self.repeats


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


# -- readers -------------------------------------------------------------------------------


def _text(name: str, texts: Sequence[str], now: Now) -> str | None:
    return one(name, texts)


def _period(name: str, texts: Sequence[str], now: Now) -> Period:
    text = one(name, texts)
    if text is None:
        return day_period(now.at.astimezone(now.zone).date(), now.zone)
    try:
        return parse_period(text, now.zone)
    except PeriodError as error:
        raise ApiError(400, "bad_period", str(error)[:200]) from None
    except OverflowError:
        raise refused(name, quoted(text), "days of the years 2 to 9998") from None


def _limit(name: str, texts: Sequence[str], now: Now) -> int:
    text = one(name, texts)
    if text is None:
        return 100
    if not text.isascii() or not text.isdigit() or len(text) > 4 or not 1 <= int(text) <= MAX_LIMIT:
        raise refused(name, quoted(text), f"1 to {MAX_LIMIT}")
    return int(text)


def _after(name: str, texts: Sequence[str], now: Now) -> tuple[int, str] | None:
    text = one(name, texts)
    return None if text is None else read_cursor(text)


def _one_of(values: Sequence[str]) -> Reader:
    def read(name: str, texts: Sequence[str], now: Now) -> str | None:
        text = one(name, texts)
        if text is not None and text not in values:
            raise refused(name, quoted(text), f"one of {', '.join(values)}")
        return text

    return read


def _names(values: Sequence[str], at_least: int) -> Reader:
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


def _where(name: str, texts: Sequence[str], now: Now) -> Mapping[str, frozenset[str]]:
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


def _key(name: str, texts: Sequence[str], now: Now) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for text in texts:
        group, colon, value = text.partition(":")
        if group not in GROUPS or not colon or group in found:
            raise refused(name, quoted(text), "a group, a colon and its value, each group once: agent:1001")
        found[group] = value
    return found


def _instant(name: str, texts: Sequence[str], now: Now) -> datetime | None:
    text = one(name, texts)
    if text is None:
        return None
    try:
        read = datetime.fromisoformat(text)
        aware = read if read.tzinfo else read.replace(tzinfo=now.zone)
        asked = aware.astimezone(now.at.tzinfo)
    except (ValueError, OverflowError):
        raise refused(name, quoted(text), "an instant such as 2026-11-02T18:00:00+08:00") from None
    if asked > now.at:
        raise refused(name, quoted(text), "an instant that has come: figures of the future are not known")
    return asked


def _whole(low: int, high: int) -> Reader:
    def read(name: str, texts: Sequence[str], now: Now) -> int | None:
        text = one(name, texts)
        if text is None:
            return None
        if not text.isascii() or not text.isdigit() or len(text) > 6 or not low <= int(text) <= high:
            raise refused(name, quoted(text), f"a whole number from {low} to {high}")
        return int(text)

    return read


def _seconds(name: str, texts: Sequence[str], now: Now) -> timedelta | None:
    found: int | None = _whole(1, 3600)(name, texts, now)
    return None if found is None else timedelta(seconds=found)


# -- the parameters --------------------------------------------------------------------------

TEXT: Schema = {"type": "string", "minLength": 1, "maxLength": MAX_TEXT}
_DAY = r"\d{4}-\d{2}-\d{2}"
FORMATS = ("json", "csv", "xlsx")


def _enum(values: Sequence[str]) -> Schema:
    return {"type": "string", "enum": list(values)}


def _array(items: Schema, at_least: int = 1) -> Schema:
    return {"type": "array", "items": items, "minItems": at_least, "maxItems": MAX_VALUES, "uniqueItems": True}


def _path(name: str, en: str, zh: str, example: str) -> Parameter:
    return Parameter(
        name=name, en=en, zh=zh, schema=TEXT, read=_text, example=example, place=Place.PATH, required=True
    )


PERIOD = Parameter(
    name="period",
    en="A month 2026-11, a day 2026-11-02, or START/END with END left out; without it, today.",
    zh="月 2026-11、日 2026-11-02，或 起/止（不含止）；不写则为今天。",
    schema={"type": "string", "pattern": rf"^(\d{{4}}-\d{{2}}|{_DAY}|[0-9T:+.Z-]+/[0-9T:+.Z-]+)$"},
    read=_period,
    example="2026-11",
)
LIMIT = Parameter(
    name="limit",
    en=f"How many calls a page has, 1 to {MAX_LIMIT}; without it, 100.",
    zh=f"每页通话数，1 到 {MAX_LIMIT}；不写则为 100。",
    schema={"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": 100},
    read=_limit,
    example="50",
)
AFTER = Parameter(
    name="after",
    en="The cursor of the page before, its next_after. Calls that come in meanwhile do not move it.",
    zh="上一页的游标 next_after。其间新到的通话不影响它。",
    schema={"type": "string", "pattern": "^[A-Za-z0-9_-]{4,1000}$"},
    read=_after,
    example="MTc5MzU3ODgwMDAwMDAwMH5tYWluLzEuMQ",
)
GROUP = Parameter(
    name="group",
    en="What rows are told apart by; without it, agent.",
    zh="按什么分行；不写则按座席。",
    schema=_enum(("none", *GROUPS)) | {"default": "agent"},
    read=_one_of(("none", *GROUPS)),
    example="agent",
)
GROUPED_BY = Parameter(
    name="group",
    en="What rows are told apart by, with commas between; without it, one row for all.",
    zh="按什么分行，用逗号隔开；不写则合计一行。",
    schema=_array(_enum(GROUPS)),
    read=_names(GROUPS, 0),
    example="agent,day",
)
METRIC_NAMES = Parameter(
    name="metrics",
    en="Names of /api/v1/metrics, with commas between.",
    zh="/api/v1/metrics 中的指标名，用逗号隔开。",
    schema=_array(_enum(tuple(METRICS))),
    read=_names(tuple(METRICS), 1),
    example="talk_minutes,three_ring_rate",
    required=True,
)
METRIC = Parameter(
    name="metric",
    en="The name of the figure's metric.",
    zh="该数字的指标名。",
    schema=_enum(tuple(METRICS)),
    read=_one_of(tuple(METRICS)),
    example="talk_minutes",
    required=True,
)
WHERE = Parameter(
    name="where",
    en="Only these: a group, a colon, values with commas between. May be said for each group once.",
    zh="只算这些：分组、冒号、用逗号隔开的值。每个分组可写一次。",
    schema=_array({"type": "string", "pattern": rf"^({'|'.join(CHOICES)}):[^,]+(,[^,]+)*$", "maxLength": MAX_TEXT}),
    read=_where,
    example="queue:sales,support",
    repeats=True,
)
KEY = Parameter(
    name="key",
    en="Which figure: a group, a colon and its value; said once for each group that tells the figure apart.",
    zh="哪个数字：分组、冒号和值；每个分组写一次。",
    schema=_array({"type": "string", "pattern": rf"^({'|'.join(GROUPS)}):", "maxLength": MAX_TEXT}),
    read=_key,
    example="agent:1001",
    repeats=True,
)
AS_OF = Parameter(
    name="as_of",
    en="The instant up to which open calls are counted. Without it, now; for a period that was over two hours "
    "ago, the last full hour, so that the same question has the same answer.",
    zh="未结束的通话算到此刻。不写则为现在；周期结束已逾两小时的，为最近整点，使同一问题答案一致。",
    schema={"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}(T[0-9:.]+(Z|[+-]\d{2}:\d{2})?)?$"},
    read=_instant,
    example="2026-11-02T18:00:00+08:00",
)
RINGS = Parameter(
    name="rings",
    en="As if the policy asked for so many rings.",
    zh="假如政策要求这么多声内接听。",
    schema={"type": "integer", "minimum": 1, "maximum": 20},
    read=_whole(1, 20),
    example="3",
)
WITHIN = Parameter(
    name="within",
    en="As if the service level's wait were so many seconds.",
    zh="假如服务水平的等待为这么多秒。",
    schema={"type": "integer", "minimum": 1, "maximum": 3600},
    read=_seconds,
    example="20",
)
FORMULA = Parameter(
    name="formula",
    en="As if the policy named this formula of the service level.",
    zh="假如政策采用此服务水平公式。",
    schema=_enum(tuple(each.value for each in ServiceLevelFormula)),
    read=_one_of(tuple(each.value for each in ServiceLevelFormula)),
    example="icmi_3",
)
LANG = Parameter(
    name="lang",
    en="The language of titles; without it, that of Accept-Language, else the service's.",
    zh="标题的语言；不写则按 Accept-Language，再按本服务设置。",
    schema=_enum(tuple(each.value for each in Language)),
    read=_one_of(tuple(each.value for each in Language)),
    example="zh",
)
THEME = Parameter(
    name="theme",
    en="light, dark, or auto: as the system has it.",
    zh="light、dark 或 auto（随系统）。",
    schema=_enum(("light", "dark", "auto")),
    read=_one_of(("light", "dark", "auto")),
    example="dark",
)
FORMAT = Parameter(
    name="format",
    en="json, csv or xlsx, whatever Accept says.",
    zh="json、csv 或 xlsx，优先于 Accept。",
    schema=_enum(FORMATS),
    read=_one_of(FORMATS),
    example="xlsx",
)
CALL_ID = _path(
    "call_id", "A call's id, PBX/uniqueid, or any id it had before.", "通话编号，或其旧编号。", "main/1.1"
)
REPORT = _path("name", "minutes or three-rings.", "minutes 或 three-rings。", "minutes")
METRIC_NAME = _path("name", "A metric's name.", "指标名。", "talk_minutes")
