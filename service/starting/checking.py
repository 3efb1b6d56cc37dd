"""Asks a PBX that somebody gave what `pbx check` asks, before any setting is written."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from random import Random

from service.starting.settings_file import PbxGiven
from telephony.ami.address import Address
from telephony.ami.client import Client
from telephony.ami.signals import Login
from telephony.clock import Clock
from telephony.doctor import ask, judge, look
from telephony.doctor_answers import Member
from telephony.doctor_findings import Expectations, Finding
from telephony.doctor_lines import Hookup
from telephony.errors import LoginRefusedError, TelephonyError

WATCH = timedelta(seconds=2)
PATIENCE = timedelta(seconds=6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What was found: findings and members of queues, or why the PBX could not be asked."""

    findings: tuple[Finding, ...] = ()
    members: tuple[Member, ...] = ()
    banner: str = ""
    unreachable: str = ""  # the PBX's or the network's words
    refused: bool = False  # it answered, and refused user or secret


async def check(given: PbxGiven, three_rings: timedelta, clock: Clock) -> Checked:
    """Ask it. Nothing is changed there."""
    address = Address(host=given.host, port=given.port, connect_timeout=PATIENCE.total_seconds())
    login = Login(user=given.user, secret=given.secret)
    expected = Expectations(hookup=Hookup(user=given.user), three_rings=three_rings)
    try:
        async with Client(address, login, clock=clock, random=Random()) as client:  # noqa: S311 - jitter
            async with asyncio.timeout(PATIENCE.total_seconds()):
                await client.wait_logged_in()
            answers = await ask(client.action, clock, banner=client.banner)
            seen = await look(client.batches(), WATCH)
    except LoginRefusedError as error:
        return Checked(unreachable=str(error), refused=True)
    except (TelephonyError, TimeoutError, OSError) as error:
        return Checked(unreachable=str(error) or type(error).__name__)
    return Checked(
        findings=tuple(judge(answers, seen, expected)), members=answers.members or (), banner=client.banner
    )
