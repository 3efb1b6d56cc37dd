"""`threerings policy simulate` as people and programs use it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.service.cli.running import Commands

DAYS = ("--from", "2026-03-01", "--to", "2026-03-31")


def test_a_month_of_made_up_customers_as_json(threerings: Commands) -> None:
    """Kinds and groups by month, the same for the same seed; done is never more than was due."""
    first, again = (
        threerings("policy", "simulate", "hotline", "--count", "200", *DAYS, "--json") for _ in range(2)
    )
    assert first.status == 0, first.err
    assert first.out == again.out
    told = json.loads(first.out)
    assert (told["policy"], told["customers"], told["from"], told["to"]) == ("hotline", 200, DAYS[1], DAYS[3])
    assert {row["month"] for row in told["kinds"]} == {"2026-03"}
    assert 0 < told["done"] <= told["due"] == sum(row["arising"] for row in told["kinds"])


def test_a_list_of_customers_and_one_calendar(threerings: Commands, tmp_path: Path) -> None:
    """A client who wants nothing from outside gets his two-monthly revisit; his calendar shows it from birth on."""
    sheet = tmp_path / "customers.csv"
    sheet.write_text("id,number,sort,since\nC-1,13800138000,client,2026-01-10\n", encoding="utf-8")
    asked = ("--customers", str(sheet), "--customer", "C-1", *DAYS, "--json")
    found = threerings("policy", "simulate", "inspection", *asked)
    assert found.status == 0, found.err
    story = [row for row in json.loads(found.out)["calendar"] if row["kind"] == "two_monthly"]
    assert story[0]["what"] == "born"
    assert story[0]["at"] == "2026-03-09T16:00:00+00:00"


def test_tables_in_chinese(threerings: Commands) -> None:
    """People read Chinese words unless they ask for others."""
    found = threerings("policy", "simulate", "hotline", "--count", "50", *DAYS)
    assert found.status == 0, found.err
    assert "产生" in found.out
    assert "坐席工时" in found.out


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (("--from", "2026-3-1"), "--from: found '2026-3-1', expected a day such as 2026-11-02"),
        (("--from", "2026-03-02", "--to", "2026-03-01"), "--to: found 2026-03-01, expected 2026-03-02 or later"),
        (("--customer", "nobody", "--count", "5", *DAYS), "--customer: found 'nobody', expected the id"),
    ],
)
def test_what_is_not_understood(threerings: Commands, given: tuple[str, ...], told: str) -> None:
    """A bad day, span or customer is status 2 with one line."""
    found = threerings("policy", "simulate", "hotline", *given)
    assert found.status == 2
    assert told in found.err
