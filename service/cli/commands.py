"""All commands, put together."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import typer

from service.cli import (
    agent,
    call,
    campaign,
    campaign_acts,
    campaign_agents,
    campaign_attempts,
    campaign_make,
    close,
    customers,
    customers_set,
    destruction,
    exemption,
    followups,
    followups_acts,
    followups_events,
    followups_record,
    hold,
    issued,
    journal,
    notices,
    objection,
    pbx,
    people,
    policy,
    policy_simulate,
    quality,
    quality_acts,
    quality_sums,
    recordings,
    recordings_find,
    recordings_work,
    report,
    report_figures,
    report_load,
    report_missed,
    serve,
    setup,
    token,
    user,
)
from service.cli.backup import backup
from service.cli.compare import compare
from service.cli.followups_coverage import coverage
from service.cli.gaps import gaps
from service.cli.import_logs import import_logs
from service.cli.people_adherence import adherence
from service.cli.people_sheet import sheet
from service.cli.reconcile import reconcile
from service.cli.replay import replay
from service.cli.restore import restore
from service.cli.rollup import rollup
from service.cli.status import status

PLAIN: tuple[Callable[..., Any], ...] = (
    serve.run,
    serve.listen,
    serve.analyse,
    serve.serve,
    serve.schedule,
    status,
    gaps,
    replay,
    reconcile,
    compare,
    backup,
    restore,
    rollup,
)
GROUPS: tuple[tuple[str, str, dict[str, Callable[..., Any]]], ...] = (
    (
        "report",
        "Figures of a period, live and as they were issued.",
        {
            "minutes": report.minutes,
            "three-rings": report.three_rings,
            "load": report_load.load,
            "missed": report_missed.missed,
            "figures": report_figures.figures,
            "metrics": report_figures.metrics,
            "issue": issued.issue,
            "issued": issued.issued,
            "difference": issued.difference_,
            "verify": issued.verify,
        },
    ),
    ("close", "A month's way to its sign-off.", {"status": close.status, "sign": close.sign}),
    (
        "objection",
        "What agents say against an issued month.",
        {
            "raise": objection.raise_,
            "list": objection.list_,
            "decide": objection.decide,
            "withdraw": objection.withdraw,
        },
    ),
    (
        "exemption",
        "Offerings and calls that are left out of the rate.",
        {
            "ask": exemption.ask,
            "list": exemption.list_,
            "decide": exemption.decide,
            "withdraw": exemption.withdraw,
        },
    ),
    ("call", "What people say of one call.", {"note": call.note, "notes": call.notes}),
    ("pbx", "What a PBX lacks, and the lines that give it.", {"check": pbx.check, "config": pbx.config}),
    ("setup", "A setting for the centre, from its calls.", {"propose": setup.propose}),
    (
        "people",
        "Who works here, where, in which shifts.",
        {
            "import": people.import_,
            "list": people.list_,
            "show": people.show,
            "export": people.export,
            "adherence": adherence,
            "sheet": sheet,
        },
    ),
    (
        "followups",
        "What is owed to customers, and what is done about it.",
        {
            "list": followups.list_,
            "show": followups.show,
            "coverage": coverage,
            "record": followups_record.record,
            "agree": followups_record.agree,
            "close": followups_acts.close,
            "reopen": followups_acts.reopen,
            "reschedule": followups_acts.reschedule,
            "approve": followups_acts.approve,
            "hand-over": followups_acts.hand_over,
            "acknowledge": followups_acts.acknowledge,
            "note": followups_acts.note,
            "trigger": followups_events.trigger,
            "import": followups_events.import_,
        },
    ),
    (
        "campaign",
        "Calls that are placed: for whom, by whom, when.",
        {
            "list": campaign.list_,
            "create": campaign_make.create,
            "add": campaign_make.add,
            "show": campaign.show,
            "preview": campaign.preview,
            "start": campaign_acts.start,
            "pause": campaign_acts.pause,
            "resume": campaign_acts.resume,
            "stop": campaign_acts.stop,
            "set": campaign_make.set_,
            "next": campaign_agents.next_,
            "dial": campaign_agents.dial,
            "skip": campaign_agents.skip,
            "attempts": campaign_attempts.attempts,
            "indeterminate": campaign_attempts.indeterminate,
            "settle": campaign_attempts.settle,
            "export": campaign_attempts.export,
        },
    ),
    (
        "agent",
        "What supervisors do on the PBX, through the service that runs.",
        {
            "pause": agent.pause,
            "unpause": agent.unpause,
            "add": agent.add,
            "remove": agent.remove,
            "listen": agent.listen,
            "hang-up": agent.hang_up,
        },
    ),
    (
        "customers",
        "Whom something may be owed to.",
        {
            "import": customers.import_,
            "list": customers.list_,
            "show": customers.show,
            "export": customers.export,
            "set": customers_set.set_,
            "merge": customers_set.merge,
        },
    ),
    (
        "recordings",
        "Recordings' files: found, linked to calls, listened to.",
        {
            "scan": recordings_find.scan,
            "work": recordings_work.work,
            "status": recordings_work.status,
            "list": recordings.list_,
            "show": recordings.show,
            "orphans": recordings_find.orphans,
            "retry": recordings_work.retry_,
            "again": recordings_work.again,
        },
    ),
    (
        "policy",
        "What the centre promised.",
        {"check": policy.check, "explain": policy.explain, "simulate": policy_simulate.simulate},
    ),
    (
        "quality",
        "Samples that are listened to, and their marks.",
        {
            "draw": quality.draw,
            "list": quality.list_,
            "show": quality.show,
            "score": quality_acts.score,
            "replace": quality_acts.replace,
            "note": quality_acts.note,
            "reply": quality_acts.reply,
            "appeal": quality_acts.appeal,
            "decide": quality_acts.decide,
            "week": quality_sums.week,
            "month": quality_sums.month,
            "train": quality_sums.train,
        },
    ),
    ("token", "Who may ask the API.", {"create": token.create, "list": token.list_, "revoke": token.revoke}),
    (
        "user",
        "Who may log in to the pages.",
        {
            "create": user.create,
            "list": user.list_,
            "set": user.set_,
            "password": user.password,
            "disable": user.disable,
            "enable": user.enable,
            "sessions": user.sessions_,
            "unlock": user.unlock,
        },
    ),
    (
        "destruction",
        "Recordings that are past their days, and the five acts that destroy them.",
        {
            "due": destruction.due,
            "list": destruction.list_,
            "show": destruction.show,
            "make": destruction.make,
            "review": destruction.review,
            "approve": destruction.approve,
            "attend": destruction.attend,
            "carry-out": destruction.carry_out,
            "drop": destruction.drop,
            "certificate": destruction.certificate,
            "verify": destruction.verify,
        },
    ),
    (
        "hold",
        "Legal holds: recordings that may not be destroyed.",
        {"add": hold.add, "lift": hold.lift, "list": hold.list_},
    ),
    (
        "notices",
        "What staff are told, and what became of it.",
        {"list": notices.list_, "test": notices.try_, "retry": notices.retry},
    ),
    (
        "journal",
        "What was heard, as it was heard.",
        {
            "list": journal.list_,
            "verify": journal.verify,
            "cat": journal.cat,
            "cut": journal.cut,
            "prune": journal.prune,
        },
    ),
)


def build() -> typer.Typer:
    """The command `threerings`."""
    app = _typer(name="threerings")
    app.callback()(_root)
    for command in PLAIN:
        app.command()(command)
    app.command(name="import")(import_logs)
    app.command(name="dial")(campaign_agents.click)
    for name, text, commands in GROUPS:
        group = _typer(name=name, help=text)
        for each, command in commands.items():
            group.command(name=each)(command)
        app.add_typer(group)
    return app


def _typer(**given: Any) -> typer.Typer:
    return typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, **given)


def _root() -> None:
    """Three Rings 三声: truthful call-centre telephony and analytics for Asterisk."""
