"""The ledger: restarts of the PBX, jumps of our clock, lines that are told again; and the calls within a gap."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from service.pipeline.gaps import Gap, GapFinder, GapLedger, GapReason
from service.pipeline.interpreter import Interpreter
from service.pipeline.listener import ClockWatch, Listener
from telephony.ami.answers import ActionResult
from telephony.ami.inbox import StreamItem
from telephony.clock import ManualClock
from telephony.journal.entries import Entry, EntryKind
from telephony.journal.reader import read
from telephony.journal.verify import verify
from telephony.journal.writer import JournalWriter

START = datetime(2026, 11, 24, 2, tzinfo=UTC)
SHUTDOWN = b"Event: Shutdown\r\nPrivilege: system,all\r\nShutdown: Cleanly\r\nRestart: True"


def at(seconds: float) -> datetime:
    """So long after the start."""
    return START + timedelta(seconds=seconds)


def booted(uptime: int) -> bytes:
    """What the PBX says of itself after a login."""
    return f"Event: FullyBooted\r\nStatus: Fully Booted\r\nUptime: {uptime}\r\nLastReload: {uptime}".encode()


def entry(kind: EntryKind, seconds: float, *frames: bytes, detail: str = "") -> Entry:
    """An entry; the number is its second."""
    return Entry(
        seq=int(seconds) + 1, connection=1, kind=kind, received_at=at(seconds), frames=frames, detail=detail
    )


def lines(*entries: Entry) -> list[Gap]:
    """What these entries tell the ledger."""
    finder = GapFinder("pbx")
    return [line for each in entries if (line := finder.handle(each)) is not None]


HEARD = (entry(EntryKind.CONNECTED, 0), entry(EntryKind.PACKETS, 1, booted(1000)))
CLOSED = entry(EntryKind.LOST, 10, detail="closed_by_pbx")
BACK = entry(EntryKind.CONNECTED, 20)


def test_an_uptime_shorter_than_the_gap_tells_a_crash() -> None:
    """The gap is told when it ends, and again when more is known; an uptime that reaches back tells nothing."""
    assert [line.why for line in lines(*HEARD, CLOSED, BACK, entry(EntryKind.PACKETS, 21, booted(1020)))] == [
        "lost"
    ]
    gap, more = lines(*HEARD, CLOSED, BACK, entry(EntryKind.PACKETS, 21, booted(4)))
    assert (gap.why, gap.booted_at) == ("lost", None)
    assert (more.why, more.booted_at, more.seq) == ("pbx_crashed", at(17), gap.seq)


def test_a_shutdown_that_was_told_is_no_crash() -> None:
    """Known at once, though nobody knows yet whether the PBX comes back."""
    finder = GapFinder("pbx")
    for each in (*HEARD, entry(EntryKind.PACKETS, 9, SHUTDOWN), CLOSED):
        finder.handle(each)
    assert finder.open is not None
    assert finder.open.why is GapReason.PBX_RESTARTED


def test_our_own_end_stays_the_reason_where_the_pbx_began_anew_too() -> None:
    """The line says both."""
    stopped = entry(EntryKind.STOPPED, 10)
    _, more = lines(*HEARD, stopped, entry(EntryKind.STARTED, 19), BACK, entry(EntryKind.PACKETS, 21, booted(4)))
    assert (more.why, more.booted_at) == ("stopped", at(17))


def test_a_line_that_fell_silent_was_dead_all_the_while() -> None:
    """The gap begins with the last word, not with our giving up."""
    (gap,) = lines(
        *HEARD, entry(EntryKind.LOST, 46, detail="silent nothing for 45 s"), entry(EntryKind.CONNECTED, 50)
    )
    assert gap.start == at(1)


def test_a_jump_of_our_clock_within_a_gap_makes_no_restart() -> None:
    """It went forward an hour: the PBX, up for a quarter of one, did not begin anew."""
    jump = entry(EntryKind.CLOCK, 3611, detail="+3600.000 s")
    back, uptime = entry(EntryKind.CONNECTED, 3620), entry(EntryKind.PACKETS, 3621, booted(900))
    assert [line.why for line in lines(*HEARD, CLOSED, jump, back, uptime)] == ["clock", "lost"]


def test_the_ledger_learns_and_never_forgets(tmp_path: Path) -> None:
    """A gap of which more is known is told again; reading the journal anew adds nothing and takes nothing away."""
    told = lines(
        *HEARD, CLOSED, BACK, entry(EntryKind.PACKETS, 21, booted(4)), entry(EntryKind.CLOCK, 30, detail="-5.000 s")
    )
    path = tmp_path / "pbx.jsonl"
    for _ in range(2):
        ledger = GapLedger("pbx", path)
        for line in told:
            ledger.add(line)
        assert len(path.read_text(encoding="utf-8").splitlines()) == 3
        assert [line.why for line in ledger.lines] == ["pbx_crashed", "clock"]
        assert [gap.why for gap in ledger.gaps] == ["pbx_crashed"]
    assert GapLedger("pbx", path).lines == ledger.lines


def test_a_line_of_a_ledger_of_before_is_read(tmp_path: Path) -> None:
    """It knows nothing of restarts and of the PBX's clock."""
    path = tmp_path / "pbx.jsonl"
    path.write_text(
        '{"seq": 7, "from": "2026-11-24T02:00:00+00:00", "to": "2026-11-24T02:00:09+00:00", '
        '"why": "lost", "detail": ""}\n',
        encoding="utf-8",
    )
    (gap,) = GapLedger("pbx", path).gaps
    assert (gap.seq, gap.booted_at, gap.ahead) == (7, None, timedelta(0))


def test_a_jump_is_told_from_time_that_passes() -> None:
    """Both ways, once each; what is slewed is no jump."""
    clock = ManualClock(START)
    watch = ClockWatch(clock)
    clock.advance(timedelta(hours=5))
    assert watch.jumped() is None
    clock._now += timedelta(seconds=3600)
    assert watch.jumped() == 3600
    assert watch.jumped() is None
    clock._now -= timedelta(seconds=2.5)
    clock.advance(timedelta(seconds=1))
    assert watch.jumped() == -2.5
    clock._now += timedelta(seconds=1.9)
    assert watch.jumped() is None


class Deaf:
    """A client that hears nothing until it is let go."""

    def __init__(self) -> None:
        self.end = asyncio.Event()

    async def batches(self) -> AsyncIterator[StreamItem]:
        await self.end.wait()
        return
        yield

    async def action(self, name: str) -> ActionResult:
        raise AssertionError(name)


async def test_a_jump_is_an_entry_of_the_journal_and_a_line_of_the_ledger(tmp_path: Path) -> None:
    """Durable, sound, counted, and nothing that was heard is thought lost."""
    clock, client = ManualClock(START), Deaf()
    with JournalWriter(tmp_path, "pbx") as journal:
        listener = Listener(client, journal, clock=clock)
        running = asyncio.create_task(listener.run())
        await asyncio.sleep(0)
        clock._now += timedelta(seconds=3600)
        listener.check_clock()
        listener.check_clock()
        client.end.set()
        await running
    kinds = [(each.kind, each.detail) for each in read(tmp_path, "pbx")]
    assert kinds == [(EntryKind.STARTED, ""), (EntryKind.CLOCK, "+3600.000 s"), (EntryKind.STOPPED, "")]
    assert listener.clock_jumps == 1
    assert verify(tmp_path, "pbx").sound
    interpreter = Interpreter("pbx")
    assert interpreter.handle_all(read(tmp_path, "pbx")) == []
    (line,) = interpreter.take_gaps()
    assert (line.why, line.start, line.end) == (GapReason.CLOCK, START, at(3600))
