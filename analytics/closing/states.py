"""What may be done with an objection or an exemption in which state, as tables; all else is refused. Pure.

objection   open ─ uphold ─► upheld      exemption   asked ─ approve ─► approved ─ withdraw ─► withdrawn
            open ─ reject ─► rejected                asked ─ refuse ─► refused
            open ─ withdraw ─► withdrawn             asked ─ withdraw ─► withdrawn
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from analytics.errors import ClosingError


class ObjectionState(StrEnum):
    """What became of an objection."""

    OPEN = "open"  # nobody has answered it
    UPHELD = "upheld"  # the agent is right
    REJECTED = "rejected"  # the figure stands
    WITHDRAWN = "withdrawn"  # the agent takes it back


class ObjectionStep(StrEnum):
    """What may be done with an objection."""

    UPHOLD = "uphold"
    REJECT = "reject"
    WITHDRAW = "withdraw"


class ExemptionState(StrEnum):
    """Whether an offering or a call is left out of the rate."""

    ASKED = "asked"  # the second person has not decided
    APPROVED = "approved"  # it is in force
    REFUSED = "refused"  # it never was
    WITHDRAWN = "withdrawn"  # it was taken back, before the decision or after it


class ExemptionStep(StrEnum):
    """What may be done with an exemption."""

    APPROVE = "approve"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"


OBJECTIONS: Mapping[tuple[ObjectionState, ObjectionStep], ObjectionState] = {
    (ObjectionState.OPEN, ObjectionStep.UPHOLD): ObjectionState.UPHELD,
    (ObjectionState.OPEN, ObjectionStep.REJECT): ObjectionState.REJECTED,
    (ObjectionState.OPEN, ObjectionStep.WITHDRAW): ObjectionState.WITHDRAWN,
}

EXEMPTIONS: Mapping[tuple[ExemptionState, ExemptionStep], ExemptionState] = {
    (ExemptionState.ASKED, ExemptionStep.APPROVE): ExemptionState.APPROVED,
    (ExemptionState.ASKED, ExemptionStep.REFUSE): ExemptionState.REFUSED,
    (ExemptionState.ASKED, ExemptionStep.WITHDRAW): ExemptionState.WITHDRAWN,
    (ExemptionState.APPROVED, ExemptionStep.WITHDRAW): ExemptionState.WITHDRAWN,
}

State = TypeVar("State", ObjectionState, ExemptionState)
Step = TypeVar("Step", ObjectionStep, ExemptionStep)


def follow(table: Mapping[tuple[State, Step], State], what: str, state: State, step: Step) -> State:
    """The state after a step. Raise ClosingError where the table has no such step."""
    after = table.get((state, step))
    if after is None:
        fit = sorted(begin.value for begin, each in table if each == step)
        raise ClosingError(f"{what}: found {state.value}, expected {' or '.join(fit)} to {step.value} it")
    return after
