"""What the stream is worth for a call of the logs."""

from __future__ import annotations

import pytest

from telephony.events import UP, BridgeEnter, Connected, Hangup, Lost, NewChannel, NewState, PbxEvent
from telephony.pbxlogs.rows import QueueRow
from telephony.reconcile.hearing import Hearing, Verdict, channels_named, span_of, verdict_of
from tests.telephony.pbxlogs.cel_rows import AGENT, CUSTOMER, answered_call, at, call_of


def heard() -> list[PbxEvent]:
    """The events of `answered_call`, as far as they count here."""
    return [
        NewChannel(at(0), "1.1", "1.1", CUSTOMER, 4, "13800138000", "", "from-trunk", "4001234567"),
        NewChannel(at(0.2), "1.2", "1.1", AGENT, 0, "1001", "", "agents", "s"),
        NewState(at(2), "1.2", "1.1", AGENT, UP),
        NewState(at(2), "1.1", "1.1", CUSTOMER, UP),
        BridgeEnter(at(2), "1.2", "1.1", AGENT, "b", "simple_bridge", "basic"),
        BridgeEnter(at(2), "1.1", "1.1", CUSTOMER, "b", "simple_bridge", "basic"),
        Hangup(at(10), "1.2", "1.1", AGENT, 16, ""),
        Hangup(at(10), "1.1", "1.1", CUSTOMER, 16, ""),
    ]


def hearing(events: list[PbxEvent]) -> Hearing:
    """What these events leave."""
    found = Hearing()
    for event in events:
        found.note(event)
    return found


def test_a_call_whose_every_channel_was_heard_is_whole() -> None:
    """Each began, answered, entered its bridge and ended."""
    assert verdict_of(call_of(answered_call()), hearing(heard())) is Verdict.WHOLE


@pytest.mark.parametrize("missing", range(8))
def test_any_event_that_is_missing_is_noticed(missing: int) -> None:
    """Packets that never came are found without anybody telling of a gap."""
    events = heard()
    left_out = events.pop(missing)
    found = verdict_of(call_of(answered_call()), hearing(events))
    bridged = isinstance(left_out, NewState)  # who is in a bridge is up, whether that was heard or not
    assert found is (Verdict.WHOLE if bridged else Verdict.TOUCHED)


@pytest.mark.parametrize(
    ("lost", "again", "verdict"),
    [
        (4.0, 6.0, Verdict.TOUCHED),
        (-5.0, 0.1, Verdict.TOUCHED),
        (9.9, None, Verdict.TOUCHED),
        (11.0, 12.0, Verdict.WHOLE),
        (-9.0, -1.0, Verdict.WHOLE),
    ],
)
def test_a_known_gap_within_the_call_makes_it_touched(lost: float, again: float | None, verdict: Verdict) -> None:
    """Hold, or a transfer back and forth, may have happened in it."""
    found = hearing(heard())
    found.gaps = [(at(lost), None if again is None else at(again))]
    assert verdict_of(call_of(answered_call()), found) is verdict


def test_gaps_are_told_by_the_stream() -> None:
    """From Lost to Connected; several losses in a row are one."""
    found = hearing([Lost(at(1)), Lost(at(2)), Connected(at(5)), Lost(at(7))])
    assert found.gaps == [(at(1), at(5)), (at(7), None)]


def test_a_call_of_which_no_channel_was_heard() -> None:
    """It lies in a gap as a whole."""
    assert verdict_of(call_of(answered_call()), Hearing()) is Verdict.UNHEARD


def test_a_call_whose_end_no_log_tells_goes_on() -> None:
    """The logs may be behind the stream."""
    rows = [row for row in answered_call() if row.at < at(9)]
    assert verdict_of(call_of(rows), hearing(heard()[:6])) is Verdict.OPEN


def test_without_cel_the_callers_channel_decides() -> None:
    """queue_log names it."""
    rows = [QueueRow(at(1), "1.1", "sales", "", "ENTERQUEUE", ("", "13800138000", "1"))]
    call = call_of([], queue=rows)
    assert verdict_of(call, hearing(heard())) is Verdict.WHOLE
    assert channels_named(call) == ["1.1"]
    assert span_of(call) == (at(1), at(1))
