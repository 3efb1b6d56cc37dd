"""Finds, reads and checks `threerings.toml`, with what the environment overrides.

The order of search is --config, ./threerings.toml, /etc/threerings/threerings.toml; without any of them there
are no settings, and `threerings run` is the demo.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from config.documents import Document
from config.errors import ConfigError, SettingsError
from config.hook_reading import read_hooks
from config.notices_reading import read_notices
from config.overrides import apply_overrides, override_warnings
from config.pbx_reading import read_pbxs
from config.places import KeyPath
from config.reading import Table
from config.secrets import secret_warning
from config.settings import (
    DEFAULT_DATA_DIR,
    HttpSettings,
    JournalSettings,
    Language,
    ManagerLogin,
    RecordingSettings,
    Settings,
)
from config.values import country_of, is_host, zone_of

FILE_NAME = "threerings.toml"
SYSTEM_FILE = Path("/etc/threerings") / FILE_NAME
DATABASES = ("sqlite", "postgresql", "postgresql+psycopg")


def find_settings(given: Path | None, folder: Path, system_file: Path = SYSTEM_FILE) -> Path | None:
    """The file to read: the given one whether it exists or not, else the first that exists, else None."""
    if given is not None:
        return given
    return next((path for path in (folder / FILE_NAME, system_file) if path.exists()), None)


def load_settings(path: Path, environ: Mapping[str, str]) -> Settings:
    """The settings of a file and the environment. Raises SettingsError, the first mistake in the file."""
    settings, errors = _read(path, environ)
    if errors:
        raise errors[0]
    return settings


def check_settings(path: Path, environ: Mapping[str, str]) -> list[ConfigError]:
    """Every mistake, in the order of the file; empty if all is well."""
    return _read(path, environ)[1]


def _read(path: Path, environ: Mapping[str, str]) -> tuple[Settings, list[ConfigError]]:
    document = Document(str(path), SettingsError)
    document.read(path)
    if document.mistakes:
        return Settings(), document.errors()
    apply_overrides(document, environ)
    table = Table(document, document.values)
    settings = _read_settings(table, path)
    table.done()
    warnings = _warnings(settings, document, environ)
    return replace(settings, warnings=tuple(warnings)), document.errors()


def _read_settings(table: Table, path: Path) -> Settings:
    data_dir = _data_dir(table, path)
    return Settings(
        data_dir=data_dir,
        database_url=_database_url(table, path, data_dir),
        zone=zone_of(table),
        country=country_of(table),
        language=table.choice("language", Language.ZH),
        policy=_policy(table, path),
        http=_read_http(table.table("http")),
        journal=_read_journal(table.table("journal")),
        recordings=_read_recordings(table.table("recordings")),
        notices=read_notices(table.table("notices"), path.parent.absolute()),
        pbxs=read_pbxs(table.table("pbx"), path.parent.absolute()),
        hooks=read_hooks(table.table("hooks"), path.parent.absolute()),
        source=path,
    )


def _read_http(table: Table) -> HttpSettings:
    plain = HttpSettings()
    http = HttpSettings(
        host=table.checked("host", plain.host, is_host, "a host's name or address, without a port"),
        port=table.integer("port", plain.port, low=0, high=65_535),
        tokens=table.choice("tokens", plain.tokens),
        proxied=table.flag("proxied", plain.proxied),
        session_idle_minutes=table.integer("session_idle_minutes", plain.session_idle_minutes, low=5, high=10_080),
        session_days=table.integer("session_days", plain.session_days, low=1, high=90),
    )
    table.done()
    return http


def _read_journal(table: Table) -> JournalSettings:
    plain = JournalSettings()
    journal = JournalSettings(
        retention_days=table.integer("retention_days", plain.retention_days, low=1, high=3650),
        commit_ms=table.integer("commit_ms", plain.commit_ms, low=1, high=1000),
    )
    table.done()
    return journal


def _read_recordings(table: Table) -> RecordingSettings:
    plain = RecordingSettings()
    recordings = RecordingSettings(
        workers=table.integer("workers", plain.workers, low=0, high=64),
        scan_seconds=table.integer("scan_seconds", plain.scan_seconds, low=0, high=86_400),
        archive=table.flag("archive", plain.archive),
        file_minutes=table.integer("file_minutes", plain.file_minutes, low=1, high=1440),
    )
    table.done()
    return recordings


def _base(table: Table, path: Path, key: KeyPath) -> Path:
    """What a relative path is below: the file's folder, or the working folder if a variable gave it."""
    return Path.cwd() if key in table.document.sources else path.parent.absolute()


def _data_dir(table: Table, path: Path) -> Path:
    text = table.text("data_dir", str(DEFAULT_DATA_DIR), expected="a folder's path")
    return _base(table, path, ("data_dir",)) / text


def _policy(table: Table, path: Path) -> str:
    """A shipped policy's name as it is, or a file's path made absolute."""
    text = table.text("policy", "default", expected="a shipped policy's name or a file's path")
    is_path = "/" in text or text.endswith(".toml")
    return str(_base(table, path, ("policy",)) / text) if is_path else text


def _database_url(table: Table, path: Path, data_dir: Path) -> str:
    """The database's URL; without one, a SQLite file in the data folder."""
    expected = "a URL such as postgresql://user@host/name or sqlite:///path"
    value = table.raw("database_url")
    default = f"sqlite:///{data_dir}/threerings.db"
    if value is None:
        return default
    scheme, found, rest = value.partition("://") if isinstance(value, str) else ("", "", "")
    if scheme not in DATABASES or not found or not rest.isprintable() or " " in rest:
        table.note("database_url", _shown_scheme(value), expected)
        return default
    if scheme == "sqlite" and len(rest) > 1 and rest != "/:memory:":
        return f"sqlite:///{_base(table, path, ('database_url',)) / rest[1:]}"
    return f"{scheme}://{rest}"


def _shown_scheme(value: object) -> str:
    """What an error may say of a bad URL: never the URL itself, which may hold a password."""
    if isinstance(value, str):
        scheme, found, _ = value.partition("://")
        return f"a URL of {scheme}://" if found and scheme.isalnum() and len(scheme) < 20 else "no URL"
    return "no text"


def _warnings(settings: Settings, document: Document, environ: Mapping[str, str]) -> list[str]:
    logins = [login for pbx in settings.pbxs for login in (pbx.login, pbx.actions) if login]
    secrets = [
        *(login.secret for login in logins),
        *(hook.secret for hook in settings.hooks),
        *(channel.url for channel in settings.notices.channels),
    ]
    named = frozenset(secret.env for secret in secrets if secret.env)
    found = [secret_warning(secret) for secret in secrets]
    return [
        *(line for line in found if line),
        *_password_warning(settings, document),
        *_pbx_warnings(settings),
        *override_warnings(environ, named),
    ]


def _password_warning(settings: Settings, document: Document) -> list[str]:
    authority = settings.database_url.partition("://")[2].partition("/")[0]
    user = authority.rpartition("@")[0]
    if ":" not in user or ("database_url",) in document.sources:
        return []
    advice = "give THREERINGS_DATABASE_URL, or let the server trust this user"
    return [f"{document.place}: database_url: found a password, expected none here: {advice}"]


def _pbx_warnings(settings: Settings) -> list[str]:
    """Settings that are allowed, but hardly meant."""
    lines = [_same_user(f"pbx.{pbx.name}", pbx.login, pbx.actions) for pbx in settings.pbxs]
    seen: dict[tuple[str, int], str] = {}
    for pbx in settings.pbxs:
        other = seen.setdefault((pbx.host, pbx.port), pbx.name)
        if other != pbx.name:
            lines.append(f"pbx.{pbx.name}: found the address of pbx.{other}: every call will count twice")
    return [line for line in lines if line]


def _same_user(key: str, login: ManagerLogin, actions: ManagerLogin | None) -> str | None:
    if actions is None or actions.user != login.user:
        return None
    return f"{key}.actions.user: found the listener's user, expected one of its own with fewer rights to read"
