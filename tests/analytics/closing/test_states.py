"""What may be done in which state: the tables say all of it."""

from __future__ import annotations

from itertools import product

import pytest

from analytics.closing.states import (
    EXEMPTIONS,
    OBJECTIONS,
    ExemptionState,
    ExemptionStep,
    ObjectionState,
    ObjectionStep,
    follow,
)
from analytics.errors import ClosingError


@pytest.mark.parametrize(("state", "step"), list(product(ObjectionState, ObjectionStep)))
def test_only_an_open_objection_takes_a_step(state: ObjectionState, step: ObjectionStep) -> None:
    """An answer is not changed; who is not content raises another."""
    if state is ObjectionState.OPEN:
        assert follow(OBJECTIONS, "objection 1", state, step) is not state
    else:
        with pytest.raises(ClosingError, match=f"objection 1: found {state}, expected open to {step} it"):
            follow(OBJECTIONS, "objection 1", state, step)


@pytest.mark.parametrize(("state", "step"), list(product(ExemptionState, ExemptionStep)))
def test_an_exemption_is_decided_once_and_withdrawn_once(state: ExemptionState, step: ExemptionStep) -> None:
    """It may be withdrawn before the decision, or after it was approved."""
    fit = {ExemptionState.ASKED} | ({ExemptionState.APPROVED} if step is ExemptionStep.WITHDRAW else set())
    if state in fit:
        assert follow(EXEMPTIONS, "exemption 1", state, step) is not state
    else:
        with pytest.raises(ClosingError, match=f"exemption 1: found {state}, expected .*asked to {step} it"):
            follow(EXEMPTIONS, "exemption 1", state, step)
