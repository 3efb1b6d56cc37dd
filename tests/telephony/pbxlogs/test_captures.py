"""The PBX's logs alone tell the calls that the phones had: every captured run, field by field."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.lab.compare import compare, load_truth
from tests.telephony.pbxlogs.captured import (
    ALL,
    FIELDS,
    agreement,
    comparison_of,
    folders_with_logs,
    records_of,
)

pytestmark = pytest.mark.slow

FOLDERS = tuple(folders_with_logs())
LATEST = tuple(folder for folder in FOLDERS if folder.parent.name == "captures")
NAMES = [f"{folder.parent.name}/{folder.name}" for folder in FOLDERS]

NUMBER_OF_A_CAMPAIGN = (
    "an Originate to the outside names its number in no log: the channel bears the trunk's name",
    {"customer"},
    ("campaign_", "originate_ids"),
)
KEYS_BEFORE_22 = ("CEL tells keys from Asterisk 22 on", {"ivr"}, ("menu_", "fpbx_"))
AIM_OF_A_CLICK = (
    "an agent who did not answer: where the application wanted to call is in no log",
    {"direction"},
    ("click_to_call_agent_noanswer",),
)
MAILBOX_STORES = (
    "the PBX keeps the channel while it stores the message; when the caller hung up is in no log",
    {"ended_at"},
    ("direct_to_mailbox", "mailbox_message_left"),
)
NO_ROW_AT_ALL = (
    "an Originate that made no channel has no row where `unanswered` is off",
    {"lost call"},
    ("campaign_no_such_endpoint",),
)
LACKS = (NUMBER_OF_A_CAMPAIGN, KEYS_BEFORE_22, AIM_OF_A_CLICK, MAILBOX_STORES, NO_ROW_AT_ALL)
"""What no log holds: why, which field, in which scenarios. Nothing else may differ."""


def is_lacking(scenario: str, field: str) -> bool:
    """Whether a difference is one that no log could help."""
    return any(field in fields and scenario.startswith(names) for _, fields, names in LACKS)


@pytest.mark.parametrize("folder", FOLDERS, ids=NAMES)
def test_cel_cdr_and_queue_log_tell_every_call_as_the_phones_had_it(folder: Path) -> None:
    """The same calls, parties, agents, answers, endings and transfers."""
    told = comparison_of(folder, ALL)
    wrong = [each for each in told.discrepancies if not is_lacking(each.scenario, each.field)]
    assert wrong == []


@pytest.mark.parametrize("folder", FOLDERS, ids=NAMES)
def test_talk_with_hold_is_within_a_second_of_the_phones(folder: Path) -> None:
    """Each agent's seconds in each call; instants, which FreePBX's logs round to seconds, are held more loosely."""
    told = compare(records_of(folder, ALL), load_truth(folder), tolerance=1.0, limited=True)
    assert sum(bool(pair.truth["talks"]) for pair in told.pairs) > 20
    assert [
        str(each) for each in told.discrepancies if each.field.endswith(("talk_and_hold", "talk_seconds"))
    ] == []


@pytest.mark.parametrize("kinds", [("cel",), ("cel", "cdr"), ("cel", "queue_log")], ids="+".join)
@pytest.mark.parametrize("folder", LATEST, ids=[folder.name for folder in LATEST])
def test_cel_alone_loses_and_doubles_no_call(folder: Path, kinds: tuple[str, ...]) -> None:
    """Fewer logs tell less of a call, but never one more or less."""
    told = comparison_of(folder, kinds)
    lost = [each for each in told.discrepancies if each.field == "lost call"]
    assert [each for each in lost if not is_lacking(each.scenario, each.field)] == []
    assert list(told.extra) == []


def table_of_agreement() -> list[str]:
    """Which field agrees with the phones for how many calls, by the logs that were at hand."""
    sets = (ALL, ("cel", "cdr"), ("cel",), ("cdr", "queue_log"), ("queue_log",))
    columns = [agreement(LATEST, kinds) for kinds in sets]
    lines = [
        "| field | " + " | ".join(" + ".join(kinds) for kinds in sets) + " |",
        "| --- |" + " --- |" * len(sets),
    ]
    for field in FIELDS:
        name = "call is there" if field == "lost call" else field
        cells = (f"{column[field][0]} of {column[field][1]}" for column in columns)
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    lines.append("| records that are no call | " + " | ".join(str(column["extra"][0]) for column in columns) + " |")
    return lines


def test_the_table_of_agreement(capsys: pytest.CaptureFixture[str]) -> None:
    """Printed for people; with all three logs each field agrees for all calls but those that no log could tell."""
    lines = table_of_agreement()
    with capsys.disabled():
        print("\n" + "\n".join(lines))
    whole = agreement(LATEST, ALL)
    for field in ("talks", "transfers", "offerings", "answered", "disposition", "ended_by", "queue_visits"):
        assert whole[field] == (whole[field][1] - len(no_row()), whole[field][1]), field


def no_row() -> list[str]:
    """The calls of which no log has a row."""
    return [
        pair.truth["scenario"]
        for folder in LATEST
        for pair in comparison_of(folder, ALL).pairs
        if pair.record is None
    ]
