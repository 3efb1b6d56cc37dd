"""The phones of a campaign: what a number says of its owner, and that their truth is the PBX's own."""

from __future__ import annotations

import csv
import random
from pathlib import Path

import pytest

from tests.lab.ami import Ami
from tests.lab.campaigns.agents import Mood, Moods, crew
from tests.lab.campaigns.crowd import Crowd
from tests.lab.campaigns.customers import Behaviour, behaviour_of, crowd, number_of, plan_of
from tests.lab.campaigns.dialogs import Dialog
from tests.lab.faults.machines import Pbx, wait_until
from tests.lab.sip import Message
from tests.lab.test_live import need_lab

SLOT = 2
UNIQUEID, DISPOSITION = 16, 14  # columns of cdr_csv
EXPECTED: dict[Behaviour | None, str] = {
    Behaviour.ANSWERS: "ANSWERED",
    Behaviour.LISTENS: "ANSWERED",
    Behaviour.BUSY: "BUSY",
    Behaviour.RINGS_OUT: "NO ANSWER",
    Behaviour.CONGESTION: "CONGESTION",
    Behaviour.NO_SUCH: "NO ANSWER",  # so Asterisk writes of a channel that was originated
    Behaviour.DECLINES: "NO ANSWER",
    Behaviour.VOICEMAIL: "ANSWERED",
    Behaviour.SILENT: "ANSWERED",
    Behaviour.EARLY: "ANSWERED",
}


def invite(phone: str) -> Dialog:
    """A call that has just come in."""
    return Dialog(phone=phone, invite=Message(b"INVITE sip:1021@127.0.0.1 SIP/2.0\r\nCall-ID: 1\r\n\r\n"))


@pytest.mark.parametrize("behaviour", Behaviour)
def test_a_number_says_how_its_owner_behaves_however_it_is_written(behaviour: Behaviour) -> None:
    """National, international with and without a plus, and with a prefix of the trunk."""
    number = number_of(1234, behaviour, 7)
    assert {behaviour_of(written) for written in (number, f"+86{number}", f"86{number}", f"9{number}")} == {
        behaviour
    }
    assert plan_of(number).name == behaviour


def test_a_stranger_is_nobody() -> None:
    """A number of no crowd is answered with 404."""
    assert behaviour_of("442079460100") is None
    assert plan_of("442079460100").code == 404


def test_a_crowd_has_every_behaviour_and_no_number_twice() -> None:
    """The same seed gives the same crowd, another seed another one."""
    numbers = list(crowd(300, 1))
    assert len(set(numbers)) == 300
    assert {behaviour_of(each) for each in numbers} == set(Behaviour)
    assert numbers == list(crowd(300, 1)) != list(crowd(300, 2))


def test_an_agents_moods_come_from_the_seed() -> None:
    """In two hundred calls he shows each of them; steady agents answer all."""
    first, again, other, steady = Moods(1), Moods(1), Moods(2), Moods(1, steady=True)
    told = [[moods.plan(invite("1021")).name for _ in range(200)] for moods in (first, again, other, steady)]
    assert told[0] == told[1] != told[2]
    assert set(told[0]) == set(Mood)
    assert set(told[3]) == {Mood.ANSWERS}


@pytest.mark.parametrize("count", [0, 41])
def test_a_crew_is_of_one_to_forty(count: int) -> None:
    """The PBX has no other phones for it."""
    with pytest.raises(ValueError, match=f"found {count}, expected 1 to 40"):
        crew(count)


@pytest.mark.lab
@pytest.mark.timeout(120)
def test_what_the_phones_tell_is_what_the_pbx_wrote(tmp_path: Path) -> None:
    """Thirty customers dialled at once, each put through to an agent: one leg each, answered where the CDR says so."""
    need_lab()
    pbx = Pbx("forky", SLOT)
    numbers = list(crowd(30, 1))
    try:
        with Crowd(pbx.bench, tmp_path / "truth.jsonl", agents=10, seed=1, steady=True) as phones:
            dial(pbx, numbers)
            wait_until(lambda: len(customers(phones)) == len(numbers), "every customer's call is over", 40)
            wait_until(lambda: pbx.calls_in_progress() == 0, "the PBX has no channel left", 20)
            told = customers(phones)
    finally:
        pbx.close()
    assert sorted(told) == sorted(numbers)
    written = dispositions(pbx)
    for number, answered in told.items():
        behaviour = behaviour_of(number)
        assert (written[number], answered) == (EXPECTED[behaviour], EXPECTED[behaviour] == "ANSWERED"), behaviour


def dial(pbx: Pbx, numbers: list[str]) -> None:
    """All at once; who answers is put through to an agent."""
    manager = Ami(pbx.bench.ami_port, "recorder", "lab-recorder", keep=False)
    agents = crew(10)
    chance = random.Random(1)
    for number in numbers:
        fields = {
            "Channel": f"PJSIP/{number}@trunk",
            "Application": "Dial",
            "Data": f"PJSIP/{chance.choice(agents)}",
        }
        manager.send("Originate", {**fields, "Async": "true", "Timeout": "3000", "ChannelId": f"test-{number}"})
    manager.close()


def customers(phones: Crowd) -> dict[str, bool]:
    """Whether each customer answered who was dialled and whose call is over."""
    return {leg.number: leg.answer is not None for leg in phones.legs() if leg.phone == "provider"}


def dispositions(pbx: Pbx) -> dict[str, str]:
    """What the CDR says of each customer's own channel; answered if any of its rows says so."""
    found: dict[str, str] = {}
    with (pbx.log / "cdr-csv" / "Master.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.reader(lines):
            if row[UNIQUEID].startswith("test-"):
                number = row[UNIQUEID].removeprefix("test-")
                found[number] = (
                    "ANSWERED" if "ANSWERED" in (found.get(number), row[DISPOSITION]) else row[DISPOSITION]
                )
    return found
