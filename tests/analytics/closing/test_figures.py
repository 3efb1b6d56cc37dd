"""A report's figures, frozen as one text."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.closing.figures import figures_of, text_of
from analytics.errors import ClosingError
from tests.analytics.closing.issuing import NOVEMBER, figures

ROW = {"agent": "1004", "name": "王娜娜", "talk_minutes": 59.5, "rate": None, "calls": 3, "ok": True}
cells = st.none() | st.booleans() | st.text() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)


def test_frozen_figures_are_read_as_they_were() -> None:
    """All of it: rows in order, numbers exact, the period's instants, policy, warnings."""
    frozen = figures(ROW, {**ROW, "agent": "1003"}, warnings=("two talks still going on",))
    assert figures_of(text_of(frozen)) == frozen
    assert frozen.rows[0] == ("1004", "王娜娜", Decimal("59.5"), None, Decimal(3), True)
    assert (frozen.start, frozen.end, frozen.zone) == (NOVEMBER.start, NOVEMBER.end, "Asia/Shanghai")


@given(st.lists(st.tuples(cells, cells), max_size=5))
def test_any_report_can_be_frozen(rows: list[tuple[object, object]]) -> None:
    """Whatever its columns hold: nothing of it depends on the report."""
    frozen = figures(*({"one": one, "other": other} for one, other in rows), groups=())
    assert text_of(figures_of(text_of(frozen))) == text_of(frozen)


def test_a_report_of_nothing_can_be_frozen() -> None:
    """It has no rows, no columns and no keys."""
    assert figures_of(text_of(figures())).keys == ()


def test_rows_are_told_apart_by_their_groups() -> None:
    """By the columns of the grouping; where there are none, by the first."""
    row = {"agent": "1004", "queue": "sales", "calls": 1}
    assert figures(row, groups=("agent", "queue")).keys == ("agent", "queue")
    assert figures({"all": "", "calls": 1}, groups=("none",)).keys == ("all",)


def test_rows_of_other_columns_are_refused() -> None:
    """The row, what it has and what it should have."""
    with pytest.raises(ClosingError, match=r"row 2: found the columns agent, expected agent, calls"):
        figures({"agent": "1004", "calls": 1}, {"agent": "1005"})


def test_a_cell_that_no_spreadsheet_holds_is_refused() -> None:
    """By row and column."""
    with pytest.raises(ClosingError, match=r"figures row 1 rate: found a Fraction, expected"):
        figures({"agent": "1004", "rate": Fraction(1, 3)})


@pytest.mark.parametrize("text", ["", "{", "[]", '{"report": "minutes"}', "null"])
def test_a_text_that_was_not_issued_is_refused(text: str) -> None:
    """In one line."""
    with pytest.raises(ClosingError, match="expected the text as it was issued"):
        figures_of(text)
