"""Outages on a real PBX lose, double and bend no call; and the judge of that would notice if they did.

Two faults where the lab's tests run; all twenty with THREERINGS_LAB=all (`make faults` runs them by themselves).
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from tests.analytics.postgres import server_folder, skip_or_fail
from tests.lab.faults.faults import Fault, FaultKind, draw, missing_gaps, unexplained_gaps
from tests.lab.faults.judge import Record, judge
from tests.lab.faults.pbx_calls import PbxCall, calls_of
from tests.lab.faults.truth import Handover, Placed, TrueCall, true_calls
from tests.lab.instants import iso
from tests.lab.softphone import Call
from tests.lab.test_live import ALL, ROOT, need_lab

RUN_SECONDS = 1200
BEGAN = 1_800_000_000.0


# -- on the real PBX ------------------------------------------------------------------------


@pytest.mark.lab
@pytest.mark.postgres
@pytest.mark.timeout(RUN_SECONDS)
def test_no_call_is_lost_doubled_or_wrong_after_faults(tmp_path: Path) -> None:
    """Whatever broke, every call of the PBX is there once with its minutes, and the ledger tells each gap."""
    need_lab()
    if server_folder() is None:
        skip_or_fail("no PostgreSQL server is installed (initdb not found)")
    command = [sys.executable, "-m", "tests.lab.faults", "--slot", "2", "--out", str(tmp_path)]
    if not ALL:
        command += ["--faults", "2", "--kinds", "listener killed,pbx killed"]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    figure = json.loads(done.stdout.splitlines()[-1])
    assert figure["calls"] > 0
    assert figure["faults"] == (20 if ALL else 2)
    assert done.returncode == 0, done.stdout


# -- the judge, without any PBX -------------------------------------------------------------


def cel(event: str, at: float, number: str, exten: str, uniqueid: str, linkedid: str) -> list[str]:
    """A row of cel_custom; what is not read is left empty."""
    row = [""] * 20
    row[0], row[1], row[3], row[7], row[14], row[15] = event, str(at), number, exten, uniqueid, linkedid
    return row


CALL = PbxCall(ids=frozenset({"1.0", "1.1"}), caller="447700910001", dialled="442079460001", at=BEGAN)
TRUTH = TrueCall(
    shape="direct",
    caller="447700910001",
    dialled="442079460001",
    at=BEGAN - 0.01,
    internal=False,
    seconds={"1001": 5.0},
)


def record(**more: Any) -> Record:
    """What the service tells of that call."""
    talk = {"agent": "1001", "kind": "customer", "talk_seconds": 4.2, "hold_seconds": 1.0}
    told: Record = {
        "call_id": "lab/1.0",
        "alias_ids": [],
        "linkedid": "1.0",
        "started_at": iso(BEGAN),
        "known": "observed",
    }
    return {**told, "answered": True, "disposition": "answered", "talks": [talk], **more}


def test_a_call_told_once_within_a_second_is_right() -> None:
    """Talk and hold together are what counts."""
    assert judge([CALL], [TRUTH], [record()]).is_clean


SHORT = {"agent": "1001", "kind": "customer", "talk_seconds": 3.9, "hold_seconds": None}
STRANGER = {"agent": "1002", "kind": "customer", "talk_seconds": 1.1, "hold_seconds": 0.0}
FAULTY: dict[str, tuple[list[Record], dict[str, int]]] = {
    "lost": ([], {"lost": 1}),
    "doubled": ([record(), record(call_id="lab/1.1", linkedid="1.1")], {"doubled": 1}),
    "of no call": ([record(), record(call_id="lab/9.9", linkedid="9.9")], {"doubled": 1}),
    "minutes short": ([record(talks=[SHORT])], {"wrong": 1}),
    "minutes of another": ([record(talks=[*record()["talks"], STRANGER])], {"wrong": 1}),
    "not answered": ([record(answered=False)], {"wrong": 1}),
}


@pytest.mark.parametrize(("records", "expected"), FAULTY.values(), ids=FAULTY)
def test_each_kind_of_fault_is_counted(records: list[Record], expected: Mapping[str, int]) -> None:
    """A call that is lost, doubled or wrong is counted as that, and as nothing else."""
    verdict = judge([CALL], [TRUTH], records)
    figure = verdict.figure()
    assert {name: figure[name] for name in ("lost", "doubled", "wrong")} == {
        "lost": 0,
        "doubled": 0,
        "wrong": 0,
        **expected,
    }
    assert not verdict.is_clean


def test_one_record_for_two_calls_is_no_clean_verdict() -> None:
    """A record that names the channels of two calls says both, and is wrong for one."""
    other = PbxCall(ids=frozenset({"2.0"}), caller="447700910002", dialled="442079460100", at=BEGAN + 20)
    second = replace(TRUTH, caller=other.caller, dialled=other.dialled, at=other.at, seconds={"1003": 7.0})
    assert judge([CALL, other], [TRUTH, second], [record(alias_ids=["lab/2.0"])]).wrong == 1


def test_a_call_that_no_phone_knows_makes_the_judge_distrusted() -> None:
    """Without a truth nothing is compared, so the verdict is not clean."""
    assert judge([CALL], [], [record()]).unexplained == 1


def test_phones_that_talked_while_the_pbx_knows_of_nothing_are_told() -> None:
    """A call of the phones that CEL lacks is not passed over."""
    assert judge([], [TRUTH], []).unexplained == 1


def test_calls_of_cel_are_joined_by_the_channels_that_changed_their_call() -> None:
    """After an attended transfer the colleague's channel bears both linkedids: one call, begun by the customer."""
    rows = [
        cel("CHAN_START", 10.0, "447700910001", "442079460100", "1.0", "1.0"),
        cel("CHAN_START", 10.5, "1001", "s", "1.1", "1.0"),
        cel("CHAN_START", 20.0, "1001", "1006", "1.2", "1.2"),
        cel("CHAN_START", 20.1, "1006", "s", "1.3", "1.2"),
        cel("BRIDGE_ENTER", 25.0, "1006", "", "1.3", "1.0"),
        cel("CHAN_START", 30.0, "447700910002", "442079460001", "1.4", "1.4"),
    ]
    random.Random(1).shuffle(rows)
    first, second = calls_of(rows)
    assert first.ids == {"1.0", "1.1", "1.2", "1.3"}
    assert (first.caller, first.dialled) == ("447700910001", "442079460100")
    assert second.ids == {"1.4"}


def test_a_transfer_joins_the_channels_that_it_names() -> None:
    """The PBX died right after the transfer: only its own row says that the consultation belongs to the call."""
    transfer = cel("ATTENDEDTRANSFER", 25.0, "1001", "1001", "1.1", "1.0")
    transfer[19] = json.dumps({"channel2_uniqueid": "1.2", "transfer_target_channel_uniqueid": "1.3"})
    rows = [
        cel("CHAN_START", 10.0, "447700910001", "442079460100", "1.0", "1.0"),
        cel("CHAN_START", 10.5, "1001", "s", "1.1", "1.0"),
        cel("CHAN_START", 20.0, "1001", "1006", "1.2", "1.2"),
        cel("CHAN_START", 20.1, "1006", "s", "1.3", "1.2"),
        transfer,
    ]
    (call,) = calls_of(rows)
    assert call.ids == {"1.0", "1.1", "1.2", "1.3"}


# -- the truth of the phones ------------------------------------------------------------------


def dialog(user: str, caller: str, number: str, status: int | None = None, **times: float) -> Call:
    """A phone's call with these instants, in seconds after the beginning."""
    made = SimpleNamespace(
        phone=SimpleNamespace(user=user),
        caller=caller,
        number=number,
        transfer_status=status,
        times={name: BEGAN + at for name, at in times.items()},
    )
    return cast("Call", made)


def rounded(call: TrueCall) -> dict[str, float]:
    return {agent: round(seconds, 3) for agent, seconds in call.seconds.items()}


def attended(status: int | None) -> list[TrueCall]:
    """1001 talks from 3 to 12, consults 1006 from 6 to 12; the customer hangs up at 20."""
    customer = dialog("provider", "44", "100", invite=0, answer=0.1, end=20)
    giver = dialog("1001", "44", "1001", status, invite=1, answer=3, end=12)
    consultation = dialog("1001", "1001", "1006", invite=5, answer=6, end=12)
    colleague = dialog("1006", "1001", "1006", invite=5, answer=6, end=20 if status else 12)
    return true_calls(
        Placed(
            shape="attended transfer",
            first=customer,
            others=[giver],
            handover=Handover(giver=giver, consultation=consultation),
            consulted=[colleague],
        )
    )


def test_a_colleague_has_the_customer_from_the_transfer_on() -> None:
    """What was consultation before it is nobody's time with the customer."""
    (call,) = attended(200)
    assert rounded(call) == {"1001": 9.0, "1006": 8.0}


def test_a_consultation_that_was_never_joined_is_a_call_of_its_own() -> None:
    """The customer's call keeps its one agent; the two agents talked with each other in another."""
    call, consultation = attended(None)
    assert rounded(call) == {"1001": 9.0}
    assert consultation.internal
    assert rounded(consultation) == {"1001": 6.0, "1006": 6.0}


def test_a_blind_transfer_ends_the_givers_time_when_it_is_accepted() -> None:
    """The giver's phone may stay up for a moment longer."""
    customer = dialog("provider", "44", "100", invite=0, answer=0.1, end=20)
    giver = dialog("1001", "44", "1001", invite=1, answer=3, refer_accepted=7, end=9)
    taker = dialog("1006", "44", "1006", invite=7.1, answer=8, end=20)
    (call,) = true_calls(
        Placed(shape="blind transfer", first=customer, others=[giver, taker], handover=Handover(giver=giver))
    )
    assert rounded(call) == {"1001": 4.0, "1006": 12.0}


# -- the ledger -------------------------------------------------------------------------------


def line(start: float, end: float) -> dict[str, Any]:
    """A line of `threerings gaps --json`."""
    return {"from": iso(BEGAN + start), "to": iso(BEGAN + end), "why": "lost"}


def fault(kind: FaultKind, at: float, mended: float) -> Fault:
    return Fault(kind=kind, at=BEGAN + at, mended=BEGAN + mended)


KILL = fault(FaultKind.LISTENER_KILLED, 10, 14)
LEDGERS: dict[str, tuple[list[dict[str, Any]], int, int]] = {
    "told": ([line(9.5, 15)], 0, 0),
    "told with another": ([line(2, 30)], 0, 0),
    "not told": ([], 1, 0),
    "begins too late": ([line(13, 15)], 1, 0),
    "ends too early": ([line(9.5, 11)], 1, 0),
    "told twice, once for nothing": ([line(9.5, 15), line(60, 61)], 0, 1),
}


@pytest.mark.parametrize(("ledger", "missing", "surplus"), LEDGERS.values(), ids=LEDGERS)
def test_the_ledger_must_tell_each_gap_around_its_true_times(
    ledger: list[dict[str, Any]], missing: int, surplus: int
) -> None:
    """A line begins with the fault or before, and ends when it was mended; a line without a fault is told too."""
    assert len(missing_gaps([KILL], ledger)) == missing
    assert len(unexplained_gaps([KILL], ledger)) == surplus


def test_a_stopped_database_and_a_held_socket_are_no_gaps() -> None:
    """Hearing was not cut, so the ledger owes no line."""
    held = [fault(FaultKind.DATABASE_STOPPED, 10, 14), fault(FaultKind.SOCKET_HELD, 20, 25)]
    assert missing_gaps(held, []) == []


def test_the_faults_of_a_seed_are_always_the_same_and_of_every_kind() -> None:
    """Twenty faults have each kind at least twice."""
    plans = draw(1, 20, list(FaultKind))
    assert plans == draw(1, 20, list(FaultKind)) != draw(2, 20, list(FaultKind))
    assert all(sum(plan.kind is kind for plan in plans) >= 2 for kind in FaultKind)
