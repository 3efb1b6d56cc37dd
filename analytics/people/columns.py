"""Which kinds of rows a file of people may have, and by which words its columns are known: pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from analytics.errors import PeopleError
from analytics.people.cells import heading, plain


class Kind(StrEnum):
    """What the rows of one sheet are."""

    AGENTS = "agents"  # who works here
    DEVICES = "devices"  # who sat where
    GROUPS = "groups"  # who was in which group
    TIERS = "tiers"  # who was in which tier
    CERTIFICATES = "certificates"  # who passed what
    SHIFTS = "shifts"  # the spans of a named shift
    ROTATIONS = "rotations"  # shifts by week, over and over
    ASSIGNMENTS = "assignments"  # who works which shift
    CHANGES = "changes"  # single days that differ
    LEAVE = "leave"  # who is off when
    FACTS = "facts"  # what is known of an agent's month from elsewhere


ASKED = {"shifts": (Kind.SHIFTS, Kind.ROTATIONS, Kind.ASSIGNMENTS, Kind.CHANGES)}
"""What is asked for by one word: a sheet of shifts may be any of these."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The columns of a kind. Every kind may have a column `name` beside, for people's eyes."""

    needed: tuple[str, ...]
    other: tuple[str, ...] = ()


LAYOUTS: dict[Kind, Layout] = {
    Kind.AGENTS: Layout(needed=("agent", "name"), other=("joined", "left")),
    Kind.DEVICES: Layout(needed=("interface", "agent"), other=("from", "to")),
    Kind.GROUPS: Layout(needed=("agent", "group"), other=("from", "to")),
    Kind.TIERS: Layout(needed=("agent", "tier"), other=("from", "to")),
    Kind.CERTIFICATES: Layout(needed=("agent", "certificate", "obtained"), other=("role", "expires")),
    Kind.SHIFTS: Layout(needed=("shift", "spans"), other=("days",)),
    Kind.ROTATIONS: Layout(needed=("rotation", "from", "weeks")),
    Kind.ASSIGNMENTS: Layout(needed=("agent", "shift"), other=("from", "to")),
    Kind.CHANGES: Layout(needed=("agent", "day", "shift"), other=("change",)),
    Kind.LEAVE: Layout(needed=("agent", "from", "to"), other=("leave", "approved")),
    Kind.FACTS: Layout(needed=("agent", "month", "fact", "value"), other=("source",)),
}

WORDS: dict[str, tuple[str, ...]] = {
    "agent": ("工号", "座席", "坐席", "座席工号", "坐席工号", "员工号", "员工编号"),
    "name": ("姓名", "名字", "员工姓名"),
    "joined": ("入职", "入职日期"),
    "left": ("离职", "离职日期"),
    "interface": ("接口", "话机", "设备", "device"),
    "from": ("开始", "起", "开始日期", "开始时间", "起始日期", "生效日期", "start"),
    "to": ("结束", "止", "结束日期", "结束时间", "截止日期", "失效日期", "end"),
    "group": ("组", "小组", "班组", "组别"),
    "tier": ("级别", "等级", "职级"),
    "certificate": ("证书", "证书代码", "code"),
    "role": ("角色", "岗位"),
    "obtained": ("取得", "取得日期", "发证日期"),
    "expires": ("到期", "到期日期", "有效期至"),
    "shift": ("班次", "班别"),
    "spans": ("时段", "时间", "上班时间"),
    "days": ("星期", "周几", "工作日", "weekdays"),
    "rotation": ("轮班", "轮班名称"),
    "weeks": ("各周", "周次", "各周班次"),
    "day": ("日期", "date"),
    "change": ("变动", "调班", "变动类型"),
    "leave": ("假别", "请假类型", "假期类型", "kind"),
    "approved": ("批准", "已批准", "是否批准"),
    "month": ("月份", "月"),
    "fact": ("项目", "指标"),
    "value": ("数值", "数量", "值"),
    "source": ("来源", "出处"),
}
SHEETS: dict[Kind, tuple[str, ...]] = {
    Kind.AGENTS: ("座席", "坐席", "员工", "人员", "花名册"),
    Kind.DEVICES: ("话机", "设备"),
    Kind.GROUPS: ("组", "小组", "班组"),
    Kind.TIERS: ("级别", "等级"),
    Kind.CERTIFICATES: ("证书",),
    Kind.SHIFTS: ("班次",),
    Kind.ROTATIONS: ("轮班",),
    Kind.ASSIGNMENTS: ("排班", "排班表"),
    Kind.CHANGES: ("调班",),
    Kind.LEAVE: ("请假", "休假", "假期"),
    Kind.FACTS: ("月度数据", "其他数据"),
}
_COLUMN_OF = {word: name for name, words in WORDS.items() for word in (name, *words)}
_KIND_OF = {word: kind for kind, words in SHEETS.items() for word in (kind.value, *words)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What a line of names tells: the kind, the place of each column that is read, and the names of the others."""

    kind: Kind
    places: dict[str, int]
    titles: dict[str, str]  # a column's name as the file writes it
    unread: tuple[str, ...]


def asked_kinds(word: str | None) -> tuple[Kind, ...]:
    """The kinds that a word asks for; all where nothing is asked. Raise PeopleError for another word."""
    if word is None:
        return tuple(Kind)
    if word not in set(Kind):
        raise PeopleError(f"--kind: found {word!r}, expected one of {', '.join(Kind)}")
    return ASKED.get(word, (Kind(word),))


def read_header(cells: Sequence[object], sheet: str | None, kinds: Sequence[Kind]) -> Header | None:
    """The header that a line is, None if it is none: the sheet's name decides, else the columns that fit best."""
    titles = [heading(cell) for cell in cells]
    places = {_COLUMN_OF[title]: place for place, title in reversed(list(enumerate(titles))) if title in _COLUMN_OF}
    named = _KIND_OF.get(heading(sheet))
    fitting = [kind for kind in kinds if set(LAYOUTS[kind].needed) <= set(places)]
    if not fitting:
        return None
    kind = named if named in fitting else max(fitting, key=lambda each: _fit(each, places))
    used = {name: place for name, place in places.items() if name in _columns(kind)}
    return Header(
        kind=kind,
        places=used,
        titles={name: plain(cells[place]) for name, place in used.items()},
        unread=tuple(plain(cells[at]) for at, title in enumerate(titles) if title and at not in used.values()),
    )


def _columns(kind: Kind) -> set[str]:
    return {*LAYOUTS[kind].needed, *LAYOUTS[kind].other, "name"}


def _fit(kind: Kind, places: dict[str, int]) -> tuple[int, int]:
    """How many of the columns are read, and how many of them the kind cannot do without."""
    return len(_columns(kind) & set(places)), len(LAYOUTS[kind].needed)
