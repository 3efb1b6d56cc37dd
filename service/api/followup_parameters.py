"""What requests for follow-ups may say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from schedulers.storage.coverage import Standing
from service.api import parameters as p
from service.api.parameters import Parameter, Place
from service.api.readers import Now, one_of, refused, text_of
from service.desk.lists import STATES


def _read_name(name: str, texts: Sequence[str], now: Now) -> str | None:
    """A name that is not empty."""
    text = text_of(name, texts, now)
    if text == "":
        raise refused(name, "an empty text", "a name, or nothing at all")
    return text


def _text(name: str, en: str, zh: str, example: str) -> Parameter:
    return Parameter(name=name, en=en, zh=zh, schema=p.TEXT, read=_read_name, example=example)


STATE = Parameter(
    name="state",
    en="Which of them: due now, today, overdue, unmeetable (cannot be met in time), reached (waits for its outcome), "
    "decide (tried as often as permitted), agreed, or all that is open; without it, all.",
    zh="哪一类：due 现在可做、today 今天、overdue 逾期、unmeetable 期限内无法完成、reached 接通待确认、decide 须决定、"
    "agreed 已约时间、all 全部未完成；不写为 all。",
    schema={"type": "string", "enum": list(STATES)},
    read=one_of(tuple(STATES)),
    example="due",
)
AGENT = _text("agent", "Whom it belongs to.", "负责人。", "1002")
LEADER = _text("leader", "Of the groups that he leads.", "其所带组的事项。", "1001")
GROUP = _text("group", "Of this group.", "所属组。", "service")
KIND = _text("kind", "Of this kind of the policy.", "政策中的事项类别。", "resolved_revisit")
CUSTOMER = _text("customer", "Owed to this customer.", "客户编号。", "C-1")
LIMIT = replace(
    p.LIMIT,
    en="How many a page has, 1 to 500; without it, 100.",
    zh="每页数量，1 到 500；不写则为 100。",
)
AFTER = replace(
    p.AFTER,
    en="The cursor of the page before, its next_after.",
    zh="上一页的游标 next_after。",
)
AS_OF = replace(
    p.AS_OF,
    en="How things stood at this instant; without it, now.",
    zh="截至此刻的状况；不写则为现在。",
)
STANDING = Parameter(
    name="standing",
    en="Which part; without it, all that was due.",
    zh="哪一部分；不写则为全部应做。",
    schema={"type": "string", "enum": [each.value for each in Standing]},
    read=one_of(tuple(each.value for each in Standing)),
    example="open_overdue",
)
FOLLOW_UP = Parameter(
    name="follow_up",
    en="A follow-up's id.",
    zh="事项编号。",
    schema=p.TEXT,
    read=text_of,
    example="5b0c77d0a5a5a1f3c1aa",
    place=Place.PATH,
    required=True,
)
