"""`threerings restore FILE`: puts a backup in the place of an installation, or changes nothing."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from config.settings import Settings
from service.backup.progress import progress_bar
from service.backup.restoring import restore as restore_archive
from service.backup.target import Target, target_in, target_of
from service.cli import context, options
from service.cli.backup import tell
from service.cli.output import print_line
from service.cli.words import words
from service.errors import UsageError
from telephony.clock import SystemClock


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A backup.")],
    to: Annotated[
        Path | None,
        typer.Option("--to", metavar="CONFIG|DIR", help="Settings that say where, or a data folder."),
    ] = None,
    database_url: Annotated[
        str | None, typer.Option("--database-url", metavar="URL", help="Instead of that of the settings.")
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="What is there goes aside, to NAME.before-TIME.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before anything is moved aside.")] = False,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """Restore a backup where no service runs. Nothing is deleted, and nothing is changed if anything fails."""
    settings, target = _place(to, config, database_url)
    if replace and not yes:
        _ask(target)
    size = file.stat().st_size if file.is_file() else 0
    with progress_bar(file.name, size) as advance:
        done = restore_archive(file, target, replace=replace, now=SystemClock().now(), advance=advance)
    word = words(context.language_of(settings, lang))
    found = {"file": str(file), "data_dir": str(target.data_dir), "moved_aside": list(done.moved_aside)}
    tell(found, done.manifest, word, json)
    if not json:
        for aside in done.moved_aside:
            print_line(f"{word.get('moved_aside')}: {aside}")


def _place(to: Path | None, config: Path | None, database_url: str | None) -> tuple[Settings | None, Target]:
    if to is not None and config is not None:
        raise UsageError("restore: found --to and --config, expected one of them")
    if to is not None and not to.is_file() and to.suffix != ".toml":
        return None, target_in(to, database_url)
    settings = context.need(to or config)
    return settings, target_of(settings, database_url)


def _ask(target: Target) -> None:
    if not sys.stdin.isatty():
        raise UsageError("--replace: found no terminal to ask on, expected --yes with it")
    typer.confirm(f"{target.data_dir}: move aside what is there, and restore?", abort=True, err=True)
