"""The proof of coverage in its public shape: parts that add up, and what customers said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from analytics.metrics.periods import Period
from config.followups import Survey
from schedulers.followups.rules import Rules
from schedulers.storage.coverage import Chosen, Coverage, Standing, Stood, load_coverage, load_items
from schedulers.storage.satisfaction import Satisfaction, load_satisfaction
from service.desk.desk import kinds_of
from telephony.calls.record import instant

RATE_DIGITS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What was due in a period, of some kinds and groups, as things stood at an instant."""

    period: Period
    as_of: datetime
    kinds: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()

    @property
    def chosen(self) -> Chosen:
        """As the store is asked."""
        return Chosen(
            start=self.period.start,
            end=self.period.end,
            as_of=self.as_of,
            kinds=self.kinds,
            groups=self.groups,
        )


def coverage_json(connection: Connection, question: Question, rules: Rules) -> dict[str, Any]:
    """The figures of each kind and group, their total, and satisfaction by kind."""
    rows = load_coverage(connection, question.chosen)
    said = load_satisfaction(connection, question.chosen)
    surveys = _surveys(rules, question.as_of)
    return {
        "period": question.period.label,
        "as_of": instant(question.as_of),
        "rows": [_row(each, rules) for each in rows],
        "total": _figures(rows),
        "satisfaction": [_said(each, surveys.get(each.kind)) for each in said if each.kind in surveys],
    }


def items_page(
    connection: Connection,
    question: Question,
    standing: Standing | None,
    *,
    after: tuple[datetime, str] | None = None,
    limit: int = 100,
) -> tuple[list[dict[str, Any]], tuple[datetime, str] | None]:
    """A page of the follow-ups behind a figure, and after which the next one begins; None where there is none."""
    standings = () if standing is None else (standing,)
    found = load_items(connection, question.chosen, standings, after=after, limit=limit + 1)
    shown = found[:limit]
    following = (shown[-1].due_at, shown[-1].id) if len(found) > limit else None
    return [_stood(each) for each in shown], following


def _row(each: Coverage, rules: Rules) -> dict[str, Any]:
    kind = kinds_of(rules).get(each.kind)
    names = {"kind_zh": kind.name_zh if kind else each.kind, "kind_en": kind.name_en if kind else each.kind}
    return {"kind": each.kind, **names, "group": each.group, **_figures((each,))}


def _figures(rows: tuple[Coverage, ...]) -> dict[str, Any]:
    """The parts, which add up to `due`; rates over nothing are null."""
    parts = ("due", "done_on_time", "done_late", "open_in_time", "open_overdue", "attempts")
    figures: dict[str, Any] = {name: sum(getattr(each, name) for each in rows) for name in parts}
    reasons: dict[str, int] = {}
    for reason, number in (pair for each in rows for pair in each.closed):
        reasons[reason] = reasons.get(reason, 0) + number
    done, closed = figures["done_on_time"] + figures["done_late"], sum(reasons.values())
    return {
        **figures,
        "closed": closed,
        "closed_by_reason": dict(sorted(reasons.items())),
        "coverage": _rate(done + closed, figures["due"]),
        "reached": _rate(done, figures["due"]),
        "attempts_per_contact": _rate(figures["attempts"], done),
    }


def _rate(part: int, whole: int) -> float | None:
    return round(part / whole, RATE_DIGITS) if whole else None


def _surveys(rules: Rules, as_of: datetime) -> dict[str, Survey]:
    """The survey of each kind, by the version in force at the instant."""
    promises = rules.version_at(as_of).promises
    found = {kind.id: promises.survey(kind.survey) for kind in promises.kinds}
    return {kind: survey for kind, survey in found.items() if survey is not None}


def _said(each: Satisfaction, survey: Survey | None) -> dict[str, Any]:
    least = survey.least if survey else 0
    enough = each.answers >= max(least, 1)
    return {
        "kind": each.kind,
        "survey": survey.id if survey else None,
        "least": least,
        "answers": each.answers,
        "satisfied": each.satisfied,
        "rate": _rate(each.satisfied, each.answers) if enough else None,
        "refused": each.refused,
        "unreached": each.unreached,
        "questions": [_question(name, marks, survey) for name, marks in sorted(each.marks.items())],
    }


def _question(name: str, marks: dict[int, int], survey: Survey | None) -> dict[str, Any]:
    asked = next((each for each in survey.questions if each.id == name), None) if survey else None
    count = sum(marks.values())
    enough = survey is not None and count >= max(survey.least, 1)
    good = asked.content_from if asked else None
    satisfied = None if good is None else sum(number for mark, number in marks.items() if mark >= good)
    return {
        "question": name,
        "answers": count,
        "satisfied": satisfied,
        "rate": _rate(satisfied, count) if enough and satisfied is not None else None,
        "mean": _rate(sum(mark * number for mark, number in marks.items()), count) if enough else None,
        "marks": {str(mark): number for mark, number in sorted(marks.items())},
    }


def _stood(each: Stood) -> dict[str, Any]:
    return {
        "id": each.id,
        "kind": each.kind,
        "group": each.group,
        "owner": each.owner,
        "standing": each.standing.value,
        "due_at": instant(each.due_at),
        "fulfilled_at": instant(each.fulfilled_at),
        "reason": each.reason,
        "attempts": each.counted,
    }
