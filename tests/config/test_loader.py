"""Tests of config.loader: what threerings.toml may say, and the one line for each mistake."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from config.dialling import DialTrunk
from config.errors import ConfigError, SettingsError
from config.loader import check_settings, find_settings, load_settings
from config.settings import Language, RecordingSettings, shown_url
from telephony.dialling.numbers import NumberForm
from tests.config.bad_settings import CASES, PBX


def write(folder: Path, text: str) -> Path:
    """A threerings.toml with this text."""
    path = folder / "threerings.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(("name", "text", "line", "key", "found", "expected"), CASES, ids=[c[0] for c in CASES])
def test_a_bad_setting_gives_one_line(
    tmp_path: Path, name: str, text: str, line: int | None, key: str, found: str, expected: str
) -> None:
    """Each mistake is exactly one error of one line that names file, line, key, found and expected."""
    path = write(tmp_path, text)
    errors = check_settings(path, {})
    assert [(e.line, e.key, e.found, e.expected) for e in errors] == [(line, key, found, expected)]
    shown = str(errors[0])
    assert len(shown.splitlines()) == 1
    assert shown.startswith(f"{path}:{line}: {key}")
    assert "geheim" not in shown
    with pytest.raises(SettingsError) as raised:
        load_settings(path, {})
    assert str(raised.value) == shown


def test_there_are_enough_kinds_of_bad_settings() -> None:
    """The table has at least sixty kinds, each under a name of its own."""
    assert len({case[0] for case in CASES}) == len(CASES) >= 60


def test_an_empty_file_gives_the_defaults(tmp_path: Path) -> None:
    """Without any key the settings are the documented defaults."""
    settings = load_settings(write(tmp_path, ""), {})
    assert str(settings.data_dir) == "/var/lib/threerings"
    assert settings.database_url == "sqlite:////var/lib/threerings/threerings.db"
    assert (settings.zone.key, settings.country, settings.language) == ("Asia/Shanghai", "CN", Language.ZH)
    assert (settings.policy, settings.http.host, settings.http.port) == ("default", "127.0.0.1", 8333)
    assert (settings.journal.retention_days, settings.pbxs, settings.warnings) == (30, (), ())
    assert settings.recordings == RecordingSettings(workers=1, scan_seconds=60, archive=True, file_minutes=10)


def test_a_whole_file_is_read(tmp_path: Path) -> None:
    """Every documented key arrives; relative paths are below the file's folder, URLs stay."""
    (tmp_path / "ca.pem").write_text("")
    text = """
data_dir = "data"
policy = "centre.toml"
[pbx.main]
host = "::1"
port = 5039
user = "listener"
secret_file = "s"
tls = true
ca_file = "ca.pem"
trunks = ["voip*"]
[pbx.main.actions]
user = "doer"
secret_env = "DOER"
[pbx.main.logs]
cel = "postgresql://u:p@h/cel"
queue_log = "queue_log"
"""
    settings = load_settings(write(tmp_path, text), {})
    pbx = settings.pbx("main")
    assert pbx is not None
    assert pbx.actions is not None
    assert pbx.logs.cel is not None
    assert pbx.logs.queue_log is not None
    assert settings.data_dir == tmp_path / "data"
    assert settings.database_url == f"sqlite:///{tmp_path}/data/threerings.db"
    assert settings.policy == str(tmp_path / "centre.toml")
    assert (pbx.host, pbx.port, pbx.tls, pbx.trunks) == ("::1", 5039, True, ("voip*",))
    assert pbx.login.secret.file == tmp_path / "s"
    assert (pbx.actions.user, pbx.actions.secret.env) == ("doer", "DOER")
    assert pbx.logs.cel.url == "postgresql://u:p@h/cel"
    assert pbx.logs.queue_log.path == tmp_path / "queue_log"
    assert pbx.logs.recordings is None


def test_how_calls_are_placed_is_read(tmp_path: Path) -> None:
    """Each trunk with what it permits; what is not said has its default, and without the table nothing is placed."""
    text = """
[pbx.main.actions]
user = "doer"
secret_env = "DOER"
[pbx.main.dialling]
agent_ring_seconds = 12.5
notice = "custom/recorded"
[pbx.main.dialling.trunks.telecom]
dial = "PJSIP/{number}@telecom"
channels = 10
per_second = 0.5
ring_seconds = 45
caller_id = "+8675512345678"
number = "plus"
prefix = "9"
[pbx.main.dialling.trunks.spare]
dial = "Local/9{number}@from-internal/n"
channels = 2
"""
    pbx = load_settings(write(tmp_path, PBX + text), {}).pbx("main")
    assert pbx is not None
    assert pbx.dialling is not None
    assert (pbx.dialling.agent_ring, pbx.dialling.notice) == (timedelta(seconds=12.5), "custom/recorded")
    assert pbx.dialling.trunk("telecom") == DialTrunk(
        name="telecom",
        dial="PJSIP/{number}@telecom",
        channels=10,
        per_second=0.5,
        ring=timedelta(seconds=45),
        caller_id="+8675512345678",
        number=NumberForm.PLUS,
        prefix="9",
    )
    assert pbx.dialling.trunk("spare") == DialTrunk(
        name="spare", dial="Local/9{number}@from-internal/n", channels=2
    )
    assert pbx.dialling.trunk("other") is None
    quiet = load_settings(write(tmp_path, PBX), {}).pbx("main")
    assert quiet is not None
    assert quiet.dialling is None


@pytest.mark.parametrize(
    "text",
    [
        "http.port = 65535\n",
        "http.port = 0\n",
        "journal.retention_days = 1\n",
        "journal.retention_days = 3650\n",
        "journal.commit_ms = 1\n",
        "recordings = {workers = 0, scan_seconds = 0, archive = false, file_minutes = 1}\n",
        "recordings = {workers = 64, scan_seconds = 86400, file_minutes = 1440}\n",
        PBX + "port = 1\n",
        PBX + "port = 65535\n",
    ],
)
def test_the_ends_of_a_range_are_inside(tmp_path: Path, text: str) -> None:
    """The numbers that an error calls the range are themselves allowed."""
    assert check_settings(write(tmp_path, text), {}) == []


def test_the_documented_example_is_good() -> None:
    """The example that is shipped is read without a mistake."""
    path = Path(__file__).parents[2] / "config" / "defaults" / "settings.toml"
    assert check_settings(path, {}) == []


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    """A variable takes the place of the file's value; an empty one counts as not set."""
    path = write(tmp_path, 'country = "US"\nzone = "UTC"\n[http]\nport = 1\n')
    environ = {"THREERINGS_HTTP_PORT": "9000", "THREERINGS_COUNTRY": "gb", "THREERINGS_ZONE": ""}
    settings = load_settings(path, environ)
    assert (settings.http.port, settings.country, settings.zone.key) == (9000, "GB", "UTC")


@pytest.mark.parametrize(
    ("variable", "text", "key", "found"),
    [
        ("THREERINGS_HTTP_PORT", "many", "http.port", '"many"'),
        ("THREERINGS_HTTP_PORT", "99999999", "http.port", "99999999"),
        ("THREERINGS_HTTP_HOST", "a b", "http.host", '"a b"'),
        ("THREERINGS_ZONE", "Mars", "zone", '"Mars"'),
        ("THREERINGS_LANGUAGE", "ZH", "language", '"ZH"'),
        ("THREERINGS_DATABASE_URL", "mysql://u:geheim@h", "database_url", "a URL of mysql://"),
        ("THREERINGS_JOURNAL_COMMIT_MS", "0", "journal.commit_ms", "0"),
        ("THREERINGS_JOURNAL_RETENTION_DAYS", "1.5", "journal.retention_days", '"1.5"'),
    ],
)
def test_a_bad_variable_is_named(tmp_path: Path, variable: str, text: str, key: str, found: str) -> None:
    """A variable passes the file's checks, and its error names the variable instead of a line."""
    errors = check_settings(write(tmp_path, "zone = 'UTC'\n"), {variable: text})
    assert [(e.place, e.line, e.key, e.found) for e in errors] == [
        (f"environment variable {variable}", None, key, found)
    ]


def test_a_variable_cannot_hide_a_broken_table(tmp_path: Path) -> None:
    """Where the file has no table to override in, the file's mistake is what is told."""
    errors = check_settings(write(tmp_path, "http = 1\n"), {"THREERINGS_HTTP_PORT": "80"})
    assert [str(e.key) for e in errors] == ["http"]


def test_several_mistakes_come_in_the_order_of_the_file(tmp_path: Path) -> None:
    """check_settings tells all mistakes, the first line first; load_settings raises the first."""
    path = write(tmp_path, PBX + "port = 0\n[http]\nport = -5\nhsot = 1\n")
    assert [error.line for error in check_settings(path, {})] == [5, 7, 8]
    with pytest.raises(SettingsError, match=r":5: pbx\.main\.port"):
        load_settings(path, {})


@pytest.mark.parametrize(
    ("content", "line", "found"),
    [
        (b"zone = 'UTC'\n\xff\xfe", 2, "bytes that are not UTF-8"),
        (b"a = " + b"[" * 100_000, None, "tables or arrays nested too deep"),
        (b"a = 1e99999999999999999999999", None, "what is not TOML"),
        (b"a = " + b"9" * 5000, None, "what is not TOML"),
        (b"#" * (5 * 1024 * 1024), None, "more than 4194304 bytes"),
    ],
)
def test_bytes_that_cannot_be_read_are_one_error(
    tmp_path: Path, content: bytes, line: int | None, found: str
) -> None:
    """Broken bytes, deep nesting, and numbers beyond reason are an error of the file, not a traceback."""
    path = tmp_path / "threerings.toml"
    path.write_bytes(content)
    (error,) = check_settings(path, {})
    assert (error.line, error.key) == (line, "")
    assert error.found.startswith(found)
    assert len(str(error).splitlines()) == 1


def test_a_byte_order_mark_is_allowed(tmp_path: Path) -> None:
    """Windows editors put a mark in front of UTF-8; it is no mistake."""
    path = tmp_path / "threerings.toml"
    path.write_bytes(b'\xef\xbb\xbfzone = "UTC"\r\n')
    assert load_settings(path, {}).zone.key == "UTC"


@pytest.mark.parametrize("name", ["missing.toml", ".", "a\0b", "x" * 5000])
def test_a_file_that_cannot_be_opened_is_one_error(tmp_path: Path, name: str) -> None:
    """A missing file, a folder and impossible names are refused with the file's name."""
    with pytest.raises(ConfigError, match="found no readable file") as raised:
        load_settings(tmp_path / name, {})
    assert len(str(raised.value).splitlines()) == 1


def test_the_search_takes_the_first_file_that_exists(tmp_path: Path) -> None:
    """--config wins even if it is missing; then the working folder; then the system's; else nothing."""
    system = tmp_path / "etc.toml"
    folder = tmp_path / "here"
    folder.mkdir()
    assert find_settings(None, folder, system) is None
    system.write_text("")
    assert find_settings(None, folder, system) == system
    local = write(folder, "")
    assert find_settings(None, folder, system) == local
    assert find_settings(tmp_path / "no.toml", folder, system) == tmp_path / "no.toml"


def test_nothing_secret_is_in_the_repr(tmp_path: Path) -> None:
    """Passwords in URLs are allowed, warned of when they stand in the file, and never shown."""
    path = write(
        tmp_path, 'database_url = "postgresql://u:geheim@h/d"\n' + PBX + 'logs.cel = "mysql://u:geheim@h/c"\n'
    )
    settings = load_settings(path, {})
    assert "geheim" not in repr(settings)
    assert len(settings.warnings) == 1
    assert "database_url: found a password" in settings.warnings[0]
    assert "geheim" not in settings.warnings[0]
    given = {"THREERINGS_DATABASE_URL": "postgresql://u:geheim@h/d"}
    assert load_settings(write(tmp_path, PBX), given).warnings == ()


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://u:p@h:5432/d?password=x", "postgresql://h:5432/d"),
        ("postgresql://u:p@ss@h/d", "postgresql://h/d"),
        ("sqlite:////var/lib/t.db", "sqlite:////var/lib/t.db"),
        ("no url", "no url"),
    ],
)
def test_a_url_is_shown_without_user_and_password(url: str, shown: str) -> None:
    """What people see of a URL has neither user, password nor query."""
    assert shown_url(url) == shown


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("sqlite:///x.db", "sqlite:///{folder}/x.db"),
        ("sqlite:////x.db", "sqlite:////x.db"),
        ("sqlite://", "sqlite://"),
        ("sqlite:///:memory:", "sqlite:///:memory:"),
        ("postgresql+psycopg://h/d", "postgresql+psycopg://h/d"),
    ],
)
def test_a_relative_database_is_below_the_file(tmp_path: Path, url: str, expected: str) -> None:
    """A relative SQLite path is below the settings' folder, wherever the command was started."""
    settings = load_settings(write(tmp_path, f'database_url = "{url}"\n'), {})
    assert settings.database_url == expected.format(folder=tmp_path)


def test_what_is_hardly_meant_is_warned_of(tmp_path: Path) -> None:
    """One address or user twice, and variables that are nearly known, are warned of."""
    text = PBX + '[pbx.main.actions]\nuser = "threerings"\nsecret_env = "B"\n' + PBX.replace("main", "other")
    settings = load_settings(write(tmp_path, text), {"THREERINGS_HTTP_PROT": "80", "THREERINGS_NONCE": "1"})
    assert settings.warnings == (
        "pbx.main.actions.user: found the listener's user, expected one of its own with fewer rights to read",
        "pbx.other: found the address of pbx.main: every call will count twice",
        "environment variable THREERINGS_HTTP_PROT: found an unknown name, expected THREERINGS_HTTP_PORT",
    )


def test_a_missing_ca_file_is_refused(tmp_path: Path) -> None:
    """The certificates are looked for when the settings are read, not at the first connection."""
    for name in ("ca.pem", "x" * 5000):
        (error,) = check_settings(write(tmp_path, PBX + f'tls = true\nca_file = "{name}"\n'), {})
        assert (error.line, error.key) == (6, "pbx.main.ca_file")
