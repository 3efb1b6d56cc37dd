"""By which words the columns of a file of customers are known: pure.

A sheet holds customers, one a row, or what they spent, one customer's month a row: it has a month then.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from analytics.people.cells import heading, plain

WORDS: dict[str, tuple[str, ...]] = {
    "id": ("客户编号", "客户号", "客户id", "会员编号", "会员号", "经销商编号", "编号", "customer", "customer_id"),
    "name": ("姓名", "客户姓名", "客户名称", "名称", "名字"),
    "sort": ("类型", "客户类型", "类别", "客户类别"),
    "branch": ("网点", "分支", "分支机构", "营业部", "门店", "分店"),
    "tier": ("等级", "级别", "客户等级", "客户级别", "会员等级"),
    "owner": ("客户经理", "责任坐席", "责任座席", "责任人", "专属坐席", "专属座席"),
    "zone": ("时区",),
    "hours": ("作息", "作息时间", "营业时间", "工作时间"),
    "dialect": ("方言",),
    "language": ("语言", "语种"),
    "birthday": ("生日", "出生日期"),
    "lunar_birthday": ("农历生日", "阴历生日"),
    "since": ("入会日期", "入网日期", "开户日期", "建档日期", "客户自", "起始日期"),
    "until": ("退会日期", "离网日期", "销户日期", "客户至", "终止日期"),
    "consent": ("同意联系", "是否同意联系", "同意回访"),
    "do_not_call": ("勿扰", "免打扰", "是否勿扰", "请勿致电"),
    "do_not_call_reason": ("勿扰原因", "免打扰原因"),
    "do_not_call_until": ("勿扰至", "勿扰截止", "免打扰至"),
    "month": ("月份", "月"),
    "assets": ("资产", "资产总额", "总资产"),
    "spend": ("消费", "消费额", "消费金额", "累计消费"),
    "points": ("积分",),
    "orders": ("订单数", "订单量"),
}
NUMBERS: dict[str, tuple[str, ...]] = {
    "": ("number", "phone", "telephone", "tel", "电话", "号码", "电话号码", "联系电话", "联系方式"),
    "mobile": ("mobile", "手机", "手机号", "手机号码", "移动电话"),
    "landline": ("landline", "座机", "固话", "固定电话"),
    "office": ("office", "办公电话", "单位电话", "公司电话"),
    "home": ("home", "家庭电话", "住宅电话", "家电"),
    "other": ("other", "备用电话", "其他电话", "紧急联系电话"),
}
FIGURES = ("assets", "spend", "points", "orders")
OWN_FIGURE = "figure_"
"""`figure_NAME` is a figure of the centre's own."""

OF_SPEND = ("id", "month", "spend")
_COLUMN_OF = {word: name for name, words in WORDS.items() for word in (name, *words)}
_LABEL_OF = {word: label for label, words in NUMBERS.items() for word in words}
_ENUMERATED = re.compile(r"(.+?)_?(?:\d{1,2}|[一二三四五六七八九])")
_FIGURE = re.compile(rf"{OWN_FIGURE}([a-z][a-z0-9_]{{0,38}})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What a line of names tells: the place of each column, of each number with its label, and who is not read."""

    places: dict[str, int]
    numbers: tuple[tuple[int, str], ...]
    figures: tuple[tuple[int, str], ...]
    titles: dict[int, str]  # by place, as the file writes it
    unread: tuple[str, ...]

    @property
    def is_of_spend(self) -> bool:
        """Whether its rows are what customers spent in a month."""
        return set(OF_SPEND) <= set(self.places)


def read_header(cells: Sequence[object]) -> Header | None:
    """The header that a line is; None for a line that names neither a customer's id nor a number."""
    titles = [heading(cell) for cell in cells]
    places: dict[str, int] = {}
    numbers: list[tuple[int, str]] = []
    for at, title in enumerate(titles):
        name, label = _COLUMN_OF.get(title) or _own_figure(title), _label(title)
        if name is not None:
            places.setdefault(name, at)
        elif label is not None:
            numbers.append((at, label))
    if "id" not in places and not numbers:
        return None
    read = {*places.values(), *(at for at, _ in numbers)}
    return Header(
        places=places,
        numbers=tuple(numbers),
        figures=tuple((at, name.removeprefix(OWN_FIGURE)) for name, at in places.items() if _is_figure(name)),
        titles={at: plain(cells[at]) for at in read},
        unread=tuple(plain(cells[at]) for at, title in enumerate(titles) if title and at not in read),
    )


def _label(title: str) -> str | None:
    """The label of a column of numbers: `number`, `number2`, `手机二`."""
    if title in _LABEL_OF:
        return _LABEL_OF[title]
    enumerated = _ENUMERATED.fullmatch(title)
    return _LABEL_OF.get(enumerated[1]) if enumerated else None


def _own_figure(title: str) -> str | None:
    return title if _FIGURE.fullmatch(title) else None


def _is_figure(name: str) -> bool:
    return name in FIGURES or name.startswith(OWN_FIGURE)
