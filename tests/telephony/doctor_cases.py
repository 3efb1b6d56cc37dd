"""Answers and streams of real PBXs, as the doctor sees them."""

from __future__ import annotations

import lzma
from functools import cache

from telephony.ami.answers import ActionResult
from telephony.ami.packet import Packet
from telephony.ami.parser import Parser
from telephony.doctor_answers import Answers, Seen, observe, read_commands, read_members, read_settings
from telephony.doctor_findings import Finding
from tests.telephony.ami.transcripts import CAPTURES, conversations


@cache
def result(version: str, action: str) -> ActionResult:
    """A captured answer to this action, of the first user that was not refused it."""
    for conversation in conversations(version):
        for exchange in conversation.exchanges:
            packets = Parser(expect_banner=False).feed(exchange.received)
            if exchange.action == action and packets and packets[0].response == "Success":
                listed = len(packets) > 1 and packets[0].get("EventList") == "start"
                return ActionResult(
                    response=packets[0],
                    items=tuple(packets[1:-1]) if listed else (),
                    complete=packets[-1] if listed else None,
                )
    raise LookupError(f"{version} has no answer to {action}")


@cache
def packets(version: str) -> tuple[Packet, ...]:
    """All packets of a captured stream."""
    return tuple(Parser().feed(lzma.decompress((CAPTURES / version / "ami.raw.xz").read_bytes())))


def seen_in(version: str) -> Seen:
    """What the captured stream shows."""
    return observe(packets(version), Seen())


def answers_of(version: str) -> Answers:
    """What the captured PBX answered."""
    return Answers(
        banner="Asterisk Call Manager/11.0.0",
        commands=read_commands(result(version, "ListCommands")),
        settings=read_settings(result(version, "CoreSettings")),
        members=read_members(result(version, "QueueStatus")),
    )


def by_code(findings: list[Finding]) -> dict[str, Finding]:
    """The first finding of each code."""
    return {finding.code: finding for finding in reversed(findings)}
