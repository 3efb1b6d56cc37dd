"""The dialler against a manager on loopback: real sockets, and no waiting."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest

from telephony.ami.packet import Packet
from telephony.dialler import Dialler, First, Order, Placed
from telephony.dialling.client import AmiDialler
from telephony.dialling.orders import Lines
from telephony.errors import ConnectionLostError
from tests.telephony.ami.clients import client_for
from tests.telephony.ami.manager import Manager, reply

LINES = Lines(dial={"telecom": "PJSIP/{number}@telecom"})
ORDER = Order(
    channel_id="tr-abcdefgh-7",
    first=First.AGENT,
    device="PJSIP/1001",
    number="13800138000",
    trunk="telecom",
    ring=timedelta(seconds=30),
)
Answer = Callable[[Packet], bytes | None]


async def ready(dialler: AmiDialler) -> None:
    """Until it is logged in."""
    while not dialler.connected:  # noqa: ASYNC110 - the dialler tells nobody when it is
        await asyncio.sleep(0)


def sent(manager: Manager, action: str) -> list[Packet]:
    """The actions of this name that came."""
    return [each for each in manager.actions if each.get("Action") == action]


def listed(action: Packet, event: str, *items: str) -> bytes:
    """The answer to an action that lists something."""
    mark = f"ActionID: {action.get('ActionID')}\r\n"
    body = "".join(f"Event: {event}\r\n{mark}{item}\r\n\r\n" for item in items)
    return reply(action, "EventList: start") + f"{body}Event: End\r\nEventList: Complete\r\n{mark}\r\n".encode()


async def test_an_order_is_one_originate() -> None:
    """The PBX takes it: sent, once, with the attempt's id on it."""
    async with Manager() as manager, AmiDialler(client_for(manager), LINES) as dialler:
        whole: Dialler = dialler
        await ready(dialler)
        assert await whole.place(ORDER) == (Placed.SENT, "")
        (action,) = sent(manager, "Originate")
        assert (action.get("ChannelId"), action.get("Channel")) == ("tr-abcdefgh-7", "PJSIP/1001")


async def test_a_refusal_is_told_in_the_pbxs_words() -> None:
    """Nobody was dialled, and the reason is kept."""

    def refuse(action: Packet) -> bytes | None:
        return reply(action, "Message: Extension does not exist.", status="Error")

    async with Manager(answer=refuse) as manager, AmiDialler(client_for(manager), LINES) as dialler:
        await ready(dialler)
        assert await dialler.place(ORDER) == (Placed.REFUSED, "Extension does not exist.")


async def test_without_a_connection_nothing_leaves() -> None:
    """Known for certain, so the attempt can be taken back; so can an order that is none."""
    async with Manager() as manager:
        dialler = AmiDialler(client_for(manager), LINES)
        assert await dialler.place(ORDER) == (Placed.NOT_SENT, "no connection")
        async with dialler:
            await ready(dialler)
            order = Order(**{**{name: getattr(ORDER, name) for name in ORDER.__slots__}, "trunk": "other"})
            placed, words = await dialler.place(order)
            assert placed is Placed.NOT_SENT
            assert words.startswith("trunk other: found no dial string")
        assert sent(manager, "Originate") == []


async def test_a_line_cut_before_the_answer_leaves_it_unknown_and_sent_once() -> None:
    """It may have been dialled: it is not sent again, not even over the next connection."""
    manager = Manager()

    def cut(action: Packet) -> bytes | None:
        if action.get("Action") == "Originate":
            manager.drop()
            return b""
        return None

    manager.answer = cut
    async with manager, AmiDialler(client_for(manager), LINES) as dialler:
        await ready(dialler)
        placed, _ = await dialler.place(ORDER)
        assert placed is Placed.UNKNOWN
        await ready(dialler)
        assert manager.accepted == 2
        assert len(sent(manager, "Originate")) == 1


async def test_no_answer_in_time_leaves_it_unknown() -> None:
    """A PBX that hangs may dial later."""

    def silent(action: Packet) -> bytes | None:
        return b"" if action.get("Action") == "Originate" else None

    async with (
        Manager(answer=silent) as manager,
        AmiDialler(client_for(manager), LINES, answer_within=0.01) as dialler,
    ):
        await ready(dialler)
        placed, _ = await dialler.place(ORDER)
        assert placed is Placed.UNKNOWN


async def test_an_attempt_lives_while_any_channel_of_its_call_does() -> None:
    """The first channel may have gone, as after a transfer: the others bear its linkedid."""

    def channels(action: Packet) -> bytes | None:
        if action.get("Action") != "CoreShowChannels":
            return None
        first, other = "Uniqueid: tr-a-1\r\nLinkedid: tr-a-1", "Uniqueid: 1.2\r\nLinkedid: tr-a-2"
        return listed(action, "CoreShowChannel", first, other)

    async with Manager(answer=channels) as manager, AmiDialler(client_for(manager), LINES) as dialler:
        await ready(dialler)
        assert await dialler.living(["tr-a-1", "tr-a-2", "tr-a-3"]) == {"tr-a-1", "tr-a-2"}
        assert await dialler.living([]) == frozenset()
        assert len(sent(manager, "CoreShowChannels")) == 1


async def test_what_lives_is_not_guessed_without_an_answer() -> None:
    """No list is no proof that nothing is up."""
    async with Manager() as manager:
        dialler = AmiDialler(client_for(manager), LINES)
        with pytest.raises(ConnectionLostError):
            await dialler.living(["tr-a-1"])


class Queues:
    """A PBX's queues: what is asked of them and what they become."""

    def __init__(self, *members: tuple[str, str, str]) -> None:
        self.reasons: dict[tuple[str, str], str | None] = {(queue, each): None for queue, each, _ in members}
        self.states = {each: state for _, each, state in members}
        self.refused: set[str] = set()

    def __call__(self, action: Packet) -> bytes | None:
        if action.get("Action") == "QueueStatus":
            return listed(action, "QueueMember", *(self.item(key) for key in self.asked(action.get("Member"))))
        if action.get("Action") != "QueuePause":
            return None
        if action.get("Queue") in self.refused:
            return reply(action, "Message: Interface not found", status="Error")
        paused = action.get("Paused") == "true"
        self.reasons[action.get("Queue"), action.get("Interface")] = action.get("Reason") if paused else None
        return reply(action, "Message: done")

    def asked(self, member: str) -> list[tuple[str, str]]:
        return [key for key in self.reasons if member in ("", key[1])]

    def item(self, key: tuple[str, str]) -> str:
        reason = self.reasons[key]
        lines = [f"Queue: {key[0]}", f"Location: {key[1]}", f"StateInterface: {self.states[key[1]]}"]
        return "\r\n".join([*lines, f"Paused: {int(reason is not None)}", f"PausedReason: {reason or ''}"])


LOCAL = "Local/1004@from-queue/n"


async def test_an_agent_is_held_in_all_his_queues_and_given_back() -> None:
    """By his member's interface, be it a Local channel; the colleague is left alone."""
    queues = Queues(("a", LOCAL, "hint:1004@x"), ("b", LOCAL, "hint:1004@x"), ("a", "PJSIP/1005", ""))
    async with Manager(answer=queues) as manager, AmiDialler(client_for(manager), LINES) as dialler:
        await ready(dialler)
        assert await dialler.hold("PJSIP/1004", on=True)
        assert queues.reasons == {
            ("a", LOCAL): "three-rings",
            ("b", LOCAL): "three-rings",
            ("a", "PJSIP/1005"): None,
        }
        assert await dialler.hold("PJSIP/1004", on=False)
        assert set(queues.reasons.values()) == {None}
        assert [each.get("Member") for each in sent(manager, "QueueStatus")] == ["", LOCAL]


async def test_a_pause_of_his_own_stays() -> None:
    """Who is at lunch is not free, and does not come back from there by our doing."""
    queues = Queues(("a", "PJSIP/1004", ""))
    queues.reasons["a", "PJSIP/1004"] = "lunch"
    async with Manager(answer=queues) as manager, AmiDialler(client_for(manager), LINES) as dialler:
        await ready(dialler)
        assert not await dialler.hold("PJSIP/1004", on=True)
        assert await dialler.hold("PJSIP/1004", on=False)
        assert queues.reasons == {("a", "PJSIP/1004"): "lunch"}


async def test_half_a_hold_is_taken_back() -> None:
    """One queue refuses: he is not held, and not left paused in the other."""
    queues = Queues(("a", "PJSIP/1004", ""), ("b", "PJSIP/1004", ""))
    queues.refused = {"b"}
    async with Manager(answer=queues) as manager, AmiDialler(client_for(manager), LINES) as dialler:
        await ready(dialler)
        assert not await dialler.hold("PJSIP/1004", on=True)
        assert set(queues.reasons.values()) == {None}
        assert await dialler.hold("PJSIP/1009", on=True), "who is in no queue has nothing to leave"
