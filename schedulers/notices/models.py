"""The outbox: one row for each notice and channel; it shares `metadata` with the facts.

Instants are whole microseconds since the epoch in UTC. A row whose `ended_us` is null is still to be sent, or is being
sent; nothing here holds an address or a whole number.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, Table, Text, text

from analytics.storage.models import Key, metadata

_UNENDED = text("ended_us IS NULL")

notices = Table(
    "notices",
    metadata,
    Column("id", Key, primary_key=True),  # of the notice and the channel
    Column("topic", Text, nullable=False),
    Column("about", Text, nullable=False),  # the occasion
    Column("recipient", Text, nullable=False),
    Column("channel", Key, nullable=False),  # '' where none reaches the recipient
    Column("language", Text, nullable=False),
    Column("details", Text, nullable=False),  # a JSON object: what the text is made of
    Column("urgent", Boolean, nullable=False),  # quiet hours do not hold it back
    Column("wanted_us", BigInteger, nullable=False),  # when it arose
    Column("until_us", BigInteger),  # of no use after it
    Column("state", Text, nullable=False),
    Column("next_us", BigInteger, nullable=False),  # not to be sent before; while it is sent, the end of the lease
    Column("tries", Integer, nullable=False),
    Column("lease", Text),  # who sends it, or sent it last
    Column("ended_us", BigInteger),
    Column("why", Text, nullable=False),  # how the last try ended, '' where there is nothing to say
    Index("notices_next", "next_us", sqlite_where=_UNENDED, postgresql_where=_UNENDED),
    Index("notices_wanted", "wanted_us"),
)
