"""The migrations make the schema that the program uses, on both databases."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Column, Connection, Engine, Row, Table, func, select

from analytics.storage.ingest import ingest
from analytics.storage.models import OF_A_CALL, agent_states, call_aliases, calls, holds, metadata, recordings
from analytics.storage.partitions import list_partitions
from service.migrations import known_revisions, newest_revision, stored_revision, upgrade
from service.migrations.stepping import configuration
from telephony.calls.facts import State
from telephony.clock import from_microseconds
from tests.analytics import factory
from tests.analytics.storage.many_calls import fill


def test_a_migrated_database_has_the_tables_of_the_program(store: Engine) -> None:
    """Nothing is missing, left over or of another type."""
    with store.connect() as connection:
        ours = set(metadata.tables)
        context = MigrationContext.configure(
            connection,
            opts={"include_object": lambda thing, name, kind, *_: kind != "table" or name in ours},
        )
        assert compare_metadata(context, metadata) == []


def test_migrating_twice_changes_nothing(store: Engine) -> None:
    """A start of the program may always migrate."""
    upgrade(store)
    with store.connect() as connection:
        assert stored_revision(connection) == newest_revision()


def test_each_step_is_the_number_in_its_files_name() -> None:
    """One after the other, without a branch: the highest number is where Alembic ends."""
    scripts = ScriptDirectory.from_config(configuration())
    assert [each.revision for each in scripts.walk_revisions()] == sorted(known_revisions(), reverse=True)
    assert scripts.get_heads() == [newest_revision()]


def test_a_database_that_is_up_to_date_needs_no_alembic(tmp_path: Path, migrated_file: Path) -> None:
    """Every command asks, and would pay for it."""
    shutil.copy(migrated_file, tmp_path / "facts.db")
    code = (
        "import sys; from analytics.storage.engine import open_store; from service.migrations import upgrade; "
        f"upgrade(open_store('sqlite:///{tmp_path}/facts.db')); sys.exit('alembic' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_database_that_was_never_migrated_says_so(empty_store: Engine) -> None:
    """There is no revision, and no error."""
    with empty_store.connect() as connection:
        assert stored_revision(connection) is None


def _all_rows(connection: Connection) -> dict[str, list[Row[tuple[object, ...]]]]:
    """Every fact that is stored, by table, in the columns of the earlier version."""
    return {
        table.name: list(connection.execute(select(*_earlier(table)).order_by(*table.primary_key)))
        for table in (calls, holds, call_aliases, *OF_A_CALL)
    }


def _earlier(table: Table) -> list[Column[object]]:
    """Of recordings only the name was kept."""
    names = ("id", "revision", "at_us", "call_id", "file", "channel")
    return [column for column in table.c if table is not recordings or column.name in names]


def test_the_facts_of_an_earlier_version_are_the_same_afterwards(empty_store: Engine) -> None:
    """A year of calls, stored before there were partitions, is read as it was; on PostgreSQL it lies in months."""
    upgrade(empty_store, "0002")
    fill(empty_store, 2000)
    with empty_store.connect() as connection:
        before = _all_rows(connection)
    assert all(before.values())
    upgrade(empty_store)
    with empty_store.connect() as connection:
        assert _all_rows(connection) == before
        found = list_partitions(connection)
    assert len(found) == (12 if empty_store.dialect.name == "postgresql" else 0)


def test_a_later_revision_finds_its_row_after_the_migration(empty_store: Engine) -> None:
    """What was stored by the earlier version is replaced, not told twice; an older revision changes nothing."""
    upgrade(empty_store, "0002")
    fill(empty_store, 50)
    upgrade(empty_store)
    with empty_store.begin() as connection:
        row = connection.execute(select(agent_states).order_by(agent_states.c.id)).first()
        assert row is not None
        told = {"id": row.id, "start": from_microseconds(row.started_us), "interface": row.interface}
        count = select(func.count()).select_from(agent_states)
        stored = connection.execute(count).scalar_one()
        for revision, reason in ((9, "lunch"), (8, "tea")):
            ingest(connection, [factory.state(State(row.state), revision=revision, reason=reason, **told)])
        assert connection.execute(count).scalar_one() == stored
        kept = select(agent_states.c.reason).where(agent_states.c.id == row.id)
        assert connection.execute(kept).scalar_one() == "lunch"
