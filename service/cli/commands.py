"""All commands, put together: of a command line only what it asks for is read.

Each is named by its module below `service.cli` and its function; to read them all takes seconds.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any

import typer

PLAIN: Mapping[str, tuple[str, str]] = {
    "run": (
        "serve:run",
        "Listen, analyse, serve and schedule in one process. Without settings: the demo, in a temporary folder.",
    ),
    "listen": ("serve:listen", "Only listen: write the journal. `analyse` may follow it in another process."),
    "analyse": ("serve:analyse", "Only analyse: follow the journal and store facts."),
    "serve": ("serve:serve", "Only serve: pages and API over what others listen to and store."),
    "schedule": (
        "serve:schedule",
        "Only schedule: place the calls of campaigns, by what others listen to and store. Several may share the work.",
    ),
    "status": (
        "status:status",
        "Show what listens, what is durable and what is stored. Exit status 1 if a listener does not run.",
    ),
    "gaps": (
        "gaps:gaps",
        "List when a PBX was not heard, why, and how the calls within are known now; and jumps of our clock.",
    ),
    "replay": (
        "replay:replay",
        "Tell calls from what a PBX said: captures, raw manager bytes or a journal. Needs no database.",
    ),
    "reconcile": (
        "reconcile:reconcile",
        "Tell each call once: as the stream told it where it was heard whole, else from the PBX's logs.",
    ),
    "compare": (
        "compare:compare",
        "Set our minutes beside what AgentComplete, queue_log and CDR claim, and explain each disagreement.",
    ),
    "backup": (
        "backup:backup",
        "Write a backup while the service is at work, or check one. Exit status 1 if `verify` finds a fault.",
    ),
    "restore": (
        "restore:restore",
        "Restore a backup where no service runs. Nothing is deleted, and nothing is changed if anything fails.",
    ),
    "rollup": (
        "rollup:rollup",
        "Roll up all days that are over and not rolled up yet; the service does the same while it runs.",
    ),
    "import": (
        "import_logs:import_logs",
        "Take over past calls from CEL, CDR and queue_log; several kinds together tell more.",
    ),
    "dial": (
        "campaign_agents:click",
        "Call a customer: the agent's phone rings, then the customer's. Who must not be called is refused.",
    ),
}
"""Each with where it is and the first line that its function says of itself."""

GROUPS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "report": (
        "Figures of a period, live and as they were issued.",
        {
            "minutes": "report:minutes",
            "three-rings": "report:three_rings",
            "load": "report_load:load",
            "missed": "report_missed:missed",
            "figures": "report_figures:figures",
            "metrics": "report_figures:metrics",
            "issue": "issued:issue",
            "issued": "issued:issued",
            "difference": "issued:difference_",
            "verify": "issued:verify",
        },
    ),
    "close": (
        "A month's way to its sign-off.",
        {
            "status": "close:status",
            "sign": "close:sign",
        },
    ),
    "objection": (
        "What agents say against an issued month.",
        {
            "raise": "objection:raise_",
            "list": "objection:list_",
            "decide": "objection:decide",
            "withdraw": "objection:withdraw",
        },
    ),
    "exemption": (
        "Offerings and calls that are left out of the rate.",
        {
            "ask": "exemption:ask",
            "list": "exemption:list_",
            "decide": "exemption:decide",
            "withdraw": "exemption:withdraw",
        },
    ),
    "call": (
        "What people say of one call.",
        {
            "note": "call:note",
            "notes": "call:notes",
        },
    ),
    "pbx": (
        "What a PBX lacks, and the lines that give it.",
        {
            "check": "pbx:check",
            "config": "pbx:config",
        },
    ),
    "setup": (
        "A setting for the centre, from its calls.",
        {
            "propose": "setup:propose",
        },
    ),
    "people": (
        "Who works here, where, in which shifts.",
        {
            "import": "people:import_",
            "list": "people:list_",
            "show": "people:show",
            "export": "people:export",
            "adherence": "people_adherence:adherence",
            "sheet": "people_sheet:sheet",
        },
    ),
    "followups": (
        "What is owed to customers, and what is done about it.",
        {
            "list": "followups:list_",
            "show": "followups:show",
            "coverage": "followups_coverage:coverage",
            "record": "followups_record:record",
            "agree": "followups_record:agree",
            "close": "followups_acts:close",
            "reopen": "followups_acts:reopen",
            "reschedule": "followups_acts:reschedule",
            "approve": "followups_acts:approve",
            "hand-over": "followups_acts:hand_over",
            "acknowledge": "followups_acts:acknowledge",
            "note": "followups_acts:note",
            "trigger": "followups_events:trigger",
            "import": "followups_events:import_",
        },
    ),
    "campaign": (
        "Calls that are placed: for whom, by whom, when.",
        {
            "list": "campaign:list_",
            "create": "campaign_make:create",
            "add": "campaign_make:add",
            "show": "campaign:show",
            "preview": "campaign:preview",
            "start": "campaign_acts:start",
            "pause": "campaign_acts:pause",
            "resume": "campaign_acts:resume",
            "stop": "campaign_acts:stop",
            "set": "campaign_make:set_",
            "next": "campaign_agents:next_",
            "dial": "campaign_agents:dial",
            "skip": "campaign_agents:skip",
            "attempts": "campaign_attempts:attempts",
            "indeterminate": "campaign_attempts:indeterminate",
            "settle": "campaign_attempts:settle",
            "export": "campaign_attempts:export",
        },
    ),
    "agent": (
        "What supervisors do on the PBX, through the service that runs.",
        {
            "pause": "agent:pause",
            "unpause": "agent:unpause",
            "add": "agent:add",
            "remove": "agent:remove",
            "listen": "agent:listen",
            "hang-up": "agent:hang_up",
        },
    ),
    "customers": (
        "Whom something may be owed to.",
        {
            "import": "customers:import_",
            "list": "customers:list_",
            "show": "customers:show",
            "export": "customers:export",
            "set": "customers_set:set_",
            "merge": "customers_set:merge",
        },
    ),
    "recordings": (
        "Recordings' files: found, linked to calls, listened to.",
        {
            "scan": "recordings_find:scan",
            "work": "recordings_work:work",
            "status": "recordings_work:status",
            "list": "recordings:list_",
            "show": "recordings:show",
            "orphans": "recordings_find:orphans",
            "retry": "recordings_work:retry_",
            "again": "recordings_work:again",
        },
    ),
    "policy": (
        "What the centre promised.",
        {
            "check": "policy:check",
            "explain": "policy:explain",
            "simulate": "policy_simulate:simulate",
        },
    ),
    "quality": (
        "Samples that are listened to, and their marks.",
        {
            "draw": "quality:draw",
            "list": "quality:list_",
            "show": "quality:show",
            "score": "quality_acts:score",
            "replace": "quality_acts:replace",
            "note": "quality_acts:note",
            "reply": "quality_acts:reply",
            "appeal": "quality_acts:appeal",
            "decide": "quality_acts:decide",
            "week": "quality_sums:week",
            "month": "quality_sums:month",
            "train": "quality_sums:train",
        },
    ),
    "token": (
        "Who may ask the API.",
        {
            "create": "token:create",
            "list": "token:list_",
            "revoke": "token:revoke",
        },
    ),
    "user": (
        "Who may log in to the pages.",
        {
            "create": "user:create",
            "list": "user:list_",
            "set": "user:set_",
            "password": "user:password",
            "disable": "user:disable",
            "enable": "user:enable",
            "sessions": "user:sessions_",
            "unlock": "user:unlock",
        },
    ),
    "destruction": (
        "Recordings that are past their days, and the five acts that destroy them.",
        {
            "due": "destruction:due",
            "list": "destruction:list_",
            "show": "destruction:show",
            "make": "destruction:make",
            "review": "destruction:review",
            "approve": "destruction:approve",
            "attend": "destruction:attend",
            "carry-out": "destruction:carry_out",
            "drop": "destruction:drop",
            "certificate": "destruction:certificate",
            "verify": "destruction:verify",
        },
    ),
    "hold": (
        "Legal holds: recordings that may not be destroyed.",
        {
            "add": "hold:add",
            "lift": "hold:lift",
            "list": "hold:list_",
        },
    ),
    "notices": (
        "What staff are told, and what became of it.",
        {
            "list": "notices:list_",
            "test": "notices:try_",
            "retry": "notices:retry",
        },
    ),
    "journal": (
        "What was heard, as it was heard.",
        {
            "list": "journal:list_",
            "verify": "journal:verify",
            "cat": "journal:cat",
            "cut": "journal:cut",
            "prune": "journal:prune",
        },
    ),
}
"""Each with what it is about and where its commands are."""


def build(arguments: Sequence[str] | None = None) -> typer.Typer:
    """The command `threerings`, as far as a command line needs it (that of this process, if none is given)."""
    given = sys.argv[1:] if arguments is None else arguments
    asked = next((each for each in given if not each.startswith("-")), None)
    app = _typer(name="threerings")
    app.callback()(_root)
    for name, (where, text) in PLAIN.items():
        app.command(name=name, short_help=text)(command_at(where) if name == asked else _not_asked_for)
    for name, (text, commands) in GROUPS.items():
        group = _typer(name=name, help=text)
        for each, where in commands.items() if name == asked else ():
            group.command(name=each)(command_at(where))
        app.add_typer(group)
    return app


def command_at(where: str) -> Callable[..., Any]:
    """The function of a command, by `MODULE:FUNCTION`."""
    module, _, function = where.partition(":")
    found: Callable[..., Any] = getattr(import_module(f"service.cli.{module}"), function)
    return found


def _typer(**given: Any) -> typer.Typer:
    return typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, **given)


def _not_asked_for() -> None:
    """Stands where a command is only listed."""


def _root() -> None:
    """Three Rings 三声: truthful call-centre telephony and analytics for Asterisk."""
