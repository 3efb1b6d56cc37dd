"""Every captured run on a real Asterisk, against the truth measured at the phones."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.lab.compare import compare, load_truth
from tests.telephony.calls.streams import calls_of, captures, events_of, track


def streams() -> list[tuple[Path, str]]:
    """Each capture's full stream, and that of the class-limited user where there is one."""
    found = []
    for folder in captures():
        found += [(folder, name) for name in ("ami.jsonl.xz", "limited.raw.xz") if (folder / name).exists()]
    return found


@pytest.mark.parametrize(
    ("folder", "name"),
    streams(),
    ids=lambda value: value if isinstance(value, str) else f"{value.parent.name}/{value.name}",
)
def test_every_call_of_a_captured_run_is_told_once_and_truly(folder: Path, name: str) -> None:
    """Parties, offerings, ring, wait, talk, hold, consult, transfers and endings equal the phones' truth."""
    records = calls_of(track(events_of(folder / name)))
    comparison = compare(records, load_truth(folder), limited=name.startswith("limited"))
    assert not comparison.discrepancies, "\n".join(map(str, comparison.discrepancies))


@pytest.mark.parametrize("folder", captures(), ids=lambda folder: f"{folder.parent.name}/{folder.name}")
def test_durations_nest_within_each_other(folder: Path) -> None:
    """Rings, waits and stretches lie within the call; talk and hold within their stretch."""
    for record in calls_of(track(events_of(folder / "ami.jsonl.xz"))):
        whole = span(record["started_at"], record["ended_at"])
        for talk in record["talks"]:
            if talk["kind"] == "monitor":
                continue
            length = span(talk["from"], talk["to"])
            assert 0 <= talk["talk_seconds"] <= length + 0.002
            assert talk["hold_seconds"] >= 0
            assert talk["talk_seconds"] + talk["hold_seconds"] <= length + 0.002
            if talk["kind"] in ("customer", "conference"):
                assert length <= whole + 0.1
        for offering in record["offerings"]:
            assert 0 <= offering["ring_seconds"] <= whole + 0.1
        for visit in record["queue_visits"]:
            assert 0 <= visit["wait_seconds"] <= whole + 0.1


@pytest.mark.parametrize(
    "folder",
    [folder for folder in captures() if folder.parent.name != "regression"],
    ids=lambda folder: folder.name,
)
def test_who_picks_a_call_up_was_not_consulted(folder: Path) -> None:
    """A colleague who takes a customer's call from another's phone has an offering of the three-ring rate."""
    records = calls_of(track(events_of(folder / "ami.jsonl.xz")))
    picked = [o for record in records for o in record["offerings"] if o["source"] == "pickup"]
    assert [(o["agent"], o["outcome"], o["consult"]) for o in picked] == [("1006", "answered", False)] * 3
    assert any(o["consult"] for record in records for o in record["offerings"])


def span(start: str, end: str) -> float:
    """Seconds between two instants."""
    from datetime import datetime

    return (datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds()


def test_the_transferring_agent_behind_a_local_member_gets_only_his_own_seconds() -> None:
    """The agent talked 2 s and consulted; AgentComplete credits him with 9 s, until the customer hung up."""
    folder = next(c for c in captures() if c.name == "22.10")
    call = next(
        record
        for record in calls_of(track(events_of(folder / "ami.jsonl.xz")))
        if record["transfers"] and any(o["interface"].startswith("Local/1004@") for o in record["offerings"])
    )
    mine = [t for t in call["talks"] if t["agent"] == "1004" and t["kind"] == "customer"]
    theirs = [t for t in call["talks"] if t["agent"] == "1006" and t["kind"] == "customer"]
    claim = next(c for c in call["claimed"] if c["source"] == "agent_complete")
    assert sum(t["talk_seconds"] for t in mine) == pytest.approx(2.0, abs=0.25)
    assert sum(t["talk_seconds"] for t in theirs) == pytest.approx(3.0, abs=0.25)
    assert (claim["agent"], claim["talk_seconds"]) == ("1004", 9)
