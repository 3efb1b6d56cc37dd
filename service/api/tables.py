"""Answers laid out in rows and columns for CSV and spreadsheets: made of the JSON itself, so no figure differs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from analytics.export.table import Cell, Column, Kind, Note, Table
from analytics.metrics.catalogue import METRICS
from config.settings import Language
from service.api.titles import KIND_OF_UNIT, title
from service.api.wide import laid_wide
from service.desk.campaign_export import attempts_table

Body = Mapping[str, Any]

CALL_COLUMNS: dict[str, Kind] = {
    "call_id": Kind.TEXT,
    "started_at": Kind.INSTANT,
    "answered_at": Kind.INSTANT,
    "ended_at": Kind.INSTANT,
    "direction": Kind.TEXT,
    "disposition": Kind.TEXT,
    "known": Kind.TEXT,
    "customer": Kind.TEXT,
    "customer_e164": Kind.TEXT,
    "caller": Kind.TEXT,
    "caller_name": Kind.TEXT,
    "called": Kind.TEXT,
    "did": Kind.TEXT,
    "line": Kind.TEXT,
    "service_code": Kind.TEXT,
    "queues": Kind.TEXT,
    "agents": Kind.TEXT,
    "wait_seconds": Kind.SECONDS,
    "ring_seconds": Kind.SECONDS,
    "talk_seconds": Kind.SECONDS,
    "hold_seconds": Kind.SECONDS,
    "ended_by": Kind.TEXT,
    "cause": Kind.COUNT,
}
GAP_COLUMNS: dict[str, Kind] = {
    "pbx": Kind.TEXT,
    "from": Kind.INSTANT,
    "to": Kind.INSTANT,
    "seconds": Kind.SECONDS,
    "why": Kind.TEXT,
    "detail": Kind.TEXT,
    "pbx_booted_at": Kind.INSTANT,
    "calls_touched": Kind.COUNT,
    "observed": Kind.COUNT,
    "repaired": Kind.COUNT,
    "inferred": Kind.COUNT,
    "repaired_at": Kind.INSTANT,
    "sources": Kind.TEXT,
}
_REPORT_KINDS = {"talk_minutes": Kind.MINUTES, "hold_minutes": Kind.MINUTES, "quota_short": Kind.MINUTES}
_REPORT_KINDS |= dict.fromkeys(("quota_floor_prorated", "projected_minutes"), Kind.MINUTES)
_REPORT_KINDS |= {"behind": Kind.FLAG, "rate": Kind.RATE, "name": Kind.TEXT, "tier": Kind.TEXT}
_PHONE = ("customer", "conference")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """How a table is shown: the language of its titles, and the zone of its clocks."""

    language: Language
    zone: ZoneInfo

    def columns(self, kinds: Mapping[str, Kind]) -> tuple[Column, ...]:
        """The columns of these names."""
        return tuple(Column(name=name, title=self.title(name), kind=kind) for name, kind in kinds.items())

    def title(self, name: str) -> str:
        """What people read for a name."""
        return title(name, self.language)


def _query(body: Body, shown: Shown) -> Table:
    groups, metrics = body["query"]["group"], body["query"]["metrics"]
    if body["query"]["across"] is not None:
        columns, wide = laid_wide(body, body["query"]["across"], shown.title)
        return replace(_table("query", body, shown, {}, wide, metrics), columns=columns)
    kinds = dict.fromkeys(groups, Kind.TEXT) | {name: KIND_OF_UNIT[METRICS[name].unit] for name in metrics}
    rows = (
        (*(row["key"][name] for name in groups), *(row["values"][name] for name in metrics)) for row in body["rows"]
    )
    return _table("query", body, shown, kinds, rows, metrics)


def _query_calls(body: Body, shown: Shown) -> Table:
    value = KIND_OF_UNIT[METRICS[body["metric"]].unit]
    kinds = {"value": value, "exact": Kind.COUNT, **CALL_COLUMNS}
    rows = ((each["value"], each["exact"], *call_row(each["call"])) for each in body["calls"])
    return _table("query_calls", body, shown, kinds, rows, [body["metric"]])


def _report(body: Body, shown: Shown) -> Table:
    names = list(body["rows"][0]) if body["rows"] else []
    kinds = {
        name: Kind.TEXT if not place else _REPORT_KINDS.get(name, Kind.COUNT) for place, name in enumerate(names)
    }
    return _table(body["report"], body, shown, kinds, (tuple(row.values()) for row in body["rows"]), [])


def _calls(body: Body, shown: Shown) -> Table:
    return _table("calls", body, shown, CALL_COLUMNS, (call_row(each) for each in body["calls"]), [])


def _gaps(body: Body, shown: Shown) -> Table:
    return _table("gaps", body, shown, GAP_COLUMNS, (_gap_row(each) for each in body["gaps"]), [])


def _attempts(body: Body, shown: Shown) -> Table:
    made_at = datetime.fromisoformat(body["as_of"])
    return attempts_table(shown.title("attempts"), body["attempts"], shown.title, shown.zone, made_at)


TABLES: dict[str, Callable[[Body, Shown], Table]] = {
    "query": _query,
    "query_calls": _query_calls,
    "report": _report,
    "calls": _calls,
    "gaps": _gaps,
    "campaign_attempts": _attempts,
}
"""By the endpoint's name."""


def call_row(call: Body) -> tuple[Cell, ...]:
    """A call on one line. Seconds are sums over its parts: of talk and hold, those with the customer."""
    phone = [each for each in call["talks"] if each["kind"] in _PHONE]
    parts: dict[str, Cell] = {
        "queues": " ".join(dict.fromkeys(each["queue"] for each in call["queue_visits"])) or None,
        "agents": " ".join(dict.fromkeys(each["agent"] for each in phone)) or None,
        "wait_seconds": _sum(call["queue_visits"], "wait_seconds"),
        "ring_seconds": _sum(call["offerings"], "ring_seconds"),
        "talk_seconds": _sum(phone, "talk_seconds"),
        "hold_seconds": _sum(phone, "hold_seconds"),
    }
    return tuple(_cell(parts[n] if n in parts else call[n], kind) for n, kind in CALL_COLUMNS.items())


def _gap_row(gap: Body) -> tuple[Cell, ...]:
    known = gap["known"] or dict.fromkeys(("observed", "repaired", "inferred"))
    flat = {**gap, **known, "sources": None if gap["sources"] is None else " ".join(gap["sources"])}
    return tuple(_cell(flat[name], kind) for name, kind in GAP_COLUMNS.items())


def _cell(value: Any, kind: Kind) -> Cell:
    return datetime.fromisoformat(value) if kind is Kind.INSTANT and value is not None else value


def _sum(parts: Iterable[Body], name: str) -> float | None:
    """The sum of what is known; None where nothing is."""
    found = [each[name] for each in parts if each[name] is not None]
    return round(sum(found), 3) if found else None


# -- the second sheet ------------------------------------------------------------------------


def _table(
    name: str,
    body: Body,
    shown: Shown,
    kinds: Mapping[str, Kind],
    rows: Iterable[tuple[Cell, ...]],
    metrics: Iterable[str],
) -> Table:
    as_of = body.get("as_of") or body.get("query", {}).get("as_of")
    return Table(
        title=shown.title(name),
        columns=shown.columns(kinds),
        rows=tuple(rows),
        made_at=datetime.fromisoformat(as_of) if as_of else None,
        zone=shown.zone,
        notes_title=shown.title("notes"),
        notes=tuple(_notes(body, shown, metrics)),
    )


def _notes(body: Body, shown: Shown, metrics: Iterable[str]) -> Iterator[Note]:
    if body.get("demo"):
        yield Note(label=shown.title("demo"))
    yield Note(label=shown.title("question"))
    question = body.get("query") or {name: body[name] for name in ("period", "as_of") if name in body}
    for name, value in {**question, "zone": shown.zone.key, **_behind(body)}.items():
        if value not in (None, [], {}):
            yield Note(label=shown.title(name), value=_plain(value))
    if "policy" in body:
        yield Note(label=shown.title("policy"), value=body["policy"]["name"])
        yield Note(label=shown.title("digest"), value=body["policy"]["digest"])
    if "service_level" in body:
        yield Note(label=shown.title("service_level"), value=body["service_level"])
    if body.get("warnings"):
        yield Note(label=shown.title("warnings"))
        yield from (Note(label=str(number), value=line) for number, line in enumerate(body["warnings"], 1))
    yield from _definitions(shown, metrics)


def _behind(body: Body) -> dict[str, Any]:
    if "figure" not in body:
        return {}
    return {"metrics": [body["metric"]], "key": body["key"], "figure": body["figure"]["value"]}


def _definitions(shown: Shown, metrics: Iterable[str]) -> Iterator[Note]:
    chosen = [METRICS[name] for name in metrics]
    if chosen:
        yield Note(label=shown.title("definitions"))
    for metric in chosen:
        told = f"{metric.sentence} = {metric.formula} [{metric.unit.value}]"
        yield Note(label=shown.title(metric.name), value=told)


def _plain(value: Any) -> str:
    """A value of the question on one line."""
    if isinstance(value, dict):
        if "label" in value:
            return f"{value['label']} ({value['from']} – {value['to']})"
        return "; ".join(f"{name}: {_plain(each)}" for name, each in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
