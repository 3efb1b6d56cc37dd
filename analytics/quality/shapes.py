"""What is on record of samples in the public shapes: plain values for JSON, the same for commands and files.

Marks are kept and summed in whole hundredths, and divided once, here.
"""

from __future__ import annotations

from typing import Any

from analytics.quality.draws import Checked
from analytics.quality.records import Card, Draw, Note, Reply, Sample, Training
from analytics.quality.summaries import MonthTotals, Point, Row, Total, WeekSummary
from telephony.calls.record import instant


def points(hundredths: int | None) -> float | None:
    """Hundredths as a number with two decimals."""
    return None if hundredths is None else hundredths / 100


def draw_json(draw: Draw) -> dict[str, Any]:
    """A week's draw; what follows from its random is null before it is drawn."""
    return {
        "week": draw.week,
        "from": instant(draw.start),
        "to": instant(draw.end),
        "commitment": draw.commitment,
        "committed_at": instant(draw.committed_at),
        "committed_late": draw.committed_late,
        "drawn_at": instant(draw.drawn_at),
        "drawn_by": draw.drawn_by,
        "random": draw.random,
        "seed": draw.seed,
        "candidates": draw.candidates,
        "candidates_sha256": draw.pool_digest,
        "form_digest": draw.form_digest,
        "policy_digest": draw.policy_digest,
    }


def checked_json(checked: Checked) -> dict[str, Any]:
    """A draw that was done again."""
    return {
        **draw_json(checked.draw),
        "same": not checked.differing,
        "differing": list(checked.differing),
        "talks": [each.talk_id for each in checked.picks],
        "short": [
            {"agent": each.agent, "month": each.month, "asked": each.asked, "found": each.found}
            for each in checked.shortfalls
        ],
    }


def sample_json(sample: Sample) -> dict[str, Any]:
    """A sample as it stands."""
    return {
        "id": sample.id,
        "week": sample.week,
        "month": sample.month,
        "agent": sample.agent,
        "group": sample.group,
        "call_id": sample.call_id,
        "talk_id": sample.talk_id,
        "started_at": instant(sample.started_at),
        "seconds": sample.length_ms / 1000,
        "stratum": sample.stratum,
        "inspector": sample.inspector,
        "state": sample.state.value,
        "replaces": sample.replaces,
        "reason": sample.reason.value if sample.reason else None,
        "reason_text": sample.reason_text,
        "replaced_by": sample.replaced_by,
        "replaced_at": instant(sample.replaced_at),
    }


def card_json(card: Card) -> dict[str, Any]:
    """A card with its lines."""
    return {
        "id": card.id,
        "sample": card.sample_id,
        "kind": card.kind.value,
        "corrects": card.corrects,
        "inspector": card.inspector,
        "submitted_at": instant(card.submitted_at),
        "reply_until": instant(card.reply_until),
        "appeal_until": instant(card.appeal_until),
        "mark": points(card.mark_c),
        "points": points(card.points_c),
        "critical": list(card.criticals),
        "passed": card.passed,
        "summary": card.summary,
        "scale": card.form.scale,
        "criteria": [
            {"criterion": each.criterion, "mark": each.mark, "weight": each.weight, "remark": each.remark}
            for each in card.lines
        ],
        "automatic": [
            {"item": each.item.value, "verdict": each.verdict.value, "figure": each.figure, "holds": each.holds}
            for each in card.automatic
        ],
        "form_digest": card.form_digest,
        "policy_digest": card.policy_digest,
    }


def note_json(note: Note) -> dict[str, Any]:
    """A note."""
    return {
        "id": note.id,
        "at_ms": note.at_ms,
        "text": note.text,
        "criterion": note.criterion,
        "by": note.by,
        "made_at": instant(note.made_at),
    }


def reply_json(reply: Reply) -> dict[str, Any]:
    """A reply or an appeal with its decision."""
    return {
        "id": reply.id,
        "card": reply.card_id,
        "kind": reply.kind.value,
        "agent": reply.agent,
        "by": reply.by,
        "text": reply.text,
        "made_at": instant(reply.made_at),
        "state": reply.state.value if reply.state else None,
        "decided_by": reply.decided_by,
        "decided_at": instant(reply.decided_at),
        "decision": reply.decision,
        "decided_card": reply.decided_card,
    }


def _row(row: Row) -> dict[str, Any]:
    return {"n": row.n, "mean": points(row.mean_c), "worst": points(row.worst_c)}


def _point(point: Point) -> dict[str, Any]:
    return {
        "agent": point.agent,
        "criterion": point.criterion,
        "n": point.n,
        "percent": points(point.share_c),
        "said": list(point.said),
    }


def training_json(training: Training) -> dict[str, Any]:
    """A training that is planned."""
    return {
        "id": training.id,
        "week": training.week,
        "agent": training.agent,
        "criterion": training.criterion,
        "text": training.text,
        "planned_on": training.planned_on.isoformat(),
        "by": training.by,
        "made_at": instant(training.made_at),
    }


def week_json(week: WeekSummary) -> dict[str, Any]:
    """A week's summary; shares of criteria are per cent of the scale."""
    lines = dict(week.lines)
    return {
        "week": week.week,
        "drawn": week.drawn,
        "open": week.open,
        "replaced": week.replaced,
        "all": _row(week.all),
        "agents": [
            {"agent": row.name, **_row(row), "criteria": {each.name: _row(each) for each in lines[row.name]}}
            for row in week.agents
        ],
        "criteria": [{"criterion": row.name, **_row(row)} for row in week.criteria],
        "training_points": [_point(each) for each in week.points],
        "critical": [
            {"agent": agent, "critical": name, "sample": sample} for agent, name, sample in week.criticals
        ],
        "trainings": [training_json(each) for each in week.trainings],
    }


def total_json(total: Total) -> dict[str, Any]:
    """A row of a month."""
    return {
        "name": total.name,
        "group": total.group,
        "asked": total.asked,
        "drawn": total.drawn,
        **_row(total.row),
        "passed": total.passed,
        "critical": total.critical,
        "appeals": total.appeals,
        "upheld": total.upheld,
        "rejected": total.rejected,
    }


def month_json(month: MonthTotals) -> dict[str, Any]:
    """A month's totals."""
    coverage = month.coverage
    return {
        "month": month.month,
        "at_least": month.at_least,
        "talked": month.talked,
        "covered": month.covered,
        "coverage": None if coverage is None else round(float(coverage), 4),
        "all": total_json(month.all),
        "agents": [total_json(each) for each in month.agents],
        "groups": [total_json(each) for each in month.groups],
    }
