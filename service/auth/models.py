"""The tables of tokens and of the audit. They share `metadata` with the tables of facts."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, Table, Text

from analytics.storage.models import Key, metadata

api_tokens = Table(
    "api_tokens",
    metadata,
    Column("id", Key, primary_key=True),  # stands in the token, in the clear
    Column("hash", Text, nullable=False),  # sha256 of the secret, in hexadecimal
    Column("name", Text, nullable=False),  # whose it is, in the words of who made it
    Column("scopes", Text, nullable=False),  # with spaces between
    Column("created_us", BigInteger, nullable=False),
    Column("expires_us", BigInteger),
    Column("last_used_day", Text),  # 2026-11-02 in UTC: no finer, so that it is written once a day
    Column("revoked_us", BigInteger),
)

audit_log = Table(
    "audit_log",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at_us", BigInteger, nullable=False),
    Column("account", Integer),  # null where nobody was asked who he is
    Column("login", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("act", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("details", Text, nullable=False),  # a JSON object
    Index("ix_audit_log_at", "at_us"),
)
