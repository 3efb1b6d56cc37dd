"""A store with many follow-ups, made by the database itself: what a plan is worth shows only among many rows.

A tenth is open; each has four changes and three attempts, and every customer has twenty follow-ups.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Engine, text

from schedulers.storage.campaign_models import (
    campaign_members,
    dial_attempt_serves,
    dial_attempts,
    dial_refusals,
)
from schedulers.storage.followup_models import (
    customer_contacts,
    follow_up_answers,
    follow_up_attempts,
    follow_up_changes,
    follow_up_series,
    follow_up_triggers,
    follow_ups,
    heard_calls,
)
from telephony.clock import to_microseconds
from tests.schedulers.storage.stories import START

GROWING = (
    follow_ups,
    follow_up_changes,
    follow_up_attempts,
    follow_up_triggers,
    follow_up_series,
    follow_up_answers,
    customer_contacts,
    heard_calls,
    campaign_members,
    dial_attempts,
    dial_attempt_serves,
    dial_refusals,
)
"""All tables that grow with what is owed."""

STEP_US = 60_000_000
"""Between two births."""

_MADE = """
WITH RECURSIVE numbers(n) AS (SELECT CAST(0 AS BIGINT) UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < {count}),
made AS (
    SELECT n, 'f' || (1000000000000000000 + n * 7919 % {count}) AS id, {start} + n * {step} AS us,
           'C' || (100000 + n / 20) AS customer, n % 10 = 3 AS open
    FROM numbers
)
"""

_FILLED = {
    "follow_ups": """
        (id, revision, changed_us, kind, customer, trigger_key, occurrence, case_id, level, about, number, born_us,
         open_us, due_us, promised_us, agreed_us, owner, group_name, state, fulfilled_us, ended_us, ready_us,
         obstacle, reached_call, counted, uncounted, overdue_told, wake_us, approvals)
        SELECT id, 4, us + 9, 'kind' || n % 5, customer, 'event:' || n, 0, id, 0, '[]', '+86139' || n, us, us,
               us + 86400000000, us, CASE WHEN n % 97 = 3 THEN us END, '' || (1000 + n % 200), 'g' || n % 20,
               CASE WHEN open THEN 'open' ELSE 'done' END, CASE WHEN NOT open THEN us + 9 END,
               CASE WHEN NOT open THEN us + 9 END, CASE WHEN open THEN us + 3600000000 END,
               CASE WHEN n % 70 = 3 THEN 'cap' END, CASE WHEN n % 90 = 3 THEN 'pbx/1.1' END, 3, 0, false,
               CASE WHEN open THEN us + 7200000000 END, '[]'
        FROM made""",
    "follow_up_changes": """
        (follow_up, revision, at_us, until_us, what, by_whom, note, digest, kind, group_name, owner, state, born_us,
         due_us, fulfilled_us, counted)
        SELECT id, r, us + r, CASE WHEN r < 4 THEN us + r + 1 END, 'attempted', 'system', '', 'd', 'kind' || n % 5,
               'g' || n % 20, '' || (1000 + n % 200), CASE WHEN open OR r < 4 THEN 'open' ELSE 'done' END, us,
               us + 86400000000, CASE WHEN NOT open AND r = 4 THEN us + 9 END, 3
        FROM made, (SELECT 1 AS r UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4) AS revisions""",
    "follow_up_attempts": """
        (follow_up, key, at_us, result, counts, call_id, local_window)
        SELECT id, 'pbx/' || n || '.' || r, us + r, 'busy', true, 'pbx/' || n || '.' || r, '2026-11-02 am'
        FROM made, (SELECT 1 AS r UNION ALL SELECT 2 UNION ALL SELECT 3) AS tries""",
    "follow_up_triggers": """
        (id, kind, trigger_key, occurrence, follow_up, why, at_us)
        SELECT id, 'kind' || n % 5, 'event:' || n, 0, id, CASE WHEN n % 50 = 1 THEN 'short' END, us FROM made""",
    "follow_up_series": """
        (kind, trigger_key, customer, anchor_us, next_number, next_us, about)
        SELECT 'kind' || n % 5, 'event:' || n, customer, us, 1, us + 86400000000, '[]' FROM made WHERE n % 5 = 0""",
    "follow_up_answers": """
        (follow_up, question, key, mark, at_us, by_whom)
        SELECT id, 'attitude', 'said:' || n, 5, us, '1001' FROM made WHERE NOT open""",
    "customer_contacts": "(customer, at_us) SELECT customer, us FROM made",
    "campaign_members": "(campaign, follow_up) SELECT 1 + n % 50, id FROM made",
    "dial_attempts": """
        (id, channel_id, campaign, mode, customer, number, agent, device, pbx, trunk, by_whom, phase, planned_us,
         committed_us, ended_us, runner, call_id, note, revision)
        SELECT n + 1, 'tr-aaaaaaaa-' || (n + 1), 1 + n % 50, 'progressive', customer, '+86139' || n,
               '' || (1000 + n / 7 % 200), 'PJSIP/1001', 'pbx', 'trunk', 'system',
               CASE WHEN n % 900 = 3 THEN 'indeterminate' WHEN n % 9000 = 4 THEN 'sent' ELSE 'answered' END, us, us,
               CASE WHEN n % 9000 <> 4 THEN us + 9 END, 'one', 'pbx/' || n || '.1', '', 3
        FROM made""",
    "dial_attempt_serves": "(attempt, follow_up, place) SELECT n + 1, id, 0 FROM made",
    "dial_refusals": """
        (campaign, follow_up, why, first_us, last_us, count, again_us)
        SELECT 1 + n % 50, id, 'window', us, us, 1, us FROM made""",
    "heard_calls": "(call_id, revision) SELECT 'pbx/' || n || '.1', 1 FROM made",
}


def id_at(number: int, count: int) -> str:
    """The id of the follow-up of a number."""
    return f"f{1000000000000000000 + number * 7919 % count}"


def fill(engine: Engine, count: int, *, without: Collection[str] = ()) -> None:
    """So many follow-ups, one born each minute from START on; tables in `without` stay empty."""
    made = _MADE.format(count=count, start=to_microseconds(START), step=STEP_US)
    with engine.begin() as connection:
        for table, filled in _FILLED.items():
            if table in without:
                continue
            columns, chosen = filled.strip().split(")", 1) if filled.strip()[0] == "(" else ("", filled)
            connection.execute(text(f"INSERT INTO {table} {columns}) {made} {chosen}"))
        connection.execute(text("ANALYZE"))
    if engine.dialect.name == "postgresql":  # the map of what all can see makes an index tell everything alone
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM"))
