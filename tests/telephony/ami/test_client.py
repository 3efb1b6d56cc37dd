"""The client against a manager on loopback: real sockets, and no waiting."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
import structlog

from telephony.ami.backoff import Backoff
from telephony.ami.inbox import Batch, Connected, Disconnected
from telephony.ami.packet import Packet
from telephony.ami.signals import LostReason, Timing
from telephony.clock import ManualClock
from telephony.errors import ConnectionLostError, LoginRefusedError, UnsafeValueError
from tests.telephony.ami.clients import HANGUP, Highest, Naps, client_for, heard, until
from tests.telephony.ami.manager import Manager, reply


async def test_batches_come_whole_and_in_order() -> None:
    """Connected first, then the packets of each read with their time and connection."""
    async with Manager() as manager, client_for(manager) as client:
        items = client.batches()
        (connected,) = await until(items, Connected)
        assert isinstance(connected, Connected)
        assert (connected.connection, connected.banner) == (1, "Asterisk Call Manager/11.0.0")
        manager.push(b"".join(b"Event: Hangup\r\nN: %d\r\n\r\n" % n for n in range(1000)))
        batches = await heard(items, 1000)
        numbers = [int(p.get("N")) for b in batches for p in b.packets if p.event == "Hangup"]
        assert numbers == list(range(1000))
        assert {b.connection for b in batches} == {1}
        assert all(b.received_at >= connected.at for b in batches)
        assert client.counters.packets == 1001  # and FullyBooted
        assert client.backlog == 0


async def test_an_action_is_answered_while_events_stream() -> None:
    """Lists too; the same packets are in the stream."""

    def answer(action: Packet) -> bytes | None:
        if action.get("Action") != "QueueStatus":
            return None
        mark = f"ActionID: {action.get('ActionID')}\r\n".encode()
        item = b"Event: QueueParams\r\nQueue: support\r\n" + mark + b"\r\n"
        end = b"Event: QueueStatusComplete\r\nEventList: Complete\r\n" + mark + b"\r\n"
        return reply(action, "EventList: start") + HANGUP + item + HANGUP + end

    async with Manager(answer=answer) as manager, client_for(manager) as client:
        await client.wait_logged_in()
        result, ping = await asyncio.gather(client.action("QueueStatus"), client.action("Ping"))
        assert [item.get("Queue") for item in result.items] == ["support"]
        assert ping.message == "ok"
        batches = await heard(client.batches(), 1, "QueueStatusComplete")
        assert result.items[0] in [p for b in batches for p in b.packets]


async def test_a_refused_login_is_reported_and_retried_slowly() -> None:
    """Two tries in five minutes at most; the secret is in no log, text or event."""
    naps = Naps(rests=3)
    with structlog.testing.capture_logs() as logs:
        async with Manager() as manager, client_for(manager, secret="hunter2", sleep=naps) as client:
            with pytest.raises(LoginRefusedError, match="Authentication failed"):
                await client.wait_logged_in()
            (refused,) = await until(client.batches(), Disconnected)
            await naps.over.wait()
    assert isinstance(refused, Disconnected)
    assert (refused.connection, refused.reason) == (0, LostReason.LOGIN_REFUSED)
    assert all(150.0 <= nap <= 300.0 for nap in naps.asked)
    assert client.counters.failures == 4
    assert "ami.login_refused" in [entry["event"] for entry in logs]
    assert "hunter2" not in repr((logs, refused, client.address, manager.actions))


async def test_it_comes_back_and_says_where_the_gap_is() -> None:
    """A PBX that restarts: lost, connected, and a new connection number on the batches."""
    async with Manager() as manager, client_for(manager) as client:
        items = client.batches()
        await until(items, Connected)
        manager.push(HANGUP)
        (batch,) = (await heard(items, 1))[-1:]
        assert batch.connection == 1
        manager.drop()
        lost = (await until(items, Disconnected))[-1]
        assert isinstance(lost, Disconnected)
        assert (lost.connection, lost.reason) == (1, LostReason.CLOSED_BY_PBX)
        again = (await until(items, Connected))[-1]
        assert isinstance(again, Connected)
        assert again.connection == 2
        manager.push(HANGUP)
        assert (await heard(items, 1))[-1].connection == 2
        assert (client.counters.connections, client.counters.losses) == (2, 1)


async def test_the_waits_grow_while_nobody_listens_and_the_stream_is_told_once() -> None:
    """A dead address: capped back-off with jitter, one Disconnected, not one for each try."""
    async with Manager() as manager:
        pass
    naps = Naps(rests=12)
    client = client_for(manager, sleep=naps, backoff=Backoff(base=1.0, cap=8.0))
    async with client:
        with pytest.raises(ConnectionLostError, match="connect_failed"):
            await client.wait_logged_in()
        await naps.over.wait()
    told = [item async for item in client.batches()]
    assert [item.reason for item in told if isinstance(item, Disconnected)] == [LostReason.CONNECT_FAILED]
    bounds = [min(8.0, 2.0**n) for n in range(13)]
    assert all(nap <= bound for nap, bound in zip(naps.asked, bounds, strict=True))
    assert max(naps.asked) > 2.0
    assert len(set(naps.asked)) == 13


async def test_a_connection_that_lasted_clears_the_count_of_failures() -> None:
    """A PBX that drops us at once is left alone longer and longer; one that was up for a while is not."""
    naps, clock = Naps(), ManualClock(datetime(2026, 11, 21, tzinfo=UTC))
    backoff = Backoff(base=1.0, cap=8.0, stable=10.0)
    async with (
        Manager() as manager,
        client_for(manager, sleep=naps, backoff=backoff, clock=clock, random=Highest()) as client,
    ):
        items = client.batches()
        for lasted in (0, 9, 9, 10, 0):
            await until(items, Connected)
            clock.advance(timedelta(seconds=lasted))
            manager.drop()
        await until(items, Connected)
    assert naps.asked == [1.0, 2.0, 4.0, 1.0, 2.0]


async def test_an_action_is_never_sent_again() -> None:
    """Lost before its answer: the caller learns that the outcome is not known, and it is not repeated."""

    def answer(action: Packet) -> bytes | None:
        if action.get("Action") == "Originate":
            manager.drop()
            return b""
        return None

    async with Manager(answer=answer) as manager, client_for(manager) as client:
        await client.wait_logged_in()
        with pytest.raises(ConnectionLostError, match="closed_by_pbx"):
            await client.action("Originate", [("Channel", "PJSIP/1001")])
        items = client.batches()
        await until(items, Disconnected)
        await until(items, Connected)
        assert (await client.action("Ping")).success
    assert [a.get("Action") for a in manager.actions].count("Originate") == 1


async def test_an_action_without_a_connection_is_not_sent() -> None:
    """Nothing is queued for later: later it may not be wanted."""
    async with Manager() as manager:
        client = client_for(manager)
        with pytest.raises(ConnectionLostError, match="not sent"):
            await client.action("Originate")
        async with client:
            await client.wait_logged_in()
            with pytest.raises(UnsafeValueError):
                await client.action("Originate", [("CallerID", "x\r\nApplication: System")])
        with pytest.raises(ConnectionLostError, match="not sent"):
            await client.action("Originate")
    assert "Originate" not in [a.get("Action") for a in manager.actions]


async def test_an_action_that_nobody_answers_times_out() -> None:
    """And a late answer harms nothing."""
    held: list[Packet] = []

    def answer(action: Packet) -> bytes | None:
        if action.get("Action") == "Originate":
            held.append(action)
            return b""
        return None

    async with Manager(answer=answer) as manager, client_for(manager) as client:
        await client.wait_logged_in()
        with pytest.raises(TimeoutError, match="Originate: no answer within"):
            await client.action("Originate", within=0.01)
        manager.push(reply(held[0]))
        assert (await client.action("Ping")).success


async def test_a_slow_consumer_costs_a_known_gap_never_memory() -> None:
    """At the bound the client hangs up itself; all that was read can be taken; then it comes back."""
    naps = Naps()
    async with Manager() as manager, client_for(manager, bound=100_000, sleep=naps) as client:
        await client.wait_logged_in()
        while not client.counters.overruns:
            manager.push(HANGUP * 100)
            await asyncio.sleep(0)
        assert 100_000 <= client.backlog < 2_000_000
        manager.streams.clear()
        for _ in range(20):
            await asyncio.sleep(0)
        assert manager.accepted == 1  # not before there is room again
        items = client.batches()
        taken = await until(items, Disconnected)
        lost = taken[-1]
        assert isinstance(lost, Disconnected)
        assert lost.reason is LostReason.OVERRUN
        assert sum(len(i.packets) for i in taken if isinstance(i, Batch)) == client.counters.packets
        assert isinstance((await until(items, Connected))[-1], Connected)
        assert client.counters.overruns == 1


async def test_a_server_that_stops_in_a_packet_is_pinged_and_left() -> None:
    """No close, no bytes, as behind a firewall that forgot the connection."""
    timing = Timing(ping=0.03, lost=0.06)
    mute = Manager(answer=lambda action: b"")
    async with mute as manager, client_for(manager, timing=timing, sleep=Naps(rests=0)) as client:
        await client.wait_logged_in()
        manager.push(HANGUP + b"Event: Newchannel\r\nCallerIDNa")
        lost = (await until(client.batches(), Disconnected))[-1]
    assert isinstance(lost, Disconnected)
    assert lost.reason is LostReason.SILENT
    assert [a.get("Action") for a in manager.actions][-1] == "Ping"


async def test_a_server_that_closes_in_a_packet_is_told() -> None:
    """The half packet is no packet, and the report names it."""
    async with Manager() as manager, client_for(manager, sleep=Naps(rests=0)) as client:
        items = client.batches()
        await until(items, Connected)
        manager.push(HANGUP + b"Event: Newchannel\r\nCallerIDNa")
        manager.drop()
        taken = await until(items, Disconnected)
        lost = taken[-1]
    assert isinstance(lost, Disconnected)
    assert lost.detail == "29 bytes of an unfinished packet"
    assert [p.event for i in taken if isinstance(i, Batch) for p in i.packets] == ["FullyBooted", "Hangup"]


async def test_a_port_of_something_else_is_no_crash() -> None:
    """SSH, HTTP: reported with what was found."""
    async with (
        Manager(banner=b"SSH-2.0-OpenSSH_9.2\r\n") as manager,
        client_for(manager, sleep=Naps(rests=0)) as client,
    ):
        (lost,) = await until(client.batches(), Disconnected)
    assert isinstance(lost, Disconnected)
    assert lost.reason is LostReason.PROTOCOL_ERROR
    assert "SSH-2.0" in lost.detail


async def test_closing_logs_off_and_ends_the_stream() -> None:
    """The PBX is told, the consumer gets the last batch and the end, and a second close does nothing."""
    async with Manager() as manager, client_for(manager) as client:
        items = client.batches()
        await until(items, Connected)
        manager.push(HANGUP)
        await heard(items, 1)
        await client.close()
        rest = [item async for item in items]
        await client.close()
    assert [i.reason for i in rest if isinstance(i, Disconnected)] == [LostReason.CLOSED_BY_US]
    assert manager.actions[-1].get("Action") == "Logoff"
    assert not client.connected


async def test_a_bug_of_ours_is_not_swallowed() -> None:
    """If the reading task dies, the consumer gets the error instead of waiting for ever."""

    async def broken(seconds: float) -> None:
        raise ZeroDivisionError("bug")

    async with Manager() as manager, client_for(manager, sleep=broken) as client:
        await client.wait_logged_in()
        manager.drop()
        with pytest.raises(ZeroDivisionError):
            async for _ in client.batches():
                pass
