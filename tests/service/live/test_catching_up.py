"""While what was said in our absence is still being read, the board shows nobody's past as his present."""

from __future__ import annotations

from service.dashboard.board import AgentActivity
from service.live.state import held_back
from tests.service.dashboard.people import BOARD


def test_nothing_goes_on_that_nobody_knows_of() -> None:
    """No call, no wait, no agent at work; the day's figures stay as far as they are read."""
    held = held_back(BOARD)
    assert BOARD.active
    assert (held.active, held.waiting, held.longest_wait_since) == ((), 0, None)
    assert {each.activity for each in held.agents} == {AgentActivity.LOGGED_OUT}
    assert [each.since for each in held.agents if each.since] == []
    assert (held.answered, held.three_rings, held.recent) == (BOARD.answered, BOARD.three_rings, BOARD.recent)
    assert [each.agent for each in held.agents] == [each.agent for each in BOARD.agents]
