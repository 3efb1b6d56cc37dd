"""What is on record of a month in the public shapes: plain values for JSON, the same for commands and the API."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from analytics.closing.canonical import digest
from analytics.closing.difference import Line, Sheet
from analytics.closing.figures import Figures, FrozenCell
from analytics.closing.issues import Frozen
from analytics.closing.month import Month
from analytics.closing.records import Exemption, Issue, Objection
from telephony.calls.record import instant


def issue_json(issue: Issue) -> dict[str, Any]:
    """An issued report without its figures."""
    return {
        "id": issue.id,
        "report": issue.report,
        "period": issue.period,
        "from": instant(issue.start),
        "to": instant(issue.end),
        "zone": issue.zone,
        "groups": list(issue.groups),
        "number": issue.number,
        "issued_at": instant(issue.issued_at),
        "issued_by": issue.issued_by,
        "reason": issue.reason,
        "supersedes": issue.supersedes,
        "as_of": instant(issue.as_of),
        "objections_until": instant(issue.objections_until),
        "policy": issue.policy,
        "policy_digest": issue.policy_digest,
        "program": issue.program,
        "sha256": issue.sha256,
        "warnings": list(issue.warnings),
        "signed_by": issue.signed_by,
        "signed_at": instant(issue.signed_at),
        "sign_note": issue.sign_note,
        "in_spite": issue.in_spite,
    }


def frozen_json(frozen: Frozen) -> dict[str, Any]:
    """An issued report with its figures."""
    return issue_json(frozen.issue) | {"rows": rows_json(frozen.figures)}


def rows_json(figures: Figures) -> list[dict[str, Any]]:
    """The rows as the live report prints them."""
    return [{name: _json(cell) for name, cell in row.items()} for row in figures.named_rows()]


def live_json(figures: Figures) -> dict[str, Any]:
    """A report that was not issued, with the keys that an issue has too."""
    return {
        "id": None,
        "report": figures.report,
        "period": figures.period,
        "from": instant(figures.start),
        "to": instant(figures.end),
        "zone": figures.zone,
        "groups": list(figures.groups),
        "as_of": instant(figures.as_of),
        "policy": figures.policy,
        "policy_digest": figures.policy_digest,
        "warnings": list(figures.warnings),
    }


def difference_json(before: dict[str, Any], after: dict[str, Any], sheet: Sheet) -> dict[str, Any]:
    """The difference sheet; `before` and `after` are in the shape of an issue or of a live report."""
    return {
        "before": before,
        "after": after,
        "policy_changed": sheet.policy_changed,
        "warnings_gone": list(sheet.warnings_gone),
        "warnings_new": list(sheet.warnings_new),
        "rows": [line_json(sheet.keys, line) for line in sheet.lines],
    }


def line_json(keys: tuple[str, ...], line: Line) -> dict[str, Any]:
    """One cell that differs, with the keys of its row; numbers are texts, so that they are exact."""
    return {
        "change": line.change.value,
        "key": dict(zip(keys, line.key, strict=False)),
        "nth": int(line.key[len(keys)]) if len(line.key) > len(keys) else 1,
        "column": line.column,
        "before": line.before,
        "after": line.after,
        "difference": line.difference,
    }


def verified_json(frozen: Frozen, faults: tuple[str, ...]) -> dict[str, Any]:
    """What was found when an issue was counted again."""
    issue = frozen.issue
    return {
        "id": issue.id,
        "report": issue.report,
        "period": issue.period,
        "number": issue.number,
        "sha256": issue.sha256,
        "found": digest(frozen.text),
        "sound": not faults,
        "faults": list(faults),
    }


def exemption_json(exemption: Exemption) -> dict[str, Any]:
    """An exemption; `stored` is whether its target is there now."""
    return {
        "id": exemption.id,
        "kind": exemption.kind.value,
        "target": exemption.target_id,
        "target_at": instant(exemption.target_at),
        "stored": exemption.stored,
        "reason": exemption.reason.value,
        "text": exemption.text,
        "state": exemption.state.value,
        "asked_by": exemption.asked_by,
        "asked_at": instant(exemption.asked_at),
        "decided_by": exemption.decided_by,
        "decided_at": instant(exemption.decided_at),
        "withdrawn_by": exemption.withdrawn_by,
        "withdrawn_at": instant(exemption.withdrawn_at),
    }


def objection_json(objection: Objection) -> dict[str, Any]:
    """An objection with its answer."""
    return {
        "id": objection.id,
        "agent": objection.agent,
        "period": objection.period,
        "about": objection.about.value,
        "target": objection.target_id,
        "text": objection.text,
        "raised_at": instant(objection.raised_at),
        "state": objection.state.value,
        "decided_by": objection.decided_by,
        "decided_at": instant(objection.decided_at),
        "answer": objection.answer,
        "exemption": objection.exemption_id,
        "restatement": objection.restatement_id,
    }


def month_json(label: str, month: Month) -> dict[str, Any]:
    """A month: `obstacles` stand in the way of its sign-off, `lost` are exemptions whose target is not stored now."""
    return {
        "period": label,
        "state": month.state.value,
        "issues": [issue_json(each) for each in month.issues],
        "to_sign": [each.id for each in month.to_sign],
        "obstacles": [
            {"obstacle": each.obstacle.value, "what": each.what, "detail": each.detail} for each in month.standing
        ],
        "lost": [each.id for each in month.lost],
    }


def _json(cell: FrozenCell) -> Any:
    """JSON has no decimals of its own: whole numbers are integers, others the nearest float, which is shown alike."""
    if isinstance(cell, Decimal):
        return int(cell) if cell == cell.to_integral_value() else float(cell)
    return cell
