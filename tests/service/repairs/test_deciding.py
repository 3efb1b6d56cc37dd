"""Which calls of the logs must be rebuilt."""

from __future__ import annotations

from datetime import datetime

import pytest

from analytics.storage.repairs import Stored
from service.repairs.deciding import Decision, Stream, decide, is_over
from telephony.calls.facts import Known
from telephony.pbxlogs.rows import QueueRow
from tests.telephony.pbxlogs.cel_rows import answered_call, at, call_of


def stored(known: Known = Known.OBSERVED, disposition: str | None = "answered", sources: str = "") -> Stored:
    """A call as the store has it."""
    return Stored(call_id="pbx/1.1", known=known, disposition=disposition, talk_ms=8000, sources=sources)


def stream(until: float | None = 60, *gaps: tuple[float, float | None]) -> Stream:
    """A stream that is stored up to a moment, with gaps."""
    told = [(at(lost), None if again is None else at(again)) for lost, again in gaps]
    return Stream(stored_until=None if until is None else at(until), gaps=told)


def test_a_call_heard_whole_is_left_as_it_is() -> None:
    """What was observed needs no log, whatever gaps there were elsewhere."""
    assert decide(call_of(answered_call()), stored(), stream(60, (30, 40))) is Decision.FINE


def test_a_call_heard_in_part_is_rebuilt() -> None:
    """Inferred in the store: a gap touched it."""
    told = stored(Known.INFERRED, "indeterminate")
    assert decide(call_of(answered_call()), told, stream()) is Decision.REBUILD


def test_a_call_heard_in_part_is_better_than_what_a_thin_log_says() -> None:
    """CDR and queue_log alone know no transfers; but where the end was not heard, they know that."""
    rows = [QueueRow(at(1), "1.1", "sales", "wang", "COMPLETEAGENT", ("1", "8", "1"))]
    thin = call_of([], queue=rows)
    assert decide(thin, stored(Known.INFERRED, "answered"), stream()) is Decision.FINE
    assert decide(thin, stored(Known.INFERRED, "indeterminate"), stream()) is Decision.REBUILD


@pytest.mark.parametrize("gap", [(-5.0, 30.0), (5.0, 8.0), (9.5, None), (-3.0, -0.5), (10.5, 12.0)])
def test_a_call_of_which_nothing_is_stored_is_rebuilt_where_the_stream_was_deaf(
    gap: tuple[float, float | None],
) -> None:
    """The gap may lie within the call, around it, or go on still; clocks differ by up to a second."""
    assert decide(call_of(answered_call()), None, stream(60, gap)) is Decision.REBUILD


def test_what_was_heard_whole_and_is_no_call_stays_none() -> None:
    """A phone that dialled a feature code has rows in the logs and no call in the store."""
    assert decide(call_of(answered_call()), None, stream(60, (30, 40))) is Decision.FINE


@pytest.mark.parametrize("until", [None, 9.0])
def test_what_the_stream_has_not_told_yet_is_waited_for(until: float | None) -> None:
    """The store may be down or behind: that is no gap."""
    assert decide(call_of(answered_call()), None, stream(until)) is Decision.WAIT


def test_a_call_that_goes_on_is_waited_for() -> None:
    """Without the end of each channel nothing is rebuilt."""
    rows = [row for row in answered_call() if row.event not in ("HANGUP", "CHAN_END")]
    assert decide(call_of(rows), stored(Known.INFERRED, None), stream()) is Decision.WAIT


@pytest.mark.parametrize(("stop", "over"), [(11.0, True), (1.0, False)])
def test_a_call_that_a_dying_pbx_cut_off_is_over(stop: float, over: bool) -> None:
    """A PBX that is killed writes no end; one that died before the call began did not end it."""
    rows = [row for row in answered_call() if row.event not in ("HANGUP", "CHAN_END")]
    stops: list[datetime] = [at(stop)]
    assert is_over(call_of(rows), stops) is over


@pytest.mark.parametrize(("until", "decision"), [(20.0, Decision.WAIT), (41.0, Decision.REBUILD)])
def test_an_end_that_was_not_heard_is_found_by_the_logs(until: float, decision: Decision) -> None:
    """Open in the store, over in the logs, and the stream is long past that."""
    assert decide(call_of(answered_call()), stored(disposition=None), stream(until)) is decision


def test_a_call_that_was_rebuilt_is_looked_at_again() -> None:
    """Rows that come late correct it."""
    told = stored(Known.REPAIRED, sources="cel")
    assert decide(call_of(answered_call()), told, stream(None)) is Decision.REBUILD
