"""How long after its plan a call began: from when it should be dialled to the INVITE at its first phone. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from schedulers.campaigns.records import DialMode
from tests.lab.campaigns.matching import Case


def jitter(cases: Iterable[Case]) -> dict[str, float | int | None]:
    """Milliseconds by percentile, of the calls that began; None where none did."""
    waits = sorted(wait for case in cases if (wait := waited(case)) is not None)
    return {
        "calls": len(waits),
        "p50": percentile(waits, 0.50),
        "p99": percentile(waits, 0.99),
        "most": percentile(waits, 1.0),
    }


def waited(case: Case) -> float | None:
    """In milliseconds. A preview is due when its agent asks for it and rings his phone first."""
    is_preview = case.attempt.mode is not DialMode.PROGRESSIVE
    first = case.agents if is_preview else case.customers
    due = case.attempt.dial if is_preview else case.attempt.planned
    if not first or due is None:
        return None
    return (first[0].invite - due) * 1000


def percentile(ordered: Sequence[float], share: float) -> float | None:
    """The smallest value that so great a share does not exceed."""
    if not ordered:
        return None
    return round(ordered[min(len(ordered) - 1, max(0, round(share * len(ordered)) - 1))], 1)


def pace(cases: Iterable[Case]) -> float | None:
    """Calls a second at customers' phones, between the first and the last tenth of them; None of fewer than twenty."""
    begun = sorted(case.customers[0].invite for case in cases if case.customers)
    tenth = len(begun) // 10
    if tenth < 2:
        return None
    middle = begun[tenth:-tenth]
    return round((len(middle) - 1) / (middle[-1] - middle[0]), 1)
