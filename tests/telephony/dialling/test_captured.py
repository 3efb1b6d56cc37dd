"""Placed calls on real PBXs, both modes and every fate of either leg: what stream and logs tell of each attempt.

Recorded by tests/lab/scenarios/dialling.py through the dialler, the manager user and the dialplan that are shipped.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from telephony.calls.facts import CallFact, Disposition, OfferingFact, OfferingOutcome, OfferingSource
from telephony.calls.record import newest
from tests.lab.compare import Discrepancy, compare, load_truth
from tests.telephony.calls.streams import calls_of, events_of, track
from tests.telephony.pbxlogs.captured import comparison_of, facts_of, records_of

FOLDERS = sorted(path.parent for path in (Path(__file__).parents[2] / "scenarios" / "dialling").rglob("truth.json"))
CEL, CDR, ALL = ("cel",), ("cdr",), ("cel", "cdr", "queue_log")
NO_CHANNEL = ("preview_agent_unreachable", "progressive_no_trunk")
"""Asterisk made no channel: only the manager tells of these, and no log has a row."""
AGENT_MISSED = (
    "preview_agent_declines",
    "preview_agent_busy",
    "preview_agent_unreachable",
    "preview_agent_noanswer",
)
CAUSES = {"busy": 17, "congestion": 34, "invalid_number": 1, "declined": 21, "answered": 16}

TRUNKS = ("*trunk*", "voip-provider")
"""CDR names no context of a dialled channel, so the settings must say which peers lead outside."""
CDR_LACKS = (
    ("who hung up", {"ended_by"}, ("preview_", "progressive_")),
    ("the end, where it is told by whole seconds since the start", {"ended_at"}, ("preview_", "progressive_")),
    ("when the second leg answered", {"answered_at", "talks"}, ("preview_", "progressive_")),
    ("the number of a customer whose phone came first and did not answer", {"customer"}, ("progressive_",)),
    (
        "the cause of a first leg that was NO ANSWER",
        {"disposition"},
        ("progressive_invalid", "progressive_declined", "preview_agent_declines"),
    ),
    ("whether an agent declined or did not answer", {"offerings"}, ("preview_agent_", "progressive_agent_")),
)
"""What CDR alone cannot tell of a placed call, in which fields of which scenarios. Nothing else may differ."""


def named(folder: Path) -> str:
    """The configuration and version of a capture."""
    return folder.name


def facts_by_attempt(folder: Path, kinds: tuple[str, ...] | None) -> dict[str, tuple[CallFact, list[OfferingFact]]]:
    """By scenario, the fact of its call with its offerings; from the stream where no logs are named."""
    stream = folder / "limited.raw.xz"
    facts = facts_of(folder, kinds) if kinds else list(newest(track(events_of(stream))).values())
    calls = {each.call_id: each for each in facts if isinstance(each, CallFact) and each.attempt_id}
    offered: dict[str, list[OfferingFact]] = {each: [] for each in calls}
    for each in facts:
        if isinstance(each, OfferingFact) and each.call_id in offered:
            offered[each.call_id].append(each)
    scenarios = {call["attempt_id"]: call["scenario"] for call in load_truth(folder)}
    return {scenarios[call.attempt_id or ""]: (call, offered[call.call_id]) for call in calls.values()}


def unexplained(found: list[Discrepancy]) -> list[str]:
    """The differences that no lack of CDR explains."""

    def is_lacking(each: Discrepancy) -> bool:
        field = each.field.partition("[")[0]
        return any(field in fields and each.scenario.startswith(names) for _, fields, names in CDR_LACKS)

    return [str(each) for each in found if not is_lacking(each)]


def test_both_configurations_were_captured_on_both_versions() -> None:
    """Every call with the id that its order gave it; on FreePBX three more, by a route of its own."""
    counts = {folder.name: len({call["attempt_id"] for call in load_truth(folder)} - {None}) for folder in FOLDERS}
    assert counts == {"freepbx-16": 28, "freepbx-22": 28, "plain-16": 25, "plain-22": 25}


@pytest.mark.parametrize("folder", FOLDERS, ids=named)
def test_the_stream_tells_each_attempt_as_the_phones_had_it(folder: Path) -> None:
    """The listener's own user hears enough: parties, fates, ring and talk, and which attempt it was."""
    records = calls_of(track(events_of(folder / "limited.raw.xz")))
    comparison = compare(records, load_truth(folder), limited=True)
    assert list(map(str, comparison.discrepancies)) == []


@pytest.mark.parametrize("kinds", [CEL, ALL], ids="+".join)
@pytest.mark.parametrize("folder", FOLDERS, ids=named)
def test_cel_alone_tells_each_attempt_as_the_phones_had_it(folder: Path, kinds: tuple[str, ...]) -> None:
    """The number too, of a phone that never answered; only what made no channel at all is in no log."""
    told = comparison_of(folder, kinds)
    lost = {each.scenario for each in told.discrepancies if each.field == "lost call"}
    assert lost == set(NO_CHANNEL)
    assert [str(each) for each in told.discrepancies if each.scenario not in lost] == []


@pytest.mark.parametrize("folder", FOLDERS, ids=named)
def test_cdr_alone_tells_attempt_direction_and_whether_they_talked(folder: Path) -> None:
    """Less than CEL, and listed; FreePBX writes no row of a first leg that did not answer."""
    told = comparison_of(folder, CDR, TRUNKS)
    lost = {each.scenario for each in told.discrepancies if each.field == "lost call"}
    first_unanswered = {*AGENT_MISSED, *(f"progressive_{fate}" for fate in FIRST_UNANSWERED)}
    expected = first_unanswered if folder.name.startswith("freepbx") else set()
    assert lost == {*expected, *NO_CHANNEL}
    assert unexplained([each for each in told.discrepancies if each.scenario not in lost]) == []
    records = {record["attempt_id"]: record for record in records_of(folder, CDR, TRUNKS)}
    for call in load_truth(folder):
        record = records.get(call["attempt_id"])
        if record is not None:
            assert (record["direction"], record["answered"]) == ("outbound", call["answered"]), call["scenario"]


FIRST_UNANSWERED = ("busy", "noanswer", "congestion", "invalid_number", "declined")


@pytest.mark.parametrize("kinds", [None, CEL, ALL], ids=lambda kinds: "+".join(kinds) if kinds else "stream")
@pytest.mark.parametrize("folder", FOLDERS, ids=named)
def test_the_customers_own_leg_says_what_became_of_him(folder: Path, kinds: tuple[str, ...] | None) -> None:
    """Cause and disposition are his, whichever phone rang first."""
    facts = facts_by_attempt(folder, kinds)
    for mode in ("preview", "progressive"):
        found: dict[str, Any] = {fate: facts[f"{mode}_{fate}"][0].cause for fate in CAUSES}
        assert found == CAUSES, mode
        assert facts[f"{mode}_noanswer"][0].disposition is Disposition.NO_ANSWER
    for name in ("agent_declines", "agent_busy", "agent_unreachable", "agent_noanswer", "hung_up_early"):
        assert facts[f"progressive_{name}"][0].disposition is Disposition.PICKED_UP


@pytest.mark.parametrize("kinds", [None, CEL, ALL], ids=lambda kinds: "+".join(kinds) if kinds else "stream")
@pytest.mark.parametrize("folder", FOLDERS, ids=named)
def test_a_customer_who_was_never_dialled_is_told_apart(folder: Path, kinds: tuple[str, ...] | None) -> None:
    """No trunk: nobody outside was dialled. Then without a customer it was the agent who missed it."""
    for name, (call, offerings) in facts_by_attempt(folder, kinds).items():
        missed = name in AGENT_MISSED
        assert (call.trunk is None) == (missed or name in NO_CHANNEL), name
        assert (call.customer is None) == missed, name
        own = [each for each in offerings if each.source is OfferingSource.ORIGINATE]
        answered = [each.outcome is OfferingOutcome.ANSWERED for each in own]
        if missed:
            assert not any(answered), name
        elif name.startswith("preview_"):
            assert answered == [True], name
        else:
            assert answered == [], name
