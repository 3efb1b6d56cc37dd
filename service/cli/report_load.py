"""`threerings report load`: calls, waits and handle time by the clock and by shift, and the agents they ask for."""

from __future__ import annotations

from typing import Annotated

import typer

from analytics.reports.load import Asked
from service.cli import context, options
from service.cli.report import DEFAULT_GROUPS, PeriodOption, Shower, make
from telephony.clock import SystemClock

LoadGroupOption = Annotated[
    str,
    typer.Option("--group", help="What rows are told apart by: weekday, hour, quarter_hour, shift, hours, queue …"),
]
StaffingOption = Annotated[
    bool, typer.Option("--staffing", help="Suggest agents by Erlang C, with what that is made of.")
]
ShrinkageOption = Annotated[
    int,
    typer.Option(
        "--shrinkage", metavar="PERCENT", min=0, max=90, help="Paid time away from the phone; with --staffing."
    ),
]


def load(
    period: PeriodOption = None,
    group: LoadGroupOption = DEFAULT_GROUPS["load"],
    staffing: StaffingOption = False,
    shrinkage: ShrinkageOption = 0,
    json: options.JsonOption = False,
    csv: options.CsvOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
    zone: options.ZoneOption = None,
) -> None:
    """Inbound calls by quarter hour, hour, weekday or shift, in hours and out."""
    settings = context.need(config)
    shower = Shower(json=json, csv=csv)
    asked = Asked(staffing=staffing, shrinkage=shrinkage, language=context.language_of(settings, lang).value)
    now = SystemClock().now()
    wanted = context.period_of(settings, period or context.month_now(settings, zone, now), zone)
    made = make(settings, "load", wanted, group, now, asked)
    shower.show(made.report, config, lang)
