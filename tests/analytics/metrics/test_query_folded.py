"""Several questions of one source count once what they share, and are answered as each alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from analytics.facts_in_memory import FactsInMemory
from analytics.metrics.cells import Group
from analytics.metrics.periods import month_period
from analytics.metrics.query import Folded, Query, run
from analytics.values import Offered
from tests.analytics.metrics.asking import SHANGHAI, policy
from tests.service.api.conftest import captured

NOVEMBER = month_period(2026, 11, SHANGHAI)
RINGS = ("ring_offered", "ring_within", "three_ring_rate")


def asked(*groups: Group, **more: Any) -> Query:
    """The rings of November."""
    return Query(**{"metrics": RINGS, "period": NOVEMBER, "as_of": NOVEMBER.end, "groups": groups} | more)


@pytest.mark.parametrize(
    "other",
    [
        asked(),
        asked(Group.QUEUE),
        asked(Group.CALL),
        asked(rings=1),
        asked(as_of=NOVEMBER.start + timedelta(days=20)),
    ],
    ids=["whole", "queues", "calls", "other rings", "another instant"],
)
def test_what_was_counted_before_changes_no_answer(other: Query) -> None:
    """Whatever is asked afterwards: told apart otherwise, by other limits, or as of another instant."""
    source, folded = FactsInMemory(captured()), Folded()
    run(asked(Group.AGENT), source, policy(), folded=folded)
    assert run(other, source, policy(), folded=folded) == run(other, source, policy())


def test_what_is_shared_is_read_once() -> None:
    """The second question about the same families asks the source for nothing."""

    class Counting(FactsInMemory):
        reads = 0

        def offerings(self, start_us: int, end_us: int) -> Iterator[Offered]:
            Counting.reads += 1
            return super().offerings(start_us, end_us)

    source, folded = Counting(captured()), Folded()
    run(asked(Group.AGENT), source, policy(), folded=folded)
    before = Counting.reads
    run(asked(Group.QUEUE), source, policy(), folded=folded)
    assert before == Counting.reads > 0
