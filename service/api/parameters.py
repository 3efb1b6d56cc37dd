"""What a request may say: each parameter with its schema, its words in both languages, and how it is read.

The description of the API, the page and the check of every request are made of these objects.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from analytics.metrics.catalogue import METRICS
from config.policies import ServiceLevelFormula
from config.settings import Language
from service.api.figures import CHOICES, GROUPS
from service.api.limits import MAX_LIMIT, MAX_TEXT, MAX_VALUES
from service.api.readers import (
    Reader,
    after_of,
    instant_of,
    key_of,
    limit_of,
    names_of,
    one_of,
    period_of,
    seconds_of,
    some_text_of,
    text_of,
    where_of,
    whole_of,
    word_of_page,
)

Schema = dict[str, Any]


class Place(StrEnum):
    """Where a parameter stands."""

    QUERY = "query"
    PATH = "path"


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


TEXT: Schema = {"type": "string", "minLength": 1, "maxLength": MAX_TEXT}
_DAY = r"\d{4}-\d{2}-\d{2}"
FORMATS = ("json", "csv", "xlsx")


def _enum(values: Sequence[str]) -> Schema:
    return {"type": "string", "enum": list(values)}


def _array(items: Schema, at_most: int = MAX_VALUES) -> Schema:
    return {"type": "array", "items": items, "minItems": 1, "maxItems": at_most, "uniqueItems": True}


def _path(name: str, en: str, zh: str, example: str) -> Parameter:
    return Parameter(
        name=name, en=en, zh=zh, schema=TEXT, read=text_of, example=example, place=Place.PATH, required=True
    )


def _filter(name: str, en: str, zh: str, example: str) -> Parameter:
    return Parameter(name=name, en=en, zh=zh, schema=TEXT, read=some_text_of, example=example)


PERIOD = Parameter(
    name="period",
    en="A month 2026-11, a day 2026-11-02, or START/END with END left out; without it, today.",
    zh="月 2026-11、日 2026-11-02，或 起/止（不含止）；不写则为今天。",
    schema={"type": "string", "pattern": rf"^(\d{{4}}-\d{{2}}|{_DAY}|[0-9T:+.Z-]+/[0-9T:+.Z-]+)$"},
    read=period_of,
    example="2026-11",
)
LIMIT = Parameter(
    name="limit",
    en=f"How many calls a page has, 1 to {MAX_LIMIT}; without it, 100.",
    zh=f"每页通话数，1 到 {MAX_LIMIT}；不写则为 100。",
    schema={"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": 100},
    read=limit_of,
    example="50",
)
AFTER = Parameter(
    name="after",
    en="The cursor of the page before, its next_after. Calls that come in meanwhile do not move it.",
    zh="上一页的游标 next_after。其间新到的通话不影响它。",
    schema={"type": "string", "pattern": "^[A-Za-z0-9_-]{4,500}$"},
    read=after_of,
    example="MTc5MzU3ODgwMDAwMDAwMH5tYWluLzEuMQ",
)
GROUP = Parameter(
    name="group",
    en="What rows are told apart by, with commas between, or none; without it, agent.",
    zh="按什么分行，用逗号隔开，或 none；不写则按坐席。",
    schema=_array(_enum(("none", *GROUPS))),
    read=names_of(("none", *GROUPS), 0),
    example="agent",
)
GROUPED_BY = Parameter(
    name="group",
    en="What rows are told apart by, with commas between; without it, one row for all.",
    zh="按什么分行，用逗号隔开；不写则合计一行。",
    schema=_array(_enum(GROUPS)),
    read=names_of(GROUPS, 0),
    example="agent,day",
)
METRIC_NAMES = Parameter(
    name="metrics",
    en="Names of /api/v1/metrics, with commas between.",
    zh="/api/v1/metrics 中的指标名，用逗号隔开。",
    schema=_array(_enum(tuple(METRICS))),
    read=names_of(tuple(METRICS), 1),
    example="talk_minutes,three_ring_rate",
    required=True,
)
METRIC = Parameter(
    name="metric",
    en="The name of the figure's metric.",
    zh="该数字的指标名。",
    schema=_enum(tuple(METRICS)),
    read=one_of(tuple(METRICS)),
    example="talk_minutes",
    required=True,
)
WHERE = Parameter(
    name="where",
    en="Only these: a group, a colon, values with commas between. May be said for each group once.",
    zh="只算这些：分组、冒号、用逗号隔开的值。每个分组可写一次。",
    schema=_array(
        {"type": "string", "pattern": rf"^({'|'.join(CHOICES)}):[^,]+(,[^,]+)*$", "maxLength": MAX_TEXT},
        len(CHOICES),
    ),
    read=where_of,
    example="queue:sales,support",
    repeats=True,
)
KEY = Parameter(
    name="key",
    en="Which figure: a group, a colon and its value; said once for each group that tells the figure apart.",
    zh="哪个数字：分组、冒号和值；每个分组写一次。",
    schema=_array({"type": "string", "pattern": rf"^({'|'.join(GROUPS)}):", "maxLength": MAX_TEXT}, len(GROUPS)),
    read=key_of,
    example="agent:1001",
    repeats=True,
)
ACROSS = Parameter(
    name="across",
    en="One of the groups whose values become columns, in CSV and Excel: a line an agent, a column a day.",
    zh="把其中一个分组横排为列（CSV 与 Excel）：每坐席一行，每日一列。",
    schema=_enum(GROUPS),
    read=one_of(GROUPS),
    example="day",
)
AS_OF = Parameter(
    name="as_of",
    en="The instant up to which open calls are counted. Without it, now; for a period that was over two hours "
    "ago, the last full hour, so that the same question has the same answer.",
    zh="未结束的通话算到此刻。不写则为现在；周期结束已逾两小时的，为最近整点，使同一问题答案一致。",
    schema={"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}(T[0-9:.]+(Z|[+-]\d{2}:\d{2})?)?$"},
    read=instant_of,
    example="2026-11-02T18:00:00+08:00",
)
RINGS = Parameter(
    name="rings",
    en="As if the policy asked for so many rings.",
    zh="假如政策要求这么多声内接听。",
    schema={"type": "integer", "minimum": 1, "maximum": 20},
    read=whole_of(1, 20),
    example="3",
)
WITHIN = Parameter(
    name="within",
    en="As if the service level's wait were so many seconds.",
    zh="假如服务水平的等待为这么多秒。",
    schema={"type": "integer", "minimum": 1, "maximum": 3600},
    read=seconds_of,
    example="20",
)
FORMULA = Parameter(
    name="formula",
    en="As if the policy named this formula of the service level.",
    zh="假如政策采用此服务水平公式。",
    schema=_enum(tuple(each.value for each in ServiceLevelFormula)),
    read=one_of(tuple(each.value for each in ServiceLevelFormula)),
    example="icmi_3",
)
LANG = Parameter(
    name="lang",
    en="The language of titles; without it, that of Accept-Language, else the service's.",
    zh="标题的语言；不写则按 Accept-Language，再按本服务设置。",
    schema=_enum(tuple(each.value for each in Language)),
    read=one_of(tuple(each.value for each in Language)),
    example="zh",
)
THEME = Parameter(
    name="theme",
    en="light, dark, or auto: as the system has it.",
    zh="light、dark 或 auto（随系统）。",
    schema=_enum(("light", "dark", "auto")),
    read=one_of(("light", "dark", "auto")),
    example="dark",
)
FORMAT = Parameter(
    name="format",
    en="json, csv or xlsx, whatever Accept says.",
    zh="json、csv 或 xlsx，优先于 Accept。",
    schema=_enum(FORMATS),
    read=one_of(FORMATS),
    example="xlsx",
)
CALL_ID = _path(
    "call_id", "A call's id, PBX/uniqueid, or any id it had before.", "通话编号，或其旧编号。", "main/1.1"
)
CUSTOMER_ID = _path("customer_id", "Any id that the customer ever had.", "客户编号，或其旧编号。", "K1001")
NUMBER = _filter(
    "number", "Whose number this is, however it is written.", "该号码的客户，写法不限。", "13800138000"
)
BRANCH = _filter("branch", "Of this branch.", "该网点的客户。", "north")
TIER = _filter("tier", "Of this tier.", "该等级的客户。", "core")
OWNER = _filter("owner", "Whose named agent this is.", "该坐席名下的客户。", "1001")
CUSTOMER_LIMIT = Parameter(
    name="limit",
    en=f"How many customers a page has, 1 to {MAX_LIMIT}; without it, 100.",
    zh=f"每页客户数，1 到 {MAX_LIMIT}；不写则为 100。",
    schema=LIMIT.schema,
    read=limit_of,
    example="50",
)
CUSTOMER_AFTER = Parameter(
    name="after",
    en="The cursor of the page before, its next_after.",
    zh="上一页的游标 next_after。",
    schema=AFTER.schema,
    read=word_of_page,
    example="SzEwMDE",
)
REPORT = _path("name", "minutes or three-rings.", "minutes 或 three-rings。", "minutes")
METRIC_NAME = _path("name", "A metric's name.", "指标名。", "talk_minutes")
