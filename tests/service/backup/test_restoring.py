"""A restore puts everything in its place, or leaves everything as it was."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from analytics.closing.issues import faults, issue, load_frozen
from analytics.storage.engine import open_store
from analytics.storage.partitions import create_partition, list_partitions
from config.settings import Settings
from schedulers.storage.installation import load_nonce
from service.backup.checking import check
from service.backup.errors import ArchiveError
from service.backup.making import Made
from service.backup.restoring import restore
from service.backup.staging import PREFIX
from service.backup.stored import Stored, read_stored
from service.backup.target import Target, target_in, target_of
from service.errors import ServiceError, UnreachableError, UsageError
from service.migrations import newest_revision, upgrade
from service.pipeline.locks import RoleLock
from telephony.journal.verify import verify
from telephony.journal.writer import JournalWriter
from tests.analytics.closing.issuing import draft
from tests.service.backup.conftest import NewDatabase
from tests.service.backup.small import CALLS, NOW, backed_up, install, tree

STAMP = "20261124T023000Z"


@pytest.fixture
def target(tmp_path: Path) -> Target:
    """A place where nothing is yet."""
    return target_in(tmp_path / "there" / "data", None)


def stored(database_url: str) -> Stored:
    """What a database holds."""
    engine = open_store(database_url, reads_only=True)
    with engine.connect() as connection:
        found = read_stored(connection)
    engine.dispose()
    return found


def execute(database_url: str, *statements: str) -> None:
    """Change a database."""
    engine = open_store(database_url)
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def leftovers(folder: Path) -> list[str]:
    """Unfinished folders that a restore left behind."""
    return [path.name for path in folder.rglob(f"{PREFIX}*")]


def test_everything_is_in_its_place(settings: Settings, made: Made, target: Target) -> None:
    """The journal is sound and ends where it did, the store has its calls and position, ledger and state are there."""
    restore(made.path, target, replace=False, now=NOW)
    assert stored(target.database_url) == stored(settings.database_url)
    assert stored(target.database_url).calls == CALLS
    found, expected = (verify(each / "journal", "main") for each in (target.data_dir, settings.data_dir))
    assert found.sound
    assert (found.entries, found.last_seq) == (expected.entries, expected.last_seq)
    there, here = tree(target.data_dir), tree(settings.data_dir)
    for name in ("gaps/main.jsonl", "state/main-00000000000000000001.state"):
        assert there[name] == here[name]


def test_only_its_owner_can_read_what_was_restored(made: Made, target: Target) -> None:
    """Folders 0700, files 0600."""
    restore(made.path, target, replace=False, now=NOW)
    modes = {stat.S_IMODE(path.stat().st_mode) for path in target.data_dir.rglob("*")}
    assert modes == {0o600, 0o700}
    assert stat.S_IMODE(target.data_dir.stat().st_mode) == 0o700


def test_the_folder_is_marked_as_restored(made: Made, target: Target) -> None:
    """The mark says when, of which archive, and how far the archive reached; settings lie beside it."""
    restore(made.path, target, replace=False, now=NOW)
    mark = json.loads((target.data_dir / "restored" / "backup.json").read_text(encoding="utf-8"))
    assert mark["restored_at"] == NOW.isoformat()
    assert mark["archive"] == made.path.name
    assert mark["pbxs"][0]["last_seq"] == made.manifest.pbxs[0].last_seq
    assert (target.data_dir / "restored" / "settings" / "threerings.toml").exists()


def test_a_listener_goes_on_behind_the_restored_journal(made: Made, target: Target) -> None:
    """Its next number is the one after the archive's last."""
    restore(made.path, target, replace=False, now=NOW)
    with JournalWriter(target.data_dir / "journal", "main") as journal:
        assert journal.durable_seq == made.manifest.pbxs[0].last_seq


def test_an_empty_data_folder_is_taken(made: Made, target: Target) -> None:
    """As a package or a container makes it."""
    target.data_dir.mkdir(parents=True)
    restore(made.path, target, replace=False, now=NOW)
    assert stored(target.database_url).calls == CALLS


def test_a_folder_in_use_is_refused(settings: Settings, made: Made) -> None:
    """Without --replace nothing is moved."""
    before = tree(settings.data_dir)
    with pytest.raises(UsageError, match="expected an empty place, or --replace"):
        restore(made.path, target_of(settings, None), replace=False, now=NOW)
    assert tree(settings.data_dir) == before


def test_what_was_there_is_moved_aside(settings: Settings, made: Made) -> None:
    """With --replace the old folder is whole under its new name, which is told."""
    (settings.data_dir / "later.txt").write_text("said after the backup", encoding="utf-8")
    before = tree(settings.data_dir)
    done = restore(made.path, target_of(settings, None), replace=True, now=NOW)
    aside = settings.data_dir.with_name(f"data.before-{STAMP}")
    assert done.moved_aside == (str(aside),)
    assert tree(aside) == before
    assert not (settings.data_dir / "later.txt").exists()
    assert stored(settings.database_url).calls == CALLS


def analyser(data_dir: Path) -> AbstractContextManager[object]:
    """An analyser's lock, held."""
    return RoleLock(data_dir / "analyser-main.lock", "analyser")


def listener(data_dir: Path) -> AbstractContextManager[object]:
    """A listener's lock, held."""
    return JournalWriter(data_dir / "journal", "main")


@pytest.mark.parametrize("role", [analyser, listener])
def test_an_installation_at_work_is_left_alone(
    settings: Settings, made: Made, role: Callable[[Path], AbstractContextManager[object]]
) -> None:
    """A lock that is held is named, status 3."""
    with (
        role(settings.data_dir),
        pytest.raises(UnreachableError, match=r"main\.lock: found its owner at work"),
    ):
        restore(made.path, target_of(settings, None), replace=True, now=NOW)


def test_a_damaged_backup_changes_nothing(settings: Settings, made: Made) -> None:
    """It is refused before anything is moved, and nothing is left lying about."""
    content = bytearray(made.path.read_bytes())
    content[len(content) // 2] ^= 1
    made.path.write_bytes(content)
    before = tree(settings.data_dir)
    with pytest.raises(ArchiveError, match=str(made.path)):
        restore(made.path, target_of(settings, None), replace=True, now=NOW)
    assert tree(settings.data_dir) == before
    assert leftovers(settings.data_dir.parent) == []


def test_a_backup_of_a_newer_version_is_refused(settings: Settings, tmp_path: Path, target: Target) -> None:
    """By verify and by restore, with what was found and expected."""
    execute(settings.database_url, "UPDATE alembic_version SET version_num = '9999'")
    made = backed_up(settings, tmp_path / "newer.tar.zst")
    told = f"found revision 9999, expected at most {newest_revision()}"
    with pytest.raises(ArchiveError, match=told):
        check(made.path)
    with pytest.raises(ArchiveError, match=told):
        restore(made.path, target, replace=False, now=NOW)
    assert not target.data_dir.exists()


def older(database_url: str) -> None:
    """Take a database back to the first revision, as an older version left it."""
    engine = open_store(database_url)
    upgrade(engine, "0001")
    engine.dispose()


def test_a_backup_of_an_older_version_is_brought_up_to_date(tmp_path: Path, target: Target) -> None:
    """The restored database has this program's revision."""
    settings = install(tmp_path / "older", filled=False)
    older(settings.database_url)
    made = backed_up(settings, tmp_path / "older.tar.zst")
    assert made.manifest.database is not None
    assert made.manifest.database.revision == "0001"
    restore(made.path, target, replace=False, now=NOW)
    assert stored(target.database_url).revision == newest_revision() > "0001"


def test_a_fault_half_way_puts_everything_back(settings: Settings, made: Made, tmp_path: Path) -> None:
    """The database was moved already when the folder cannot be: both are where and what they were."""
    elsewhere = tmp_path / "elsewhere" / "facts.db"
    elsewhere.parent.mkdir()
    (settings.data_dir / "threerings.db").rename(elsewhere)
    in_the_way = settings.data_dir.with_name(f"data.before-{STAMP}")
    in_the_way.mkdir()
    (in_the_way / "file").touch()
    target = Target(data_dir=settings.data_dir, database_url=f"sqlite:///{elsewhere}")
    before = tree(tmp_path)
    with pytest.raises(UnreachableError, match="expected to restore"):
        restore(made.path, target, replace=True, now=NOW)
    assert tree(tmp_path) == before
    assert leftovers(tmp_path) == []


def test_a_database_elsewhere_is_restored_there(settings: Settings, made: Made, tmp_path: Path) -> None:
    """A SQLite file outside the data folder is made, and an old one moved aside with what belongs to it."""
    elsewhere = tmp_path / "elsewhere" / "facts.db"
    target = Target(data_dir=tmp_path / "there", database_url=f"sqlite:///{elsewhere}")
    restore(made.path, target, replace=False, now=NOW)
    assert stored(target.database_url).calls == CALLS
    assert not (tmp_path / "there" / "threerings.db").exists()
    done = restore(made.path, target, replace=True, now=NOW)
    assert set(done.moved_aside) == {f"{elsewhere}.before-{STAMP}", f"{target.data_dir}.before-{STAMP}"}
    assert stored(f"sqlite:///{elsewhere}.before-{STAMP}").calls == CALLS


def test_a_backup_without_a_database_restores_the_journal(
    settings: Settings, tmp_path: Path, target: Target
) -> None:
    """Where only a listener had run yet."""
    (settings.data_dir / "threerings.db").unlink()
    made = backed_up(settings, tmp_path / "none.tar.zst")
    assert made.manifest.database is None
    restore(made.path, target, replace=False, now=NOW)
    assert verify(target.data_dir / "journal", "main").sound
    assert not (target.data_dir / "threerings.db").exists()


def test_settings_in_the_data_folder_are_not_moved_aside(tmp_path: Path) -> None:
    """They would be gone from their place: refused before anything is read."""
    settings = Settings(data_dir=tmp_path, source=tmp_path / "threerings.toml")
    with pytest.raises(UsageError, match="expected it outside"):
        target_of(settings, None)


@pytest.mark.postgres
def test_postgresql_is_restored_as_it_was(tmp_path: Path, target: Target, new_database: NewDatabase) -> None:
    """pg_dump's snapshot holds the calls and the position that the manifest tells."""
    settings = install(tmp_path / "here", new_database("origin"))
    made = backed_up(settings, tmp_path / "made.tar.zst")
    there = Target(data_dir=target.data_dir, database_url=new_database("restored"))
    check(made.path)
    restore(made.path, there, replace=False, now=NOW)
    assert stored(there.database_url) == stored(settings.database_url)
    assert stored(there.database_url).calls == CALLS


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_what_was_issued_is_restored_with_its_guards(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path, target: Target
) -> None:
    """The restored database refuses to change a report as the first one does."""
    make: NewDatabase | None = request.getfixturevalue("new_database") if kind == "postgres" else None
    settings = install(tmp_path / "here", make("origin") if make else None)
    engine = open_store(settings.database_url)
    issue(engine, draft({"agent": "1004", "talk_minutes": 1.5}))
    engine.dispose()
    made = backed_up(settings, tmp_path / "made.tar.zst")
    there = Target(data_dir=target.data_dir, database_url=make("restored") if make else target.database_url)
    restore(made.path, there, replace=False, now=NOW)
    with pytest.raises(IntegrityError, match="found update of a row, expected none"):
        execute(there.database_url, "UPDATE issued_reports SET reason = 'nicer'")
    engine = open_store(there.database_url)
    with engine.connect() as connection:
        assert faults(load_frozen(connection, 1)) == ()
    assert issue(engine, draft({"agent": "1004", "talk_minutes": 2}, reason="after the restore")).number == 2
    engine.dispose()


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_a_restored_dialler_names_its_channels_anew(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path, target: Target
) -> None:
    """The database has another nonce than that which was backed up, and only one."""
    make: NewDatabase | None = request.getfixturevalue("new_database") if kind == "postgres" else None
    settings = install(tmp_path / "here", make("origin") if make else None)
    before = nonce(settings.database_url)
    made = backed_up(settings, tmp_path / "made.tar.zst")
    there = Target(data_dir=target.data_dir, database_url=make("restored") if make else target.database_url)
    restore(made.path, there, replace=False, now=NOW)
    after = nonce(there.database_url)
    assert nonce(settings.database_url) == before != after == nonce(there.database_url)


def nonce(database_url: str) -> str:
    """The nonce of an installation; it makes one if it must."""
    engine = open_store(database_url)
    with engine.begin() as connection:
        found = load_nonce(connection, NOW)
    engine.dispose()
    return found


@pytest.mark.postgres
def test_postgresql_of_an_older_version_is_brought_up_to_date(
    tmp_path: Path, target: Target, new_database: NewDatabase
) -> None:
    """As a SQLite file is, but in its place."""
    settings = install(tmp_path / "older", new_database("origin"), filled=False)
    older(settings.database_url)
    made = backed_up(settings, tmp_path / "older.tar.zst")
    there = Target(data_dir=target.data_dir, database_url=new_database("restored"))
    restore(made.path, there, replace=False, now=NOW)
    assert stored(there.database_url).revision == newest_revision() > "0001"


@pytest.mark.postgres
def test_tables_in_the_way_are_refused_or_moved_aside(tmp_path: Path, new_database: NewDatabase) -> None:
    """With --replace they are whole in a schema of their own, and a second restore finds them as new."""
    settings = install(tmp_path / "here", new_database("origin"))
    made = backed_up(settings, tmp_path / "made.tar.zst")
    execute(settings.database_url, "DELETE FROM calls")
    there = target_in(tmp_path / "there", settings.database_url)
    with pytest.raises(UsageError, match="expected an empty database, or --replace"):
        restore(made.path, there, replace=False, now=NOW)
    done = restore(made.path, there, replace=True, now=NOW)
    assert done.moved_aside == (f"schema before_{STAMP}",)
    assert stored(settings.database_url).calls == CALLS
    engine = open_store(settings.database_url)
    with engine.connect() as connection:
        aside = connection.execute(text(f'SELECT count(*) FROM "before_{STAMP}".calls')).scalar_one()
    engine.dispose()
    assert aside == 0


@pytest.mark.postgres
def test_a_month_that_the_backup_does_not_have_is_moved_aside_too(
    tmp_path: Path, new_database: NewDatabase
) -> None:
    """Nothing of the tables that were there is left between those of the backup."""
    settings = install(tmp_path / "here", new_database("origin"))
    made = backed_up(settings, tmp_path / "made.tar.zst")
    engine = open_store(settings.database_url)
    with engine.begin() as connection:
        before = list_partitions(connection)
        create_partition(connection, date(2031, 5, 1))
    restore(made.path, target_in(tmp_path / "there", settings.database_url), replace=True, now=NOW)
    with engine.connect() as connection:
        assert [each.name for each in list_partitions(connection)] == [each.name for each in before]
        aside = connection.execute(
            text("SELECT to_regclass(:name)"), {"name": f'"before_{STAMP}".agent_states_203105'}
        )
        assert aside.scalar_one() is not None
    engine.dispose()


@pytest.mark.postgres
def test_a_database_that_cannot_be_restored_is_put_back(tmp_path: Path, new_database: NewDatabase) -> None:
    """pg_restore fails on a name that is taken; tables and folder are what they were."""
    settings = install(tmp_path / "here", new_database("origin"))
    made = backed_up(settings, tmp_path / "made.tar.zst")
    execute(
        settings.database_url,
        "DELETE FROM calls WHERE id IN (SELECT id FROM calls LIMIT 9)",
        "ALTER TABLE talks RENAME TO elsewhere",
        "CREATE VIEW talks AS SELECT 1 AS one",
    )
    before, files = stored(settings.database_url), tree(settings.data_dir)
    with pytest.raises(UnreachableError, match=r"pg_restore: found .*talks.* already exists"):
        restore(made.path, target_of(settings, None), replace=True, now=NOW)
    assert stored(settings.database_url) == before
    assert before.calls == CALLS - 9
    assert tree(settings.data_dir) == files


@pytest.mark.postgres
def test_a_backup_goes_to_a_database_of_its_own_kind(made: Made, target: Target, new_database: NewDatabase) -> None:
    """SQLite does not become PostgreSQL."""
    there = Target(data_dir=target.data_dir, database_url=new_database("restored"))
    with pytest.raises(UsageError, match="found a database of sqlite, expected one of postgresql"):
        restore(made.path, there, replace=False, now=NOW)


@pytest.mark.postgres
def test_without_a_fit_client_it_says_what_is_missing(
    tmp_path: Path, new_database: NewDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No pg_dump, or one that is older than the server."""
    settings = install(tmp_path / "here", new_database("origin"))
    monkeypatch.setattr("service.backup.postgres.DEBIAN", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UnreachableError, match="pg_dump: found none, expected version"):
        backed_up(settings, tmp_path / "none.tar.zst")
    old = tmp_path / "pg_dump"
    old.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 9.6.1'\n", encoding="utf-8")
    old.chmod(0o755)
    with pytest.raises(UnreachableError, match="pg_dump: found version 9, expected version"):
        backed_up(settings, tmp_path / "old.tar.zst")
    assert [path.name for path in tmp_path.glob("*.tar.zst")] == []


@pytest.mark.parametrize("archive", ["nowhere.tar.zst", "empty.tar.zst", "text.tar.zst"])
def test_what_is_no_backup_is_refused(tmp_path: Path, target: Target, archive: str) -> None:
    """By its name, and nothing is made."""
    (tmp_path / "empty.tar.zst").touch()
    (tmp_path / "text.tar.zst").write_text("no archive at all", encoding="utf-8")
    with pytest.raises(ServiceError, match=archive):
        restore(tmp_path / archive, target, replace=False, now=NOW)
    assert not target.data_dir.exists()
