"""A verdict as a table: a line per shape of call, then each call that is not as it should be. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from tests.lab.faults.judge import Judged, Verdict

HEADS = ("shape", "calls", "lost", "doubled", "wrong", "observed", "repaired", "inferred")


def table(verdict: Verdict) -> Iterator[str]:
    """Its lines."""
    yield _line(HEADS)
    for shape in sorted({call.shape for call in verdict.calls}):
        yield _line(_row(shape, [call for call in verdict.calls if call.shape == shape]))
    yield _line(_row("all", verdict.calls))
    yield from (f"not right: {each}" for each in _complaints(verdict))


def _row(shape: str, calls: Iterable[Judged]) -> list[object]:
    listed = list(calls)
    known = [call.known for call in listed]
    return [
        shape,
        len(listed),
        sum(not call.records for call in listed),
        sum(len(call.records) > 1 for call in listed),
        sum(bool(call.wrong) for call in listed),
        *(known.count(word) for word in HEADS[5:]),
    ]


def _line(cells: Iterable[object]) -> str:
    first, *rest = cells
    return f"{first!s:22}" + "".join(f"{cell!s:>10}" for cell in rest)


def _complaints(verdict: Verdict) -> Iterator[str]:
    for call in verdict.calls:
        if not call.is_right:
            ids = ", ".join(sorted(call.pbx.ids))
            yield f"{_clock(call.pbx.at)} {call.shape} ({ids}) {call.known}: {_why(call)}"
    for record in verdict.extra:
        yield f"{record['started_at']} {record['call_id']}: the PBX knows no such call"
    for truth in verdict.unheard:
        if truth.seconds:
            yield f"{_clock(truth.at)} {truth.shape}: phones talked, the PBX knows nothing of it"


def _why(call: Judged) -> str:
    if not call.records:
        return "lost"
    if len(call.records) > 1:
        return f"{len(call.records)} records: " + ", ".join(str(each["call_id"]) for each in call.records)
    return "; ".join(call.wrong) or "no phone knows it"


def _clock(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%H:%M:%S.%f")[:-3]
