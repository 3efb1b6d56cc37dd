"""Reads [version.quality]: samples, the scorecard, replies and appeals; and what must hold between its rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time, timedelta
from enum import StrEnum
from typing import TypeVar

from config.calendars import WEEKDAYS
from config.kind_reading import EXPECTED_ID, ID
from config.quality import MAX_SCALE, WHOLE, Automatic, Criterion, Critical, Quality, Replacement, Stratum
from config.reading import Table
from config.showing import one_of, shown

Choice = TypeVar("Choice", bound=StrEnum)
CLOCK = r"([01][0-9]|2[0-3]):[0-5][0-9]"
LONGEST = timedelta(hours=1)
_PLAIN = Quality(criteria=())


def read_quality(table: Table) -> Quality | None:
    """The section; None where the policy has none."""
    if not table.names():
        return None
    quality = Quality(
        criteria=tuple(_criterion(each) for each in table.tables("criterion")),
        criticals=tuple(_critical(each) for each in table.tables("critical")),
        at_least=table.integer("at_least", _PLAIN.at_least, low=1, high=5),
        minimum_length=table.seconds("minimum_length", _PLAIN.minimum_length, high=int(LONGEST.total_seconds())),
        draw_on=_weekday(table),
        draw_at=time.fromisoformat(
            table.text(
                "draw_at", f"{_PLAIN.draw_at:%H:%M}", expected='a time of day such as "08:00"', pattern=CLOCK
            )
        ),
        strata=_each(table, "strata", Stratum, _PLAIN.strata),
        replace=_each(table, "replace", Replacement, _PLAIN.replace),
        automatic=_each(table, "automatic", Automatic, _PLAIN.automatic),
        scale=table.integer("scale", _PLAIN.scale, low=1, high=MAX_SCALE),
        pass_mark=table.integer("pass_mark", _PLAIN.pass_mark, low=0, high=WHOLE),
        mean_from=table.integer("mean_from", _PLAIN.mean_from, low=1, high=100),
        training_points=table.integer("training_points", _PLAIN.training_points, low=0, high=9),
        reply_days=table.integer("reply_days", _PLAIN.reply_days, low=1, high=60),
        appeal_days=table.integer("appeal_days", _PLAIN.appeal_days, low=1, high=60),
    )
    _check(quality, table)
    table.done()
    return quality


def _criterion(table: Table) -> Criterion:
    if not table.has("weight"):
        table.note("weight", "nothing", f"a whole number from 1 to {WHOLE}")
    criterion = Criterion(
        id=table.required("id", expected=EXPECTED_ID, pattern=ID),
        name_zh=table.required("name_zh"),
        name_en=table.required("name_en"),
        weight=table.integer("weight", 0, low=1, high=WHOLE),
        says_zh=table.text("says_zh", ""),
        says_en=table.text("says_en", ""),
    )
    table.done()
    return criterion


def _critical(table: Table) -> Critical:
    critical = Critical(
        id=table.required("id", expected=EXPECTED_ID, pattern=ID),
        name_zh=table.required("name_zh"),
        name_en=table.required("name_en"),
    )
    table.done()
    return critical


def _weekday(table: Table) -> int:
    default = WEEKDAYS[_PLAIN.draw_on]
    return WEEKDAYS.index(table.checked("draw_on", default, WEEKDAYS.__contains__, one_of(WEEKDAYS)))


def _each(table: Table, key: str, kind: type[Choice], default: tuple[Choice, ...]) -> tuple[Choice, ...]:
    names = table.texts(key, expected=f"a list of {one_of(kind)}")
    known = {each.value: each for each in kind}
    unknown = next((name for name in names if name not in known), None)
    if unknown is not None:
        table.note(key, shown(unknown), one_of(known))
    return tuple(known[name] for name in names if name in known) if table.has(key) else default


def _check(quality: Quality, table: Table) -> None:
    """Each id once, the weights 100 together, and no appeal that would have to come before its reply."""
    if not quality.criteria and not table.bad("criterion"):
        table.note("criterion", "nothing", "criteria whose weights add up to 100")
    elif (sum_ := sum(each.weight for each in quality.criteria)) != WHOLE:
        table.note("criterion", f"weights that add up to {sum_}", str(WHOLE))
    _once(quality.criteria, "criterion", table)
    _once(quality.criticals, "critical", table)
    if quality.appeal_days < quality.reply_days:
        table.note("appeal_days", str(quality.appeal_days), f"at least reply_days, {quality.reply_days}")


def _once(rows: Sequence[Criterion | Critical], key: str, table: Table) -> None:
    ids = [each.id for each in rows]
    again = next((each for index, each in enumerate(ids) if each in ids[:index]), None)
    if again is not None:
        table.note(key, f"{shown(again)} twice", f"each {key} once")
