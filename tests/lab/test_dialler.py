"""The dialler on a real Asterisk: holding an agent in his queues, what lives, and what it refuses."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from schedulers.storage.dial_attempts import STOP
from telephony.ami.address import Address
from telephony.ami.client import Client
from telephony.ami.signals import Login
from telephony.clock import SystemClock
from telephony.dialler import First, Order, Placed
from telephony.dialling.client import AmiDialler
from telephony.dialling.held import REASON, Membership, memberships
from telephony.dialling.orders import Lines
from telephony.doctor_dialling import ask_dialling, dialling_findings
from telephony.doctor_findings import Expectations, Severity
from tests.lab.flavours import FLAVOURS
from tests.lab.test_live import ROOT, need_lab
from tests.lab.world import Bench

SLOT = 0
SETTINGS = """
[pbx.lab]
host = "127.0.0.1"
port = {port}
user = "callcenter"
secret_env = "LISTENER"
[pbx.lab.actions]
user = "dialler"
secret_env = "DOER"
[pbx.lab.dialling.trunks.lab]
dial = "PJSIP/{{number}}@{trunk}"
channels = 2
"""
KINDS = [(suite, flavour) for suite in ("forky", "bullseye") for flavour in ("plain", "freepbx")]
NUMBER = "447700900699"


@pytest.fixture(scope="module", params=KINDS, ids="-".join)
def bench(request: pytest.FixtureRequest) -> Iterator[tuple[Bench, str]]:
    """A started Asterisk without any phone, and the name of its trunk."""
    need_lab()
    suite, flavour = request.param
    started = Bench(suite, SLOT, FLAVOURS[flavour].conf)
    try:
        yield started, FLAVOURS[flavour].trunk
    finally:
        started.lab("stop")


def client_of(started: Bench, user: str) -> Client:
    """A client of this user of the lab."""
    address = Address(host="127.0.0.1", port=started.ami_port)
    login = Login(user=user, secret=f"lab-{user}")
    return Client(address, login, clock=SystemClock(), random=Random(1))


def order_of(channel_id: str) -> Order:
    """An order to ring 1001, who never answers."""
    return Order(
        channel_id=channel_id,
        first=First.AGENT,
        device="PJSIP/1001",
        number=NUMBER,
        trunk="lab",
        ring=timedelta(seconds=5),
        account=channel_id,
    )


@asynccontextmanager
async def dialler_on(started: Bench, trunk: str, user: str = "dialler") -> AsyncIterator[AmiDialler]:
    """One that has logged in as this user; agents' phones ring for five seconds."""
    lines = Lines(dial={"lab": f"PJSIP/{{number}}@{trunk}"}, agent_ring=timedelta(seconds=5))
    client = client_of(started, user)
    async with AmiDialler(client, lines) as dialler:
        await client.wait_logged_in()
        yield dialler


async def seats(client: Client, device: str) -> dict[str, str | None]:
    """By queue, why this device is paused there; None where it is not."""
    listed: list[Membership] = memberships((await client.action("QueueStatus")).items)
    return {each.queue: each.reason if each.paused else None for each in listed if each.is_of(device)}


@pytest.mark.lab
def test_an_agent_is_held_in_all_his_queues_and_only_by_us_given_back(bench: tuple[Bench, str]) -> None:
    """PJSIP and Local members, 16 and 22: the pause bears our reason; one of his own is not touched."""
    started, trunk = bench

    async def holding() -> None:
        lines = Lines(dial={"lab": f"PJSIP/{{number}}@{trunk}"})
        client = client_of(started, "dialler")
        async with client_of(started, "recorder") as other, AmiDialler(client, lines) as dialler:
            await other.wait_logged_in()
            await client.wait_logged_in()
            assert await dialler.hold("PJSIP/1001", on=True)
            held = await seats(other, "PJSIP/1001")
            assert len(held) >= 2
            assert set(held.values()) == {REASON}
            assert set((await seats(other, "PJSIP/1002")).values()) == {None}
            assert await dialler.hold("PJSIP/1001", on=False)
            assert set((await seats(other, "PJSIP/1001")).values()) == {None}
            interface = next(
                each.interface
                for each in memberships((await other.action("QueueStatus")).items)
                if each.is_of("PJSIP/1001")
            )
            await other.action("QueuePause", [("Interface", interface), ("Paused", "true"), ("Reason", "lunch")])
            assert not await dialler.hold("PJSIP/1001", on=True)
            assert await dialler.hold("PJSIP/1001", on=False)
            assert set((await seats(other, "PJSIP/1001")).values()) == {"lunch"}

    asyncio.run(holding())


@pytest.mark.lab
def test_what_lives_is_seen_and_who_may_not_dial_is_refused(bench: tuple[Bench, str]) -> None:
    """The attempt's channel is listed while it rings; a user without the right is told so, and nobody is dialled."""
    started, trunk = bench

    async def dialling() -> None:
        async with dialler_on(started, trunk) as dialler:
            first = order_of("tr-labnonce-1")
            assert await dialler.place(first) == (Placed.SENT, "")
            async with asyncio.timeout(3):
                while not await dialler.living([first.channel_id, "tr-labnonce-2"]):
                    pass
            assert await dialler.living([first.channel_id, "tr-labnonce-2"]) == {first.channel_id}
        async with dialler_on(started, trunk, "wallboard") as powerless:
            assert await powerless.place(order_of("tr-labnonce-3")) == (Placed.REFUSED, "Permission denied")

    asyncio.run(dialling())


@pytest.mark.lab
def test_the_first_attempt_is_dialled_while_the_eleventh_rings(bench: tuple[Bench, str]) -> None:
    """Asterisk takes an id for used that begins another living one: as the service names them none does."""
    started, trunk = bench

    async def dialling() -> None:
        async with dialler_on(started, trunk) as dialler:
            ids = [f"tr-labnonce-{number}{STOP}" for number in (11, 1)]
            for place, id_ in enumerate(ids, 1):
                assert await dialler.place(order_of(id_)) == (Placed.SENT, "")
                async with asyncio.timeout(3):
                    while len(await dialler.living(ids)) < place:
                        pass

    asyncio.run(dialling())


@pytest.mark.lab
def test_pbx_check_finds_placing_calls_well(bench: tuple[Bench, str]) -> None:
    """The printed rights and contexts are enough, the trunk is known, and one that is not is named."""
    started, trunk = bench

    async def checking() -> dict[str, list[str]]:
        dial = {"lab": f"PJSIP/{{number}}@{trunk}", "none": "PJSIP/{number}@nobody"}
        client = client_of(started, "dialler")
        async with client:
            await client.wait_logged_in()
            answers = await ask_dialling(client.action, dial)
        found: dict[str, list[str]] = {}
        for each in dialling_findings(answers, dial, Expectations()):
            found.setdefault(each.code, []).append(each.severity.value)
        return found

    well = Severity.OK.value
    assert asyncio.run(checking()) == {
        "actions_rights": [well],
        "dialling_context": [well, well],
        "dialling_trunk": [well, Severity.ERROR.value],
    }


@pytest.mark.lab
def test_the_command_checks_both_users(bench: tuple[Bench, str], tmp_path: Path) -> None:
    """`pbx check` logs in as the listener and as the user of actions, and its JSON has the findings of both."""
    started, trunk = bench
    text = SETTINGS.format(port=started.ami_port, trunk=trunk)
    (tmp_path / "threerings.toml").write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "service", "pbx", "check", "--watch", "0", "--json"]
    environ = {**os.environ, "LISTENER": "lab-callcenter", "DOER": "lab-dialler"}
    command += ["--config", str(tmp_path / "threerings.toml")]
    done = subprocess.run(command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, check=False)
    codes = {each["code"]: each["severity"] for each in json.loads(done.stdout)["findings"]}
    assert (codes["actions_rights"], codes["dialling_context"], codes["dialling_trunk"]) == ("ok", "ok", "ok")
    assert "version" in codes
