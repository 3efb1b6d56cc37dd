"""What holds for the tracker whatever comes: determinism, linking, survival of broken streams."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from telephony.ami.parser import Parser
from telephony.calls.facts import CallFact, Fact, OfferingFact, TalkFact
from telephony.calls.record import fold, newest
from telephony.clock import EPOCH
from telephony.events import PbxEvent
from telephony.events.decoder import Decoder
from tests.telephony.calls.fuzz import damaged
from tests.telephony.calls.streams import captures, events_of, track

PLAIN = next(c for c in captures() if c.name == "22.10")
EVENTS = events_of(PLAIN / "ami.jsonl.xz")


def raw_bytes(folder: Path) -> bytes:
    """A capture's bytes as they came."""
    import lzma

    with lzma.open(folder / "ami.raw.xz") as source:
        return source.read()


RAW = raw_bytes(PLAIN)


def facts_of_chunks(cuts: list[int], raw: bytes = RAW) -> list[Fact]:
    """Parse, decode and track a raw stream that came in these pieces."""
    parser, decoder = Parser(), Decoder()
    events: list[PbxEvent] = []
    start = 0
    for cut in [*sorted(cuts), len(raw)]:
        packets = parser.feed(raw[start:cut])
        events += decoder.decode((packet.raw for packet in packets), EPOCH)
        start = cut
    return track(events)


WHOLE = facts_of_chunks([])


@settings(max_examples=12, deadline=None)
@given(st.lists(st.integers(0, len(RAW)), max_size=200))
def test_however_the_stream_is_cut_the_facts_are_the_same(cuts: list[int]) -> None:
    """Chunks of any size give the same facts, in the same order, to the byte."""
    assert repr(facts_of_chunks(cuts)) == repr(WHOLE)


@pytest.mark.parametrize("folder", captures(), ids=lambda folder: f"{folder.parent.name}/{folder.name}")
def test_every_captured_stream_tells_the_same_in_pieces_and_whole(folder: Path) -> None:
    """Each capture's raw bytes, cut at random places, seeded by its name; twice."""
    raw = raw_bytes(folder)
    chance = random.Random(folder.name)
    cuts = sorted(chance.randrange(len(raw)) for _ in range(chance.randrange(50, 3000)))
    whole = repr(facts_of_chunks([], raw))
    assert repr(facts_of_chunks(cuts, raw)) == whole
    assert repr(facts_of_chunks(cuts[::2], raw)) == whole


def test_replaying_twice_gives_the_same_facts() -> None:
    """The tracker keeps no clock, no random number and no order of its own."""
    assert repr(track(EVENTS)) == repr(track(EVENTS))


def test_revisions_of_a_fact_grow_by_one() -> None:
    """No revision is left out or told twice."""
    seen: dict[tuple[type, str], int] = {}
    for fact in WHOLE:
        key = (type(fact), fact.id)
        assert fact.revision == seen.get(key, 0) + 1
        seen[key] = fact.revision


def test_applying_facts_in_any_order_and_twice_tells_the_same_calls() -> None:
    """The newest revision wins, whatever the order of arrival."""
    shuffled = list(WHOLE) * 2
    random.Random(3).shuffle(shuffled)
    assert repr(fold(shuffled)) == repr(fold(WHOLE))


def test_every_fact_belongs_to_a_call_that_is_told() -> None:
    """No offering, talk or visit hangs in the air."""
    latest = newest(WHOLE).values()
    calls = {fact.id for fact in latest if isinstance(fact, CallFact)}
    assert all(fact.call_id in calls for fact in latest if isinstance(fact, OfferingFact | TalkFact))


def test_an_alias_resolves_to_a_call_that_stays() -> None:
    """Merged calls are named by the call that they went into, and by no other."""
    latest = newest(WHOLE).values()
    stays = {f.id: f for f in latest if isinstance(f, CallFact) and f.merged_into is None}
    gone = [f for f in latest if isinstance(f, CallFact) and f.merged_into is not None]
    assert gone
    for fact in gone:
        assert fact.id in stays[str(fact.merged_into)].alias_ids


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_a_damaged_stream_never_breaks_the_tracker(seed: int) -> None:
    """Events lost, doubled, swapped and misdirected give facts, never an exception; and the same ones again."""
    events = damaged(EVENTS, seed)
    assert repr(track(events)) == repr(track(events))


@pytest.mark.parametrize("seed", range(4))
def test_calls_heard_only_in_part_say_so(seed: int) -> None:
    """A stream that begins in the middle tells its open calls as inferred."""
    start = random.Random(seed).randrange(len(EVENTS) // 4, len(EVENTS) // 2)
    calls = [record.call for record in fold(track(EVENTS[start:]))]
    begun = {e.uniqueid for e in EVENTS[start:] if type(e).__name__ == "NewChannel"}
    for call in calls:
        if call.known == "observed":
            assert call.id.partition("/")[2] in begun or "originate" in call.id
