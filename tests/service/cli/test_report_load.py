"""The command of the load: rows as JSON, CSV and tables, staffing with its inputs, and issued like other reports."""

from __future__ import annotations

from pathlib import Path

from analytics.storage.engine import open_store
from tests.analytics.factory import call, talk
from tests.analytics.stored import store_facts
from tests.service.cli.closing import one
from tests.service.cli.running import Commands

LOAD = ("report", "load", "--period", "2026-11-02")


def test_the_load_of_a_day_by_hour_and_by_queue(with_calls: Commands) -> None:
    """Two calls on a Monday at nine; by default a row a weekday and hour."""
    (row,) = with_calls(*LOAD, "--json").lines
    assert (row["weekday"], row["hour"], row["calls"], row["offered"], row["answered"]) == ("1", "09", 2, 2, 2)
    assert row["average_handle_seconds"] == 75.0
    assert "agents" not in row
    (row,) = with_calls(*LOAD, "--group", "quarter_hour", "--json").lines
    assert (row["quarter_hour"], row["calls"]) == ("09:00", 2)


def test_agents_are_suggested_with_what_that_is_made_of(with_calls: Commands) -> None:
    """The load is calls × handle time; the sentence beneath the table names target and shrinkage in its language."""
    (row,) = with_calls(*LOAD, "--group", "quarter_hour", "--staffing", "--shrinkage", "30", "--json").lines
    assert (row["quarter_hours"], row["offered_per_quarter"], row["handle_seconds"]) == (1, 2, 75)
    assert (row["load"], row["agents"], row["scheduled"]) == (0.167, 1, 2)
    english = with_calls(*LOAD, "--staffing").out
    assert "! agents are a suggestion by Erlang C" in english
    assert "Erlang C 推算的建议值" in with_calls(*LOAD, "--staffing", "--lang", "zh").out


def test_shifts_are_those_that_were_imported(with_calls: Commands, tmp_path: Path) -> None:
    """Without any the command says so in one line; with one, its calls are in it."""
    refused = with_calls(*LOAD, "--group", "shift", "--json")
    assert (refused.status, refused.err.count("\n")) == (2, 1)
    assert "expected shifts of the centre" in refused.err
    (tmp_path / "shifts.csv").write_text("班次,时段,星期\n早班,08:00-16:00,1-6\n", encoding="utf-8")
    assert with_calls("people", "import", "shifts.csv", "--kind", "shifts", "--json").status == 0
    (row,) = with_calls(*LOAD, "--group", "shift", "--json").lines
    assert (row["shift"], row["calls"]) == ("早班", 2)
    assert "早班" in with_calls(*LOAD, "--group", "shift", "--lang", "zh").out


def test_csv_has_the_names_of_the_contract(with_calls: Commands) -> None:
    """In either language; people read what is offered here as calls, not as rings."""
    chinese = with_calls(*LOAD, "--lang", "zh").out
    assert ("需人工来电" in chinese, "振铃次数" in chinese) == (True, False)
    assert with_calls(*LOAD, "--csv", "--lang", "zh").out.startswith("weekday,hour,calls,self_service,offered,")


def test_the_load_can_be_issued_and_compared(with_calls: Commands, tmp_path: Path) -> None:
    """Frozen as it was; a call that comes later is in the difference with the live report."""
    asked = ("report", "issue", "load", "--period", "2026-11", "--yes", "--json", "--by", "王主管")
    first = one(with_calls(*asked))
    assert first["groups"] == ["weekday", "hour"]
    engine = open_store(f"sqlite:///{tmp_path}/data/threerings.db")
    store_facts(engine, [call("pbx/3.1", start=200, end=290), talk("pbx/3.1", start=200, end=290)])
    engine.dispose()
    told = one(with_calls("report", "difference", "1", "--live", "--json"))
    changed = {row["column"]: (row["before"], row["after"]) for row in told["rows"]}
    assert changed["calls"] == ("2", "3")
    by_shift = with_calls(*asked[:3], "--period", "2026-11", "--group", "shift", "--by", "b", "--yes")
    assert (by_shift.status, by_shift.err.count("\n")) == (2, 1)


def test_a_business_day_that_begins_later_is_the_same_everywhere(with_calls: Commands, tmp_path: Path) -> None:
    """Where the day begins at ten, 09:00 on Monday the 2nd belongs to Sunday the 1st."""
    (tmp_path / "late.toml").write_text('name = "late"\nday_start = "10:00"\n[[version]]\n', encoding="utf-8")
    with (tmp_path / "threerings.toml").open("a", encoding="utf-8") as settings:
        settings.write('policy = "late.toml"\n')
    assert with_calls(*LOAD, "--json").lines == []
    (row,) = with_calls("report", "load", "--period", "2026-11-01", "--group", "day", "--json").lines
    assert (row["day"], row["calls"]) == ("2026-11-01", 2)
    assert with_calls("report", "minutes", "--period", "2026-11-02", "--json").lines == []
