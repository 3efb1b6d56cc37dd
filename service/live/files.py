"""Figures and lists written as files, by the tables of the API: no figure of a file differs from that of a page.

Implements service.dashboard.figures.file_source.FileSource.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Engine

from analytics.export.csv_file import csv_file
from analytics.export.table import Table
from analytics.metrics.catalogue import METRICS
from analytics.metrics.query import Query
from analytics.people.people_store import load_roster
from analytics.reports.load import load_report
from analytics.reports.missed import missed_report
from analytics.reports.report import Report
from analytics.sources import figures_of, no_gaps
from analytics.storage.call_facts import facts_of_calls
from analytics.storage.call_lists import count_calls, load_page
from analytics.storage.last_talks import last_talks
from analytics.storage.queries import Gaps
from config.settings import Language
from service.api import figures
from service.api.figure_handlers import found_json, question_json
from service.api.figures import Question, exact_of, number_of
from service.api.masking import masked_call
from service.api.tables import TABLES, Shown
from service.auth import audit
from service.auth.audit import Entry
from service.dashboard.figures.file_source import Format, ReportAsked, TooManyRowsError, Wanted, Written
from service.dashboard.figures.source import Asked, Behind
from service.live.call_parts import Parting
from service.live.hub import LiveHub
from service.replaying import line_of
from telephony.calls.record import View, as_json, fold
from telephony.clock import to_microseconds

IDS_AT_A_TIME = 1000
Body = dict[str, Any]


class StoredFiles:
    """Reads the store; only `note` writes."""

    def __init__(
        self, reading: Engine, writing: Engine, hub: LiveHub, *, country: str, demo: bool, gaps: Gaps = no_gaps
    ) -> None:
        self._reading = reading
        self._writing = writing
        self._hub = hub
        self._country = country
        self._demo = demo
        self._gaps = gaps

    async def write(self, wanted: Wanted, form: Format, language: str, *, masked: bool) -> Written:
        """The whole file."""
        return await asyncio.to_thread(self._write, wanted, form, Language(language), masked)

    async def note(self, entry: Entry) -> None:
        """In a transaction of its own."""

        def write() -> None:
            with self._writing.begin() as connection:
                audit.note(connection, entry)

        await asyncio.to_thread(write)

    def _write(self, wanted: Wanted, form: Format, language: Language, masked: bool) -> Written:
        with self._reading.connect() as connection:
            name, body = self._body(connection, wanted, language, masked)
        if self._demo:
            body["demo"] = True
        table = TABLES[name](body, Shown(language=language, zone=self._hub.policy.zone))
        return Written(body=_encoded(table, form), rows=len(table.rows))

    def _body(self, connection: Connection, wanted: Wanted, language: Language, masked: bool) -> tuple[str, Body]:
        match wanted:
            case Query():
                return "query", self._figures(connection, wanted, language)
            case ReportAsked():
                return "report", self._report(connection, wanted).as_json()
            case Behind():
                return "query_calls", self._behind(connection, wanted, masked)
            case Asked():
                return "calls", self._listed(connection, wanted, masked)

    def _figures(self, connection: Connection, query: Query, language: Language) -> Body:
        question = _question(query, language)
        return found_json(question, figures.ask(connection, self._hub.policy, question, self._gaps), language)

    def _report(self, connection: Connection, asked: ReportAsked) -> Report:
        policy = self._hub.policy
        source, roster = figures_of(connection, policy, self._gaps), load_roster(connection, policy.zone)
        if asked.name == "load":
            return load_report(source, policy, asked.period, asked.as_of, roster)
        if asked.name == "missed":
            return missed_report(
                source,
                policy,
                asked.period,
                asked.as_of,
                lambda numbers: last_talks(connection, numbers, to_microseconds(asked.as_of)),
            )
        made = figures.report(connection, policy, "minutes", asked.period, asked.as_of, ("agent",), self._gaps)
        return replace(made, rows=tuple(row for row in made.rows if asked.seen.agent(str(row["agent"]))))

    def _listed(self, connection: Connection, asked: Asked, masked: bool) -> Body:
        found = count_calls(connection, asked.choice, exact=True)
        if found > asked.limit:
            raise TooManyRowsError(found, asked.limit)
        places = load_page(connection, asked.choice, limit=asked.limit, oldest_first=True)
        told = self._told(connection, [call_id for _, call_id in places], masked)
        return {"calls": list(told.values())}

    def _behind(self, connection: Connection, behind: Behind, masked: bool) -> Body:
        policy = self._hub.policy
        metric = METRICS[behind.metric]
        as_of = behind.as_of
        parting = Parting(
            source_of=lambda agents: figures_of(connection, policy, self._gaps, agents),
            policy=policy,
            behind=behind,
        )
        parts, following = parting.page(connection)
        if following is not None:
            raise TooManyRowsError(behind.limit + 1, behind.limit)
        told = self._told(connection, [call_id for call_id, _ in parts], masked)
        where = {group.value: values for group, values in behind.where.items()}
        question = Question(metrics=(behind.metric,), period=behind.period, as_of=as_of, where=where)
        rows = [
            {"value": number_of(metric, value), "exact": exact_of(metric, value), "call": told[call_id]}
            for call_id, value in parts
            if call_id in told
        ]
        figure = {"value": number_of(metric, parting.figure), "exact": exact_of(metric, parting.figure)}
        key = {"hour": behind.hour} if behind.hour else {}
        query = {**question_json(question), "across": None}
        return {"query": query, "metric": behind.metric, "key": key, "figure": figure, "calls": rows}

    def _told(self, connection: Connection, call_ids: list[str], masked: bool) -> Mapping[str, Body]:
        """Calls in the public shape, by id, in the order of the ids."""
        view = View(country=self._country, agent_of=self._hub.agent_of, line_of=line_of(self._hub.policy))
        found: dict[str, Body] = {}
        for first in range(0, len(call_ids), IDS_AT_A_TIME):
            records = fold(facts_of_calls(connection, call_ids[first : first + IDS_AT_A_TIME]))
            for record in records:
                told = as_json(record, view)
                found[record.call.id] = masked_call(told) if masked else told
        return {each: found[each] for each in call_ids if each in found}


def _question(query: Query, language: Language) -> Question:
    return Question(
        metrics=query.metrics,
        period=query.period,
        as_of=query.as_of,
        groups=tuple(each.value for each in query.groups),
        where={group.value: values for group, values in query.where.items()},
        language=language.value,
    )


def _encoded(table: Table, form: Format) -> bytes:
    if form is Format.CSV:
        return csv_file(table)
    # A service that nobody asks for a spreadsheet never loads what writes one.
    from analytics.export.workbook import workbook

    return workbook(table)
