"""PostgreSQL: the agents' states by month. Their rows are copied; on SQLite nothing changes.

Revision ID: 0005
Revises: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision: str | None = "0004"
branch_labels: str | None = None
depends_on: str | None = None

_INDEXES = ("agent_states_state", "agent_states_call")
_MONTHS = """
SELECT to_char(month, 'YYYYMM'), (extract(epoch FROM month) * 1000000)::bigint,
       (extract(epoch FROM month + interval '1 month') * 1000000)::bigint
FROM (SELECT DISTINCT date_trunc('month', to_timestamp(started_us / 1000000) AT TIME ZONE 'UTC') AS month
      FROM agent_states_whole) months
WHERE month >= '2000-01-01' AND month < '2100-01-01' ORDER BY month
"""


def upgrade() -> None:
    """Put the divided table in the place of the whole one, within the transaction of the migration."""
    if op.get_bind().dialect.name != "postgresql":
        return
    op.rename_table("agent_states", "agent_states_whole")
    for index in _INDEXES:
        op.execute(f"DROP INDEX {index}")
    op.execute("ALTER TABLE agent_states_whole DROP CONSTRAINT agent_states_pkey")
    op.execute(
        "CREATE TABLE agent_states (LIKE agent_states_whole INCLUDING DEFAULTS) PARTITION BY RANGE (started_us)"
    )
    op.execute("CREATE TABLE agent_states_default PARTITION OF agent_states DEFAULT")
    for name, start, end in op.get_bind().execute(sa.text(_MONTHS)).all():
        op.execute(
            f"CREATE TABLE agent_states_{name} PARTITION OF agent_states FOR VALUES FROM ({start}) TO ({end})"
        )
    op.execute("INSERT INTO agent_states SELECT * FROM agent_states_whole")
    op.drop_table("agent_states_whole")
    # After the rows: an index is built faster than it grows.
    op.create_primary_key("agent_states_pkey", "agent_states", ["id", "started_us"])
    op.create_index("agent_states_state", "agent_states", ["state", "started_us", "ended_us"])
    op.create_index("agent_states_call", "agent_states", ["call_id"])
    op.execute("ANALYZE agent_states")


def downgrade() -> None:
    """Refuse, as the other versions do: a backup is the way back."""
    raise NotImplementedError("the schema goes forward only; restore a backup instead")
