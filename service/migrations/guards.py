"""What keeps rows on record from being changed: triggers, in both databases' words.

PostgreSQL's triggers call a function, which is not part of a dump of tables: whoever restores one makes it first
(`write_function`). Whoever alters one of these tables by copying it, as Alembic does on SQLite, guards it anew.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, text

KEPT = ("issued_reports", "sign_offs")
"""Tables whose rows are neither changed nor deleted."""

NEVER_DELETED = ("objections", "exemptions")
"""Tables whose rows go from state to state but stay."""

_SAME_ROW = {
    "issued_reports": "id = NEW.id OR (name, start_us, end_us, grouped_by, number) "
    "= (NEW.name, NEW.start_us, NEW.end_us, NEW.grouped_by, NEW.number)",
    "sign_offs": "id = NEW.id OR issue_id = NEW.issue_id",
    "destruction_certificates": "number = NEW.number OR list_id = NEW.list_id",
}
"""By table, which row a new one would take the place of; any other by its id."""

_FUNCTION = """
CREATE OR REPLACE FUNCTION {schema}keep_rows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%: found % of a row, expected none: it is on record', TG_TABLE_NAME, lower(TG_OP)
        USING ERRCODE = 'restrict_violation';
END $$
"""


def guard(connection: Connection) -> None:
    """Let the database refuse what would change the record."""
    if connection.dialect.name == "postgresql":
        write_function(connection)
    _guard(connection, KEPT, ("UPDATE", "DELETE"))
    _guard(connection, NEVER_DELETED, ("DELETE",))


def guard_tables(connection: Connection, tables: Iterable[str]) -> None:
    """Let the database refuse what would change or delete a row of these tables."""
    if connection.dialect.name == "postgresql":
        write_function(connection)
    _guard(connection, tables, ("UPDATE", "DELETE"))


def guard_rows(connection: Connection, tables: Iterable[str]) -> None:
    """Let the database refuse what would delete a row of these tables; a row may go from state to state."""
    if connection.dialect.name == "postgresql":
        write_function(connection)
    _guard(connection, tables, ("DELETE",))


def unguard_tables(connection: Connection, tables: Iterable[str]) -> None:
    """Take the guards away again: for who goes back to an older schema."""
    on_postgres = connection.dialect.name == "postgresql"
    for table in tables:
        names = [f"{table}_kept"] if on_postgres else [f"{table}_{each}" for each in ("update", "delete", "taken")]
        for name in names:
            connection.exec_driver_sql(f"DROP TRIGGER {name}" + (f" ON {table}" if on_postgres else ""))


def write_function(connection: Connection, schema: str | None = None) -> None:
    """Make what PostgreSQL's triggers call, in a schema (quoted) or where this connection makes things."""
    connection.execute(text(_FUNCTION.format(schema="" if schema is None else f"{schema}.")))


def _guard(connection: Connection, tables: Iterable[str], verbs: tuple[str, ...]) -> None:
    write = _postgres if connection.dialect.name == "postgresql" else _sqlite
    for table in tables:
        for statement in write(table, verbs):
            connection.exec_driver_sql(statement)


def _postgres(table: str, verbs: tuple[str, ...]) -> list[str]:
    when = " OR ".join((*verbs, "TRUNCATE"))
    return [f"CREATE TRIGGER {table}_kept BEFORE {when} ON {table} FOR EACH STATEMENT EXECUTE FUNCTION keep_rows()"]


def _sqlite(table: str, verbs: tuple[str, ...]) -> list[str]:
    """INSERT OR REPLACE deletes without asking a trigger, so what it would delete is looked for before."""
    message = f"{table}: found {{}} of a row, expected none: it is on record"
    return [
        *(
            f"CREATE TRIGGER {table}_{verb.lower()} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{message.format(verb.lower())}'); END"
            for verb in verbs
        ),
        (
            f"CREATE TRIGGER {table}_taken BEFORE INSERT ON {table} WHEN {_is_taken(table)} "
            f"BEGIN SELECT RAISE(ABORT, '{message.format('replacement')}'); END"
        ),
    ]


def _is_taken(table: str) -> str:
    return f"EXISTS (SELECT 1 FROM {table} WHERE {_SAME_ROW.get(table, 'id = NEW.id')})"  # noqa: S608 - names of ours
