"""How a call reads as a try."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Engine

from config.followups import Result
from schedulers.storage.calls import unheard_calls
from telephony.calls.facts import Direction, Disposition
from tests.analytics.factory import START, call, maybe
from tests.analytics.stored import store_facts


@pytest.mark.parametrize(
    ("disposition", "picked_up", "result"),
    [
        (Disposition.BUSY, None, Result.REJECTED),  # his own phone declined
        (Disposition.BUSY, 1, Result.REJECTED),  # the same, after our agent's phone was up
        (Disposition.PICKED_UP, 1, Result.AGENT_MISSED),  # he answered; it was our agent's phone that declined
    ],
)
def test_only_a_customer_who_did_not_answer_has_declined(
    store: Engine, disposition: Disposition, picked_up: int | None, result: Result
) -> None:
    """Cause 21 is also that of an agent who declines a customer who waits for him."""
    told: dict[str, Any] = {"direction": Direction.OUTBOUND, "disposition": disposition, "cause": 21}
    store_facts(store, [call(end=5, picked_up_at=maybe(picked_up), **told)])
    with store.connect() as connection:
        heard = [each for _, each in unheard_calls(connection, START, "CN").values()]
    assert [each.result for each in heard] == [result]
