"""The endpoints on figures: what there is to ask, the answer, and the calls behind one figure."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from analytics.errors import QueryError
from analytics.metrics.catalogue import METRICS
from analytics.metrics.definitions import Metric, Value
from analytics.metrics.periods import Period
from config.policies import ServiceLevelFormula
from config.settings import Language
from service.api.accept import JSON
from service.api.asked import Answer, Asked, Operation
from service.api.cursors import cursor_of
from service.api.errors import ApiError
from service.api.figures import Behind, Found, Question, chapter_of, exact_of, groups_of, number_of
from service.api.handlers import check_exported
from service.api.limits import MAX_DAYS, MAX_EXPORTED, MAX_ROWS
from service.api.readers import refused
from service.api.reading import Store
from service.api.titles import title
from telephony.calls.record import CallRecord, instant

Showing = Callable[[CallRecord, Asked], dict[str, Any]]


class FigureApi:
    """The endpoints; `shown` gives a call in the public shape."""

    def __init__(self, store: Store, shown: Showing) -> None:
        self._store = store
        self._shown = shown

    def operations(self) -> dict[str, Operation]:
        """By the endpoint's name."""
        return {
            "metrics": self.metrics,
            "metric": self.metric,
            "query": self.query,
            "query_calls": self.query_calls,
        }

    async def metrics(self, asked: Asked) -> Answer:
        """All that can be asked for."""
        return Answer(body={"metrics": [metric_json(each) for each in METRICS.values()]})

    async def metric(self, asked: Asked) -> Answer:
        """One of them."""
        if asked["name"] not in METRICS:
            raise ApiError(404, "metric_not_found", "metric: found no such name, expected one of /api/v1/metrics")
        return Answer(body=metric_json(METRICS[asked["name"]]))

    async def query(self, asked: Asked) -> Answer:
        """Figures of a period."""
        question = question_of(asked, asked["metrics"], asked["group"])
        check_across(asked)
        check_days(question.period, question.groups)
        try:
            found = await asyncio.to_thread(self._store.ask, question)
        except QueryError as error:
            raise ApiError(400, "bad_query", str(error)) from None
        check_rows(len(found.rows))
        return Answer(body=found_json(question, found, asked.language, asked["across"]))

    async def query_calls(self, asked: Asked) -> Answer:
        """The calls behind one figure, a page of them; in one file all."""
        key = dict(asked["key"])
        question = question_of(asked, (asked["metric"],), tuple(key))
        check_days(question.period, question.groups)
        try:
            found, page, following = await asyncio.to_thread(self._page, question, key, asked)
        except QueryError as error:
            raise ApiError(400, "bad_query", str(error)) from None
        calls = [{**_value_json(found.metric, value), "call": self._shown(record, asked)} for value, record in page]
        body = {**_behind_json(question, key, found), "calls": calls, "next_after": following}
        return Answer(body=body, following=following)

    def _page(
        self, question: Question, key: dict[str, str], asked: Asked
    ) -> tuple[Behind, list[tuple[Any, CallRecord]], str | None]:
        """The figure with all of its parts, the records of one page of them, and the cursor of the next.

        A call of which only parts were told has no record: it counts, and is on no page.
        """
        found = self._store.behind(question, key)
        starts = self._store.starts([call_id for call_id, _ in found.parts])
        placed = sorted((starts[call_id], call_id, value) for call_id, value in found.parts if call_id in starts)
        if asked.whole:
            check_exported(len(placed))
        rest = [each for each in placed if asked["after"] is None or each[:2] > asked["after"]]
        page = rest[: MAX_EXPORTED if asked.whole else asked["limit"]]
        records = self._store.records([call_id for _, call_id, _ in page])
        shown = [(value, records[call_id]) for _, call_id, value in page if call_id in records]
        return found, shown, cursor_of(*page[-1][:2]) if len(page) < len(rest) else None


def question_of(asked: Asked, metrics: tuple[str, ...], groups: tuple[str, ...]) -> Question:
    """The question that the parameters put."""
    return Question(
        metrics=metrics,
        period=asked["period"],
        as_of=asked.as_of,
        groups=groups,
        where=asked["where"],
        rings=asked["rings"],
        within=asked["within"],
        formula=None if asked["formula"] is None else ServiceLevelFormula(asked["formula"]),
        language=asked.language.value,
    )


def question_json(question: Question) -> dict[str, Any]:
    """The question as the answer echoes it."""
    period = question.period
    return {
        "metrics": list(question.metrics),
        "period": {
            "label": period.label,
            "from": instant(period.start),
            "to": instant(period.end),
            "zone": str(period.zone),
        },
        "as_of": instant(question.as_of),
        "group": list(question.groups),
        "where": {name: sorted(values) for name, values in question.where.items()},
        "rings": question.rings,
        "within_seconds": None if question.within is None else int(question.within.total_seconds()),
        "formula": None if question.formula is None else question.formula.value,
    }


def found_json(question: Question, found: Found, language: Language, across: str | None = None) -> dict[str, Any]:
    """The answer to a question: what it was, who judged, what to beware of, titles, and the rows."""
    return {
        **_answered(question, found, across),
        "service_level": found.service_level,
        "titles": {name: title(name, language) for name in (*question.groups, *question.metrics)},
        "rows": [
            {"key": dict(zip(question.groups, row.key, strict=True)), "values": values_json(row.values)}
            for row in found.rows
        ],
    }


def _answered(question: Question, found: Found | Behind, across: str | None = None) -> dict[str, Any]:
    """What every answer to a question begins with: the question, who judged, and what to beware of."""
    return {
        "query": {**question_json(question), "across": across},
        "policy": {"name": found.policy, "digest": found.digest},
        "warnings": list(found.warnings),
    }


def _behind_json(question: Question, key: Mapping[str, str], found: Behind) -> dict[str, Any]:
    """A figure and the sum of its parts."""
    exact = [exact_of(found.metric, value) for _, value in found.parts]
    adds_up = exact_of(found.metric, found.figure) is not None
    added = sum(each for each in exact if each is not None) if adds_up else None
    return {
        **_answered(question, found),
        "metric": found.metric.name,
        "key": dict(key),
        "figure": _value_json(found.metric, found.figure),
        "parts": {"calls": len(found.parts), "exact": added},
    }


def _value_json(metric: Metric, value: Value) -> dict[str, int | float | None]:
    return {"value": number_of(metric, value), "exact": exact_of(metric, value)}


def check_across(asked: Asked) -> None:
    """Raise ApiError 400 where rows cannot be laid wide: by what does not tell them apart, or in JSON."""
    across = asked["across"]
    if across is not None and across not in asked["group"]:
        raise refused("across", across, f"one of the groups: {', '.join(asked['group']) or 'none is asked for'}")
    if across is not None and asked.media == JSON:
        raise refused("across", "it with JSON", "it with CSV or Excel: format=csv, format=xlsx")


def check_days(period: Period, groups: tuple[str, ...]) -> None:
    """Raise ApiError 422 where rows are told apart by more days than one answer holds."""
    days = (period.end_us - period.start_us) // 86_400_000_000
    if days > MAX_DAYS and set(groups) & {"day", "hour", "quarter_hour", "week"}:
        raise ApiError(422, "too_many_rows", f"group: found {days} days, expected at most {MAX_DAYS}")


def check_rows(found: int) -> None:
    """Raise ApiError 422 for more rows than one answer holds."""
    if found > MAX_ROWS:
        advice = "ask for a shorter period or fewer groups"
        raise ApiError(422, "too_many_rows", f"query: found {found} rows, expected at most {MAX_ROWS}: {advice}")


def metric_json(metric: Metric) -> dict[str, Any]:
    """A metric as it is defined."""
    return {
        "name": metric.name,
        "zh": metric.zh,
        "en": metric.en,
        "sentence": metric.sentence,
        "formula": metric.formula,
        "unit": metric.unit.value,
        "chapter": chapter_of(metric),
        "groups": list(groups_of(metric)),
        "empty": number_of(metric, metric.empty),
    }


def values_json(values: Mapping[str, Any]) -> dict[str, int | float | None]:
    """Figures in their units."""
    return {name: number_of(METRICS[name], value) for name, value in values.items()}
