"""Facts gathered to whole calls."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from service.importing.gathering import Gatherer, Whole
from telephony.calls.facts import Fact
from telephony.calls.record import newest
from telephony.pbxlogs.builder import Builder
from telephony.pbxlogs.rows import LogKind
from telephony.reconcile.hearing import channels_named
from tests.service.importing.history import FREEPBX, PLAIN, Logs, captured, copied

WRAP_UP = timedelta(seconds=20)


def gathered(logs: Logs) -> list[Whole]:
    """Everything that is handed on."""
    with logs.staged() as staging:
        builder = Builder("pbx", wrap_up=WRAP_UP)
        return list(Gatherer("pbx", WRAP_UP).gather(builder, staging.calls(), staging.loose()))


def built(logs: Logs) -> dict[tuple[type, str], Fact]:
    """The newest revision of each fact that the builder tells."""
    with logs.staged() as staging:
        builder = Builder("pbx", wrap_up=WRAP_UP)
        return newest(fact for facts in builder.build(staging.calls(), staging.loose()) for fact in facts)


@pytest.mark.parametrize("folder", [PLAIN, FREEPBX])
def test_each_fact_is_handed_on_once_and_in_its_newest_revision(folder: Path) -> None:
    """What comes out is what the builder told, nothing twice and nothing of an older revision."""
    logs = captured(folder)
    told = [((type(fact), fact.id), fact) for whole in gathered(logs) for fact in whole.facts]
    assert len({key for key, _ in told}) == len(told)
    assert dict(told) == built(logs)


def test_a_call_is_handed_on_whole_over_many_copies(tmp_path: Path) -> None:
    """Facts of one call are never split over two, also where calls are handed on while others go on."""
    logs = copied(tmp_path, 6)
    whole = [each for each in gathered(logs) if each.call_id]
    assert len({each.call_id for each in whole}) == len(whole)
    of_calls = {key for key, fact in built(logs).items() if fact.call_id}
    assert {(type(fact), fact.id) for each in whole for fact in each.facts} == of_calls


def test_calls_are_handed_on_while_reading_goes_on(tmp_path: Path) -> None:
    """No more than the calls of some minutes wait, however long the logs."""
    with copied(tmp_path, 8).staged() as staging:
        gatherer = Gatherer("pbx")
        handed = waited = 0
        for each in gatherer.gather(Builder("pbx"), staging.calls(), staging.loose()):
            waited = max(waited, gatherer.calls_read - handed)
            handed += bool(each.call_id)
        total = staging.count_calls()
    assert waited < total / 3


def test_a_call_names_all_its_channels_and_the_logs_that_told_it() -> None:
    """What the rows name beyond the facts comes with the call: for merging with what is stored, and for its sources."""
    logs = captured(PLAIN)
    whole = {each.call_id: each for each in gathered(logs) if each.call_id}
    with logs.staged() as staging:
        for call in staging.calls():
            found = whole.get(f"pbx/{call.key}")
            if found is None:
                continue
            assert set(channels_named(call)) <= found.channels
            assert (LogKind.CEL in found.kinds, LogKind.QUEUE_LOG in found.kinds) == (
                bool(call.cel),
                bool(call.queue),
            )
    assert sum(LogKind.QUEUE_LOG in each.kinds for each in whole.values()) > 20
