"""`threerings setup propose`: rows for the policy, from the calls that were heard."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Annotated

import typer
from sqlalchemy import Connection

from analytics.metrics.periods import Period, custom_period, parse_period
from analytics.people.store import load_agent_periods, load_assignments
from analytics.setup.proposals import propose as propose_rows
from analytics.setup.reading import load_sightings
from analytics.storage.engine import open_store
from config.people import DevicePeriod
from config.policies import Policy
from service.cli import context, options
from service.cli.output import print_json, print_line
from service.cli.setup_text import SetupText, as_json
from telephony.clock import SystemClock

LOOKED_AT = timedelta(weeks=13)

PeriodOption = Annotated[
    str | None, typer.Option("--period", help="2026-11, 2026-11-02 or START/END. Default: the last 13 weeks.")
]


def propose(
    period: PeriodOption = None,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """Print lines, queues, people and hours that were seen and are not in the policy, as TOML."""
    settings = context.need(config)
    policy = context.policy_of(settings, None)
    now = SystemClock().now()
    wanted = _period(period, policy, now)
    engine = open_store(settings.database_url, reads_only=True)
    try:
        with engine.connect() as connection:
            seen = load_sightings(connection, wanted.start_us, wanted.end_us)
            found = propose_rows(seen, _with_people(policy, connection), now)
    finally:
        engine.dispose()
    toml = SetupText(policy=policy, language=context.language_of(settings, lang)).toml(seen, found)
    if json:
        print_json(as_json(seen, found, toml))
    else:
        print_line(toml.rstrip("\n"))


def _period(given: str | None, policy: Policy, now: datetime) -> Period:
    return parse_period(given, policy.zone) if given else custom_period(now - LOOKED_AT, now, policy.zone)


def _with_people(policy: Policy, connection: Connection) -> Policy:
    """The policy with the people of the store, where it has any: they are known too."""
    agents = load_agent_periods(connection)
    devices = tuple(
        DevicePeriod(interface=each.interface, agent=each.agent, start=each.valid_from, end=each.valid_to)
        for each in load_assignments(connection)
    )
    return replace(policy, agents=agents or policy.agents, devices=(*policy.devices, *devices))
