"""`threerings setup propose`: rows for the policy, from the calls that were heard."""

from __future__ import annotations

from typing import Annotated

import typer

from analytics.metrics.periods import parse_period
from analytics.storage.engine import open_store
from service.cli import context, options
from service.cli.output import print_json, print_line
from service.starting.proposal_text import SetupText, as_json
from service.starting.proposing import propose as propose_all
from telephony.clock import SystemClock

PeriodOption = Annotated[
    str | None, typer.Option("--period", help="2026-11, 2026-11-02 or START/END. Default: the last 13 weeks.")
]


def propose(
    period: PeriodOption = None,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """Print trunks, lines, queues, people and hours that were seen and are not in settings and policy, as TOML."""
    settings = context.need(config)
    policy = context.policy_of(settings, None)
    wanted = parse_period(period, policy.zone) if period else None
    engine = open_store(settings.database_url, reads_only=True)
    try:
        told = propose_all(settings, policy, engine, SystemClock().now(), wanted)
    finally:
        engine.dispose()
    toml = SetupText(policy=policy, language=context.language_of(settings, lang)).toml(told)
    if json:
        print_json(as_json(told, toml))
    else:
        print_line(toml.rstrip("\n"))
