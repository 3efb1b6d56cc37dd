"""Stretched streams: talks last as long as people's, all else is as it was captured."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest

from service.demo.stretching import stretched
from telephony.calls.facts import CallFact, ClaimFact, Fact, OfferingFact, TalkFact, TransferFact
from telephony.scripted_streams import Part
from tests.service.demo.played import entries_of, facts_of, script

FILES = ("plain.jsonl.xz", "freepbx.jsonl.xz")


def _of(kind: type, facts: Iterable[Fact]) -> list[Any]:
    return [fact for fact in facts if isinstance(fact, kind)]


@pytest.mark.parametrize("file", FILES)
def test_the_same_calls_are_told(file: str) -> None:
    """Calls, their ends, offerings with their outcomes and transfers are those of the captured stream."""
    was, now = (facts_of(entries_of(Part(script=each))) for each in (script(file), stretched(script(file), 1)))

    def told(facts: list[Fact]) -> Counter[Any]:
        return Counter(
            [("call", each.direction, each.disposition) for each in _of(CallFact, facts)]
            + [("offering", each.device, each.outcome) for each in _of(OfferingFact, facts)]
            + [("transfer", each.kind, each.completed) for each in _of(TransferFact, facts)]
            + [("talk", each.device, each.kind) for each in _of(TalkFact, facts)]
        )

    assert told(now) == told(was)


@pytest.mark.parametrize("file", FILES)
def test_talks_last_minutes_and_phones_ring_as_they_rang(file: str) -> None:
    """A talk of three seconds lasts minutes; no ring time changes by a microsecond where nobody else talked."""
    was, now = (facts_of(entries_of(Part(script=each))) for each in (script(file), stretched(script(file), 1)))

    def mean(facts: list[Fact]) -> timedelta:
        talks = [each.ended_at - each.started_at for each in _of(TalkFact, facts) if each.ended_at]
        return sum(talks, timedelta()) / len(talks)

    def rings(facts: list[Fact]) -> list[timedelta]:
        return sorted(each.ended_at - each.ring_at for each in _of(OfferingFact, facts) if each.ended_at)

    assert mean(was) < timedelta(seconds=5)
    assert timedelta(seconds=60) < mean(now) < timedelta(seconds=240)
    assert rings(now) == rings(was)


def test_what_the_pbx_claims_is_as_long_as_what_it_claims_it_of() -> None:
    """A claimed talk time is that of the stretched talk to the second that the PBX rounds away."""
    facts = facts_of(entries_of(Part(script=stretched(script(), 1))))
    talked: Counter[str] = Counter()
    for talk in _of(TalkFact, facts):
        talked[talk.call_id] += round((talk.ended_at - talk.started_at).total_seconds())
    calls = {each.id: each for each in _of(CallFact, facts)}
    plain = [
        claim
        for claim in _of(ClaimFact, facts)
        if claim.source == "agent_complete"
        and len([t for t in _of(TalkFact, facts) if t.call_id == claim.call_id]) == 1
    ]
    assert plain
    for claim in plain:
        assert abs(claim.talk_seconds - talked[claim.call_id]) <= 2, calls[claim.call_id]


def test_the_same_seed_gives_the_same_stream() -> None:
    """Another seed gives another."""
    one, again, other = (stretched(script(), seed).packets for seed in (1, 1, 2))
    assert one == again
    assert one != other
