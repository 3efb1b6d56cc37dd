"""The tables of tokens, accounts, sessions and of the audit. They share `metadata` with the tables of facts."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, Table, Text

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

accounts = Table(
    "accounts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("login", Text, nullable=False),  # as it was written
    Column(
        "login_key", Text, nullable=False, unique=True
    ),  # as it is looked for: case and width make no difference
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("agent", Text),  # the agent that this person is
    Column("sees", Text, nullable=False),  # a JSON object: everything, groups, queues, branches, codes, agents
    Column("granted", Text, nullable=False),  # rights beyond the role's, with spaces between
    Column("withheld", Text, nullable=False),  # rights of the role that this account has not
    Column("language", Text),  # null where he has not chosen
    Column("active", Boolean, nullable=False),
    Column("must_change", Boolean, nullable=False),  # the password was given to him by another
    Column("password", Text, nullable=False),  # as argon2 writes it, with its parameters and salt
    Column("failures", Integer, nullable=False),  # wrong passwords since the last right one
    Column("locked_us", BigInteger),  # until when no password is looked at
    Column("created_us", BigInteger, nullable=False),
    Column("last_login_us", BigInteger),
)

sessions = Table(
    "sessions",
    metadata,
    Column("id", Key, primary_key=True),  # names it where it is listed; opens nothing
    Column("hash", Text, nullable=False, unique=True),  # sha256 of the cookie's token, in hexadecimal
    Column("account", Integer, ForeignKey("accounts.id"), nullable=False),
    Column("created_us", BigInteger, nullable=False),
    Column("seen_us", BigInteger, nullable=False),  # written once a minute at most
    Column("ended_us", BigInteger),
    Column("address", Text, nullable=False),
    Column("browser", Text, nullable=False),
    Index("ix_sessions_account", "account"),
)
