"""The tables of customers. They share `metadata` with the tables of facts, so that one migration makes all.

A number may belong to several customers, and a customer may have several numbers: `customer_numbers` is read from
either side. `customer_changes` is the trace: rows are added and never changed. A customer who was merged into another
leaves his id in `customer_aliases` for good.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Date, Index, Integer, Table, Text

from analytics.storage.models import Key, metadata

customers = Table(
    "customers",
    metadata,
    Column("id", Key, primary_key=True),  # the register's own; `tel:` and the number for who is in none
    Column("name", Text),
    Column("sort", Text, nullable=False),  # '' where nobody says
    Column("branch", Key),
    Column("tier", Key),
    Column("owner", Key),  # the named agent
    Column("previous", Key),  # the agent who served him last
    Column("zone", Text),
    Column("hours", Text),  # his own, by his clock: 09:00-12:00 13:30-18:00
    Column("dialect", Text),
    Column("language", Text),
    Column("birth_month", Integer),
    Column("birth_day", Integer),
    Column("birth_lunar", Boolean),
    Column("since_on", Date),
    Column("until_on", Date),  # the first day on which he is no customer
    Column("figures", Text, nullable=False),  # JSON: whole numbers by name
    Column("consent", Boolean),
    Column("blocked_reason", Text),  # do not call: null where he may be called
    Column("blocked_since_us", BigInteger),
    Column("blocked_until_us", BigInteger),
    Column("updated_us", BigInteger, nullable=False),
    Index("customers_branch", "branch", "id"),
    Index("customers_tier", "tier", "id"),
    Index("customers_owner", "owner", "id"),
)

customer_numbers = Table(
    "customer_numbers",
    metadata,
    Column("number", Key, primary_key=True),  # E.164, or as written where it has no such form
    Column("customer", Key, primary_key=True),
    Column("place", Integer, nullable=False),  # 0 is the best one
    Column("written", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("use", Text, nullable=False),
    Index("customer_numbers_customer", "customer"),
)

customer_aliases = Table(
    "customer_aliases",
    metadata,
    Column("id", Key, primary_key=True),  # of a customer who was merged into another
    Column("customer", Key, nullable=False),
    Column("merged_us", BigInteger, nullable=False),
    Index("customer_aliases_customer", "customer"),
)

customer_spend = Table(
    "customer_spend",
    metadata,
    Column("month", Key, primary_key=True),  # 2026-11, of the centre
    Column("customer", Key, primary_key=True),
    Column("fen", BigInteger, nullable=False),
    Index("customer_spend_customer", "customer", "month"),
)

customer_changes = Table(
    "customer_changes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("customer", Key, nullable=False),  # by the id that he had then
    Column("at_us", BigInteger, nullable=False),
    Column("by_whom", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("fields", Text, nullable=False),  # JSON: before and after by name; {} where he was added
    Column("reason", Text),
    Column("file", Text),
    Column("sheet", Text),
    Column("row", Integer),
    Index("customer_changes_customer", "customer", "id"),
)
