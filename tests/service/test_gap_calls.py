"""The calls within a gap: which, how each is known now, and what repaired them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, Engine, insert

from analytics.storage.ingest import ingest
from analytics.storage.models import call_repairs
from service.gap_calls import calls_of_gap, told
from service.pipeline.gaps import Gap, GapReason, as_json
from telephony.calls.facts import CallFact, Direction, Disposition, Known
from telephony.clock import to_microseconds

START = datetime(2026, 11, 24, 2, tzinfo=UTC)


def at(seconds: float) -> datetime:
    """So long after the start."""
    return START + timedelta(seconds=seconds)


def call(name: str, began: float, ended: float | None, known: Known) -> CallFact:
    """A call of the PBX `pbx`."""
    return CallFact(
        id=f"pbx/{name}", revision=1, call_id=f"pbx/{name}", at=at(began), pbx="pbx", linkedid=name, known=known,
        direction=Direction.INBOUND, caller=None, caller_name=None, called=None, did=None, customer=None,
        started_at=at(began), ended_at=None if ended is None else at(ended),
        disposition=None if ended is None else Disposition.ANSWERED,
    )  # fmt: skip


CALLS = (
    call("before", 0, 99, Known.OBSERVED),
    call("ended-with-it", 10, 99.9, Known.INFERRED),
    call("through", 20, 300, Known.REPAIRED),
    call("within", 105, 115, Known.REPAIRED),
    call("open", 110, None, Known.INFERRED),
    call("after", 121, 130, Known.OBSERVED),
)


@pytest.fixture
def stored(store: Engine) -> Iterator[Connection]:
    """The calls, two of them repaired, one of these twice."""
    with store.begin() as connection:
        ingest(connection, CALLS)
        rows = [("through", 20, 400, "cel"), ("within", 105, 400, "cel"), ("within", 105, 500, "cdr+cel")]
        for name, began, repaired, sources in rows:
            connection.execute(
                insert(call_repairs).values(
                    call_id=f"pbx/{name}",
                    pbx="pbx",
                    repaired_us=to_microseconds(at(repaired)),
                    started_us=to_microseconds(at(began)),
                    sources=sources,
                    before_known=None,
                    talk_ms=0,
                )
            )
        yield connection


def gap(why: GapReason = GapReason.LOST, ahead: float = 0.0) -> Gap:
    """From 100 to 120 by the PBX's clock; so much earlier by ours."""
    behind = timedelta(seconds=ahead)
    return Gap(pbx="pbx", start=at(100) - behind, end=at(120) - behind, why=why, detail="", seq=7, ahead=behind)


@pytest.mark.parametrize("ahead", [0.0, 300.0, -300.0])
def test_the_calls_that_were_up_within_a_gap_are_told(stored: Connection, ahead: float) -> None:
    """By the PBX's clock, which calls have; one that ended when it was last heard of is among them."""
    found = calls_of_gap(stored, gap(ahead=ahead))
    assert [each.call_id for each in found.calls] == ["pbx/ended-with-it", "pbx/through", "pbx/within", "pbx/open"]
    assert found.known == {"observed": 0, "repaired": 2, "inferred": 2}
    assert found.unknown == ["pbx/ended-with-it", "pbx/open"]


def test_repairs_name_their_time_and_their_logs(stored: Connection) -> None:
    """Of several the newest counts."""
    line = told(as_json(gap()), calls_of_gap(stored, gap()), with_calls=True)
    assert (line["repaired_at"], line["sources"]) == ("2026-11-24T02:08:20.000+00:00", ["cdr", "cel"])
    assert [each["sources"] for each in line["calls"]] == [[], ["cel"], ["cdr", "cel"], []]
    assert line["calls_touched"] == 4


def test_a_jump_of_our_clock_touches_no_call(stored: Connection) -> None:
    """Everything was heard."""
    assert calls_of_gap(stored, gap(GapReason.CLOCK)).calls == ()


def test_without_a_store_the_counts_are_null() -> None:
    """Not nought."""
    line = told(as_json(gap()), None, with_calls=True)
    assert [line[key] for key in ("calls_touched", "known", "unknown", "repaired_at", "sources", "calls")] == [
        None
    ] * 6
