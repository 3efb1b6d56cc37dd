"""A backup holds what an installation is made of, and is there whole or not at all."""

from __future__ import annotations

import os
import resource
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from config.settings import Settings
from service.backup.archive import read_archive
from service.backup.making import Made, place_for
from service.backup.staging import PREFIX
from service.errors import UnreachableError, UsageError
from telephony.journal.reader import positions
from tests.service.backup.small import CALLS, LEDGER, NOW, backed_up, tree

PATIENCE = 30.0


def unpacked(made: Made, folder: Path) -> dict[str, bytes]:
    """The files in a backup."""
    read_archive(made.path, folder)
    return tree(folder)


def test_it_holds_the_journal_the_database_and_what_lies_beside(
    settings: Settings, made: Made, tmp_path: Path
) -> None:
    """Each file is there under its name, and the manifest says how far journal and facts reach."""
    found = unpacked(made, tmp_path / "out")
    assert set(found) == {
        "data/journal/main-2026-11-21.journal",
        "data/gaps/main.jsonl",
        "data/state/main-00000000000000000001.state",
        "database/threerings.db",
        "settings/threerings.toml",
        "settings/policies/centre.toml",
    }
    assert found["data/gaps/main.jsonl"] == LEDGER.encode()
    last = positions(settings.data_dir / "journal", "main")[-1].last_seq
    (reached,) = made.manifest.pbxs
    assert (reached.first_seq, reached.last_seq, reached.stored_up_to) == (1, last, last)
    assert made.manifest.database is not None
    assert made.manifest.database.calls == CALLS


def test_only_its_owner_can_read_it(made: Made) -> None:
    """Mode 0600, whatever the umask."""
    assert stat.S_IMODE(made.path.stat().st_mode) == 0o600


def test_secrets_are_left_out(made: Made, tmp_path: Path) -> None:
    """Neither a secret's file nor a password in a URL of the settings is in it."""
    whole = b"".join(unpacked(made, tmp_path / "out").values())
    assert b"s3cret-of-main" not in whole
    assert b"pass-of-logs" not in whole
    assert b"mysql://reader:LEFT-OUT@127.0.0.1/asteriskcdrdb" in whole


def test_secrets_are_in_it_where_they_are_asked_for(settings: Settings, tmp_path: Path) -> None:
    """With secrets, files and settings are as they are, and the manifest says where each was."""
    made = backed_up(settings, tmp_path / "made.tar.zst", with_secrets=True)
    found = unpacked(made, tmp_path / "out")
    assert found["settings/threerings.toml"] == (tmp_path / "here" / "threerings.toml").read_bytes()
    ((name, place),) = made.manifest.secrets.items()
    assert found[name] == b"s3cret-of-main"
    assert place == str(tmp_path / "here" / "secret")


def test_a_secret_in_the_data_folder_is_left_out_too(settings: Settings, tmp_path: Path) -> None:
    """The file is known by its setting, not by its place; what a restore left in `restored` is left out as well."""
    (settings.data_dir / "restored" / "secrets").mkdir(parents=True)
    (settings.data_dir / "restored" / "secrets" / "main").write_text("s3cret-of-main", encoding="utf-8")
    secret = settings.data_dir / "secret"
    secret.write_text("s3cret-of-main", encoding="utf-8")
    (pbx,) = settings.pbxs
    login = replace(pbx.login, secret=replace(pbx.login.secret, file=secret))
    within = replace(settings, pbxs=(replace(pbx, login=login),))
    found = unpacked(backed_up(within, tmp_path / "made.tar.zst"), tmp_path / "out")
    assert b"s3cret-of-main" not in b"".join(found.values())


def test_later_files_of_the_data_folder_are_in_it(settings: Settings, tmp_path: Path) -> None:
    """Unknown files are taken; a SQLite file with all that is committed and no more; locks and rows of logs are not."""
    imports = settings.data_dir / "imports"
    imports.mkdir()
    (imports / "history.jsonl").write_text("{}\n", encoding="utf-8")
    (settings.data_dir / "main.lock").touch()
    (imports / "ab12.db").touch()
    later = settings.data_dir / "later"
    later.mkdir()
    writer = sqlite3.connect(later / "kept.db", isolation_level=None)
    writer.execute("PRAGMA journal_mode = WAL")
    writer.execute("CREATE TABLE rows (number)")
    writer.execute("INSERT INTO rows VALUES (1)")
    writer.execute("BEGIN")
    writer.execute("INSERT INTO rows VALUES (2)")
    found = unpacked(backed_up(settings, tmp_path / "made.tar.zst"), tmp_path / "out")
    writer.close()
    assert {name for name in found if "imports" in name or "later" in name} == {
        "data/imports/history.jsonl",
        "data/later/kept.db",
    }
    assert "data/main.lock" not in found
    copy = sqlite3.connect(tmp_path / "out" / "data" / "later" / "kept.db")
    assert copy.execute("SELECT number FROM rows").fetchall() == [(1,)]


def test_it_is_named_by_the_time_in_a_folder(tmp_path: Path) -> None:
    """A folder gets a file of its own each time; a name is taken as it is."""
    assert place_for(tmp_path, NOW) == tmp_path / "threerings-20261124T023000Z.tar.zst"
    assert place_for(tmp_path / "a.tar.zst", NOW) == tmp_path / "a.tar.zst"


def test_no_backup_is_written_over(made: Made) -> None:
    """A name that is taken is refused."""
    with pytest.raises(UsageError, match="expected a new name"):
        place_for(made.path, NOW)


def test_a_place_in_the_data_folder_is_refused(settings: Settings) -> None:
    """Each backup would hold those before it."""
    with pytest.raises(UsageError, match="expected one outside"):
        backed_up(settings, settings.data_dir / "made.tar.zst")


def test_a_damaged_file_leaves_nothing_behind(settings: Settings, tmp_path: Path) -> None:
    """What cannot be copied is named, and there is no half archive."""
    damaged = settings.data_dir / "damaged.db"
    damaged.write_bytes(b"SQLite format 3\0" + bytes(range(256)) * 32)
    with pytest.raises(UnreachableError, match=r"damaged\.db: found .*, expected to copy it"):
        backed_up(settings, tmp_path / "to" / "made.tar.zst")
    assert list((tmp_path / "to").iterdir()) == []


def command(settings: Settings, *arguments: str, limit: int | None = None) -> subprocess.Popen[str]:
    """`threerings backup` in a process of its own; `limit` is the size at which a file system refuses more."""

    def limited() -> None:
        # Tests that a shell started in the background have it ignored, and a child inherits that.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        if limit is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    started = [sys.executable, "-m", "service", "backup", *arguments, "--config", str(settings.source)]
    return subprocess.Popen(started, stderr=subprocess.PIPE, text=True, preexec_fn=limited)


@pytest.mark.parametrize("limit", [50_000, 150_000], ids=["in the copy of the database", "in the archive"])
def test_a_full_disk_leaves_nothing_behind(settings: Settings, tmp_path: Path, limit: int) -> None:
    """One line says so, status 3; no file, no folder."""
    (settings.data_dir / "large").write_bytes(os.urandom(200_000))
    to = tmp_path / "to"
    with command(settings, str(to), limit=limit) as process:
        _, told = process.communicate(timeout=PATIENCE)
    assert process.returncode == 3
    assert told.count("\n") == 1
    assert "expected to" in told
    assert list(to.iterdir()) == []


def test_killed_midway_it_leaves_no_file_of_its_name(settings: Settings, tmp_path: Path) -> None:
    """The final name never appears, and the next backup clears what is left."""
    (settings.data_dir / "large").write_bytes(os.urandom(50_000_000))
    to = tmp_path / "to"

    def begun() -> bool:
        return any(part.stat().st_size > 1_000_000 for part in to.glob(f"{PREFIX}*/archive"))

    with command(settings, str(to)) as process:
        wait_for(begun)
        process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    assert [path.name[: len(PREFIX)] for path in to.iterdir()] == [PREFIX]
    made = backed_up(settings, to / "made.tar.zst")
    assert list(to.iterdir()) == [made.path]


def test_interrupted_it_leaves_nothing_behind(settings: Settings, tmp_path: Path) -> None:
    """Ctrl-C ends it with status 130, and clears what was begun."""
    with (settings.data_dir / "large").open("wb") as large:
        large.truncate(2_000_000_000)  # sparse, and long enough to read that the signal comes before the end
    to = tmp_path / "to"
    with command(settings, str(to)) as process:
        wait_for(lambda: any(to.glob(f"{PREFIX}*/archive")))
        process.send_signal(signal.SIGINT)
    assert process.returncode == 130
    assert list(to.iterdir()) == []


def test_a_terminal_gets_a_bar(settings: Settings, tmp_path: Path) -> None:
    """With the name of the file that is written; what is no terminal gets none."""
    control, terminal = os.openpty()
    started = [
        sys.executable,
        "-m",
        "service",
        "backup",
        str(tmp_path / "a.tar.zst"),
        "--config",
        str(settings.source),
    ]
    subprocess.run(started, stderr=terminal, stdout=subprocess.DEVNULL, check=True)
    os.close(terminal)
    assert b"a.tar.zst" in os.read(control, 100_000)
    os.close(control)
    with command(settings, str(tmp_path / "b.tar.zst")) as process:
        assert process.communicate(timeout=PATIENCE)[1] == ""


def test_a_journal_on_another_disk_is_in_it(settings: Settings, tmp_path: Path) -> None:
    """A link to a folder is followed, and one that leads back is followed once."""
    (settings.data_dir / "journal").rename(tmp_path / "large disk")
    (settings.data_dir / "journal").symlink_to(tmp_path / "large disk")
    (tmp_path / "large disk" / "back").symlink_to(settings.data_dir)
    made = backed_up(settings, tmp_path / "made.tar.zst")
    names = [member.name for member in made.manifest.members]
    assert names.count("data/journal/main-2026-11-21.journal") == 1
    assert [name for name in names if "back" in name] == []


def wait_for(reached: Callable[[], bool]) -> None:
    """Until another process has come so far."""
    until = time.monotonic() + PATIENCE
    while not reached():
        assert time.monotonic() < until
        time.sleep(0.002)
