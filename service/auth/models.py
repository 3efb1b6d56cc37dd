"""The table of tokens. It shares `metadata` with the tables of facts, so that one migration makes both."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Table, Text

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
