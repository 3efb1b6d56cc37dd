"""Two customers who are one person: what is known of him then. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from schedulers.customers.records import Customer, DoNotCall

_FILLED = ("name", "branch", "tier", "owner", "previous", "zone", "dialect", "language", "birthday")
"""What the other one tells where nothing is known of the first."""


def united(kept: Customer, gone: Customer) -> Customer:
    """The first with the other's numbers behind his own, and what he lacks from the other.

    A wish not to be called stays, whoever of the two had it, and so does a consent that was refused.
    """
    filled: dict[str, Any] = {name: getattr(kept, name) or getattr(gone, name) for name in _FILLED}
    has = {each.number for each in kept.numbers}
    return replace(
        kept,
        **filled,
        sort=kept.sort or gone.sort,
        hours=kept.hours or gone.hours,
        numbers=(*kept.numbers, *(each for each in gone.numbers if each.number not in has)),
        since=min(filter(None, (kept.since, gone.since)), default=None),
        until=None if kept.until is None or gone.until is None else max(kept.until, gone.until),
        figures=tuple(sorted({**dict(gone.figures), **dict(kept.figures)}.items())),
        consent=_consent(kept.consent, gone.consent),
        do_not_call=_blocked(kept.do_not_call, gone.do_not_call),
    )


def _consent(first: bool | None, second: bool | None) -> bool | None:
    if first is False or second is False:
        return False
    return first if first is not None else second


def _blocked(first: DoNotCall | None, second: DoNotCall | None) -> DoNotCall | None:
    if first is None or second is None:
        return first or second
    until = None if None in (first.until, second.until) else max(_ends(first), _ends(second))
    return DoNotCall(reason=first.reason or second.reason, since=min(first.since, second.since), until=until)


def _ends(blocked: DoNotCall) -> datetime:
    return blocked.until or blocked.since
