"""The file of --agents: what it may look like, and what is said of a bad row."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from analytics.errors import MappingError
from analytics.people.agents_file import AgentsFile, read_agents
from analytics.people.devices import Assignment

SHANGHAI = ZoneInfo("Asia/Shanghai")


def read(*lines: str) -> AgentsFile:
    """The lines as a file."""
    return read_agents(lines, source="agents.csv", zone=SHANGHAI)


def test_the_last_three_columns_may_be_empty_or_missing() -> None:
    """Interface and agent are enough."""
    expected = (
        Assignment(interface="PJSIP/1004", agent="wang"),
        Assignment(interface="PJSIP/1005", agent="li", name="李"),
    )
    assert read("PJSIP/1004,wang", "PJSIP/1005,li,李,,").assignments == expected


def test_dates_and_times_are_in_the_centres_zone() -> None:
    """A date is its first instant there; an offset of its own wins."""
    found = read("a,wang,,2026-11-01,2026-11-02T09:30", "b,li,,2026-11-01T00:00:00Z,").assignments
    assert found[0].valid_from == datetime(2026, 10, 31, 16, tzinfo=UTC)
    assert found[0].valid_to == datetime(2026, 11, 2, 1, 30, tzinfo=UTC)
    assert found[1].valid_from == datetime(2026, 11, 1, tzinfo=UTC)


def test_a_head_line_comments_empty_lines_and_a_byte_order_mark_are_passed_over() -> None:
    """As spreadsheets write them."""
    found = read("\ufeffInterface,Agent,Name,From,To", "# night shift", "", " , ", "PJSIP/1004,wang")
    assert found == AgentsFile(assignments=(Assignment(interface="PJSIP/1004", agent="wang"),), errors=())


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("PJSIP/1004", "found 1 columns, expected interface,agent,name,from,to"),
        ("a,b,c,,,x", "found 6 columns, expected interface,agent,name,from,to"),
        (",wang", "found interface '' and agent 'wang', expected both"),
        ("a,b,c,yesterday,", "from: found 'yesterday', expected a date or time like 2026-11-02T09:00"),
        ("a,b,c,,2026-13-01", "to: found '2026-13-01', expected a date or time like 2026-11-02T09:00"),
        ("a,b,c,2026-11-02,2026-11-01", "a, b: found from not before to, expected from < to"),
        ("x,li", "x: found wang and li at the same time, expected one at a time"),
    ],
)
def test_a_bad_row_is_told_by_file_line_found_and_expected(line: str, sentence: str) -> None:
    """And the good rows are there all the same."""
    found = read("x,wang", line, "z,zhao")
    assert found.errors == (f"agents.csv, line 2: {sentence}",)
    assert [each.agent for each in found.assignments] == ["wang", "zhao"]


def test_a_mapping_is_made_of_a_file_without_errors_only() -> None:
    """Else its first error is raised."""
    with pytest.raises(MappingError, match=r"agents\.csv, line 1: found 1 columns"):
        read("PJSIP/1004").device_map()
    assert read("PJSIP/1004,wang").device_map().names() == {}
