"""The destruction of recordings: legal holds, lists with their acts and items, certificates.

Revision ID: 0020
Revises: 0019
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from analytics.storage.models import Key
from service.migrations.guards import guard_rows, guard_tables

revision = "0020"
down_revision: str | None = "0019"
branch_labels: str | None = None
depends_on: str | None = None

KEPT = ("destruction_acts", "destruction_certificates")
NEVER_DELETED = ("legal_holds", "destruction_lists", "destruction_items")


def upgrade() -> None:
    """Make the tables, and let the database keep their rows."""
    _make_holds()
    _make_lists()
    _make_items()
    op.create_table(
        "destruction_certificates",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("list_id", sa.Integer, sa.ForeignKey("destruction_lists.id"), nullable=False, unique=True),
        sa.Column("issued_us", sa.BigInteger, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
    )
    guard_tables(op.get_bind(), KEPT)
    guard_rows(op.get_bind(), NEVER_DELETED)


def _make_holds() -> None:
    op.create_table(
        "legal_holds",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("target", Key),
        sa.Column("start_us", sa.BigInteger),
        sa.Column("end_us", sa.BigInteger),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("placed_by", sa.Text, nullable=False),
        sa.Column("placed_us", sa.BigInteger, nullable=False),
        sa.Column("lifted_by", sa.Text),
        sa.Column("lifted_us", sa.BigInteger),
        sa.Column("lift_reason", sa.Text),
    )
    op.create_index("legal_holds_target", "legal_holds", ["kind", "target"])


def _make_lists() -> None:
    op.create_table(
        "destruction_lists",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("basis", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("made_us", sa.BigInteger, nullable=False),
        sa.Column("policy", sa.Text, nullable=False),
        sa.Column("left_out", sa.Integer, nullable=False),
    )
    op.create_table(
        "destruction_acts",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("list_id", sa.Integer, sa.ForeignKey("destruction_lists.id"), nullable=False),
        sa.Column("act", sa.Text, nullable=False),
        sa.Column("account", sa.Integer, nullable=False),
        sa.Column("login", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("agent", sa.Text),
        sa.Column("at_us", sa.BigInteger, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
    )
    op.create_index("destruction_acts_list", "destruction_acts", ["list_id"])


def _make_items() -> None:
    op.create_table(
        "destruction_items",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("list_id", sa.Integer, sa.ForeignKey("destruction_lists.id"), nullable=False),
        sa.Column("file_id", sa.Integer, nullable=False),
        sa.Column("pbx", Key, nullable=False),
        sa.Column("path", Key, nullable=False),
        sa.Column("call_id", Key),
        sa.Column("recording_id", Key),
        sa.Column("began_us", sa.BigInteger, nullable=False),
        sa.Column("kept_until_us", sa.BigInteger),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("length_ms", sa.BigInteger),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False, server_default=""),
        sa.Column("sha256", sa.Text),
        sa.Column("stamp", sa.Text),
        sa.Column("overwritten", sa.Boolean),
        sa.Column("begun_us", sa.BigInteger),
        sa.Column("ended_us", sa.BigInteger),
        sa.UniqueConstraint("list_id", "file_id", name="destruction_items_one"),
    )
    op.create_index("destruction_items_file", "destruction_items", ["file_id"])
    op.create_index("destruction_items_call", "destruction_items", ["call_id"])


def downgrade() -> None:
    """Refuse: what was destroyed, and by whom, is never dropped by a migration."""
    raise NotImplementedError("certificates of destruction are not taken back; restore a backup instead")
