"""`threerings compare`: our minutes beside what the PBX claims, each disagreement explained by its call."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from analytics.differential import AgentBalance
from analytics.errors import PeriodError
from analytics.metrics.periods import Period, custom_period, parse_period
from analytics.storage.engine import open_store
from config.settings import Language
from service import comparing
from service.cli import context, options
from service.cli.output import print_json_lines, print_line, print_table
from service.cli.words import words
from service.errors import UsageError
from service.log_sources import given, rows_of
from telephony.clock import SystemClock, from_microseconds
from telephony.pbxlogs.rows import LogKind, QueueRow

SENTENCES = {
    Language.EN: {
        "transfer": "the claim goes on after the call was handed over",
        "hold": "the claim counts hold as talk",
        "consult": "the claim counts the consultation",
        "wait": "the claim counts waiting or ringing",
        "doubled": "several rows for one talk",
        "not_counted": "talked after a hand-over; no claim names this agent",
        "internal": "the claim counts a talk among colleagues",
        "no_talk": "a claim without any talk with a customer",
        "other": "not explained",
    },
    Language.ZH: {
        "transfer": "转接之后的时间仍算给本坐席",
        "hold": "把保持时间算作通话",
        "consult": "把咨询同事的时间算作通话",
        "wait": "把排队或振铃时间算作通话",
        "doubled": "同一通话有多行记录",
        "not_counted": "接听了转来的电话,PBX 没有记给本坐席",
        "internal": "把内部通话算作客户通话",
        "no_talk": "PBX 记了通话,实际未与客户通话",
        "other": "未能解释",
    },
}


def compare(
    start: Annotated[str | None, typer.Option("--from", metavar="DAY", help="First day. Default: today.")] = None,
    end: Annotated[
        str | None, typer.Option("--to", metavar="DAY", help="Day after the last. Default: with today.")
    ] = None,
    queue_log: Annotated[
        list[Path] | None, typer.Option(help="queue_log files to set beside what is stored.")
    ] = None,
    agent: Annotated[str | None, typer.Option(help="This agent only.")] = None,
    pbx: options.PbxOption = None,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
    zone: options.ZoneOption = None,
) -> None:
    """Set our minutes beside what AgentComplete, queue_log and CDR claim, and explain each disagreement."""
    settings = context.need(config)
    in_zone = context.zone_of(settings, zone)
    today = f"{SystemClock().now().astimezone(in_zone):%Y-%m-%d}"
    period = _period(start or today, end or today, in_zone, through=end is None)
    name = context.pbx_of(settings, pbx) if pbx else None
    rows = (
        row
        for path in queue_log or ()
        for row in rows_of(given(LogKind.QUEUE_LOG, str(path), preferred=in_zone))
        if isinstance(row, QueueRow)
    )
    engine = open_store(settings.database_url, reads_only=True)
    try:
        with engine.connect() as connection:
            found = comparing.balances(connection, period, comparing.claims_of(rows), name)
    finally:
        engine.dispose()
    found = [each for each in found if agent is None or each.agent == agent]
    if json:
        print_json_lines(comparing.as_json(each) for each in found)
    else:
        _show(found, context.language_of(settings, lang), period)


def _period(start: str, end: str, zone: ZoneInfo, *, through: bool) -> Period:
    """From the first day to the last; `through`: the last is in it."""
    try:
        last = parse_period(end, zone) if through else parse_period(f"{end}/{end}", zone)
        first = parse_period(f"{start}/{start}", zone)
        return custom_period(first.start, last.end, zone, f"{start}/{end}")
    except PeriodError as error:
        raise UsageError(f"--from, --to: {error}") from None


def _show(found: list[AgentBalance], language: Language, period: Period) -> None:
    word, sentences = words(language).get, SENTENCES[language]
    heads = ["agent", "calls", "talk", *comparing.STORED]
    rows = (
        [each.agent, each.calls, _seconds(each.ours_ms)]
        + [_seconds(each.claimed_ms[s]) if s in each.claimed_ms else None for s in comparing.STORED]
        for each in found
    )
    print_table(f"compare {period.label}", [word(name) for name in heads], rows, numbers=[1, 2, 3, 4, 5])
    for balance in found:
        for each in sorted(balance.disagreements, key=comparing.in_order):
            at = from_microseconds(each.started_us).astimezone(period.zone)
            print_line(
                f"{balance.agent}  {at:%m-%d %H:%M:%S}  {each.call_id}  {each.source} {_seconds(each.claimed_ms)} "
                f"≠ {_seconds(each.ours_ms)}: {sentences[each.why.value]}"
            )


def _seconds(milliseconds: int) -> str:
    return f"{milliseconds / 1000:.1f}"
