"""The difference sheet of two figures."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.closing.difference import Change, Line, difference
from analytics.closing.figures import freeze
from analytics.errors import ClosingError
from analytics.metrics.periods import month_period
from config.policies import PolicyVersion, RingRule
from tests.analytics.closing.issuing import NOVEMBER, figures, report
from tests.analytics.metrics.asking import SHANGHAI, policy

minutes = st.decimals(0, 20000, places=4).map(float)
months = st.dictionaries(st.sampled_from(["1001", "1002", "1003", "1004"]), minutes)


def row(agent: str, talk: float | None, **more: object) -> dict[str, object]:
    """An agent's row."""
    return {"agent": agent, "talk_minutes": talk, **more}


def line(change: Change, agent: str, before: str | None, after: str | None, by: str | None = None) -> Line:
    """A line about an agent's minutes."""
    told = {"before": before, "after": after, "difference": by}
    return Line(change=change, key=(agent,), column="talk_minutes", numeric=True, **told)


def test_only_what_differs_has_a_line() -> None:
    """Rows added, gone and changed; the difference of numbers is exact."""
    before = figures(row("1001", 59.5), row("1002", 0.1), row("1003", 7))
    after = figures(row("1002", 0.3), row("1003", 7.0), row("1004", 5))
    assert difference(before, after).lines == (
        line(Change.GONE, "1001", "59.5", None),
        line(Change.CHANGED, "1002", "0.1", "0.3", "0.2"),
        line(Change.ADDED, "1004", None, "5"),
    )


def test_same_figures_have_no_line() -> None:
    """Whatever order their rows are in."""
    one, two = row("1001", 1.5), row("1002", None)
    sheet = difference(figures(one, two), figures(two, one))
    assert sheet.lines == ()
    assert not sheet.policy_changed


def test_texts_and_empty_cells_have_no_difference_of_numbers() -> None:
    """They are named before and after; a rate over nothing is empty, not 0."""
    before = figures(row("1001", None, tier="level_1", ok=True, calls=1))
    after = figures(row("1001", 0, tier="level_2", ok=1, calls=True))
    lines = difference(before, after).lines
    assert [(each.column, each.before, each.after, each.difference, each.numeric) for each in lines] == [
        ("talk_minutes", None, "0", None, True),
        ("tier", "level_1", "level_2", None, False),
        ("ok", "true", "1", None, False),
        ("calls", "1", "true", None, False),
    ]


def test_a_column_that_only_one_of_them_has_is_told() -> None:
    """A report that tells more since has a line for each new cell."""
    lines = difference(figures(row("1001", 1)), figures(row("1001", 1, calls=2))).lines
    assert [(each.column, each.before, each.after) for each in lines] == [("calls", None, "2")]


def test_an_empty_row_that_came_or_went_is_told() -> None:
    """It has no cell to tell of, and still a line."""
    assert [each.change for each in difference(figures(row("1001", None)), figures()).lines] == [Change.GONE]


def test_rows_of_one_key_are_told_apart_by_their_order() -> None:
    """The second of them is compared with the second."""
    before, after = figures(row("1001", 1), row("1001", 2)), figures(row("1001", 1), row("1001", 3))
    assert [(each.key, each.difference) for each in difference(before, after).lines] == [(("1001", "2"), "1")]


def test_other_rules_and_warnings_are_told() -> None:
    """The sheet says that the policy changed, and which warnings came and went."""
    before = freeze(report(warnings=("one", "two")), NOVEMBER, ("agent",), policy())
    four = policy(PolicyVersion(ring=RingRule(rings=4)))
    sheet = difference(before, freeze(report(warnings=("two", "three")), NOVEMBER, ("agent",), four))
    assert (sheet.policy_changed, sheet.warnings_gone, sheet.warnings_new) == (True, ("one",), ("three",))


def test_other_reports_periods_or_groups_are_refused() -> None:
    """What was found and what was expected."""
    with pytest.raises(ClosingError, match="found the report three-rings, expected minutes"):
        difference(figures(), figures(name="three-rings"))
    with pytest.raises(ClosingError, match="found the groups queue, expected agent"):
        difference(figures(), figures(groups=("queue",)))
    october = freeze(report(), month_period(2026, 10, SHANGHAI), ("agent",), policy())
    with pytest.raises(ClosingError, match="found the start 2026-09-30"):
        difference(figures(), october)


@given(months, months)
def test_the_differences_lead_from_one_to_the_other(before: dict[str, float], after: dict[str, float]) -> None:
    """Whoever adds each line to the first figures has the second, to the last decimal."""
    sheet = difference(
        figures(*(row(*each) for each in before.items())), figures(*(row(*each) for each in after.items()))
    )
    told = {agent: Decimal(repr(value)) for agent, value in before.items()}
    for each in sheet.lines:
        if each.after is None:
            del told[each.key[0]]
        elif each.difference is None:
            told[each.key[0]] = Decimal(each.after)
        else:
            told[each.key[0]] += Decimal(each.difference)
    assert told == {agent: Decimal(repr(value)) for agent, value in after.items()}
