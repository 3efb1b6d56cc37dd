"""Truth and comparison, with literals: no Asterisk, no capture of its own."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from tests.lab.compare import Comparison, compare, main
from tests.lab.registry import scenarios_of
from tests.lab.table import table
from tests.lab.truth import Call, derive

BEGAN = 1_800_000_000.0
CAPTURES = Path(__file__).resolve().parents[1] / "scenarios" / "captures"


def leg(
    agent: str = "1001", invite: float = 0.0, answer: float | None = 2.0, end: float | None = 6.0, **more: Any
) -> Call:
    """An agent's leg; instants in seconds after the scenario began."""
    made = {
        "agent": agent,
        "t_invite": BEGAN + invite,
        "t_ringing": BEGAN + invite,
        "ring": 2.0,
        "t_answer": None if answer is None else BEGAN + answer,
        "t_end": None if end is None else BEGAN + end,
        "result": "cancel" if answer is None else "answered",
        "hangup_by": "pbx",
        "holds": [],
    }
    return made | more


def entry(*legs: Call, result: str = "answered", **more: Any) -> Call:
    """An inbound call from 0 to 6 s, answered at 2 s, ended by the customer."""
    made = {
        "scenario": "made_up",
        "result": result,
        "direction": "in",
        "t_begin": BEGAN,
        "t_invite": BEGAN,
        "t_answer": BEGAN + 2.0,
        "t_end": BEGAN + 6.0,
        "hangup_by": "customer",
        "caller": "447700900110",
        "dialed": "442079460001",
        "legs": list(legs),
        "linkedid": "7.1",
    }
    return made | more


def derived(*legs: Call, **more: Any) -> Call:
    return derive([entry(*legs, **more)])[0]


def as_record(call: Call) -> Call:
    """A record that says exactly the truth; of several permitted values it takes the first."""

    def first(value: Any) -> Any:
        return value[0] if isinstance(value, list) else value

    made = copy.deepcopy(call)
    for key in ("disposition", "called", "ended_by", "caller", "caller_name", "customer", "customer_withheld"):
        made[key] = first(made[key])
    for part in (*made["offerings"], *made["talks"], *(made["transfers"] or ())):
        part.update({key: first(value) for key, value in part.items()})
    for talk in made["talks"]:
        talk["talk_seconds"] = talk["talk_seconds"] or 0.0
    return made


def fields_of(comparison: Comparison) -> list[str]:
    return [d.field for d in comparison.discrepancies]


def test_direct_call() -> None:
    """A plain answered call has ring from 180 to 200 and talk from the later 200 to the first BYE."""
    call = derived(leg(ringing=0.1))
    assert call["disposition"] == "answered"
    assert call["ended_by"] == "customer"
    assert [(o["source"], o["ring_seconds"], o["outcome"]) for o in call["offerings"]] == [
        ("direct", 2.0, "answered")
    ]
    assert [(t["kind"], t["talk_seconds"]) for t in call["talks"]] == [("customer", 4.0)]


def test_talk_begins_when_the_customer_is_up_too() -> None:
    """An agent whose customer answers later has no talk before that."""
    customer = {
        "number": "447700900511",
        "t_invite": BEGAN + 2.0,
        "t_answer": BEGAN + 4.5,
        "t_end": BEGAN + 6.0,
    }
    call = derive(
        [
            {
                **entry(leg(), direction="out"),
                "t_invite": BEGAN,
                "customer_leg": customer,
                "scenario": "click_to_call",
            }
        ]
    )[0]
    assert [t["talk_seconds"] for t in call["talks"] if t["agent"] == "1001"] == [1.5]


def test_hold_is_cut_out() -> None:
    """Two holds are summed and leave the talk."""
    call = derived(leg(holds=[[BEGAN + 2.5, BEGAN + 3.0], [BEGAN + 4.0, BEGAN + 5.0]]))
    assert (call["talks"][0]["talk_seconds"], call["talks"][0]["hold_seconds"]) == (2.5, 1.5)


def test_hold_to_the_end() -> None:
    """A hold that nobody ended lasts until the call's end."""
    call = derived(leg(holds=[[BEGAN + 4.0, None]]))
    assert (call["talks"][0]["talk_seconds"], call["talks"][0]["hold_seconds"]) == (2.0, 2.0)


@pytest.mark.parametrize(
    ("more", "outcome"),
    [
        ({"result": "rejected", "t_ringing": None, "t_end": BEGAN + 0.01}, "busy"),
        ({"result": "rejected", "t_end": BEGAN + 2.0}, "declined"),
        ({"t_end": BEGAN + 4.0}, "no_answer"),
        ({"t_end": BEGAN + 6.01}, "caller_gave_up"),
        ({"t_end": None}, "caller_gave_up"),
    ],
)
def test_outcome_of_an_unanswered_offering(more: Call, outcome: str) -> None:
    """Refusal before or after ringing, time-out and the caller's end are told apart by instants alone."""
    assert (
        derived(leg(answer=None, **more), result="abandoned", t_answer=None)["offerings"][0]["outcome"] == outcome
    )


def test_answered_elsewhere() -> None:
    """A phone that was cancelled in the moment when another answered is not blamed."""
    call = derived(leg(), leg("1002", answer=None, end=2.02))
    assert {o["agent"]: o["outcome"] for o in call["offerings"]} == {
        "1001": "answered",
        "1002": "answered_elsewhere",
    }


def test_blind_transfer() -> None:
    """The second agent's talk begins at his own answer, the first's ends when his REFER is accepted."""
    moved = {"kind": "blind", "by": "1001", "to": "1006", "at": BEGAN + 4.0, "completed": True}
    call = derived(leg(end=4.1), leg("1006", invite=4.0, answer=5.0), transfers=[moved], result="transferred")
    assert [(t["agent"], t["talk_seconds"]) for t in call["talks"]] == [("1001", 2.0), ("1006", 1.0)]
    assert [o["source"] for o in call["offerings"]] == ["direct", "transfer"]


def test_attended_transfer() -> None:
    """What precedes the completion is consultation; the second agent meets the customer there."""
    moved = {
        "kind": "attended",
        "by": "1001",
        "to": "1006",
        "at": BEGAN + 5.0,
        "completed": True,
        "consult_from": BEGAN + 4.0,
    }
    call = derived(
        leg(end=5.0, holds=[[BEGAN + 3.0, None]]),
        leg("1006", invite=3.5, answer=4.0),
        transfers=[moved],
        result="transferred",
    )
    assert sorted((t["agent"], t["kind"], t["talk_seconds"]) for t in call["talks"]) == [
        ("1001", "consult", 1.0),
        ("1001", "customer", 1.0),
        ("1006", "consult", 1.0),
        ("1006", "customer", 1.0),
    ]


def test_consultation_never_joined() -> None:
    """It is an internal call of its own, and the customer's call names it as consultation only."""
    calls = derive([entry(leg(), leg("1006", invite=3.0, answer=4.0, end=5.0), unjoined=["1006"])])
    assert [call["direction"] for call in calls] == ["inbound", "internal"]
    assert [o["agent"] for o in calls[0]["offerings"]] == ["1001"]
    assert [t["kind"] for t in calls[0]["talks"]] == ["customer", "consult"]


def test_abandoned_in_a_queue() -> None:
    """The visit ends with the customer."""
    call = derived(leg(answer=None, end=6.0), result="abandoned", queue="support")
    assert [(v["queue"], v["wait_seconds"], v["ended"]) for v in call["queue_visits"]] == [
        ("support", 6.0, "abandoned")
    ]
    assert call["answered_at"] is None


def test_menu_digit_opens_the_visit() -> None:
    """The wait counts from the digit, not from the dial."""
    call = derived(
        leg(invite=4.2, answer=5.0), t_answer=BEGAN, menu="1", dtmf=[[BEGAN + 4.0, "1"]], queue="support"
    )
    assert call["queue_visits"][0]["wait_seconds"] == pytest.approx(0.86)


def test_withheld_number() -> None:
    """Withheld is null with a flag."""
    call = derived(leg(), withheld=True, caller=None)
    assert (call["customer"], call["customer_withheld"]) == (None, True)


def test_older_entries_need_no_new_fields() -> None:
    """Entries of older captures (no 180, no holds) give the same figures."""
    old = {k: v for k, v in leg().items() if k not in ("t_ringing", "holds")}
    assert derived(old)["talks"] == derived(leg())["talks"]


@pytest.mark.parametrize("truth_file", sorted(CAPTURES.rglob("truth.json")), ids=lambda p: p.parent.name)
def test_every_capture_has_a_truth_that_agrees_with_itself(truth_file: Path) -> None:
    """All entries of all captures can be derived, and records that say the same compare clean."""
    truth = derive(json.loads(truth_file.read_text(encoding="utf-8")))
    comparison = compare([as_record(call) for call in truth], truth)
    assert comparison.discrepancies == []
    for call in truth:
        assert all(
            (t["talk_seconds"] is None or isinstance(t["talk_seconds"], list) or t["talk_seconds"] >= 0)
            for t in call["talks"]
        )


def test_wrong_talk_is_reported() -> None:
    """A figure off by more than the tolerance is a discrepancy, by less it is none."""
    truth = [derived(leg())]
    record = as_record(truth[0])
    record["talks"][0]["talk_seconds"] += 0.2
    assert not compare([record], truth).discrepancies
    record["talks"][0]["talk_seconds"] += 0.2
    assert fields_of(compare([record], truth)) == ["talks[1001,customer].talk_seconds"]


def test_lost_and_doubled_calls() -> None:
    """No record is a lost call; two records for one call are a doubled or split one."""
    truth = [derived(leg())]
    assert fields_of(compare([], truth)) == ["lost call"]
    record = as_record(truth[0])
    assert fields_of(compare([record, {**record, "call_id": "pbx/7.2"}], truth)) == ["doubled or split call"]


def test_each_call_gets_its_own_record() -> None:
    """Two calls of the same second are told apart by number, in either order."""
    truth = derive([entry(leg(), linkedid=None), entry(leg("1002"), linkedid=None, caller="447700900111")])
    records = [as_record(call) for call in truth]
    assert compare(records[::-1], truth).discrepancies == []


def test_outcome_and_transfer_differences() -> None:
    """A wrong outcome and an invented transfer are named."""
    truth = [derived(leg())]
    record = as_record(truth[0])
    record["offerings"][0]["outcome"] = "no_answer"
    record["transfers"] = [{"kind": "blind", "by": "1001", "to": "1006", "completed": True}]
    assert fields_of(compare([record], truth)) == ["offerings[1001].outcome", "transfers"]


def test_unknown_queue_exit_in_a_limited_stream() -> None:
    """Without class dialplan a time-out may be unknown, but only there."""
    truth = [derived(leg(answer=None, end=4.0), result="queue_timeout", queue="short")]
    record = as_record(truth[0])
    record["queue_visits"][0]["ended"] = "unknown"
    assert fields_of(compare([record], truth)) == ["queue_visits[0].ended"]
    assert not compare([record], truth, limited=True).discrepancies


def test_table_has_a_row_a_call() -> None:
    """The markdown table shows the truth, the phone's own up-time, and the verdict."""
    truth = [derived(leg())]
    lines = list(table(compare([as_record(truth[0])], truth), markdown=True))
    assert len(lines) == 3
    assert lines[2].startswith("| made_up | 1001 |")
    assert lines[2].endswith("| 1001 4.00 | ok |")


def test_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The command compares a capture with a file of records and says by its status whether they agree."""
    truth = [entry(leg())]
    (tmp_path / "truth.json").write_text(json.dumps(truth))
    (tmp_path / "ami.jsonl").write_text("")
    calls = tmp_path / "calls.jsonl"
    calls.write_text(json.dumps(as_record(derive(truth)[0])) + "\n")
    assert main([str(tmp_path), str(calls)]) == 0
    calls.write_text("")
    assert main([str(tmp_path), str(calls)]) == 1
    assert "lost call" in capsys.readouterr().out


def test_scenarios_of_both_flavours() -> None:
    """Names are unique, and the first captures' names are still there."""
    for flavour, folder in (("plain", "22.10"), ("freepbx", "freepbx-22")):
        names = [s.name for s in scenarios_of(flavour)]
        assert len(names) == len(set(names))
        recorded = json.loads((CAPTURES / "regression" / folder / "truth.json").read_text(encoding="utf-8"))
        assert {e["scenario"] for e in recorded} <= set(names)


@pytest.fixture(scope="module")
def recorded() -> list[Call]:
    """The truth of a whole capture."""
    return derive(json.loads((CAPTURES / "regression" / "22.10" / "truth.json").read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    "part", ["offerings.ring_seconds", "talks.talk_seconds", "talks.hold_seconds", "queue_visits.wait_seconds"]
)
def test_no_figure_goes_unchecked(recorded: list[Call], part: str) -> None:
    """Half a second more or less in any one figure of a capture is found."""
    group, field = part.split(".")
    for call in recorded:
        for m, item in enumerate(call[group]):
            if item[field] is None or isinstance(item[field], list):
                continue
            record = as_record(call)
            record[group][m][field] += 0.5
            assert len(compare([record], [call]).discrepancies) == 1, (call["scenario"], part)


@pytest.mark.parametrize(
    "part",
    [
        "offerings.outcome",
        "offerings.source",
        "queue_visits.ended",
        "queue_visits.queue",
        "transfers.kind",
        "transfers.to",
    ],
)
def test_no_word_goes_unchecked(recorded: list[Call], part: str) -> None:
    """A wrong word in any one place of a capture is found."""
    group, field = part.split(".")
    for call in recorded:
        for m in range(len(call[group] or ())):
            record = as_record(call)
            record[group][m][field] = "wrong"
            assert len(compare([record], [call]).discrepancies) == 1, (call["scenario"], part)


@pytest.mark.parametrize("field", ["direction", "disposition", "customer_withheld", "answered", "started_at"])
def test_no_call_level_field_goes_unchecked(recorded: list[Call], field: str) -> None:
    """The same for what is said of the call as a whole."""
    for call in recorded:
        record = as_record(call)
        record[field] = "2026-11-21T00:00:00.000+00:00" if field == "started_at" else "wrong"
        assert compare([record], [call]).discrepancies, call["scenario"]


def test_the_pbx_ends_a_call_after_a_failed_transfer() -> None:
    """The agent's BYE after his REFER is not the end of the call."""
    moved = {"kind": "blind", "by": "1001", "to": "1006", "at": BEGAN + 3.0, "completed": False}
    call = derived(leg(end=3.1, hangup_by="agent"), transfers=[moved], result="transferred", hangup_by="pbx")
    assert call["ended_by"] == "pbx"


def test_a_phone_that_picks_up_never_rang() -> None:
    """Its offering has the source pickup and no ring; the phone that rang is answered elsewhere."""
    taker = leg("1006", invite=2.0, answer=2.05, source="pickup", t_ringing=None)
    call = derived(leg(answer=None, end=2.06), taker, t_answer=BEGAN + 2.06)
    assert [(o["agent"], o["source"], o["ring_seconds"], o["outcome"]) for o in call["offerings"]] == [
        ("1001", "direct", 2.06, "answered_elsewhere"),
        ("1006", "pickup", None, "answered"),
    ]


def test_a_supervisor_is_no_party() -> None:
    """Who listens is not offered the call, and his monitor talk may be missing from the record."""
    call = derived(leg(), leg("1006", invite=3.0, answer=3.1, end=5.0, kind="monitor", offered=False))
    assert [o["agent"] for o in call["offerings"]] == ["1001"]
    record = as_record(call)
    record["talks"] = [talk for talk in record["talks"] if talk["kind"] != "monitor"]
    assert compare([record], [call]).discrepancies == []


def test_a_conference_may_be_split_by_kind() -> None:
    """Where both kinds are permitted, a record that changes between them is summed."""
    call = derived(leg(kind=["conference", "customer"]))
    record = as_record(call)
    whole = record["talks"][0]
    half = {**whole, "talk_seconds": 2.0, "kind": "customer"}
    record["talks"] = [{**half, "kind": "conference"}, half]
    assert compare([record], [call]).discrepancies == []


def test_leaving_a_queue_by_a_key() -> None:
    """The visit ends with the digit; who is rung after that was not rung by the queue."""
    visit = {"queue": "keys", "ended": "exit_key", "left": BEGAN + 3.0}
    call = derived(
        leg("1003", answer=None, end=3.0, outcome="caller_gave_up"),
        leg("1006", invite=3.0, answer=4.0),
        queue_visits=[visit],
    )
    assert [(o["agent"], o["source"]) for o in call["offerings"]] == [("1003", "queue"), ("1006", "direct")]
    assert call["queue_visits"][0]["wait_seconds"] == 3.0
