"""Reads and checks a policy: one that is shipped, by its name, or a centre's own file.

    load_policy("consulting")            config/policies/consulting.toml of this distribution
    load_policy("/etc/threerings/a.toml")

What the keys mean is told in docs/policies.md; what a whole policy must fulfil is in `config.policy_checks`.
"""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from zoneinfo import ZoneInfo

from config.closings_reading import read_closings
from config.documents import Document
from config.errors import ConfigError, PolicyError
from config.including import include
from config.policies import Policy, PolicyVersion
from config.policy_checks import check_whole
from config.policy_tables import read_agent, read_day_start, read_device, read_hours
from config.reading import Table
from config.showing import one_of, shown
from config.values import DEFAULT_COUNTRY, DEFAULT_ZONE, country_of, zone_of
from config.version_reading import read_version

SUFFIX = ".toml"


def load_policy(name_or_path: str | Path, folder: Path | None = None) -> Policy:
    """The policy of this name, or of this file (a path has a slash or ends in .toml; relative to `folder`).

    Raises PolicyError, the first mistake in the file.
    """
    policy, errors = _read(name_or_path, folder)
    if errors:
        raise errors[0]
    return policy


def check_policy(name_or_path: str | Path, folder: Path | None = None) -> list[ConfigError]:
    """Every mistake of a policy, in the order of its file; empty if all is well."""
    return _read(name_or_path, folder)[1]


def shipped_policies() -> tuple[str, ...]:
    """The names of the policies that are part of this distribution."""
    files = resources.files("config").joinpath("policies").iterdir()
    return tuple(sorted(file.name.removesuffix(SUFFIX) for file in files if file.name.endswith(SUFFIX)))


def shipped_text(name: str) -> str:
    """The TOML text of a shipped policy, to begin one's own with. Raises PolicyError for another name."""
    if name not in shipped_policies():
        expected = f"{one_of(shipped_policies())}, or a file's path"
        raise PolicyError(place="policy", line=None, key="", found=shown(name), expected=expected)
    return resources.files("config").joinpath("policies", name + SUFFIX).read_text(encoding="utf-8")


def _read(name_or_path: str | Path, folder: Path | None) -> tuple[Policy, list[ConfigError]]:
    try:
        document = _document(name_or_path, folder)
    except PolicyError as error:
        return _nothing(), [error]
    if document.mistakes:
        return _nothing(), document.errors()
    home = _folder_of(name_or_path, folder)
    included = include(document, _path_of(name_or_path, folder), home)
    policy, own_days = _read_policy(Table(document, document.values), home)
    if not (document.mistakes or included):
        check_whole(policy, document)
    return policy, [*document.errors(), *included, *own_days]


def _nothing() -> Policy:
    """Stands for a policy whose file could not be read; it is never handed out without its errors."""
    return Policy(name="", zone=ZoneInfo(DEFAULT_ZONE), country=DEFAULT_COUNTRY)


def _is_path(name_or_path: str | Path) -> bool:
    return isinstance(name_or_path, Path) or "/" in name_or_path or name_or_path.endswith(SUFFIX)


def _path_of(name_or_path: str | Path, folder: Path | None) -> Path | None:
    return (folder or Path()) / name_or_path if _is_path(name_or_path) else None


def _folder_of(name_or_path: str | Path, folder: Path | None) -> Path:
    """What the files that a policy names are relative to: its own folder."""
    base = folder or Path()
    return (base / name_or_path).parent if _is_path(name_or_path) else base


def _document(name_or_path: str | Path, folder: Path | None) -> Document:
    is_path = _is_path(name_or_path)
    document = Document(str(name_or_path) if is_path else f"policy {name_or_path}", PolicyError)
    if is_path:
        document.read((folder or Path()) / name_or_path)
    else:
        document.parse(shipped_text(str(name_or_path)))
    return document


def _read_policy(table: Table, folder: Path) -> tuple[Policy, list[ConfigError]]:
    """The policy, and the mistakes of the file of its own days."""
    zone = zone_of(table)
    table.raw("include")  # `config.including` has read it
    closings, own_days = read_closings(table, folder)
    policy = Policy(
        name=table.required("name", expected="a name of small letters, digits, - and _", pattern=r"[a-z0-9_-]+"),
        title_zh=table.text("title_zh", ""),
        title_en=table.text("title_en", ""),
        zone=zone,
        country=country_of(table),
        versions=tuple(read_version(each, zone) for each in table.tables("version")) or (PolicyVersion(),),
        agents=tuple(read_agent(each, zone) for each in table.tables("agent")),
        devices=tuple(read_device(each, zone) for each in table.tables("device")),
        hours=tuple(read_hours(each) for each in table.tables("hours")),
        closings=closings,
        day_start=read_day_start(table),
    )
    table.done()
    return policy, own_days
