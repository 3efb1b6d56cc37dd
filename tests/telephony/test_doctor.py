"""The doctor at work: against a manager on loopback, with a clock that is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from telephony.ami.answers import ActionResult
from telephony.ami.packet import Packet
from telephony.clock import ManualClock, SystemClock
from telephony.doctor import ask, check, clock_skew
from telephony.doctor_findings import Expectations, Severity
from telephony.errors import LoginRefusedError
from tests.telephony.ami.clients import client_for
from tests.telephony.ami.manager import Manager, reply
from tests.telephony.doctor_cases import by_code

NOON = datetime(2026, 11, 21, 12, 0, 0, tzinfo=UTC)


def ping(stamp: str) -> ActionResult:
    """An answer to Ping with this Timestamp."""
    return ActionResult(response=Packet(f"Response: Success\r\nPing: Pong\r\nTimestamp: {stamp}".encode()))


@pytest.mark.parametrize(
    ("stamp", "skew"),
    [
        (f"{int(NOON.timestamp())}.500000", timedelta(0)),
        (f"{int(NOON.timestamp()) + 3}.750000", timedelta(seconds=3, milliseconds=250)),
        (f"{int(NOON.timestamp()) - 1}.5", timedelta(seconds=-1)),
        ("", None),
        ("soon", None),
        ("12.", None),
    ],
)
def test_the_clock_is_compared_with_the_middle_of_the_question(stamp: str, skew: timedelta | None) -> None:
    """Asked at noon, answered a second later: half a second may be error."""
    assert clock_skew(ping(stamp), NOON, NOON + timedelta(seconds=1)) == (skew, timedelta(seconds=0.5))


async def test_only_harmless_questions_are_asked() -> None:
    """None of them changes anything or needs more than write class reporting; refusals are no crash."""
    asked = []

    async def act(name: str) -> ActionResult:
        asked.append(name)
        return ActionResult(response=Packet(b"Response: Error\r\nMessage: Permission denied"))

    answers = await ask(act, ManualClock(NOON), banner="b")
    assert asked == ["Ping", "ListCommands", "CoreSettings", "QueueStatus"]
    assert (answers.commands, answers.settings, answers.members, answers.skew) == (None, None, None, None)


async def test_a_pbx_is_checked_over_a_connection() -> None:
    """Login, questions, a look at the stream, findings."""

    def answer(action: Packet) -> bytes | None:
        match action.get("Action"):
            case "CoreSettings":
                return reply(action, "AsteriskVersion: 22.10.1", "CoreCDRenabled: Yes")
            case "QueueStatus":
                event = f"Event: QueueStatusComplete\r\nActionID: {action.get('ActionID')}\r\n"
                manager.push(b"Event: Newstate\r\nPrivilege: call,all\r\nChannel: a\r\nUniqueid: 1\r\n\r\n")
                return reply(action, "EventList: start") + f"{event}EventList: Complete\r\n\r\n".encode()
            case _:
                return None

    async with Manager(answer=answer) as manager, client_for(manager) as client:
        findings = by_code(
            await check(client, Expectations(), clock=SystemClock(), watch=timedelta(milliseconds=20))
        )
    assert findings["version"].found == "22.10.1"
    assert findings["timestampevents"].severity is Severity.ERROR
    assert findings["cdr"].severity is Severity.OK
    assert findings["members_local"].found == "0 members, none behind a Local channel"


async def test_a_refused_login_ends_the_check() -> None:
    """It is the first thing to mend."""
    async with Manager() as manager, client_for(manager, secret="wrong") as client:
        with pytest.raises(LoginRefusedError):
            await check(client, Expectations(), clock=SystemClock())
