"""`threerings backup DIR|FILE` and `threerings backup verify FILE`: one file that holds an installation."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from config.settings import Language, Settings
from service.backup.checking import check
from service.backup.errors import ArchiveError
from service.backup.making import back_up, expected_size, place_for
from service.backup.manifest import Manifest
from service.backup.progress import progress_bar
from service.cli import context, options
from service.cli.output import print_json, print_line, print_table
from service.cli.words import Words, words
from service.errors import CheckFailedError, UsageError
from telephony.clock import SystemClock

VERIFY = "verify"


def backup(
    target: Annotated[
        str, typer.Argument(metavar="DIR|FILE.tar.zst|verify", help="Where to write; or the word verify, and FILE.")
    ],
    file: Annotated[Path | None, typer.Argument(metavar="FILE", help="With verify: the backup to check.")] = None,
    with_secrets: Annotated[
        bool, typer.Option("--with-secrets", help="Take along the files with secrets, and passwords in settings.")
    ] = False,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """Write a backup while the service is at work, or check one. Exit status 1 if `verify` finds a fault."""
    if file is not None:
        if target != VERIFY:
            raise UsageError(f"backup: found {target!r} before a second name, expected the word {VERIFY}")
        _verify(file, context.find(config) if config else None, lang, json)
        return
    if target == VERIFY:
        raise UsageError(f"backup {VERIFY}: found no file, expected a backup; a folder of that name is ./{VERIFY}")
    settings = context.need(config)
    place = place_for(Path(target), SystemClock().now())
    with progress_bar(place.name, expected_size(settings)) as advance:
        made = back_up(settings, place, with_secrets=with_secrets, now=SystemClock().now, advance=advance)
    word = words(context.language_of(settings, lang))
    tell({"file": str(made.path), "size_bytes": made.size}, made.manifest, word, json)


def _verify(file: Path, settings: Settings | None, lang: Language | None, json: bool) -> None:
    size = file.stat().st_size if file.is_file() else 0
    with progress_bar(file.name, size) as advance:
        try:
            manifest = check(file, advance)
        except ArchiveError as error:
            raise CheckFailedError(str(error)) from None
    word = words(context.language_of(settings, lang))
    tell({"file": str(file), "size_bytes": size, "sound": True}, manifest, word, json)


def tell(found: dict[str, Any], manifest: Manifest, word: Words, json: bool) -> None:
    """What an archive holds, for people or as one object."""
    database = manifest.database
    rows = [
        {"pbx": each.pbx, "first_seq": each.first_seq, "last_seq": each.last_seq, "stored_seq": each.stored_up_to}
        for each in manifest.pbxs
    ]
    told: dict[str, Any] = found | {
        "created_at": manifest.created_at.isoformat(timespec="milliseconds"),
        "program": manifest.program,
        "database": database and database.kind.value,
        "revision": database and database.revision,
        "calls": database.calls if database else 0,
        "files": len(manifest.members),
        "plain_bytes": manifest.size,
        "with_secrets": bool(manifest.secrets),
        "nonce": manifest.nonce,
        "pbxs": rows,
    }
    if json:
        print_json(told)
        return
    print_line(f"{told['file']}  {told['created_at']}")
    plain = [[word.get(name), told[name]] for name in ("size_bytes", "files", "database", "calls") if name in told]
    print_table(None, ["", ""], plain, numbers=[1])
    columns = ("pbx", "first_seq", "last_seq", "stored_seq")
    print_table(None, [word.get(name) for name in columns], (list(row.values()) for row in rows), numbers=[1, 2, 3])
