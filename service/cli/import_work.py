"""What `threerings import` does and prints: a dry run, or the import itself."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import typer
from sqlalchemy import Engine
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from analytics.reports.summary import summary as summary_of
from analytics.storage.engine import open_store
from config.settings import Language, Settings
from service.cli.import_asked import Import
from service.cli.output import json_line, print_json, print_line, print_table
from service.cli.showing import Shower
from service.cli.words import CHINESE, Words
from service.importing import running
from service.importing.gathering import Whole
from service.importing.progress import Meter
from service.importing.reading import write_quarantine
from service.importing.sorting import SortedLines
from service.importing.storing import Known, Storer
from service.importing.survey import Survey
from service.migrations import upgrade
from service.replaying import began_at, fact_as_json
from telephony.calls.facts import FACT_NAMES, Fact
from telephony.calls.record import as_json, fold
from telephony.clock import SystemClock, to_microseconds
from telephony.pbxlogs.staging import Counts, Staging

SHOWN_BAD = 5
WORDS = {
    Language.ZH: Words(
        {
            **CHINESE,
            "rows": "行数",
            "used": "采用",
            "repeated": "重复",
            "quarantined": "隔离",
            "irrelevant": "无关",
            "cel": "CEL",
            "cdr": "CDR",
            "queue_log": "queue_log",
            "days": "天数",
            "stored": "已入库",
            "new": "新增",
            "replaced": "替换",
            "kept": "保留原有",
        }
    ),
    Language.EN: Words({}),
}


# -- dry run ------------------------------------------------------------------------------


def try_out(asked: Import, settings: Settings | None, shown: str | None, meter: Meter) -> None:
    """Tell what would come in; nothing is written."""
    with Staging() as staging:
        running.stage(staging, asked.sources, meter)
        calls = running.built(staging, asked.told, meter)
        if shown is not None:
            _show(asked, shown, calls, meter)
            bad = sum(each.quarantined for each in staging.counts().values())
            if bad:
                meter.say(f"quarantined: {bad} rows; the summary without --{shown} tells where")
            return
        survey = Survey(asked.zone, asked.view)
        stored = _survey(survey, settings, calls)
        found = _outcome(asked, staging, survey) | {"stored": stored, "quarantine": _first_bad(staging)}
    meter.finish()
    _print(asked, found)


def _survey(survey: Survey, settings: Settings | None, calls: Iterator[Whole]) -> dict[str, int] | None:
    """See all calls; how many are stored already by how they are known. None where no database can be asked."""
    engine = None if settings is None else open_store(settings.database_url, reads_only=True)
    known = None if engine is None else Known(engine)
    for batch in running.in_batches(calls, survey.see):
        try:
            if known is not None:
                known.look(batch)
        except SQLAlchemyError:
            known = None
    if engine is not None:
        engine.dispose()
    return None if known is None else dict(sorted(known.found.items()))


def _first_bad(staging: Staging) -> list[dict[str, Any]]:
    """Where the first bad rows stand: without their text, which may hold a customer's data."""
    places = zip(range(SHOWN_BAD), staging.quarantined(), strict=False)
    return [{"file": bad.source, "line": bad.line, "why": bad.why} for _, bad in places]


def _show(asked: Import, shown: str, calls: Iterator[Whole], meter: Meter) -> None:
    show = Shower(json=asked.json, zone=asked.zone, language=asked.language, view=asked.view)
    if asked.json and shown == "calls":
        with SortedLines() as lines:
            for whole in calls:
                for record in fold(whole.facts):
                    lines.add(
                        (to_microseconds(record.call.started_at), record.call.id),
                        json_line(as_json(record, asked.view)),
                    )
            meter.finish()
            _print_lines(lines)
        return
    if asked.json and shown == "facts":
        with SortedLines() as lines:
            for whole in calls:
                for fact in whole.facts:
                    key = (to_microseconds(began_at(fact)), fact.call_id, FACT_NAMES[type(fact)], fact.id)
                    lines.add(key, json_line(fact_as_json(fact)))
            meter.finish()
            _print_lines(lines)
        return
    # Tables, intervals and sums are folded from all facts together, as replay does it.
    facts: list[Fact] = [fact for whole in calls for fact in whole.facts]
    meter.finish()
    match shown:
        case "calls":
            show.calls(facts)
        case "facts":
            show.facts(facts)
        case "agent_states":
            show.agent_states(facts)
        case _:
            show.summary(summary_of(facts, asked.policy, asked.devices))


def _print_lines(lines: SortedLines) -> None:
    for line in lines.lines():
        sys.stdout.write(line + "\n")


# -- the import itself --------------------------------------------------------------------


def confirmed(asked: Import, settings: Settings, *, yes: bool) -> bool:
    """Whether to go on: a person at a terminal is asked once."""
    if yes or not (sys.stdin.isatty() and sys.stderr.isatty()):
        return True
    where = make_url(settings.database_url).render_as_string(hide_password=True)
    logs = ", ".join(source.log.name for source in asked.sources)
    return typer.confirm(f"{logs}: import as calls of PBX {asked.told.pbx!r} into {where}?", err=True)


def import_into(asked: Import, settings: Settings, meter: Meter) -> None:
    """Store the calls of these logs, and say what became of them."""
    clock = SystemClock()
    began = clock.monotonic()
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    engine = open_store(settings.database_url)
    try:
        upgrade(engine)
        with running.opened(settings.data_dir, asked.sources, asked.reading, asked.told) as staging:
            found = _store(asked, engine, staging, meter)
            path = running.quarantine_path(settings.data_dir, staging.path)
            found["quarantine"] = str(path) if write_quarantine(staging, path) else None
            found["seconds"] = round(clock.monotonic() - began, 1)
            running.remember(settings.data_dir, clock, found)
    finally:
        engine.dispose()
    meter.finish()
    _print(asked, found)


def _store(asked: Import, engine: Engine, staging: Staging, meter: Meter) -> dict[str, Any]:
    read = sum(each.rows for each in staging.counts().values())
    if read:
        before = running.stored_before(staging)
        meter.say(f"goes on with an import begun before: {read:,} rows read, {before:,} calls stored")
    running.stage(staging, asked.sources, meter)
    survey = Survey(asked.zone, asked.view)
    calls = running.built(staging, asked.told, meter)
    count = running.store(staging, calls, Storer(engine, asked.told.pbx), survey.see)
    stored = {"new": count.new, "replaced": count.replaced, "kept": count.kept, "facts": count.facts}
    return _outcome(asked, staging, survey) | {"stored": stored}


# -- telling ------------------------------------------------------------------------------


def _outcome(asked: Import, staging: Staging, survey: Survey) -> dict[str, Any]:
    return {
        "pbx": asked.told.pbx,
        "sources": [source.log.name for source in asked.sources],
        "rows": {kind.value: counts._asdict() for kind, counts in staging.counts().items()},
        **survey.as_json(),
    }


def _print(asked: Import, found: dict[str, Any]) -> None:
    if asked.json:
        print_json(found)
        return
    word = WORDS[asked.language].get
    columns = Counts._fields
    rows = ([word(kind), *(each[name] for name in columns)] for kind, each in found["rows"].items())
    print_table(None, ["", *map(word, columns)], rows, numbers=range(1, 6))
    counts = [[word("calls"), "", found["calls"]], [word("days"), "", found["days"]]]
    counts += [[word(name), found[name] or "–", ""] for name in ("from", "to")]
    counts += [
        [word(key), word(name), number]
        for key in ("direction", "disposition", "known", "stored")
        for name, number in (found[key] or {}).items()
    ]
    print_table(None, ["", "", ""], counts, numbers=[2])
    agents = ([each["agent"], each["talk_minutes"], each["calls"]] for each in found["agents"])
    print_table(None, [word("agent"), word("talk_minutes"), word("calls")], agents, numbers=[1, 2])
    _print_quarantine(found["quarantine"])


def _print_quarantine(found: str | list[dict[str, Any]] | None) -> None:
    if isinstance(found, str):
        print_line(f"quarantine: {found}")
    for bad in found if isinstance(found, list) else []:
        print_line(f"{bad['file']}:{bad['line']}: {bad['why']}")
