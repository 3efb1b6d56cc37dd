"""What bodies about campaigns and calls say."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from schedulers.campaigns.records import DialMode
from schedulers.storage.customer_query import Order
from service.api.body_fields import (
    BY,
    NOTE,
    TEXT,
    Body,
    Field,
    FieldReader,
    read_flag,
    read_text,
    shown,
    text,
    when,
)
from service.api.readers import Now, refused
from service.api.schema import Schema, enum
from service.desk.settling import RESULTS

MAX_NAMES = 100
MAX_CUSTOMERS = 10_000
MAX_RING = 120.0
MODES = (DialMode.PREVIEW, DialMode.PROGRESSIVE)


def read_whole(low: int, high: int) -> FieldReader:
    """A reader of a whole number in a range, both ends included."""

    def read(name: str, value: Any, now: Now) -> int:
        if isinstance(value, bool) or not isinstance(value, int | float) or value != int(value):
            raise refused(name, shown(value), f"a whole number from {low} to {high}")
        if not low <= value <= high:
            raise refused(name, shown(value), f"a whole number from {low} to {high}")
        return int(value)

    return read


def read_list(at_most: int) -> FieldReader:
    """A reader of a list of texts."""

    def read(name: str, value: Any, now: Now) -> tuple[str, ...]:
        if not isinstance(value, list) or len(value) > at_most:
            raise refused(name, shown(value), f"a list of at most {at_most} texts")
        return tuple(read_text(name, each, now) for each in value)

    return read


def read_word(words: tuple[str, ...], make: Callable[[str], Any]) -> FieldReader:
    """A reader of one of some words."""

    def read(name: str, value: Any, now: Now) -> Any:
        if not isinstance(value, str) or value not in words:
            raise refused(name, shown(value), f"one of {', '.join(words)}")
        return make(value)

    return read


def read_ring(name: str, value: Any, now: Now) -> timedelta:
    """Seconds."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 1 <= value <= MAX_RING:
        raise refused(name, shown(value), f"1 to {MAX_RING:g} seconds")
    return timedelta(milliseconds=round(value * 1000))


def _list(name: str, en: str, zh: str, example: list[str], at_most: int = MAX_NAMES, **more: Any) -> Field:
    schema: Schema = {"type": "array", "items": TEXT, "maxItems": at_most}
    return Field(name=name, en=en, zh=zh, schema=schema, read=read_list(at_most), example=example, **more)


def _flag(name: str, en: str, zh: str) -> Field:
    return Field(name=name, en=en, zh=zh, schema={"type": "boolean"}, read=read_flag, example=False)


_PRIORITY = Field(
    name="priority",
    en="Of two campaigns that want one agent the higher one gets him; without it, 0.",
    zh="优先级：两个活动争同一坐席时高者先；不写为 0。",
    schema={"type": "integer", "minimum": -1000, "maximum": 1000},
    read=read_whole(-1000, 1000),
    example=5,
)
_RING = Field(
    name="ring_seconds",
    en="How long a customer's phone may ring; without it, as the trunk says.",
    zh="客户电话振铃秒数；不写则按中继。",
    schema={"type": "number", "minimum": 1, "maximum": MAX_RING},
    read=read_ring,
    example=30,
)
_GROUPS = _list(
    "groups", "Groups that call; without them everybody whom the kinds allow.", "拨打的组。", ["service"]
)
_AGENTS = _list("agents", "Agents who call.", "拨打的坐席。", ["1002"])
_CALLER = text(
    "caller_id", "What customers see; without it, as the trunk says.", "主叫号码；不写则按中继。", "4008200110"
)
_NOTICE = _flag("notice", "Whether the customer hears that the call is recorded.", "是否播放录音提示。")
_DEADLINE = when("deadline_at", "Nobody is dialled from then on.", "此后不再拨打。")
_CUSTOMERS = _list(
    "customers",
    "Customers' ids or numbers, for its list.",
    "名单：客户编号或号码。",
    ["C-1"],
    MAX_CUSTOMERS,
)
_QUERY = (
    text("tier", "A query instead of a list: customers of this tier.", "按条件选客户：等级。", "core"),
    text("branch", "Of this branch.", "网点。", "north"),
    text("sort", "Of this sort.", "类别。", "dealer"),
    text("owner", "Whose named agent this is.", "名下坐席。", "1002"),
    Field(
        name="quiet_days",
        en="Of whom no contact is known for so many days.",
        zh="多少天内没有联系。",
        schema={"type": "integer", "minimum": 1, "maximum": 3650},
        read=read_whole(1, 3650),
        example=90,
    ),
    Field(
        name="order",
        en="Who comes first; without it, by id.",
        zh="排序；不写则按编号。",
        schema=enum(Order),
        read=read_word(tuple(each.value for each in Order), Order),
        example="spend",
    ),
    Field(
        name="limit",
        en="At most so many.",
        zh="最多多少位。",
        schema={"type": "integer", "minimum": 1, "maximum": 1_000_000},
        read=read_whole(1, 1_000_000),
        example=500,
    ),
)
"""What a query asks for; of a body it is one where any of them but `order` and `limit` is there."""

CAMPAIGN: Body = (
    BY,
    text("name", "What people call it.", "名称。", "十一月积分提醒", required=True),
    Field(
        name="mode",
        en="preview: the agent sees the record and dials; progressive: a free agent is held, then he is put through.",
        zh="preview 预览：坐席看过记录后拨打；progressive 渐进：先保留空闲坐席再拨客户。",
        schema=enum(MODES),
        read=read_word(tuple(each.value for each in MODES), DialMode),
        example="preview",
        required=True,
    ),
    _list("kinds", "Kinds of the policy.", "政策中的事项类别。", ["outreach"], required=True),
    _CUSTOMERS,
    *_QUERY,
    _PRIORITY,
    _GROUPS,
    _AGENTS,
    text("pbx", "The PBX; without it the only one that dials.", "PBX；不写为唯一可拨的一台。", "main"),
    text("trunk", "Its trunk; without it the only one.", "中继；不写为唯一一条。", "telecom"),
    _CALLER,
    _RING,
    _NOTICE,
    when("starts_at", "It starts by itself then.", "届时自动开始。"),
    _DEADLINE,
    NOTE,
)
CHANGE: Body = (
    BY,
    Field(
        name="revision",
        en="The revision that was seen; another has changed it meanwhile where it is not the newest.",
        zh="所见版本；若非最新则拒绝。",
        schema={"type": "integer", "minimum": 1, "maximum": 10**9},
        read=read_whole(1, 10**9),
        example=3,
    ),
    text("name", "What people call it.", "名称。", "十一月积分提醒"),
    _PRIORITY,
    _GROUPS,
    _AGENTS,
    text("trunk", "Another trunk of its PBX.", "同一 PBX 的另一中继。", "telecom"),
    _CALLER,
    _RING,
    _NOTICE,
    _DEADLINE,
    _flag("no_deadline", "It has no deadline any more.", "取消截止时间。"),
    NOTE,
)
TURN: Body = (BY, NOTE)
RESUME: Body = (
    BY,
    _flag(
        "anyway",
        "Who does it answers for what the PBX did until now while it was not heard.",
        "经办人对 PBX 未被听到期间的情况负责。",
    ),
    NOTE,
)
MEMBERS: Body = (BY, _CUSTOMERS, *_QUERY)
AGENT = text("agent", "Whose record it is.", "坐席工号。", "1002", required=True)
DIAL: Body = (AGENT,)
SKIP: Body = (AGENT, text("reason", "Why, in words.", "原因。", "要先查积分", required=True))
SETTLE: Body = (
    BY,
    Field(
        name="result",
        en="How it ended; failed: he was not dialled. A talk is recorded as the follow-up's outcome.",
        zh="结果；failed：并未拨出。已通话的请登记联系结果。",
        schema=enum(RESULTS),
        read=read_word(tuple(each.value for each in RESULTS), str),
        example="busy",
        required=True,
    ),
    NOTE,
)
CLICK: Body = (
    text("agent", "Whose phone rings first.", "先振铃的坐席。", "1002", required=True),
    text("by", "Who asks; without it the agent.", "经办人；不写为该坐席。", "1002"),
    text("number", "Whom he calls: one of number, customer and follow_up.", "号码：三者择一。", "13800138000"),
    text("customer", "Or this customer.", "或客户编号。", "C-1"),
    text("follow_up", "Or what the call is for.", "或事项编号。", "5b0c77d0a5a5a1f3c1aa"),
    text("pbx", "The PBX; without it the only one that dials.", "PBX；不写为唯一可拨的一台。", "main"),
    text("trunk", "Its trunk; without it the only one.", "中继；不写为唯一一条。", "telecom"),
)
NEXT: Body = ()
