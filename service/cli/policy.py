"""`threerings policy check | explain`: what the centre promised, checked and in sentences."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from config.errors import ConfigError
from config.explain import LANGUAGES
from config.explain import explain as explain_policy
from config.explain_days import unannounced
from config.policies import Policy
from config.policy_loader import check_policy, load_policy
from config.settings import Language, Settings
from service.cli import context, options
from service.cli.output import print_json, print_line
from service.errors import CheckFailedError
from telephony.clock import SystemClock

NameArgument = Annotated[
    str | None, typer.Argument(metavar="NAME|FILE", help="A shipped policy's name, or a file.")
]


def check(
    name: NameArgument = None,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """List every mistake of a policy. Exit status 1 if there is one."""
    wanted = name or (context.find(config) or Settings()).policy
    errors = check_policy(wanted)
    warnings = [] if errors else _warnings(load_policy(wanted), context.language_of(context.find(config), lang))
    if json:
        told = {"policy": wanted, "ok": not errors, "errors": [_error(error) for error in errors]}
        print_json({**told, "warnings": warnings})
    else:
        for error in errors:
            print_line(str(error))
    if errors:
        raise CheckFailedError(f"policy {wanted}: found {len(errors)} mistakes, expected none")
    if not json:
        print_line(f"policy {wanted}: ok")
        for warning in warnings:
            print_line(f"! {warning}")


def _warnings(policy: Policy, language: Language) -> list[str]:
    """What is lacking today though the policy is good."""
    today = SystemClock().now().astimezone(policy.zone).date()
    return unannounced(policy, LANGUAGES[language.value], today)


def _error(error: ConfigError) -> dict[str, Any]:
    names = ("place", "line", "key", "found", "expected")
    return {name: getattr(error, name) for name in names}


def explain(
    name: NameArgument = None,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """Say what a policy means, in short sentences."""
    settings = context.find(config)
    policy = load_policy(name or (settings or Settings()).policy)
    language = context.language_of(settings, lang)
    sentences = explain_policy(policy, language.value).splitlines()
    warnings = _warnings(policy, language)
    if json:
        told = {"policy": policy.name, "language": language.value}
        print_json({**told, "sentences": sentences, "warnings": warnings})
    else:
        print_line("\n".join([*sentences, *(f"! {each}" for each in warnings)]))
