"""`threerings import`: past calls from the PBX's own logs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from service.cli import context, options
from service.cli.import_asked import Import, columns_of, logs_named, pbx_named, the_view, zone_of_logs
from service.cli.import_work import confirmed, import_into, try_out
from service.cli.viewing import devices_of, trunks_of, view_of, wrap_up_given
from service.importing.progress import metered
from service.importing.running import Told, spare_memory
from service.importing.sources import Reading, open_sources
from telephony.pbxlogs.rows import LogKind


def import_logs(
    named: Annotated[
        list[str] | None,
        typer.Argument(metavar="[cel|cdr|queue-log FILE|URL…]", help="A log's kind, and where it is."),
    ] = None,
    cel: Annotated[list[str] | None, typer.Option(metavar="FILE|URL", help="Channel events too.")] = None,
    cdr: Annotated[list[str] | None, typer.Option(metavar="FILE|URL", help="Call detail records too.")] = None,
    queue_log: Annotated[list[str] | None, typer.Option(metavar="FILE|URL", help="Queue log too.")] = None,
    columns: Annotated[
        str | None, typer.Option(metavar="a,b,…", help="Columns of a log of an order of its own.")
    ] = None,
    log_zone: Annotated[
        str | None, typer.Option(metavar="ZONE", help="Zone of its local times. Default: found out.")
    ] = None,
    pbx: Annotated[
        str | None, typer.Option(help="Name of the PBX in ids. Default: the settings' only one.")
    ] = None,
    agents: Annotated[Path | None, typer.Option(help="CSV: interface,agent,name,from,to.")] = None,
    zone: options.ZoneOption = None,
    trunk: Annotated[list[str] | None, typer.Option(help="Peers that lead outside (fnmatch).")] = None,
    country: Annotated[str | None, typer.Option(help="Whose numbers: two letters, for E.164.")] = None,
    policy: Annotated[str | None, typer.Option(help="Policy: a shipped one's name, or a file.")] = None,
    wrap_up: Annotated[float | None, typer.Option(metavar="SECONDS", help="Default: the policy's.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Write nothing; tell what would come in.")] = False,
    calls: Annotated[bool, typer.Option("--calls", help="Dry run: one call a line.")] = False,
    facts: Annotated[bool, typer.Option("--facts", help="Dry run: one fact a line.")] = False,
    agent_states: Annotated[bool, typer.Option("--agent-states", help="Dry run: one interval a line.")] = False,
    summary: Annotated[bool, typer.Option("--summary", help="Dry run: counts, minutes, three-ring rates.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before storing.")] = False,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """Take over past calls from CEL, CDR and queue_log; several kinds together tell more."""
    shown = the_view(dry_run, calls=calls, facts=facts, agent_states=agent_states, summary=summary)
    logs = logs_named(named or [], {LogKind.CEL: cel, LogKind.CDR: cdr, LogKind.QUEUE_LOG: queue_log})
    settings = context.find(config) if dry_run else context.need(config)
    shown_zone = context.zone_of(settings, zone)
    reading = Reading(zone_of_logs(log_zone), shown_zone, columns_of(columns, logs))
    in_force = context.policy_of(settings, policy)
    devices = devices_of(agents, shown_zone)
    name = pbx_named(settings, pbx)
    told = Told(
        pbx=name, trunks=tuple(trunk or trunks_of(settings, name)), wrap_up=wrap_up_given(wrap_up, in_force)
    )
    asked = Import(
        sources=open_sources(logs, reading),
        reading=reading,
        told=told,
        view=view_of(settings, country, in_force, devices),
        devices=devices,
        policy=in_force,
        zone=shown_zone,
        language=context.language_of(settings, lang),
        json=json,
    )
    spare_memory()
    if dry_run or settings is None:
        metered(lambda meter: try_out(asked, settings, shown, meter))
    elif confirmed(asked, settings, yes=yes):
        metered(lambda meter: import_into(asked, settings, meter))
