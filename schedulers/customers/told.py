"""What a row, or a request, tells of one customer, and how it is laid over what is known of him: pure.

What is not told stays as it was. So the same told twice changes nothing, and the order of rows is of no matter.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from schedulers.customers.records import TELEPHONE, Customer, DoNotCall, Number, NumberUse


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Not to be called: why, if that is told, and until when (None: for good)."""

    reason: str | None
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What is told of one customer. `fields` are of the record, by name, None where one is taken back.

    `numbers` are all of his, None where nothing is told of them. `blocked`: a wish, or False where he may be called
    again; None where nothing is told. `figures` are laid over those that are known.
    """

    id: str
    fields: tuple[tuple[str, Any], ...] = ()
    numbers: tuple[Number, ...] | None = None
    figures: tuple[tuple[str, int | None], ...] = ()
    blocked: Wish | bool | None = None


def laid_over(told: Told, before: Customer | None, at: datetime) -> Customer:
    """The customer from then on."""
    base = before or Customer(id=told.id, is_registered=not told.id.startswith(TELEPHONE))
    changed = dict(told.fields)
    if told.numbers is not None:
        changed["numbers"] = _numbers(told.numbers, base.numbers)
    if told.figures:
        figures = {**dict(base.figures), **dict(told.figures)}
        changed["figures"] = tuple(sorted((name, each) for name, each in figures.items() if each is not None))
    if told.blocked is not None:
        changed["do_not_call"] = _blocked(told.blocked, base.do_not_call, at)
    return replace(base, **changed) if changed else base


def _numbers(told: tuple[Number, ...], known: tuple[Number, ...]) -> tuple[Number, ...]:
    """Another way to write a number is no news, and that a list still has one that was found to be wrong is none."""
    before = {each.number: each for each in known}
    return tuple(_as_known(each, before.get(each.number)) for each in told)


def _as_known(number: Number, known: Number | None) -> Number:
    if known is None:
        return number
    use = NumberUse.WRONG if known.use is NumberUse.WRONG else number.use
    return replace(number, use=use, written=known.written)


def _blocked(told: Wish | bool, known: DoNotCall | None, at: datetime) -> DoNotCall | None:
    """The wish holds since it was first told: another end or reason does not begin it anew while it holds."""
    if not isinstance(told, Wish):
        return None
    reason = told.reason if told.reason is not None else (known.reason if known else "")
    if known and (known.holds(at) or (known.reason, known.until) == (reason, told.until)):
        return DoNotCall(reason=reason, since=known.since, until=told.until)
    return DoNotCall(reason=reason, since=at, until=told.until)
