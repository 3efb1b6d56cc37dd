"""The command for any figure: grouped, chosen, as if, as known, in every form; and the calls behind it."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook

from analytics.metrics.catalogue import METRICS
from tests.service.cli.closing import one
from tests.service.cli.running import Commands

ASK = ("report", "figures", "--period", "2026-11", "--metrics")


def test_figures_are_told_apart_and_echo_the_question(with_calls: Commands) -> None:
    """The answer of the API: question, policy, warnings, rows with key and values in their unit."""
    told = one(with_calls(*ASK, "talk_minutes,calls_handled", "--group", "agent", "--json"))
    assert [(row["key"], row["values"]) for row in told["rows"]] == [
        ({"agent": "1004"}, {"talk_minutes": 1.0, "calls_handled": 1}),
        ({"agent": "1005"}, {"talk_minutes": 1.5, "calls_handled": 1}),
    ]
    assert (told["query"]["group"], told["query"]["period"]["label"]) == (["agent"], "2026-11")
    assert told["policy"]["name"] == "default"
    assert any("inferred" in each for each in told["warnings"])


def test_only_what_is_chosen_counts(with_calls: Commands) -> None:
    """By one group or several."""
    chosen = one(with_calls(*ASK, "talk_minutes", "--where", "agent=1005,1006", "--where", "queue=sales", "--json"))
    assert chosen["rows"] == [{"key": {}, "values": {"talk_minutes": 1.5}}]
    assert chosen["query"]["where"] == {"agent": ["1005", "1006"], "queue": ["sales"]}
    none = one(with_calls(*ASK, "talk_minutes,three_ring_rate", "--where", "agent=7", "--json"))
    assert none["rows"] == [{"key": {}, "values": {"talk_minutes": 0.0, "three_ring_rate": None}}]


def test_other_limits_and_formulas_are_echoed(with_calls: Commands) -> None:
    """What would be, had the policy said so; the answer says that it was asked."""
    told = one(with_calls(*ASK, "service_level", "--rings", "5", "--within", "30", "--formula", "icmi_3", "--json"))
    query = told["query"]
    assert (query["rings"], query["within_seconds"], query["formula"]) == (5, 30, "icmi_3")
    assert told["service_level"] == "icmi_3"


def test_as_of_an_instant_later_calls_are_not_known(with_calls: Commands) -> None:
    """The first call began at 09:00:00, the second at 09:01:40."""
    told = one(with_calls(*ASK, "calls,talk_minutes", "--as-of", "2026-11-02T09:00:30", "--json"))
    assert told["rows"][0]["values"] == {"calls": 1, "talk_minutes": 0.5}
    assert told["query"]["as_of"] == "2026-11-02T01:00:30.000+00:00"


def test_the_calls_behind_add_up_to_the_figure(with_calls: Commands) -> None:
    """A row a call; the sum of counts and minutes is the figure, and a rate has none."""
    told = one(with_calls(*ASK, "talk_minutes,calls_handled,average_talk", "--calls", "--json"))
    assert {row["key"]["call"]: row["values"]["talk_minutes"] for row in told["rows"]} == {
        "pbx/1.1": 1.0,
        "pbx/2.1": 1.5,
    }
    assert told["sum"] == {"talk_minutes": 2.5, "calls_handled": 2, "average_talk": None}
    assert told["figure"] == {"talk_minutes": 2.5, "calls_handled": 2, "average_talk": 75.0}
    shown = with_calls(*ASK, "talk_minutes", "--group", "agent", "--calls").out
    assert "sum: phone minutes 2.50" in shown
    assert "pbx/2.1" in shown


def test_people_read_titles_and_warnings_in_their_language(with_calls: Commands) -> None:
    """Heads from the list of metrics; rates have four decimals, minutes two."""
    chinese = with_calls(*ASK, "talk_minutes,three_ring_rate", "--group", "agent", "--lang", "zh").out
    assert METRICS["talk_minutes"].zh in chinese
    assert "其中 1 通为推断" in chinese
    english = with_calls(*ASK, "talk_minutes", "--group", "agent").out
    assert "! 1 of the calls are inferred" in english
    assert "1.50" in english


def test_csv_and_excel_have_the_same_figures(with_calls: Commands, tmp_path: Path) -> None:
    """CSV with the contract's names; the workbook with people's titles and what the figures are on its second sheet."""
    done = with_calls(*ASK, "talk_minutes", "--group", "agent,day", "--csv", "--excel", "figures.xlsx")
    assert done.out.splitlines() == [
        "agent,day,talk_minutes",
        "1004,2026-11-02,1.0",
        "1005,2026-11-02,1.5",
    ]
    book = load_workbook(tmp_path / "figures.xlsx")
    rows = [[cell.value for cell in row] for row in book.worksheets[0].iter_rows(min_row=2)]
    assert rows == [["1004", "2026-11-02", 1], ["1005", "2026-11-02", 1.5]]
    notes = [str(row[1].value) for row in book.worksheets[1].iter_rows()]
    assert any(METRICS["talk_minutes"].sentence in note for note in notes)
    again = with_calls(*ASK, "talk_minutes", "--excel", "figures.xlsx")
    assert (again.status, "nothing is written over" in again.err) == (2, True)


def test_the_list_of_metrics_is_the_registry(with_calls: Commands) -> None:
    """Every metric with names, sentence, formula, unit, groups and its value over nothing; also without settings."""
    listed = with_calls("report", "metrics", "--json").lines
    assert [each["name"] for each in listed] == list(METRICS)
    assert set(listed[0]) == {"name", "zh", "en", "sentence", "formula", "unit", "chapter", "groups", "empty"}
    assert "三声接听率" in with_calls("report", "metrics", "--lang", "zh").out
    assert with_calls("report", "metrics", "--csv").out.startswith(
        "name,zh,en,sentence,formula,unit,chapter,groups"
    )


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("talk",), "metric talk: not known, expected one of calls,"),
        (("talk_minutes", "--group", "shift"), "group: found 'shift', expected none or one of agent"),
        (("calls", "--group", "agent"), "metric calls: found group agent, expected one of"),
        (("login_minutes", "--calls"), "metric login_minutes: found group call, expected one of"),
        (("calls", "--where", "queue"), "--where: found 'queue', expected agent or"),
        (("calls", "--where", "queue=a", "--where", "queue=b"), "--where: found queue twice"),
        (("calls", "--rings", "0"), "rings: found 0, expected 1 to 20"),
        (("calls", "--within", "4000"), "within: found 1:06:40, expected up to an hour"),
        (("calls", "--as-of", "soon"), "--as-of: found 'soon', expected a time such as"),
        (("calls", "--json", "--csv"), "found both --json and --csv"),
    ],
)
def test_a_mistake_is_one_line(with_calls: Commands, arguments: tuple[str, ...], told: str) -> None:
    """With what was found and what was expected, and status 2."""
    done = with_calls(*ASK, *arguments)
    assert (done.status, done.err.count("\n")) == (2, 1)
    assert told in done.err
