"""Counts of calls, waits in queues, and the service level by each named formula."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction

import pytest

from analytics.metrics.cells import Group
from analytics.metrics.tallies import Tally
from analytics.metrics.wait_metrics import chosen_level, level_metric
from config.policies import PolicyVersion, ServiceLevel, ServiceLevelFormula
from telephony.calls.facts import Direction, Disposition, Fact, VisitEnd
from tests.analytics.factory import at, call, visit
from tests.analytics.metrics.asking import ask, figure, policy

# ICMI's own worked example: 1000 answered, 860 of them in 20 s; 60 abandoned, 20 in 20 s, 10 short.
ICMI = Tally(
    {
        "visits": 1060,
        "visits_answered": 1000,
        "answered_within": 860,
        "visits_abandoned": 60,
        "abandoned_within": 20,
        "abandoned_short": 10,
    }
)


@pytest.mark.parametrize(
    ("formula", "percent"),
    [
        (ServiceLevelFormula.ICMI_1, "83.0"),
        (ServiceLevelFormula.ICMI_2, "86.0"),
        (ServiceLevelFormula.ICMI_3, "81.1"),
        (ServiceLevelFormula.ICMI_4, "82.7"),
        (ServiceLevelFormula.ICMI_5, "82.1"),
        (ServiceLevelFormula.ANSWERED_LESS_SHORT, "81.9"),
        (ServiceLevelFormula.ASTERISK_SL, "86.0"),
        (ServiceLevelFormula.ASTERISK_SL2, "83.0"),
    ],
)
def test_each_formula_gives_its_published_value(formula: ServiceLevelFormula, percent: str) -> None:
    """One data set, eight answers: which is why a service level names its formula."""
    for metric in (level_metric(formula), chosen_level(formula)):
        assert f"{100 * float(metric.value(ICMI) or 0):.1f}" == percent


def test_the_published_data_set_gives_its_published_values_from_calls() -> None:
    """The same data set as 1,060 stays in a queue: 1000 answered, 860 in 20 s; 60 gave up, 20 in 20 s, 10 at once."""
    stays = [
        *(waited(n, 20 if n < 860 else 21, VisitEnd.ANSWERED) for n in range(1000)),
        *(waited(1000 + n, 4 if n < 10 else 20 if n < 20 else 21, VisitEnd.ABANDONED) for n in range(60)),
    ]
    names = [f"service_level_icmi_{n}" for n in range(1, 6)]
    found = ask([fact for stay in stays for fact in stay], *names).row().values
    assert [f"{100 * float(found[name] or 0):.1f}" for name in names] == ["83.0", "86.0", "81.1", "82.7", "82.1"]


def waited(number: int, seconds: float, ended: VisitEnd, queue: str = "sales") -> list[Fact]:
    """A call with one stay in a queue."""
    call_id = f"pbx/{number}.1"
    return [call(call_id), visit(call_id, joined=0, left=seconds, ended=ended, queue=queue)]


def test_a_wait_of_exactly_n_seconds_is_within() -> None:
    """And a microsecond more is not."""
    facts = [*waited(1, 20, VisitEnd.ANSWERED), *waited(2, 20.000001, VisitEnd.ANSWERED)]
    assert figure(facts, "service_level") == Fraction(1, 2)


def test_a_short_abandon_is_left_out_of_rate_and_level() -> None:
    """Under five seconds; at five it counts."""
    answered = waited(1, 10, VisitEnd.ANSWERED)
    assert figure([*answered, *waited(2, 4.999999, VisitEnd.ABANDONED)], "abandonment_rate") == 0
    assert figure([*answered, *waited(2, 5, VisitEnd.ABANDONED)], "abandonment_rate") == Fraction(1, 2)
    assert figure([*answered, *waited(2, 5, VisitEnd.ABANDONED)], "service_level") == Fraction(1, 2)


def test_the_average_wait_is_over_answered_stays_only() -> None:
    """In milliseconds, exact; null where nobody was answered."""
    facts = [
        *waited(1, 3.0005, VisitEnd.ANSWERED),
        *waited(2, 4, VisitEnd.ANSWERED),
        *waited(3, 90, VisitEnd.TIMEOUT),
    ]
    assert figure(facts, "average_wait") == 3500
    assert figure(waited(3, 90, VisitEnd.ABANDONED), "average_wait") is None


def test_a_caller_who_overflowed_counts_in_the_queue_that_he_left() -> None:
    """Each stay is a stay of its own queue."""
    facts = [
        *waited(1, 30, VisitEnd.TIMEOUT),
        visit("pbx/1.1", id="second", joined=30, left=35, ended=VisitEnd.ANSWERED, queue="overflow"),
    ]
    answer = ask(facts, "visits", "visits_answered", groups=(Group.QUEUE,))
    assert {row.key[0]: row.values for row in answer.rows} == {
        "overflow": {"visits": 1, "visits_answered": 1},
        "sales": {"visits": 1, "visits_answered": 0},
    }


def test_the_result_names_the_formula_of_the_service_level() -> None:
    """As the policy set it."""
    level = ServiceLevel(within=timedelta(seconds=10), formula=ServiceLevelFormula.ICMI_2)
    answer = ask([], "service_level", rules=policy(PolicyVersion(service_level=level)))
    assert answer.service_level is ServiceLevelFormula.ICMI_2
    assert answer.row().values == {"service_level": None}


def test_a_call_is_one_call_however_many_stays_and_talks_it_had() -> None:
    """Counted by direction, and by what became of it."""
    facts: list[Fact] = [
        *waited(1, 3, VisitEnd.ANSWERED),
        call("pbx/2.2", end=9, disposition=Disposition.ABANDONED),
        call("pbx/3.3", end=9),
        call("pbx/4.4", end=9, direction=Direction.OUTBOUND),
        call("pbx/5.5", end=9, direction=Direction.INTERNAL),
        call("pbx/6.6", merged_into="pbx/5.5"),
    ]
    names = ("calls", "calls_inbound", "calls_outbound", "calls_internal", "inbound_answered", "inbound_abandoned")
    assert list(ask(facts, *names).row().values.values()) == [5, 3, 1, 1, 1, 1]


def test_the_answer_rate_is_over_calls_that_are_over() -> None:
    """A call that rings now is neither answered nor lost."""
    facts: list[Fact] = [call(end=9), call("pbx/2.2")]
    assert figure(facts, "answer_rate", as_of=at(60)) == 1
    assert figure([call()], "answer_rate", as_of=at(60)) is None
