"""The report of the three-ring rate."""

from __future__ import annotations

from analytics.facts_in_memory import FactsInMemory
from analytics.reports.three_rings import three_rings_report
from telephony.calls.facts import Fact, OfferingOutcome
from tests.analytics.factory import call, offering
from tests.analytics.metrics.asking import TODAY, policy


def some_facts() -> list[Fact]:
    """1004 answers one of two in time; 1005 only loses."""
    return [
        call(),
        offering(end=3, outcome=OfferingOutcome.ANSWERED),
        offering(end=3, outcome=OfferingOutcome.ANSWERED_ELSEWHERE, device="PJSIP/1005"),
        call("pbx/2.2"),
        offering("pbx/2.2", end=15, outcome=OfferingOutcome.ANSWERED),
    ]


def test_each_agent_has_his_rate_and_what_it_is_over() -> None:
    """Over nothing it is null; what is nobody's fault stands apart."""
    made = three_rings_report(FactsInMemory(some_facts()), policy(), TODAY, TODAY.end)
    first, second = made.rows
    assert list(first)[:4] == ["agent", "offered", "within", "rate"]
    assert (first["agent"], first["offered"], first["within"], first["rate"], first["late"]) == (
        "1004",
        2,
        1,
        0.5,
        1,
    )
    assert (second["offered"], second["rate"], second["answered_elsewhere"]) == (0, None, 1)


def test_without_a_grouping_there_is_one_row() -> None:
    """Of all agents together."""
    made = three_rings_report(FactsInMemory(some_facts()), policy(), TODAY, TODAY.end, ())
    assert [(row["all"], row["offered"]) for row in made.rows] == [("", 2)]
