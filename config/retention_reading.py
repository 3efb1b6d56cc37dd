"""Reads [version.retention]: for how many days recordings are kept, and of which calls longer or shorter."""

from __future__ import annotations

from config.reading import Table
from config.retention import Retention, RetentionRule
from config.showing import one_of

MAX_DAYS = 36_500
DIRECTIONS = ("inbound", "outbound", "internal")
MARKS = ("queue", "code", "direction", "outcome")


def read_retention(table: Table) -> Retention:
    """The rules; without them recordings are kept for good."""
    days = _days(table)
    rules = tuple(_read_rule(each) for each in table.tables("rule"))
    table.done()
    return Retention(days=days, rules=rules)


def _read_rule(table: Table) -> RetentionRule:
    keep, days = table.flag("keep", False), _days(table)
    if keep == table.has("days") and not table.bad("keep"):
        table.note("days", "days beside keep" if keep else "nothing", "days, or keep = true")
    if not any(table.has(each) for each in MARKS):
        table.note("queue", "nothing", f"at least {one_of(MARKS)}")
    rule = RetentionRule(
        days=None if keep else days,
        queue=table.optional("queue", expected="a queue's name on the PBX"),
        code=table.optional("code", expected="a service code"),
        direction=table.checked("direction", "", DIRECTIONS.__contains__, one_of(DIRECTIONS)) or None,
        outcome=table.optional("outcome", expected="the id of an outcome"),
    )
    table.done()
    return rule


def _days(table: Table) -> int | None:
    days = table.integer("days", 0, low=1, high=MAX_DAYS)
    return days or None
