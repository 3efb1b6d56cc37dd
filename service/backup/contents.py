"""Which files make an installation, by their names in the archive."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.engine import make_url

from config.settings import Settings
from service.backup.sqlite_copy import BESIDE
from service.pipeline.analysis import journal_folder, states_folder
from telephony.journal.files import DayFile, all_files

DATA, SETTINGS, POLICIES, SECRETS = "data", "settings", "settings/policies", "secrets"
DATABASE = "database/threerings.db"
DUMP = "database/threerings.dump"
RESTORED = "restored"
"""The folder that marks a data folder as restored. It may hold secrets, and says nothing of the calls."""
PASSING = (".lock", ".part")
ROWS_OF_LOGS = ("imports/*.db*", "logs/*.db*")
"""Rows of the PBX's logs, which are read from the logs again: large, and locked for as long as they are copied."""
IN_URL = re.compile(r"""(?P<before>://[^\s"'/@:]*:)[^\s"']+(?=@)|(?P<key>[?&]password=)[^\s"'&]+""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A file and its name in the archive."""

    name: str
    path: Path


def sqlite_file(database_url: str) -> Path | None:
    """The file of a SQLite database; None for another kind."""
    url = make_url(database_url)
    return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None


def states(settings: Settings) -> list[Source]:
    """The analysers' states, newest first: a newer one may push the oldest out meanwhile."""
    folder = states_folder(settings.data_dir)
    found = sorted(folder.glob("*.state"), reverse=True) if folder.is_dir() else []
    return [Source(name=f"{DATA}/state/{path.name}", path=path) for path in found]


def journals(settings: Settings) -> list[tuple[DayFile, Source]]:
    """The day files, each PBX's oldest first."""
    folder = journal_folder(settings.data_dir)
    found = all_files(folder) if folder.is_dir() else []
    return [(each, Source(name=f"{DATA}/journal/{each.path.name}", path=each.path)) for each in found]


def others(settings: Settings) -> list[Source]:
    """Everything else in the data folder: ledgers, past imports, quarantine, and what later versions keep there."""
    left_out = {path for each in ROWS_OF_LOGS for path in settings.data_dir.glob(each)}
    left_out |= {each.path for each in (*states(settings), *(source for _, source in journals(settings)))}
    left_out |= _told_of_elsewhere(settings)
    known = {path.resolve() for path in left_out}
    found = (path for path in _files(settings.data_dir) if path.resolve() not in known and _stays(path))
    names = ((path.relative_to(settings.data_dir).as_posix(), path) for path in found)
    return [Source(name=f"{DATA}/{name}", path=path) for name, path in sorted(names)]


def operators_files(settings: Settings) -> list[Source]:
    """The settings' file and the policy's, if it is the centre's own."""
    found = []
    if settings.source is not None:
        found.append(Source(name=f"{SETTINGS}/{settings.source.name}", path=settings.source.absolute()))
    if "/" in settings.policy:
        policy = Path(settings.policy)
        found.append(Source(name=f"{POLICIES}/{policy.name}", path=policy))
    return found


def secret_files(settings: Settings) -> list[Source]:
    """The files that hold secrets, named by their keys: `pbx.main.secret`."""
    logins = (login for pbx in settings.pbxs for login in (pbx.login, pbx.actions) if login)
    sources = (login.secret for login in logins)
    return [Source(name=f"{SECRETS}/{each.key}", path=each.file.absolute()) for each in sources if each.file]


def without_passwords(text: str) -> str:
    """A settings' text with the passwords of its URLs left out."""
    return IN_URL.sub(lambda found: f"{found['before'] or found['key']}LEFT-OUT", text)


def _told_of_elsewhere(settings: Settings) -> set[Path]:
    """Files that may lie in the data folder and have their own place in the archive, or none."""
    found = {each.path for each in (*operators_files(settings), *secret_files(settings))}
    database = sqlite_file(settings.database_url)
    if database is not None:
        found |= {database, *_beside(database)}
    return found


def _beside(path: Path) -> Iterator[Path]:
    return (path.with_name(path.name + ending) for ending in BESIDE)


def _stays(path: Path) -> bool:
    """No lock, nothing half-written, nothing of SQLite's that belongs to a file beside it."""
    if path.name.endswith(PASSING):
        return False
    return not any(
        path.name.endswith(end) and path.with_name(path.name.removesuffix(end)).exists() for end in BESIDE
    )


def _files(folder: Path) -> Iterator[Path]:
    """The plain files below a folder; a link to a folder is followed, once."""
    seen: set[str] = set()
    for place, folders, names in os.walk(folder, followlinks=True):
        real = os.path.realpath(place)
        if real in seen:
            folders.clear()
            continue
        seen.add(real)
        if Path(place) == folder and RESTORED in folders:
            folders.remove(RESTORED)
        yield from (path for name in names if (path := Path(place, name)).is_file())
