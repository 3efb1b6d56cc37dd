"""`threerings policy check | explain`: what the centre promised, checked and in sentences."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from config.errors import ConfigError
from config.explain import explain as explain_policy
from config.policy_loader import check_policy, load_policy
from config.settings import Settings
from service.cli import context, options
from service.cli.output import print_json, print_line
from service.errors import CheckFailedError

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
    if json:
        print_json({"policy": wanted, "ok": not errors, "errors": [_error(error) for error in errors]})
    else:
        for error in errors:
            print_line(str(error))
    if errors:
        raise CheckFailedError(f"policy {wanted}: found {len(errors)} mistakes, expected none")
    if not json:
        print_line(f"policy {wanted}: ok")


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
    text = explain_policy(policy, language.value)
    if json:
        print_json({"policy": policy.name, "language": language.value, "sentences": text.splitlines()})
    else:
        print_line(text)
