"""Reads the files that a policy includes: calendars, number lists and surveys that several policies share.

    include = ["china", "shared/lists.toml"]

A name is a file of config/policies/shared in this distribution, a path one beside the policy. An included file may
have [holidays] and [[hours]], and [numbers], [contact], [[survey]] and [[reason]] for every version. What the policy
says itself wins: key by key in [numbers] and [contact], else the whole table or list; then the earlier file.
"""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from config.closings_reading import read_closings
from config.documents import Document
from config.errors import ConfigError, PolicyError
from config.followup_reading import check_shared
from config.policy_tables import read_hours
from config.reading import Table
from config.showing import one_of, shown
from config.version_reading import read_numbers

SUFFIX = ".toml"
TABLES = ("numbers", "contact")
LISTS = ("survey", "reason")
EXPECTED = "a list of shipped names and paths of TOML files"


def shared_names() -> tuple[str, ...]:
    """The names of the shared files that are part of this distribution."""
    files = resources.files("config").joinpath("policies", "shared").iterdir()
    return tuple(sorted(file.name.removesuffix(SUFFIX) for file in files if file.name.endswith(SUFFIX)))


def include(document: Document, path: Path | None, folder: Path) -> list[ConfigError]:
    """Put what the included files say into the policy's values; the mistakes of those files.

    `path` is the policy's own file, None for a shipped one; `folder` is what paths are relative to.
    """
    table = Table(document, document.values)
    errors: list[ConfigError] = []
    for index, name in enumerate(table.texts("include", expected=EXPECTED)):
        shared = _document(name, index, document, path, folder)
        if shared is None:
            continue
        if not shared.mistakes:
            _check(shared, folder)
        errors += shared.errors()
        if not shared.mistakes:
            _merge(document.values, _located(shared.values, name))
    return errors


def _document(name: str, index: int, policy: Document, path: Path | None, folder: Path) -> Document | None:
    """The included file as read; None after noting at the policy's `include` why there is none."""
    if not ("/" in name or name.endswith(SUFFIX)):
        if name not in shared_names():
            policy.note(("include",), shown(name), f"{one_of(shared_names())}, or a file's path")
            return None
        document = Document(f"shared {name}", PolicyError)
        shipped = resources.files("config").joinpath("policies", "shared", name + SUFFIX)
        document.parse(shipped.read_text(encoding="utf-8"))
        return document
    if path is not None and (folder / name).resolve() == path.resolve():
        policy.note(("include",), f"this file itself as entry {index + 1}", "other files")
        return None
    document = Document(str(folder / name), PolicyError)
    document.read(folder / name)
    return document


def _check(document: Document, folder: Path) -> None:
    """Note what an included file says wrongly, by its own lines."""
    table = Table(document, document.values)
    table.refuse("include", "an include", "none: an included file includes nothing")
    if table.has("holidays"):
        read_closings(Table(document, {"holidays": document.values["holidays"]}), folder)
        table.raw("holidays")
    for hours in table.tables("hours"):
        read_hours(hours)
    read_numbers(table.table("numbers"))
    check_shared(table)
    table.done()


def _located(values: dict[str, object], name: str) -> dict[str, object]:
    """The values, with the file of own days named from the policy's folder."""
    holidays = values.get("holidays")
    if isinstance(holidays, dict) and isinstance(holidays.get("file"), str):
        return {**values, "holidays": {**holidays, "file": str(Path(name).parent / holidays["file"])}}
    return values


def _merge(policy: dict[str, object], shared: dict[str, object]) -> None:
    for key in ("holidays", "hours"):
        if key in shared:
            policy.setdefault(key, shared[key])
    versions = policy.setdefault("version", [{}])
    for version in versions if isinstance(versions, list) else []:
        if isinstance(version, dict):
            _merge_version(version, shared)


def _merge_version(version: dict[str, object], shared: dict[str, object]) -> None:
    for key in LISTS:
        if key in shared:
            version.setdefault(key, shared[key])
    for key in TABLES:
        given, own = shared.get(key), version.get(key, {})
        if isinstance(given, dict) and isinstance(own, dict):
            version[key] = {**given, **own}
