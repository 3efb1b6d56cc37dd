"""A fact that the database refuses for good is put aside; all others are stored, and an outage is no refusal."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.exc import DataError, IntegrityError, InternalError, OperationalError

from analytics.storage.models import calls
from service.pipeline.facts_writer import FactsWriter
from service.pipeline.quarantine import Quarantine, count_refused, is_refusal
from service.pipeline.snapshots import Snapshots
from telephony.calls.facts import CallFact, Fact
from telephony.calls.record import newest
from tests.service.pipeline.test_storing import IDENTITY, heard

PATIENCE = 20.0
TOO_LARGE = 2**70


def facts_of_a_stream() -> list[Fact]:
    """Some hundred good facts."""
    return list(newest(fact for facts in heard()[1] for fact in facts).values())


def with_bad(seed: int, count: int) -> tuple[list[Fact], set[str]]:
    """The facts, of which so many calls are of a revision that no database takes; and their ids."""
    facts = facts_of_a_stream()
    places = [place for place, fact in enumerate(facts) if isinstance(fact, CallFact)]
    chosen = random.Random(seed).sample(places, count)
    for place in chosen:
        facts[place] = replace(facts[place], revision=TOO_LARGE)
    return facts, {facts[place].id for place in chosen}


def writer_of(engine: Engine, folder: Path) -> FactsWriter:
    """A writer with a quarantine in this folder."""
    snapshots = Snapshots(folder / "state", "pbx", IDENTITY)
    return FactsWriter(engine, "pbx", snapshots, quarantine=Quarantine(folder / "quarantine" / "facts-pbx.jsonl"))


def stored_calls(engine: Engine) -> set[str]:
    """The ids of all stored calls."""
    with engine.connect() as connection:
        return set(connection.execute(select(calls.c.id)).scalars())


@pytest.mark.parametrize(("seed", "count"), [(1, 1), (2, 3), (3, 12)])
def test_refused_facts_are_put_aside_and_the_rest_is_stored(
    store: Engine, tmp_path: Path, seed: int, count: int
) -> None:
    """The position goes on, the quarantine holds exactly the refused, readable by its owner only."""
    facts, bad = with_bad(seed, count)
    writer = writer_of(store, tmp_path)
    writer.start()
    writer.put(facts, 4711)
    assert writer.wait_stored(4711, PATIENCE)
    assert writer.stop(PATIENCE)
    assert (writer.refused_facts, writer.failing) == (count, None)
    whole = {fact.id for fact in facts if isinstance(fact, CallFact) and fact.merged_into is None}
    assert stored_calls(store) == whole - bad
    path = tmp_path / "quarantine" / "facts-pbx.jsonl"
    assert {json.loads(line)["id"] for line in path.read_text(encoding="utf-8").splitlines()} == bad
    assert count_refused(path) == count
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_nul_in_a_text_halts_nothing(store: Engine, tmp_path: Path) -> None:
    """PostgreSQL takes none: a caller's name with one is stored without it, and refused nowhere."""
    facts = facts_of_a_stream()
    place = next(place for place, fact in enumerate(facts) if isinstance(fact, CallFact))
    call = facts[place]
    assert isinstance(call, CallFact)
    facts[place] = replace(call, caller_name="Zhang\0San")
    writer = writer_of(store, tmp_path)
    writer.start()
    writer.put(facts, 7)
    assert writer.wait_stored(7, PATIENCE)
    assert writer.stop(PATIENCE)
    assert writer.refused_facts == 0
    assert call.id in stored_calls(store)


def test_the_log_names_the_error_and_no_customer(
    store: Engine, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The driver's own words hold the row's values."""
    facts = [
        replace(fact, revision=TOO_LARGE, customer="13800138000") if isinstance(fact, CallFact) else fact
        for fact in facts_of_a_stream()
    ]
    writer = writer_of(store, tmp_path)
    writer.start()
    writer.put(facts, 7)
    assert writer.wait_stored(7, PATIENCE)
    writer.stop(PATIENCE)
    said = "".join(capsys.readouterr())
    assert "database.refused_facts" in said
    assert "13800138000" not in said


def test_a_fact_that_is_refused_again_counts_once(tmp_path: Path) -> None:
    """After a kill the same facts come again; a torn last line is passed over."""
    path = tmp_path / "facts.jsonl"
    line = '{"fact": "call", "id": "pbx/1.1", "revision": 3}\n'
    path.write_text(line + line + line.replace("3}", "4}") + '{"fact": "ca', encoding="utf-8")
    assert count_refused(path) == 2
    assert count_refused(tmp_path / "none.jsonl") == 0


def test_a_transaction_that_was_found_failed_is_told_by_its_first_error() -> None:
    """PostgreSQL says of every later statement only that the transaction failed."""

    class AbortedError(Exception):
        sqlstate = "25P02"

    later = InternalError("INSERT", {}, AbortedError())
    assert not is_refusal(later)
    later.__context__ = DataError("INSERT", {}, Exception())
    assert is_refusal(later)


@pytest.mark.parametrize(
    ("error", "refusal"),
    [
        (DataError("INSERT", {}, Exception()), True),
        (IntegrityError("INSERT", {}, Exception()), True),
        (OverflowError(), True),
        (UnicodeEncodeError("utf-8", "\udc80", 0, 1, "surrogate"), True),
        (OperationalError("INSERT", {}, Exception()), False),
        (ConnectionRefusedError(), False),
    ],
)
def test_an_outage_is_no_refusal(error: Exception, refusal: bool) -> None:
    """What speaks of a value never passes; what speaks of the database may."""
    assert is_refusal(error) is refusal
