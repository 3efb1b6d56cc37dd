"""Which gaps stand in the way of a sign-off."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from config.settings import LogSource, PbxLogs
from service.gap_calls import GapCalls, SpanningCall
from service.open_gaps import is_within, open_gaps, why_open
from service.pipeline.gaps import Gap, GapReason
from telephony.calls.facts import Known

START = datetime(2026, 11, 1, tzinfo=UTC)
END = datetime(2026, 12, 1, tzinfo=UTC)
LOGS = PbxLogs(cel=LogSource(path=Path("cel.csv")))
RECORDINGS = PbxLogs(recordings=LogSource(path=Path("rec")))
HOUR = timedelta(hours=1)


def gap(start: datetime = START, end: datetime | None = START + HOUR, why: GapReason = GapReason.LOST) -> Gap:
    """A gap of the PBX `main`."""
    return Gap(pbx="main", start=start, end=end, why=why, detail="", seq=1)


def calls(*known: Known) -> GapCalls:
    """The calls within, by how they are known."""
    return GapCalls(
        calls=tuple(
            SpanningCall(call_id=f"main/{at}", known=each, disposition=None, started_at=START, ended_at=None)
            for at, each in enumerate(known)
        )
    )


@pytest.mark.parametrize(
    ("found", "within"),
    [
        (gap(), True),
        (gap(START - HOUR, START), False),
        (gap(START - HOUR, START + timedelta(microseconds=1)), True),
        (gap(END - timedelta(microseconds=1), END + HOUR), True),
        (gap(END, END + HOUR), False),
        (gap(START - HOUR, None), True),
        (gap(END, None), False),
        (gap(why=GapReason.CLOCK), False),
    ],
)
def test_a_gap_belongs_to_the_months_that_it_touches(found: Gap, within: bool) -> None:
    """Both are half-open; a jump of our clock is no gap."""
    assert is_within(found, START, END) is within


@pytest.mark.parametrize(
    ("found", "inside", "logs", "why"),
    [
        (gap(end=None), calls(), LOGS, "it goes on"),
        (gap(), calls(Known.REPAIRED, Known.INFERRED), LOGS, "1 of its calls are inferred"),
        (gap(), calls(Known.REPAIRED), LOGS, None),
        (gap(), calls(), LOGS, None),
        (gap(), calls(), PbxLogs(), "no logs are set that would tell of calls within"),
        (
            gap(),
            calls(),
            PbxLogs(recordings=LogSource(path=Path("rec"))),
            "no logs are set that would tell of calls within",
        ),
    ],
)
def test_a_gap_is_open_while_something_of_it_is_unknown(
    found: Gap, inside: GapCalls, logs: PbxLogs, why: str | None
) -> None:
    """While it goes on, while a call is inferred, and where no log would tell of calls wholly within."""
    assert why_open(found, inside, logs) == why


def test_an_open_gap_is_told_in_a_sentence() -> None:
    """With PBX, both ends and why; one that is repaired is not told."""
    told = open_gaps([(gap(), calls(Known.REPAIRED), LOGS), (gap(end=None), calls(), LOGS)])
    assert told == ("main 2026-11-01T00:00:00+00:00 to now (lost): it goes on",)
