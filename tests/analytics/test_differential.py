"""Our minutes beside the PBX's claims, and why they differ."""

from __future__ import annotations

import pytest

from analytics.differential import CallToCompare, Claimed, Stretch, Why, compare
from telephony.calls.facts import TalkKind

S = 1_000_000


def stretch(agent: str, start: float, end: float, hold: float = 0, kind: TalkKind = TalkKind.CUSTOMER) -> Stretch:
    """A stretch in seconds."""
    return Stretch(agent=agent, kind=kind, start_us=int(start * S), end_us=int(end * S), hold_us=int(hold * S))


def call_with(
    stretches: list[Stretch],
    *claims: tuple[str, str, int],
    handed_on_by: str = "",
    ended: float = 60,
    queued: bool = True,
) -> CallToCompare:
    """A call that began and was picked up at 0."""
    return CallToCompare(
        call_id="pbx/1.1",
        pbx="pbx",
        started_us=0,
        ended_us=int(ended * S),
        picked_up_us=0,
        known="observed",
        customer="13800138000",
        queued=queued,
        stretches=tuple(stretches),
        claims=tuple(Claimed(agent=agent, source=source, talk_seconds=n) for agent, source, n in claims),
        handed_on_by=frozenset({handed_on_by} if handed_on_by else ()),
    )


def why(call: CallToCompare, source: str, agent: str = "wang") -> Why | None:
    """The reason that is given for one agent and source; None where they agree."""
    for balance in compare([call], ["agent_complete", "queue_log", "cdr"]):
        for each in balance.disagreements:
            if (each.agent, each.source) == (agent, source):
                return each.why
    return None


def test_a_claim_within_two_truncated_clocks_agrees() -> None:
    """A difference of whole seconds may be off by one at each end."""
    call = call_with([stretch("wang", 10, 18.4)], ("wang", "agent_complete", 9), ("wang", "queue_log", 8))
    (balance,) = compare([call], ["agent_complete", "queue_log"])
    assert (balance.ours_ms, balance.agreeing, balance.disagreements) == (
        8400,
        {"agent_complete": 1, "queue_log": 1},
        [],
    )


@pytest.mark.parametrize(
    ("call", "source", "reason"),
    [
        (
            call_with([stretch("wang", 10, 20)], ("wang", "queue_log", 50), handed_on_by="wang"),
            "queue_log",
            Why.TRANSFER,
        ),
        (call_with([stretch("wang", 10, 30, hold=8)], ("wang", "agent_complete", 20)), "agent_complete", Why.HOLD),
        (
            call_with(
                [stretch("wang", 10, 20), stretch("wang", 22, 29, kind=TalkKind.CONSULT)],
                ("wang", "agent_complete", 19),
            ),
            "agent_complete",
            Why.CONSULT,
        ),
        (call_with([stretch("wang", 40, 60)], ("wang", "cdr", 60)), "cdr", Why.WAIT),
        (call_with([stretch("wang", 40, 50)], ("wang", "cdr", 10), ("wang", "cdr", 10)), "cdr", Why.DOUBLED),
        (
            call_with([stretch("wang", 5, 9, kind=TalkKind.INTERNAL)], ("wang", "cdr", 4), queued=False),
            "cdr",
            Why.INTERNAL,
        ),
        (call_with([stretch("li", 5, 9)], ("wang", "queue_log", 4)), "queue_log", Why.NO_TALK),
        (call_with([stretch("wang", 40, 50)], ("wang", "queue_log", 2)), "queue_log", Why.OTHER),
    ],
)
def test_each_disagreement_has_its_reason(call: CallToCompare, source: str, reason: Why) -> None:
    """Transfer, hold, consultation, waiting, doubled rows, internal talk, no talk; else it is not explained."""
    assert why(call, source) is reason


def test_who_took_a_call_over_is_claimed_by_no_queue() -> None:
    """The queue knows only its own member; the second agent's minutes are ours alone."""
    call = call_with(
        [stretch("wang", 10, 20), stretch("li", 22, 60)], ("wang", "queue_log", 50), handed_on_by="wang"
    )
    assert why(call, "queue_log", "li") is Why.NOT_COUNTED
    assert why(call, "queue_log", "wang") is Why.TRANSFER


def test_a_call_outside_queues_needs_no_queues_claim() -> None:
    """Only a CDR is written for it."""
    call = call_with([stretch("wang", 10, 20)], queued=False)
    assert why(call, "queue_log") is None
    assert why(call, "cdr") is Why.NOT_COUNTED


def test_a_claim_of_nothing_for_nothing_is_no_disagreement() -> None:
    """A CDR of 0 seconds for a phone that lost to another."""
    assert why(call_with([stretch("li", 5, 9)], ("wang", "cdr", 0)), "cdr") is None
