"""Issued reports: numbered, frozen, kept by the database itself."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from analytics.closing import issues as storing
from analytics.closing.difference import Change, difference
from analytics.closing.figures import figures_of, text_of
from analytics.closing.issues import Draft, faults, issue, load_frozen, load_issue, load_issues
from analytics.closing.models import issued_reports
from analytics.errors import ClosingError
from analytics.storage.dialects import dialect_of
from analytics.storage.ingest import Ingester
from analytics.storage.repairs import Rebuilding
from telephony.calls.facts import Known
from tests.analytics.closing.issuing import ISSUED_AT, NOVEMBER, draft, figures, issue_live, live
from tests.analytics.factory import at, call, talk
from tests.analytics.stored import store_facts

ROW = {"agent": "1004", "name": "王娜娜", "talk_minutes": 59.5}
MANY = 8


@contextmanager
def unguarded(store: Engine, table: str = "issued_reports") -> Iterator[None]:
    """The table as it would be to somebody who went around the guards."""
    with store.begin() as connection:
        if store.dialect.name == "postgresql":
            connection.execute(text(f"DROP TRIGGER {table}_kept ON {table}"))
        else:
            connection.execute(text(f"DROP TRIGGER {table}_update"))
    yield


def test_an_issue_is_read_as_it_was_issued(store: Engine) -> None:
    """Figures, policy with its rules, as-of, who and when; and it is sound."""
    made = issue(store, draft(ROW, warnings=("one call is inferred",)))
    with store.connect() as connection:
        frozen = load_frozen(connection, made.id)
    assert (made.number, made.supersedes, made.issued_by, made.issued_at) == (1, None, "王主管", ISSUED_AT)
    assert frozen.issue == made
    assert frozen.text == text_of(figures(ROW, warnings=("one call is inferred",)))
    assert figures_of(frozen.text).rows[0][1] == "王娜娜"
    assert '"rings":3' in frozen.policy_rules
    assert faults(frozen) == ()


def test_a_restatement_needs_a_reason_and_names_what_it_supersedes(store: Engine) -> None:
    """The first stays as it was; the second has the next number."""
    first = issue(store, draft(ROW))
    with pytest.raises(ClosingError, match=r"found no reason, expected one: minutes 2026-11 agent no\. 1"):
        issue(store, draft({**ROW, "talk_minutes": 60}))
    second = issue(store, draft({**ROW, "talk_minutes": 60}, reason="a late log"))
    assert (second.number, second.supersedes, second.reason) == (2, first.id, "a late log")
    with store.connect() as connection:
        assert load_frozen(connection, first.id).text == text_of(figures(ROW))
        assert load_issues(connection, NOVEMBER.start, NOVEMBER.end) == (first, second)


def test_each_report_period_and_grouping_is_numbered_by_itself(store: Engine) -> None:
    """Another report of the same month begins with 1."""
    issue(store, draft(ROW))
    assert issue(store, draft({"agent": "1004", "rate": 0.9}, name="three-rings")).number == 1


def test_many_at_once_get_different_numbers(store: Engine) -> None:
    """Whoever comes second tries again; no number is missing, none is given twice, each supersedes the one before."""
    together = Barrier(MANY)

    def one(number: int) -> None:
        together.wait()
        issue(store, draft(ROW, reason=f"attempt {number}"))

    with ThreadPoolExecutor(MANY) as pool:
        list(pool.map(one, range(MANY)))
    with store.connect() as connection:
        made = load_issues(connection)
    assert sorted(each.number for each in made) == list(range(1, MANY + 1))
    by_number = {each.number: each for each in made}
    assert [by_number[number].supersedes for number in range(2, MANY + 1)] == [
        by_number[number].id for number in range(1, MANY)
    ]


def test_a_number_that_was_taken_meanwhile_is_not_given_again(
    store: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The look for the newest is told nothing once, as if somebody had issued just after it: the insert finds out."""
    first = issue(store, draft(ROW))
    newest = storing._newest
    seen: list[object] = [None]
    monkeypatch.setattr(storing, "_newest", lambda *given: seen.pop() if seen else newest(*given))
    second = issue(store, draft(ROW, reason="again"))
    assert (second.number, second.supersedes, seen) == (2, first.id, [])


CHANGES = (
    "UPDATE issued_reports SET figures = '{}'",
    "UPDATE issued_reports SET reason = 'nicer'",
    "DELETE FROM issued_reports",
    "DELETE FROM sign_offs",
    "DELETE FROM objections",
    "DELETE FROM exemptions",
    "UPDATE sign_offs SET note = 'nicer'",
)


@pytest.mark.parametrize("change", CHANGES)
def test_the_database_refuses_to_change_what_is_on_record(store: Engine, change: str) -> None:
    """Not only this program: any SQL."""
    issue(store, draft(ROW))
    table = change.split()[2 if change.startswith("DELETE") else 1]
    if table != "issued_reports":
        with store.begin() as connection:
            connection.execute(text(ROWS[table]))
    with pytest.raises(IntegrityError, match="expected none: it is on record"), store.begin() as connection:
        connection.execute(text(change))
    with store.connect() as connection:
        assert connection.execute(text(f"SELECT count(*) FROM {table}")).scalar() == 1
        assert load_issue(connection, 1).reason is None


ROWS = {
    "sign_offs": "INSERT INTO sign_offs (period, start_us, end_us, issue_id, signed_by, signed_us) "
    "VALUES ('2026-11', 0, 1, 1, 'b', 2)",
    "objections": "INSERT INTO objections (agent, period, start_us, end_us, about, text, raised_us, state) "
    "VALUES ('1004', '2026-11', 0, 1, 'minutes', 'too few', 2, 'open')",
    "exemptions": "INSERT INTO exemptions (kind, target_id, target_us, reason, text, asked_by, asked_us) "
    "VALUES ('call', 'pbx/1.1', 0, 'test', 'ours', 'a', 1)",
}


OTHERS = ", ".join(column.name for column in issued_reports.columns if column.name != "id")


def test_a_row_is_not_replaced_either(store: Engine) -> None:
    """SQLite's REPLACE and PostgreSQL's TRUNCATE take rows away without a DELETE: they are refused too."""
    issue(store, draft(ROW))
    ways = {
        "postgresql": ("TRUNCATE issued_reports CASCADE",),
        "sqlite": (
            "REPLACE INTO issued_reports SELECT * FROM issued_reports",
            f"REPLACE INTO issued_reports SELECT 9, {OTHERS} FROM issued_reports",
        ),
    }[store.dialect.name]
    for way in ways:
        with pytest.raises(IntegrityError, match="expected none: it is on record"), store.begin() as connection:
            connection.execute(text(way))
    with store.connect() as connection:
        assert faults(load_frozen(connection, 1)) == ()


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ("figures = replace(figures, '59.5', '95.5')", "figures sha256: found "),
        ("policy_rules = replace(policy_rules, '\"rings\":3', '\"rings\":4')", "policy_rules sha256: found "),
        ("figures = '{}'", "expected the text as it was issued"),
        ("as_of_us = as_of_us + 1000000", "as_of: found 2026-12-01 01:00:01"),
        ("warnings = '[\"all is well\"]'", "warnings: found ('all is well',), expected ()"),
    ],
)
def test_who_went_around_the_guards_is_found_out(store: Engine, change: str, fault: str) -> None:
    """A changed figure, rule, instant or warning is named with what was found and expected."""
    issue(store, draft(ROW))
    with unguarded(store), store.begin() as connection:
        connection.exec_driver_sql(f"UPDATE issued_reports SET {change}")
    with store.connect() as connection:
        assert any(fault in each for each in faults(load_frozen(connection, 1))), faults(load_frozen(connection, 1))


def test_a_late_fact_changes_the_live_report_and_not_the_issued_one(store: Engine) -> None:
    """A call that a log told after the issue: the restatement's difference sheet shows just its minutes."""
    store_facts(store, [call(end=60, known=Known.INFERRED), talk(end=60)])
    store_facts(
        store, [call("pbx/2.1", start=100, end=160), talk("pbx/2.1", start=100, end=160, device="PJSIP/1005")]
    )
    first = issue_live(store)
    how = Rebuilding(sources="cel", repaired_at=ISSUED_AT)
    with store.begin() as connection:
        rebuilt = [call(end=90, known=Known.REPAIRED), talk(end=90, id="pbx/1.1/rebuilt")]
        Ingester(dialect_of(store.dialect.name)).replace_calls(connection, rebuilt, how)
        assert {row["agent"]: row["talk_minutes"] for row in live(connection).rows} == {"1004": 1.5, "1005": 1.0}
    with store.connect() as connection:
        frozen = load_frozen(connection, first.id)
    assert faults(frozen) == ()
    assert {row["agent"]: row["talk_minutes"] for row in frozen.figures.named_rows()} == {"1004": 1, "1005": 1}
    second = issue_live(store, reason="the log of the gap came in", at=at(ISSUED_AT))
    with store.connect() as connection:
        sheet = difference(frozen.figures, load_frozen(connection, second.id).figures)
    (only,) = sheet.lines
    assert (only.change, only.key, only.column) == (Change.CHANGED, ("1004",), "talk_minutes")
    assert (only.before, only.after, only.difference) == ("1", "1.5", "0.5")
    assert sheet.warnings_gone == ("1 of the calls are inferred: part of them was not heard",)
    assert not sheet.policy_changed


def test_a_report_that_nobody_issued_is_refused(store: Engine) -> None:
    """By its id; and nobody issues without a name."""
    with store.connect() as connection, pytest.raises(ClosingError, match="found none of the id 7"):
        load_issue(connection, 7)
    nameless: Draft = draft(ROW, by="  ")
    with pytest.raises(ClosingError, match="issued by: found '  ', expected a text"):
        issue(store, nameless)
