"""`threerings pbx check | config`: what a PBX lacks, and the exact lines that give it."""

from __future__ import annotations

import asyncio
import os
from datetime import timedelta
from io import StringIO
from random import Random
from typing import Annotated, Any

import typer

from config.settings import Language, PbxSettings
from service.cli import context, options
from service.cli.output import print_json, print_line, print_table
from service.cli.words import words
from service.doctor_words import title_of
from service.errors import CheckFailedError, UnreachableError, UsageError
from service.logs import set_up_logs
from service.pipeline.road import actions_login_of, address_of, login_of
from telephony.ami.client import Client
from telephony.ami.signals import Login
from telephony.clock import SystemClock
from telephony.doctor import check as check_pbx
from telephony.doctor_dialling import ask_dialling, dialling_findings, refused
from telephony.doctor_findings import Expectations, Finding, Severity
from telephony.doctor_lines import Flavour, Hookup, lines_for
from telephony.errors import LoginRefusedError, TelephonyError

FlavourOption = Annotated[Flavour, typer.Option("--flavour", help="Who writes the PBX's configuration.")]
FAILING = (Severity.WARNING, Severity.ERROR)


def check(
    pbx: options.PbxOption = None,
    flavour: FlavourOption = Flavour.PLAIN,
    watch: Annotated[float, typer.Option(min=0, max=3600, help="Seconds to watch the stream.")] = 10.0,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """Ask a PBX harmless questions, watch it for a while, and say what is missing. Status 1 if something is."""
    settings = context.need(config)
    set_up_logs(StringIO())  # what a connection would log, the findings or the one error say
    named = settings.pbx(context.pbx_of(settings, pbx))
    if named is None:
        raise UsageError(f"--pbx: found no [pbx.{pbx}], expected one")
    rings = context.policy_of(settings, None).versions[-1].limit()
    acting = named.actions.user if named.actions is not None else Hookup().actions_user
    hookup = Hookup(flavour=flavour, user=named.login.user, actions_user=acting, hang_up=named.supervise.hang_up)
    expected = Expectations(hookup=hookup, three_rings=rings)
    findings = asyncio.run(_check(named, expected, timedelta(seconds=watch)))
    if json:
        print_json({"pbx": named.name, "findings": [as_json(each) for each in findings]})
    else:
        _show(findings, context.language_of(settings, lang))
    failing = [each for each in findings if each.severity in FAILING]
    if failing:
        raise CheckFailedError(f"{named.name}: found {len(failing)} things amiss, expected none")


async def _check(pbx: PbxSettings, expected: Expectations, watch: timedelta) -> list[Finding]:
    try:
        async with _client(pbx, login_of(pbx, os.environ)) as client:
            findings = await check_pbx(client, expected, clock=SystemClock(), watch=watch)
        return [*findings, *await _check_actions(pbx, expected)]
    except LoginRefusedError as error:
        raise UnreachableError(f"pbx.{pbx.name}: login refused: {error}") from None
    except (TelephonyError, TimeoutError, OSError) as error:
        raise UnreachableError(f"pbx.{pbx.name}: found no answer ({error}), expected a manager") from None


def _client(pbx: PbxSettings, login: Login) -> Client:
    return Client(address_of(pbx), login, clock=SystemClock(), random=Random())  # noqa: S311 - jitter, no secret


async def _check_actions(pbx: PbxSettings, expected: Expectations) -> list[Finding]:
    """What the user of actions is told, where the settings name one."""
    if pbx.actions is None:
        return []
    dial = {each.name: each.dial for each in pbx.dialling.trunks} if pbx.dialling is not None else {}
    async with _client(pbx, actions_login_of(pbx.actions, os.environ)) as client:
        try:
            await client.wait_logged_in()
        except LoginRefusedError as error:
            return [refused(str(error), expected)]
        return list(dialling_findings(await ask_dialling(client.action, dial), dial, expected))


def as_json(finding: Finding) -> dict[str, Any]:
    """A finding in the public shape."""
    return {
        "severity": finding.severity.value,
        "code": finding.code,
        "what": finding.what,
        "found": finding.found,
        "expected": finding.expected,
        "file": finding.file,
        "lines_to_add": list(finding.lines_to_add),
        "command": finding.command,
    }


def _show(findings: list[Finding], language: Language) -> None:
    advice = words(language).get("advice")
    rows = ([each.severity.value, title_of(each, language), each.found, each.expected] for each in findings)
    print_table(None, ["", "", "found", "expected"], rows)
    for each in findings:
        if each.severity is Severity.OK or not (each.lines_to_add or each.command):
            continue
        print_line(f"\n{title_of(each, language)} – {advice}: {each.file or ''}")
        for line in (*each.lines_to_add, *([each.command] if each.command else [])):
            print_line(f"    {line}")


def config(
    flavour: FlavourOption = Flavour.PLAIN,
    user: Annotated[str, typer.Option(help="The listener's manager user.")] = "threerings",
    address: Annotated[
        str, typer.Option(help="Where we connect from, as `permit` wants it.")
    ] = "127.0.0.1/255.255.255.255",
    major: Annotated[int, typer.Option(min=11, max=99, help="Asterisk's major version.")] = 22,
    full: Annotated[bool, typer.Option("--full", help="The user has class dialplan: filter the noise.")] = False,
    actions: Annotated[
        bool, typer.Option("--actions", help="Calls are to be placed, or agents acted on: those lines too.")
    ] = False,
    hang_up: Annotated[
        bool, typer.Option("--hang-up", help="With --actions: calls are to be ended from here too.")
    ] = False,
    json: options.JsonOption = False,
    settings: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """Print the lines to add to a PBX's configuration."""
    if hang_up and not actions:
        raise UsageError("--hang-up: found it without --actions, expected both")
    hookup = Hookup(
        flavour=flavour, user=user, address=address, major=major, full=full, actions=actions, hang_up=hang_up
    )
    lines = lines_for(hookup)
    if json:
        print_json({"flavour": flavour.value, "lines": lines.splitlines()})
    else:
        print_line(lines.rstrip("\n"))
