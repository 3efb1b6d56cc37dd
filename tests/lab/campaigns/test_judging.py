"""The judge of campaigns would notice: each thing that may be wrong with an attempt, from literals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from config.followups import Result
from schedulers.campaigns.records import DialMode, Evidence, Phase
from tests.lab.campaigns.attempts import Told
from tests.lab.campaigns.centre import RESTS
from tests.lab.campaigns.customers import Behaviour, number_of
from tests.lab.campaigns.dialogs import Leg
from tests.lab.campaigns.jitter import jitter, pace
from tests.lab.campaigns.judging import Verdict, judge
from tests.lab.campaigns.matching import match
from tests.lab.campaigns.pbx_rows import CdrRow, Channel, channels_of
from tests.lab.campaigns.table import figure, table

BEGAN = 1_800_000_000.0
NUMBER = number_of(1, Behaviour.ANSWERS, 0)
BUSY = number_of(2, Behaviour.BUSY, 0)

TOLD = Told(
    id=1,
    channel_id="tr-lab-1",
    mode=DialMode.PROGRESSIVE,
    follow_ups=("F-1",),
    customer=f"C-{NUMBER}",
    number=NUMBER,
    agent="1021",
    phase=Phase.ANSWERED,
    result=Result.TALKED,
    cause=16,
    evidence=Evidence.HEARD,
    why="",
    planned=BEGAN,
    dial=None,
    committed=BEGAN + 0.01,
    sent=BEGAN + 0.02,
    ended=BEGAN + 4.0,
    call="lab/tr-lab-1",
)
CUSTOMER = Leg(
    phone="provider",
    call_id="a",
    number=NUMBER,
    caller="442079460100",
    plan="answers",
    invite=BEGAN + 0.05,
    ringing=BEGAN + 0.06,
    answer=BEGAN + 1.0,
    end=BEGAN + 3.0,
    by="us",
    code=200,
)
AGENT = replace(
    CUSTOMER, phone="1021", call_id="b", number="1021", invite=BEGAN + 1.1, answer=BEGAN + 1.3, by="them"
)
CHANNEL = Channel(
    uniqueid="tr-lab-1", linkedid="tr-lab-1", name="PJSIP/trunk-1", account="tr-lab-1", started=BEGAN + 0.03
)
AGENTS_CHANNEL = replace(CHANNEL, uniqueid="1.7", name="PJSIP/1021-1")
ROW = CdrRow(
    account="tr-lab-1",
    destination=NUMBER,
    channel="PJSIP/trunk-1",
    peer="PJSIP/1021-1",
    answered=True,
    disposition="ANSWERED",
    uniqueid="tr-lab-1",
    linkedid="tr-lab-1",
)
BUSY_TOLD = replace(TOLD, number=BUSY, customer=f"C-{BUSY}", phase=Phase.NOT_ANSWERED, result=Result.BUSY, cause=17)
BUSY_LEG = replace(
    CUSTOMER, number=BUSY, plan="busy", ringing=None, answer=None, end=BEGAN + 0.06, by="refused", code=486
)
BUSY_ROW = replace(ROW, destination=BUSY, peer="", answered=False, disposition="BUSY")


def verdict(
    told: Sequence[Told] = (TOLD,),
    legs: Sequence[Leg] = (CUSTOMER, AGENT),
    channels: Sequence[Channel] = (CHANNEL, AGENTS_CHANNEL),
    rows: Sequence[CdrRow] = (ROW,),
    contacts: Sequence[str] = (),
    also: Sequence[Told] = (),
) -> Verdict:
    return judge(match(told, legs, channels, rows, also), legs, contacts, accounted=())


def test_an_attempt_that_all_tell_alike_is_right() -> None:
    """A talk, and a busy phone."""
    assert verdict(contacts=[NUMBER]).is_clean
    busy = verdict([BUSY_TOLD], [BUSY_LEG], [CHANNEL], [BUSY_ROW])
    assert busy.is_clean, list(table(busy))


FAULTY: Mapping[str, tuple[Mapping[str, Any], str]] = {
    "told otherwise": ({"told": [replace(TOLD, phase=Phase.NOT_ANSWERED, result=Result.NO_ANSWER)]}, "wrong"),
    "still alive": ({"told": [replace(TOLD, phase=Phase.SENT, ended=None)]}, "wrong"),
    "a talk that was none": ({"legs": [CUSTOMER, replace(AGENT, answer=None, by="refused", code=486)]}, "wrong"),
    "another disposition": ({"rows": [replace(ROW, answered=False, disposition="NO ANSWER")]}, "wrong"),
    "no row": ({"rows": []}, "wrong"),
    "no channel": ({"channels": [AGENTS_CHANNEL]}, "wrong"),
    "dropped but dialled": (
        {"told": [replace(TOLD, phase=Phase.DROPPED, committed=None)], "legs": [AGENT]},
        "wrong",
    ),
    "refused but dialled": ({"told": [replace(TOLD, phase=Phase.REFUSED, result=Result.FAILED)]}, "wrong"),
    "two calls of one": (
        {"legs": [CUSTOMER, AGENT, replace(CUSTOMER, call_id="c", invite=BEGAN + 3.5)]},
        "doubles",
    ),
    "two channels of one": ({"channels": [CHANNEL, replace(CHANNEL, uniqueid="1.9")]}, "doubles"),
    "of no attempt": ({"legs": [CUSTOMER, AGENT, replace(CUSTOMER, call_id="c", number=BUSY)]}, "strays"),
    "forgotten": ({"contacts": [NUMBER, BUSY]}, "forgotten"),
}


@pytest.mark.parametrize(("given", "counted"), FAULTY.values(), ids=FAULTY)
def test_each_thing_that_is_wrong_is_counted_as_that(given: Mapping[str, Any], counted: str) -> None:
    """And the verdict is not clean, and the table tells it in a line."""
    found = verdict(**given)
    assert figure(found)[counted] > 0, list(table(found))
    assert not found.is_clean
    assert len(list(table(found))) > 3


def later(told: Told, seconds: float) -> Told:
    """Another attempt at the same customer."""
    at = {name: getattr(told, name) + seconds for name in ("planned", "committed", "sent", "ended")}
    return replace(told, id=2, channel_id="tr-lab-2", **at)


def moved(leg: Leg, seconds: float) -> Leg:
    end = None if leg.end is None else leg.end + seconds
    return replace(leg, call_id="later", invite=leg.invite + seconds, answer=None, end=end, by="cancel", code=487)


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(2.0, "went on"), (RESTS - 1.0, "called again"), (RESTS + 1.0, "talked with")],
)
def test_who_was_talked_with_or_had_no_rest_must_not_be_called(seconds: float, told: str) -> None:
    """Each is a double call, whoever asked for it: also an attempt that a restored backup knows no more."""
    first = (TOLD, CUSTOMER)
    found = verdict([later(TOLD, seconds)], [first[1], AGENT, moved(CUSTOMER, seconds)], also=[TOLD])
    assert any(told in line for line in found.doubles), found.doubles
    assert not found.strays


def test_who_was_dialled_before_a_backup_was_restored_is_not_forgotten() -> None:
    """The service knows of no attempt at him any more, and need not dial him again: he was talked with."""
    assert verdict([], also=[TOLD], contacts=[NUMBER]).is_clean


def test_three_tries_that_count_are_one_too_many() -> None:
    """Two are what the policy of a run permits."""
    legs = [replace(BUSY_LEG, call_id=str(n), invite=BEGAN + n * 10, end=BEGAN + n * 10 + 0.1) for n in range(3)]
    assert verdict([], legs[:2]).doubles == ()
    assert [line.partition(": ")[2] for line in verdict([], legs).doubles] == [
        "3 tries that count, expected 2 at most"
    ]


def test_nobody_knows_is_no_lie() -> None:
    """What is indeterminate is counted apart, and still may not be a double."""
    found = verdict([replace(TOLD, phase=Phase.INDETERMINATE, result=Result.INDETERMINATE)])
    assert found.is_clean
    assert figure(found)["indeterminate"] == 1


def test_what_the_death_of_the_pbx_cut_is_judged_by_what_was_until_then() -> None:
    """A call that was cut may be told as unanswered where nobody had answered; never as busy."""
    cut = replace(CUSTOMER, answer=None, end=BEGAN + 0.5, by="cut", code=None)
    lost = replace(TOLD, phase=Phase.NOT_ANSWERED, result=Result.NO_ANSWER)
    assert verdict([lost], [cut], [], []).is_clean
    assert verdict([replace(lost, result=Result.BUSY)], [cut], [], []).wrong == 1


def test_a_channel_of_cel_has_its_life_and_its_cause() -> None:
    """A torn line is no row, and rows of a channel that began unheard are passed over."""

    def row(event: str, at: float, extra: str = "") -> list[str]:
        cells = [""] * 20
        cells[0], cells[1], cells[9], cells[13], cells[14], cells[15], cells[19] = (
            *(event, str(at), "PJSIP/trunk-1", "tr-lab-1", "tr-lab-1", "tr-lab-1"),
            extra,
        )
        return cells

    rows = [
        row("CHAN_START", 1.0),
        row("ANSWER", 2.0),
        row("HANGUP", 3.0, '{"hangupcause":16}'),
        row("CHAN_END", 3.1),
    ]
    (channel,) = channels_of(rows)
    assert (channel.started, channel.answered, channel.ended, channel.cause) == (1.0, 2.0, 3.0, 16)
    assert channel.is_customers
    assert channels_of(rows[1:]) == []


def test_jitter_counts_from_the_plan_to_the_first_phone() -> None:
    """A progressive call is due when it is planned, a preview when its agent asks for it."""
    assert jitter(match([TOLD], [CUSTOMER], [], []).cases) == {"calls": 1, "p50": 50.0, "p99": 50.0, "most": 50.0}
    preview = replace(TOLD, mode=DialMode.PREVIEW, dial=BEGAN + 1.0)
    assert jitter(match([preview], [AGENT], [], []).cases)["p50"] == pytest.approx(100.0, abs=0.2)
    assert jitter([])["p99"] is None


def test_pace_is_of_the_middle() -> None:
    """Two calls a second, whatever the first and the last tenth took; of a handful there is none."""
    told = [
        replace(TOLD, id=n, channel_id=f"tr-lab-{n}", number=number_of(n, Behaviour.BUSY, 0)) for n in range(40)
    ]
    begun = [BEGAN + 0.1 + n * 0.5 + (60 if n == 39 else 0) for n in range(40)]
    legs = [replace(CUSTOMER, call_id=str(n), number=told[n].number, invite=at) for n, at in enumerate(begun)]
    attempts = [replace(each, committed=at - 0.01, ended=at + 1) for each, at in zip(told, begun, strict=True)]
    cases = match(attempts, legs, [], []).cases
    assert pace(cases) == 2.0
    assert pace(cases[:19]) is None
