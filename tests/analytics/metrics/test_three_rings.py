"""Within three rings: each sentence of the definition, at its boundary."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest

from analytics.metrics.cells import Group
from analytics.metrics.rings import RingResult
from config.policies import CADENCES, Boundary, NumberLists, PolicyVersion, RingRule, TrunkCadence
from telephony.calls.facts import Direction, Disposition, Fact, OfferingOutcome, OfferingSource
from tests.analytics.factory import at, call, offering
from tests.analytics.metrics.asking import ask, figure, policy

MICROSECOND = 0.000001
ANSWERED = OfferingOutcome.ANSWERED


def rung(seconds: float, outcome: OfferingOutcome = ANSWERED, **more: object) -> list[Fact]:
    """A call that rang one agent for so long."""
    return [call(answered=seconds, end=60), offering(ring=0, end=seconds, outcome=outcome, **more)]


def result_of(facts: list[Fact], **more: object) -> str:
    """The one result that counts 1 in the agent's view; 'outside' where the offering is not counted at all."""
    names = ["open" if each is RingResult.RINGING else each.value for each in RingResult]
    values = ask(facts, *(f"ring_{name}" for name in names), **more).row().values  # type: ignore[arg-type]
    found = [name.removeprefix("ring_") for name, value in values.items() if value == 1]
    assert sum(value or 0 for value in values.values()) == len(found)
    return found[0] if found else "outside"


@pytest.mark.parametrize(
    ("seconds", "result"),
    [(0.0, "within"), (14.999999, "within"), (15.0, "late"), (15.000001, "late")],
)
def test_with_the_chinese_cadence_the_limit_is_15_seconds_and_equality_is_late(seconds: float, result: str) -> None:
    """Ring n begins at (n - 1) x cycle: the fourth starts at 15.000 s."""
    assert result_of(rung(seconds)) == result


@pytest.mark.parametrize(("cadence", "limit"), [("us", 18.0), ("uk", 9.0), ("cn", 15.0), ("jp", 9.0)])
def test_each_cadence_has_its_own_limit(cadence: str, limit: float) -> None:
    """Three cycles of the country's ringing tone."""
    rules = policy(PolicyVersion(ring=RingRule(cadence=CADENCES[cadence])))
    assert result_of(rung(limit - MICROSECOND), rules=rules) == "within"
    assert result_of(rung(limit), rules=rules) == "late"


def test_a_policy_may_end_at_the_third_tone() -> None:
    """CN: 2 cycles and 1 s of tone, 11.000 s."""
    rules = policy(PolicyVersion(ring=RingRule(boundary=Boundary.TONE_END)))
    assert result_of(rung(11 - MICROSECOND), rules=rules) == "within"
    assert result_of(rung(11), rules=rules) == "late"


def test_a_policy_may_count_plain_seconds() -> None:
    """Whatever the cadence."""
    rules = policy(PolicyVersion(ring=RingRule(boundary=Boundary.SECONDS, seconds=timedelta(seconds=20))))
    assert result_of(rung(20 - MICROSECOND), rules=rules) == "within"
    assert result_of(rung(20), rules=rules) == "late"


def test_the_trunk_that_the_call_came_by_may_have_its_own_cadence() -> None:
    """The customer hears the tone of his own country."""
    ring = RingRule(trunks=(TrunkCadence(match="trunk-a", cadence=CADENCES["uk"]),))
    assert result_of(rung(9), rules=policy(PolicyVersion(ring=ring))) == "late"


def test_ring_time_begins_when_the_device_alerts_not_when_it_is_dialled() -> None:
    """Two seconds between dialling and 180 are not the agent's."""
    facts = [call(), offering(offered_at=at(0), ring=2, end=16.5, outcome=ANSWERED)]
    assert result_of(facts) == "within"


@pytest.mark.parametrize("outcome", [OfferingOutcome.NO_ANSWER, OfferingOutcome.DECLINED])
@pytest.mark.parametrize("seconds", [3.0, 30.0])
def test_no_answer_and_declined_count_even_before_the_limit(outcome: OfferingOutcome, seconds: float) -> None:
    """ "No answer" counts though the queue stopped ringing before the limit."""
    facts = rung(seconds, outcome)
    assert result_of(facts) == outcome.value
    assert figure(facts, "three_ring_rate") == 0


@pytest.mark.parametrize(
    ("seconds", "result", "rate"),
    [(14.999999, "caller_gave_up_early", None), (15.0, "caller_gave_up_late", 0)],
)
def test_a_caller_who_gave_up_counts_only_from_the_limit_on(seconds: float, result: str, rate: int | None) -> None:
    """Before the limit nobody is blamed."""
    facts = rung(seconds, OfferingOutcome.CALLER_GAVE_UP)
    assert result_of(facts) == result
    assert figure(facts, "three_ring_rate") == rate


@pytest.mark.parametrize(
    "outcome",
    [
        OfferingOutcome.ANSWERED_ELSEWHERE,
        OfferingOutcome.BUSY,
        OfferingOutcome.UNREACHABLE,
        OfferingOutcome.FAILED,
    ],
)
def test_what_the_agent_could_not_help_stands_apart(outcome: OfferingOutcome) -> None:
    """Counted, but outside the rate, which over nothing is null."""
    facts = rung(20, outcome)
    assert result_of(facts) == outcome.value
    assert figure(facts, "ring_offered") == 0
    assert figure(facts, "three_ring_rate") is None


@pytest.mark.parametrize("more", [{"consult": True}, {"source": OfferingSource.ORIGINATE}])
def test_consultations_and_the_own_leg_of_a_click_to_call_are_outside(more: dict[str, object]) -> None:
    """They are not a customer's call to an agent."""
    assert result_of(rung(3, **more)) == "outside"


def test_internal_calls_are_outside() -> None:
    """Colleagues ringing each other are nobody's three rings."""
    facts = [call(direction=Direction.INTERNAL), offering(end=3, outcome=ANSWERED)]
    assert result_of(facts) == "outside"


@pytest.mark.parametrize(
    "source", [OfferingSource.QUEUE, OfferingSource.DIRECT, OfferingSource.TRANSFER, OfferingSource.PICKUP]
)
def test_every_way_by_which_a_customers_call_reaches_an_agent_counts(source: OfferingSource) -> None:
    """Queue, direct, transfer and pickup; of outbound campaigns too."""
    assert result_of(rung(3, source=source)) == "within"
    outbound = [call(direction=Direction.OUTBOUND), offering(end=3, outcome=ANSWERED, source=source)]
    assert result_of(outbound) == "within"


def test_an_offering_belongs_to_the_day_on_which_it_began() -> None:
    """One dialled a microsecond before midnight is yesterday's, though answered today."""
    midnight = 15 * 3600  # START is 09:00
    late = offering(ring=midnight - MICROSECOND, end=midnight + 3, outcome=ANSWERED)
    assert result_of([call(start=midnight - 5), late], as_of=at(midnight + 60)) == "within"
    on_time = offering(ring=midnight, end=midnight + 3, outcome=ANSWERED)
    assert result_of([call(start=midnight - 5), on_time], as_of=at(midnight + 60)) == "outside"


def test_an_offering_is_open_until_the_as_of_instant_knows_its_end() -> None:
    """What a later revision told is not known yet at that instant."""
    facts = rung(10)
    assert result_of(facts, as_of=at(9.999999)) == "open"
    assert result_of(facts, as_of=at(10)) == "within"


def test_an_offering_is_judged_by_the_policy_in_force_when_it_began() -> None:
    """A rule changed at noon does not reach back."""
    shorter = RingRule(boundary=Boundary.SECONDS, seconds=timedelta(seconds=5))
    rules = policy(PolicyVersion(), PolicyVersion(start=at(100), ring=shorter))
    before = offering(id="a", ring=99.999999, end=109, outcome=ANSWERED)
    after = offering(id="b", ring=100, end=109, outcome=ANSWERED)
    answer = ask([call(), before, after], "ring_within", "ring_late", rules=rules)
    assert answer.row().values == {"ring_within": 1, "ring_late": 1}
    assert any("policy changed" in str(each) for each in answer.warnings)


def test_test_numbers_are_in_no_figure() -> None:
    """Numbers that the policy lists as our own trials stay out."""
    rules = policy(PolicyVersion(numbers=NumberLists(test=("138*",))))
    assert result_of(rung(3), rules=rules) == "outside"


def test_the_rate_is_exact_and_each_agent_has_his_own() -> None:
    """Two of three, not 0.67; the loser of a ring-all has no rate at all."""
    facts: list[Fact] = []
    for number, seconds in enumerate((3, 4, 20)):
        call_id = f"pbx/{number}.1"
        facts += [call(call_id), offering(call_id, end=seconds, outcome=ANSWERED)]
        facts.append(
            offering(call_id, device="PJSIP/1005", end=seconds, outcome=OfferingOutcome.ANSWERED_ELSEWHERE)
        )
    assert figure(facts, "three_ring_rate", key="1004") == Fraction(2, 3)
    assert figure(facts, "three_ring_rate", key="1005") is None
    assert figure(facts, "ring_answered_elsewhere", key="1005") == 3


def caller_result(facts: list[Fact], **more: object) -> str:
    """The one result that counts 1 in the caller's view."""
    names = ["caller_within", "caller_late", "caller_gave_up_early", "caller_not_answered", "caller_never_rang"]
    values = ask(facts, *names, **more).row().values  # type: ignore[arg-type]
    found = [name.removeprefix("caller_") for name, value in values.items() if value == 1]
    return found[0] if found else "outside"


def test_the_caller_counts_from_the_first_alert_of_any_phone_to_the_first_human() -> None:
    """A second agent who answers his own phone at once does not make the caller's wait short."""
    first = offering(ring=1, end=12, outcome=OfferingOutcome.NO_ANSWER)
    second = offering(ring=13, end=16, outcome=ANSWERED, device="PJSIP/1005")
    assert caller_result([call(answered=16, end=60), first, second]) == "late"
    assert caller_result([call(answered=16 - MICROSECOND, end=60), first, second]) == "within"
    assert figure([call(answered=16, end=60), first, second], "three_ring_rate", key="1005") == 1


def test_a_caller_for_whom_no_phone_alerted_never_rang() -> None:
    """Outside the caller's rate, which over nothing is null."""
    busy = offering(ring=1, end=1, outcome=OfferingOutcome.BUSY)
    abandoned = call(end=40, disposition=Disposition.ABANDONED)
    for facts in ([abandoned], [abandoned, busy]):
        assert caller_result(facts) == "never_rang"
        assert figure(facts, "caller_three_ring_rate") is None


@pytest.mark.parametrize(("seconds", "result"), [(14.999999, "gave_up_early"), (15.0, "not_answered")])
def test_a_caller_who_left_is_one_of_the_callers_view(seconds: float, result: str) -> None:
    """One per call that alerted somebody; who left early is shown apart too."""
    facts = [
        call(customer_left_at=at(seconds), end=50, disposition=Disposition.ABANDONED),
        offering(ring=0, end=seconds, outcome=OfferingOutcome.CALLER_GAVE_UP),
    ]
    assert caller_result(facts) == result
    assert figure(facts, "caller_three_ring_rate") == 0


def test_only_inbound_calls_have_a_caller() -> None:
    """Whom we rang did not wait for us."""
    outbound = call(direction=Direction.OUTBOUND, answered=3, end=60)
    assert caller_result([outbound, offering(end=3, outcome=ANSWERED)]) == "outside"


def test_the_caller_is_told_by_his_call_even_if_its_phone_rang_after_midnight() -> None:
    """The call began in the period; its offerings count whenever they were."""
    midnight = 15 * 3600
    facts = [
        call(start=midnight - 2, answered=midnight + 3, end=midnight + 60),
        offering(ring=midnight + 1, end=midnight + 3, outcome=ANSWERED),
    ]
    assert caller_result(facts, as_of=at(midnight + 60)) == "within"


def test_three_rings_can_be_told_apart_by_queue_and_day() -> None:
    """The same offerings, under other headings."""
    facts = [*rung(3), replace(offering(id="x", end=20, outcome=ANSWERED), queue="repairs")]
    by_queue = ask(facts, "ring_within", "ring_late", groups=(Group.QUEUE,))
    assert {row.key[0]: row.values for row in by_queue.rows} == {
        "repairs": {"ring_within": 0, "ring_late": 1},
        "sales": {"ring_within": 1, "ring_late": 0},
    }
    by_day = ask(facts, "ring_offered", groups=(Group.DAY,))
    assert {row.key[0]: row.values for row in by_day.rows} == {"2026-11-02": {"ring_offered": 2}}
