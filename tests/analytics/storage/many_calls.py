"""A store with months of calls, made by the database itself: what a plan is worth shows only among many rows.

The shapes are those of a call centre: most calls wait in a queue, ring one or two agents and are answered; some are
handed on, a few were lost by the stream and never ended. Held, merged and repaired calls are many, so that
the planner has reason to care. Two PBXs take turns.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, Engine, text

from analytics.storage.dialects import dialect_of
from telephony.clock import to_microseconds

BEGAN = datetime(2025, 12, 1, tzinfo=UTC)
DAYS = 360
_SECOND = 1_000_000

# A row of `made` is one call: its number, its id, its epoch in seconds, when it began, and whether it goes on.
_MADE = """
WITH RECURSIVE numbers(n) AS (SELECT CAST(0 AS BIGINT) UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < {count}),
epochs AS (SELECT n, {began} + n * {days} * 86400 / {count} AS epoch FROM numbers),
made AS (
    SELECT n, epoch, epoch * 1000000 + n % 997 AS us, n > {count} - 4 OR n % 2003 = 5 AS goes_on,
           CASE n % 2 WHEN 0 THEN 'north' ELSE 'south' END AS pbx,
           CASE n % 2 WHEN 0 THEN 'north/' ELSE 'south/' END || epoch || '.' || n AS id,
           CASE n % 2 WHEN 0 THEN 'north/' ELSE 'south/' END || epoch || '.1' || n AS leg,
           'PJSIP/' || (1000 + n * 31 % 200) AS device
    FROM epochs
)
"""

_FILLED = {
    "calls": """
        SELECT id, 4, us + 90000000, pbx, epoch || '.' || n, CASE n % 50 WHEN 7 THEN 'inferred' ELSE 'observed' END,
               CASE n % 5 WHEN 0 THEN 'outbound' ELSE 'inbound' END, '138' || (10000000 + n * 7919 % 20000), NULL,
               '4001234567', '4001234567', '138' || (10000000 + n * 7919 % 20000), false, 'trunk-a', us, us + 1000000,
               us + 12000000, CASE WHEN goes_on THEN NULL ELSE us + 90000000 END,
               CASE WHEN goes_on THEN NULL ELSE us + 90000000 END,
               CASE WHEN goes_on THEN NULL WHEN n % 9 = 0 THEN 'abandoned' ELSE 'answered' END, 'customer', 16, NULL
        FROM made
    """,
    "queue_visits": """
        SELECT id || '/queue/1', 3, us + 12000000, id, 'sales', 1, us + 2000000, us + 12000000, 'answered'
        FROM made WHERE n % 4 <> 0
    """,
    "offerings": """
        SELECT leg || '/offering', 2, us + 12000000, id, device, device, NULL, substr(device, 7), 'queue', 'sales',
               false, us + 4000000, us + 5000000, 'ringing', us + 12000000, 'answered'
        FROM made
    """,
    "talks": """
        SELECT leg || '/talk/1', 2, us + 90000000, id, device, device, NULL, substr(device, 7), 'sales', 'customer',
               us + 12000000, CASE WHEN goes_on THEN NULL ELSE us + 90000000 END, '[]', true
        FROM made WHERE n % 9 <> 0
    """,
    "holds": """
        SELECT leg || '/talk/1', us + 20000000, us + 30000000, 2 FROM made WHERE n % 9 <> 0
    """,
    "transfers": """
        SELECT leg || '/transfer/1', 1, us + 60000000, id, 'blind', device, '1006', true FROM made WHERE n % 20 = 1
    """,
    "digits": """
        SELECT id || '/digit/1', 1, us + 1500000, id, 'menu', '1' FROM made WHERE n % 3 = 0
    """,
    "recordings": """
        SELECT id || '/recording/1', 1, us + 1000000, id, id || '.wav', id FROM made WHERE n % 2 = 0
    """,
    "claims": """
        SELECT leg || '/claim/1', 1, us + 90000000, id, device, substr(device, 7), 'agent_complete', 78, 'caller'
        FROM made WHERE n % 9 <> 0
    """,
    "agent_states": """
        SELECT pbx || '/' || device || '/' || state || '//' || (us + later), 2, us + later, id, pbx, device, NULL,
               substr(device, 7), state, NULL, NULL, us + later,
               CASE WHEN goes_on THEN NULL ELSE us + later + 10000000 END
        FROM made CROSS JOIN (SELECT 'talking' AS state, 12000000 AS later UNION ALL SELECT 'wrap_up', 90000000) states
    """,
    "call_aliases": """
        SELECT leg, id FROM made WHERE n % 3 = 0
    """,
    "repaired_calls": """
        SELECT id, 'cel' FROM made WHERE n % 4 = 1
    """,
    "call_repairs": """
        SELECT -1 - n, id, pbx, us + 99000000, us, 'cel', 'inferred', NULL, NULL, 'answered', 78000
        FROM made WHERE n % 4 = 1
    """,
}

NAMED = {"recordings": " (id, revision, at_us, call_id, file, channel)"}
"""The columns that are filled, of a table that has got more since its first version."""


def fill(engine: Engine, count: int) -> None:
    """Make so many calls over `DAYS` days from `BEGAN`, with what belongs to them, and let the planner see them."""
    began = to_microseconds(BEGAN) // _SECOND
    made = _MADE.format(count=count, began=began, days=DAYS)
    with engine.begin() as connection:
        # Every week, so that no month is left out.
        weeks = [to_microseconds(BEGAN + timedelta(weeks=week)) for week in range(DAYS // 7 + 1)]
        dialect_of(engine.dialect.name).make_room(connection, weeks)
        for table, rows in _FILLED.items():
            _fill(connection, table, made, rows)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))


def _fill(connection: Connection, table: str, made: str, rows: str) -> None:
    if table == "recordings":
        table += " (id, revision, at_us, call_id, file, channel)"  # as earlier versions had them too
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"INSERT INTO {table}{NAMED.get(table, '')} {made} {rows}")
    else:
        into = f"INSERT INTO {table}{NAMED.get(table, '')}"
        connection.exec_driver_sql(f"{into} {made.replace('%', '%%')} {rows.replace('%', '%%')}")


def call_of(number: int, count: int) -> tuple[str, int]:
    """The id of a call and the instant in microseconds at which it began, as `fill` makes them."""
    epoch = to_microseconds(BEGAN) // _SECOND + number * DAYS * 86_400 // count
    return f"{('north', 'south')[number % 2]}/{epoch}.{number}", epoch * _SECOND + number % 997
