"""`threerings backup`, `backup verify` and `restore`: exit status, JSON keys and tables."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.settings import Settings
from service.backup.making import Made
from tests.service.backup.small import CALLS
from tests.service.cli.running import Commands


@pytest.fixture
def here(settings: Settings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Commands:
    """Commands in the installation's folder."""
    monkeypatch.chdir(settings.data_dir.parent)
    return Commands(capsys)


def test_backup_verify_and_restore_tell_the_same(here: Commands, settings: Settings, tmp_path: Path) -> None:
    """One object each, with what the archive holds and how far it reaches."""
    (made,) = here("backup", "../backups", "--json").lines
    (checked,) = here("backup", "verify", made["file"], "--json").lines
    there = tmp_path / "there"
    (restored,) = here("restore", made["file"], "--to", str(there), "--json").lines
    same = made.keys() - {"file", "size_bytes"}
    assert {name: made[name] for name in same} == {name: checked[name] for name in same}
    assert {name: made[name] for name in same} == {name: restored[name] for name in same}
    assert made["size_bytes"] == checked["size_bytes"] == Path(made["file"]).stat().st_size
    assert checked["sound"] is True
    assert (made["calls"], made["database"], made["nonce"]) == (CALLS, "sqlite", "renew")
    assert made["pbxs"][0]["stored_seq"] == made["pbxs"][0]["last_seq"] > 1
    assert (restored["data_dir"], restored["moved_aside"]) == (str(there), [])
    assert (there / "threerings.db").exists()


@pytest.mark.parametrize(("language", "told"), [("zh", "通话数"), ("en", "calls")])
def test_people_get_tables(here: Commands, tmp_path: Path, language: str, told: str) -> None:
    """In both languages."""
    done = here("backup", str(tmp_path / "a.tar.zst"), "--lang", language)
    assert done.status == 0
    assert told in done.out
    assert "┏" in done.out


def test_verify_of_a_damaged_backup_fell_short(here: Commands, made: Made) -> None:
    """Status 1, and one line that names file and member."""
    content = bytearray(made.path.read_bytes())
    content[len(content) // 3] ^= 255
    made.path.write_bytes(content)
    done = here("backup", "verify", str(made.path))
    assert done.status == 1
    assert done.err.startswith(f"threerings: {made.path}: ")
    assert done.err.count("\n") == 1


def test_restore_to_the_settings_in_force_moves_aside(here: Commands, settings: Settings, made: Made) -> None:
    """With --replace and --yes; where the old folder went is told."""
    (found,) = here("restore", str(made.path), "--replace", "--yes", "--json").lines
    (aside,) = found["moved_aside"]
    assert (Path(aside) / "journal").is_dir()
    assert here("journal", "verify", "--json").status == 0


def test_nothing_is_replaced_unasked(
    here: Commands, settings: Settings, made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a terminal --yes must be said."""
    done = here("restore", str(made.path), "--replace")
    assert done.status == 2
    assert "found no terminal to ask on, expected --yes" in done.err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("backup",), "Missing argument"),
        (("backup", "verify"), "found no file, expected a backup"),
        (("backup", "verify", "nowhere.tar.zst"), "nowhere.tar.zst: found no such file, expected a backup"),
        (("backup", "check", "a.tar.zst"), "found 'check' before a second name, expected the word verify"),
        (("backup", "centre.toml"), "found a file, expected a folder or a name that ends in .tar.zst"),
        (("backup", "data"), "expected one outside"),
        (("backup", "--config", "nowhere.toml", ".."), "nowhere.toml: found no readable file"),
        (("restore",), "Missing argument"),
        (("restore", "nowhere.tar.zst", "--to", "../there"), "nowhere.tar.zst: found no such file"),
        (("restore", "a", "--to", "b", "--config", "c"), "found --to and --config, expected one of them"),
        (("restore", "a", "--to", "nowhere.toml"), "nowhere.toml: found no readable file"),
        (("restore", "centre.toml", "--to", "b", "--database-url", "mysql://h/d"), "found mysql, expected sqlite"),
        (("restore", "centre.toml", "--to", "b", "--database-url", "nothing"), "found no URL, expected sqlite"),
        (("restore", "centre.toml", "--to", "centre.toml"), "centre.toml"),
    ],
)
def test_a_mistake_is_one_line_and_status_two(here: Commands, arguments: tuple[str, ...], told: str) -> None:
    """What, where, found, expected; never a traceback."""
    done = here(*arguments)
    assert done.status == 2
    assert told in done.err
    assert done.err.count("\n") == 1
    assert done.out == ""
