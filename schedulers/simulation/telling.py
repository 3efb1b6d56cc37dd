"""What a simulated span of days came to, as plain values: by kind and month, by group and month, and one calendar."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import UTC, date, datetime
from typing import Any

from schedulers.followups.records import Change
from schedulers.simulation.tally import Tally
from schedulers.simulation.year import Lived, Plan

HOUR = 3600


def as_told(lived: Lived, plan: Plan) -> dict[str, Any]:
    """The whole as JSON has it. Hours have one decimal; a rate over nothing is None."""
    balances = lived.tally.balances.values()
    due, done = sum(each.due for each in balances), sum(each.on_time + each.late for each in balances)
    return {
        "policy": plan.policy.name,
        "from": plan.first.isoformat(),
        "to": plan.last.isoformat(),
        "seed": plan.seed,
        "customers": plan.registered,
        "agents": len(plan.crew.workers),
        "due": due,
        "done": done,
        "reached": done / due if due else None,
        "kinds": kind_rows(lived.tally),
        "groups": group_rows(lived.tally),
        "not_created": [
            {"kind": kind, "why": why, "count": count}
            for (kind, why), count in sorted(lived.ledger.uncreated.items())
            if why != "not_meant"
        ],
        "calendar": [calendar_row(each) for each in lived.story],
    }


def kind_rows(tally: Tally) -> list[dict[str, Any]]:
    """One row a kind and a month. `open` and `overdue` are at the month's end; `done` is in time."""
    return [
        {
            "kind": kind,
            "month": month,
            "arising": cell.arising,
            "cannot_be_met": cell.cannot_be_met,
            "done": cell.done,
            "late": cell.late,
            "closed": dict(sorted(cell.closed.items())),
            "open": cell.open,
            "overdue": cell.overdue,
            "attempts": cell.attempts,
        }
        for (kind, month), cell in sorted(tally.cells.items())
    ]


def group_rows(tally: Tally) -> list[dict[str, Any]]:
    """One row a group and a month: calls, the most of a day, the mean of days with any, and agents' hours."""
    by_month: defaultdict[tuple[str, str], Counter[date]] = defaultdict(Counter)
    for (group, day), calls in tally.calls.items():
        by_month[group, f"{day:%Y-%m}"][day] += calls
    rows = []
    for key in sorted({*by_month, *tally.seconds}):
        days = by_month[key]
        calls = sum(days.values())
        rows.append(
            {
                "group": key[0],
                "month": key[1],
                "calls": calls,
                "calls_a_day": round(calls / len(days), 1) if days else None,
                "most_calls_a_day": max(days.values(), default=0),
                "agent_hours": round(tally.seconds[key] / HOUR, 1),
            }
        )
    return rows


def calendar_row(change: Change) -> dict[str, Any]:
    """One line of a customer's calendar."""
    after = change.after
    return {
        "at": _utc(change.at),
        "kind": after.kind,
        "what": change.what.value,
        "by": change.by,
        "owner": after.owner,
        "due_at": _utc(after.due_at),
        "ready_at": _utc(after.ready_at) if after.ready_at else None,
        "obstacle": after.obstacle.value if after.obstacle else None,
        "reason": after.reason,
        "result": change.attempt.result.value if change.attempt else None,
    }


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()
