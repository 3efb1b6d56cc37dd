"""A scripted PBX speaks as a manager does, and each play is a new one."""

from __future__ import annotations

import re
from pathlib import Path
from random import Random

import pytest

import service.demo
from telephony.ami.address import Address
from telephony.ami.client import Client
from telephony.ami.inbox import Batch, Disconnected
from telephony.ami.signals import Login, LostReason
from telephony.clock import SystemClock
from telephony.errors import LoginRefusedError
from telephony.scripted_pbx import ScriptedPbx
from telephony.scripted_streams import Part, Play, Script, copies, load_script

DEMO = Path(next(iter(service.demo.__path__)))


@pytest.fixture(scope="module")
def script() -> Script:
    """A captured stream."""
    return load_script(DEMO / "plain.jsonl.xz")


def pbx_of(script: Script, **given: object) -> ScriptedPbx:
    """A fast PBX that begins with the first login."""
    return ScriptedPbx(
        [Part(script=script)],
        user="u",
        secret="s3cret",
        clock=SystemClock(),
        speed=2000.0,
        wait_for_listener=True,
        **given,  # type: ignore[arg-type]
    )


def client_of(pbx: ScriptedPbx, *, secret: str = "s3cret", plain: bool = False) -> Client:
    """A client for it."""
    login = Login(user="u", secret=secret, plain=plain)
    return Client(Address(host="127.0.0.1", port=pbx.port), login, clock=SystemClock(), random=Random(1))


@pytest.mark.parametrize("plain", [False, True])
async def test_all_that_was_captured_is_played(script: Script, plain: bool) -> None:
    """By either login; at the end of a play that does not loop, every event has come."""
    async with pbx_of(script, loop=False) as pbx, client_of(pbx, plain=plain) as client:
        await client.wait_logged_in()
        events = 0
        async for item in client.batches():
            if isinstance(item, Batch):
                events += sum(packet.get("Privilege") != "system,all" for packet in item.packets)
            if events == len(script.packets):
                break
        assert pbx.sent == len(script.packets)


async def test_a_wrong_secret_is_refused(script: Script) -> None:
    """In Asterisk's words."""
    async with pbx_of(script) as pbx, client_of(pbx, secret="wrong") as client:
        with pytest.raises(LoginRefusedError, match="Authentication failed"):
            await client.wait_logged_in()


async def test_lists_and_pings_are_answered_and_other_actions_refused(script: Script) -> None:
    """A list ends with `EventList: Complete`; nothing can be placed or hung up."""
    async with pbx_of(script) as pbx, client_of(pbx) as client:
        await client.wait_logged_in()
        members = await client.action("QueueStatus")
        assert {packet.event for packet in members.items} == {"QueueParams", "QueueMember"}
        assert (await client.action("CoreShowChannels")).success
        assert (await client.action("Ping")).get("Timestamp")
        assert not (await client.action("Originate")).success


async def test_a_dropped_connection_ends_the_stream(script: Script) -> None:
    """As a broken line does; the PBX goes on."""
    async with pbx_of(script) as pbx, client_of(pbx) as client:
        await client.wait_logged_in()
        pbx.drop()
        async for item in client.batches():
            if isinstance(item, Disconnected):
                assert item.reason in (LostReason.CLOSED_BY_PBX, LostReason.NETWORK_ERROR)
                break


def ids_of(play: Play) -> set[bytes]:
    """All unique ids of a play."""
    packets = (play.packet(place) for place in range(len(play.part.script.packets)))
    return {each for packet in packets for each in re.findall(rb"\r\nUniqueid: (\S+)", packet)}


def test_each_play_has_ids_of_its_own(script: Script) -> None:
    """Two plays at the same moment share none; a play has as many as the capture."""
    part, begin = Part(script=script), script.begin_us + 86_400_000_000
    one, other = (ids_of(Play(part, number, begin, 1.0)) for number in (1, 2))
    assert one
    assert not one & other
    assert len(one) == len(ids_of(Play(part, 0, script.begin_us, 1.0)))


def test_times_begin_at_the_moment_of_the_play(script: Script) -> None:
    """To the microsecond, faster by the speed."""
    begin = script.begin_us + 3_600_000_000
    play = Play(Part(script=script), 1, begin, 2.0)
    last = len(script.packets) - 1
    seconds, micros = re.search(rb"\r\nTimestamp: (\d+)\.(\d+)", play.packet(last)).groups()  # type: ignore[union-attr]
    assert int(seconds) * 1_000_000 + int(micros) == begin + round(script.duration_us / 2)


def test_a_copy_has_other_agents_and_its_customers_stay_fiction(script: Script) -> None:
    """1001 is 1201 in the third copy; customers are in the range that is reserved for fiction."""
    play = Play(copies(script, 3)[2], 5, script.begin_us, 1.0)
    whole = b"\r\n\r\n".join(play.packet(place) for place in range(len(script.packets)))
    assert b"PJSIP/1201-" in whole
    assert b"PJSIP/1001-" not in whole
    callers = set(re.findall(rb"\r\nCallerIDNum: (44770\d+)", whole))
    assert callers
    assert all(caller.startswith(b"447700900") and len(caller) == 12 for caller in callers)


def test_a_copy_begins_within_no_call(script: Script) -> None:
    """At the place where it begins no channel lives."""
    for part in copies(script, 5):
        before = script.packets[: part.first]
        begun = sum(frame.startswith(b"Event: Newchannel\r\n") for _, frame in before)
        assert begun == sum(frame.startswith(b"Event: Hangup\r\n") for _, frame in before)
