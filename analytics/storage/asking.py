"""What a batch of facts asks of the store before and after it is written: each statement built once."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, delete, select

from analytics.storage.dialects import Dialect
from analytics.storage.models import OF_A_CALL, call_aliases, calls, holds, repaired_calls, talks


class Questions:
    """The questions, for one kind of database. Building a statement costs more than running it."""

    def __init__(self, dialect: Dialect) -> None:
        self._values = dialect.values
        among = dialect.among
        stored = select(talks.c.revision).where(talks.c.id == holds.c.talk_id).scalar_subquery()
        of_these = select(talks.c.id).where(among(talks.c.call_id))
        self._aliases = select(call_aliases).where(among(call_aliases.c.alias_id))
        self._repaired = select(repaired_calls.c.call_id).where(among(repaired_calls.c.call_id))
        self._revisions = select(talks.c.id, talks.c.revision).where(among(talks.c.id))
        self._drop_holds = delete(holds).where(among(holds.c.talk_id), holds.c.revision < stored)
        self._forget = (
            delete(holds).where(holds.c.talk_id.in_(of_these)),
            *(delete(table).where(among(table.c.call_id)) for table in OF_A_CALL),
            delete(calls).where(among(calls.c.id)),
            delete(repaired_calls).where(among(repaired_calls.c.call_id)),
        )

    def survivors(self, connection: Connection, call_ids: Collection[str]) -> dict[str, str]:
        """Alias to surviving call, for those of the ids that are aliases."""
        found = connection.execute(self._aliases, self._values(call_ids))
        return {row.alias_id: row.call_id for row in found}

    def repaired(self, connection: Connection, call_ids: Collection[str]) -> set[str]:
        """Those of the calls that were rebuilt from the PBX's logs."""
        return set(connection.execute(self._repaired, self._values(call_ids)).scalars())

    def talk_revisions(self, connection: Connection, talk_ids: Collection[str]) -> dict[str, int]:
        """Which revision of these talks is stored."""
        found = connection.execute(self._revisions, self._values(talk_ids))
        return {row.id: row.revision for row in found}

    def drop_outdated_holds(self, connection: Connection, talk_ids: Collection[str]) -> None:
        """Delete the holds of these talks that an older revision told."""
        connection.execute(self._drop_holds, self._values(talk_ids))

    def forget_calls(self, connection: Connection, call_ids: Collection[str]) -> None:
        """Delete all that is stored of these calls."""
        for statement in self._forget:
            connection.execute(statement, self._values(call_ids))
