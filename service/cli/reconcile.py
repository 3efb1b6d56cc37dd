"""`threerings reconcile`: a stream with holes and the PBX's logs, to one set of calls."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from analytics.reports.summary import summary as summary_of
from config.values import is_zone
from service.cli import context, options
from service.cli.output import print_note
from service.cli.showing import Shower
from service.cli.viewing import devices_of, trunks_of, view_of, wrap_up_given
from service.errors import UsageError
from service.importing.sources import Named, Reading, open_sources
from service.reconciling import Reconciled
from service.reconciling import reconcile as reconcile_files
from service.replaying import pbx_of_files
from telephony.pbxlogs.rows import LogKind
from telephony.reconcile.hearing import Verdict


def reconcile(
    ami: Annotated[list[Path], typer.Option(metavar="FILE", help="*.jsonl, *.raw (.xz), a journal.")],
    cel: Annotated[list[str] | None, typer.Option(metavar="FILE|URL", help="Channel events.")] = None,
    queue_log: Annotated[list[str] | None, typer.Option(metavar="FILE|URL", help="Queue log.")] = None,
    cdr: Annotated[list[str] | None, typer.Option(metavar="FILE|URL", help="Call detail records.")] = None,
    log_zone: Annotated[
        str | None, typer.Option(metavar="ZONE", help="Zone of the logs' local times. Default: found out.")
    ] = None,
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
    """Tell each call once: as the stream told it where it was heard whole, else from the PBX's logs."""
    if calls + facts + agent_states + summary > 1:
        raise UsageError("reconcile: found several of --calls --facts --agent-states --summary, expected one")
    settings = context.find(config)
    shown_zone = context.zone_of(settings, zone)
    in_force = context.policy_of(settings, policy)
    name = pbx_of_files(ami, pbx)
    named = [
        Named(kind, where)
        for kind, given in ((LogKind.CEL, cel), (LogKind.QUEUE_LOG, queue_log), (LogKind.CDR, cdr))
        for where in given or ()
    ]
    if not named:
        raise UsageError("reconcile: found no log, expected --cel, --queue-log or --cdr")
    found = reconcile_files(
        ami,
        open_sources(named, Reading(_log_zone(log_zone), shown_zone, None)),
        name,
        trunks=tuple(trunk or trunks_of(settings, name)),
        wrap_up=wrap_up_given(wrap_up, in_force),
    )
    _tell(found)
    devices = devices_of(agents, shown_zone)
    view = view_of(settings, country, in_force, devices)
    show = Shower(json=json, zone=shown_zone, language=context.language_of(settings, lang), view=view)
    if facts:
        show.facts(found.facts)
    elif agent_states:
        show.agent_states(found.facts)
    elif summary:
        show.summary(summary_of(found.facts, in_force, devices))
    else:
        show.calls(found.facts)


def _log_zone(given: str | None) -> ZoneInfo | None:
    if given is not None and not is_zone(given):
        raise UsageError(f"--log-zone: found {given!r}, expected a zone such as Asia/Shanghai")
    return None if given is None else ZoneInfo(given)


def _tell(found: Reconciled) -> None:
    """What was believed of whom, for people: on stderr, beside the calls."""
    worth = found.verdicts
    rebuilt = worth[Verdict.TOUCHED] + worth[Verdict.UNHEARD]
    rows = "; ".join(
        f"{kind.value}: {count.rows} rows, {count.used} used, {count.repeated} repeated, "
        f"{count.quarantined} quarantined, {count.irrelevant} irrelevant"
        for kind, count in found.rows.items()
    )
    print_note(
        f"calls of the logs: {worth[Verdict.WHOLE]} heard whole, {rebuilt} rebuilt "
        f"({worth[Verdict.TOUCHED]} touched by a gap, {worth[Verdict.UNHEARD]} not heard), "
        f"{worth[Verdict.OPEN]} open; {rows}"
    )
