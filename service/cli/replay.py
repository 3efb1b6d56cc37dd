"""`threerings replay`: tells calls from what a PBX said; no database, no network."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from analytics.reports.summary import summary as summary_of
from service.cli import context, options
from service.cli.showing import Shower
from service.cli.viewing import devices_of, trunks_of, view_of, wrap_up_given
from service.errors import UsageError
from service.replaying import hear, pbx_of_files


def replay(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="*.jsonl, *.raw (.xz), a journal.")],
    pbx: Annotated[str | None, typer.Option(help="Name of the PBX in ids. Default: the journal's, or pbx.")] = None,
    agents: Annotated[Path | None, typer.Option(help="CSV: interface,agent,name,from,to.")] = None,
    zone: options.ZoneOption = None,
    trunk: Annotated[list[str] | None, typer.Option(help="Peers that lead outside (fnmatch).")] = None,
    country: Annotated[str | None, typer.Option(help="Whose numbers: two letters, for E.164.")] = None,
    policy: Annotated[str | None, typer.Option(help="Policy: a shipped one's name, or a file.")] = None,
    wrap_up: Annotated[float | None, typer.Option(metavar="SECONDS", help="Default: the policy's.")] = None,
    calls: Annotated[bool, typer.Option("--calls", help="One call a line (default).")] = False,
    facts: Annotated[bool, typer.Option("--facts", help="One fact a line.")] = False,
    agent_states: Annotated[bool, typer.Option("--agent-states", help="One interval a line.")] = False,
    summary: Annotated[bool, typer.Option("--summary", help="Counts, minutes, three-ring rates.")] = False,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """Tell calls from what a PBX said: captures, raw manager bytes or a journal. Needs no database."""
    if calls + facts + agent_states + summary > 1:
        raise UsageError("replay: found several of --calls --facts --agent-states --summary, expected one")
    settings = context.find(config)
    view_zone = context.zone_of(settings, zone)
    in_force = context.policy_of(settings, policy)
    name = pbx_of_files(files, pbx)
    told = hear(
        files,
        name,
        journal_pbx=pbx,
        trunks=tuple(trunk or trunks_of(settings, name)),
        wrap_up=wrap_up_given(wrap_up, in_force),
    )
    devices = devices_of(agents, view_zone)
    view = view_of(settings, country, in_force, devices)
    show = Shower(json=json, zone=view_zone, language=context.language_of(settings, lang), view=view)
    if facts:
        show.facts(told)
    elif agent_states:
        show.agent_states(told)
    elif summary:
        show.summary(summary_of(told, in_force, devices))
    else:
        show.calls(told)
