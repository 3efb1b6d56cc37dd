"""`pbx check`: asks a PBX harmless questions, watches its stream for a while, and says what is missing.

Nothing is changed on the PBX. The questions need no more than write class `reporting`; what they cannot
tell is reported as unknown, with the command to type on the PBX (`telephony.doctor_findings`).
`pbx config` prints lines (`telephony.doctor_lines.lines_for`).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timedelta

from telephony.ami.answers import ActionResult
from telephony.ami.client import Client
from telephony.ami.inbox import Batch, StreamItem
from telephony.clock import EPOCH, Clock
from telephony.doctor_answers import Answers, Seen, observe, read_commands, read_members, read_settings
from telephony.doctor_findings import Expectations, Finding
from telephony.doctor_manager import manager_findings
from telephony.doctor_queues import queue_findings
from telephony.doctor_records import record_findings

Act = Callable[[str], Awaitable[ActionResult]]


async def check(
    client: Client, expectations: Expectations, *, clock: Clock, watch: timedelta = timedelta(seconds=10)
) -> list[Finding]:
    """Ask and watch a PBX, and judge it.

    The client must be open and nobody else may take its stream. Raises ConnectionLostError,
    LoginRefusedError, or TimeoutError for a PBX that does not answer.
    """
    await client.wait_logged_in()
    answers = await ask(client.action, clock, banner=client.banner)
    seen = await look(client.batches(), watch)
    return judge(answers, seen, expectations)


def judge(answers: Answers, seen: Seen, expected: Expectations) -> list[Finding]:
    """All findings, those that are well included, in the order in which one would look. Pure."""
    return [
        *manager_findings(answers, seen, expected),
        *record_findings(answers, seen, expected),
        *queue_findings(answers, seen, expected),
    ]


async def ask(act: Act, clock: Clock, *, banner: str = "") -> Answers:
    """The PBX's answers to questions that change nothing."""
    before = clock.now()
    ping = await act("Ping")
    skew, error = clock_skew(ping, before, clock.now())
    return Answers(
        banner=banner,
        commands=read_commands(await act("ListCommands")),
        settings=read_settings(await act("CoreSettings")),
        members=read_members(await act("QueueStatus")),
        skew=skew,
        skew_error=error,
    )


def clock_skew(ping: ActionResult, before: datetime, after: datetime) -> tuple[timedelta | None, timedelta]:
    """The PBX's clock less ours, and by how much that may be wrong: half the time that the answer took."""
    half = (after - before) / 2
    seconds, _, fraction = ping.get("Timestamp").partition(".")
    if not (seconds.isdecimal() and fraction[:6].isdecimal()):
        return None, half
    pbx = EPOCH + timedelta(seconds=int(seconds), microseconds=int(fraction[:6].ljust(6, "0")))
    return pbx - (before + half), half


async def look(items: AsyncIterator[StreamItem], watch: timedelta) -> Seen:
    """What the stream shows within this time."""
    seen = Seen()
    try:
        async with asyncio.timeout(watch.total_seconds()):
            async for item in items:
                if isinstance(item, Batch):
                    observe(item.packets, seen)
    except TimeoutError:
        pass
    return seen
