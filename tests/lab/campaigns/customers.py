"""The customers behind the provider: a number's last two digits say how its owner behaves. Pure.

139 SSSSSS BV: a serial number, the behaviour, and its variation (how long it rings and talks).
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from enum import StrEnum

from tests.lab.campaigns.dialogs import Plan

PREFIX = "139"
DIGITS = 11
VARIATIONS = 10
RING = (0.3, 0.07)  # seconds, and so much more a variation
TALK = (1.6, 0.1)


class Behaviour(StrEnum):
    """What somebody does whose phone is rung."""

    ANSWERS = "answers"  # talks, and hangs up after a while
    LISTENS = "listens"  # talks for long: many an agent hangs up first
    BUSY = "busy"  # 486 at once
    RINGS_OUT = "no answer"  # rings until the PBX gives up
    CONGESTION = "congestion"  # 503
    NO_SUCH = "no such number"  # 404
    DECLINES = "declines"  # rings, then 603
    VOICEMAIL = "voicemail"  # answers at once, plays a greeting, hangs up after its recording
    SILENT = "silent"  # answers, and not a sound comes
    EARLY = "hangs up early"  # answers, and is gone within a second


CODES = {each: place for place, each in enumerate(Behaviour)}
SHARES = {
    Behaviour.ANSWERS: 30,
    Behaviour.LISTENS: 12,
    Behaviour.BUSY: 12,
    Behaviour.RINGS_OUT: 8,
    Behaviour.CONGESTION: 6,
    Behaviour.NO_SUCH: 6,
    Behaviour.DECLINES: 6,
    Behaviour.VOICEMAIL: 8,
    Behaviour.SILENT: 6,
    Behaviour.EARLY: 6,
}
"""Of a hundred customers; a crowd has all of them, one by one, and then by chance."""

QUICK = {Behaviour.BUSY: 50, Behaviour.NO_SUCH: 20, Behaviour.CONGESTION: 15, Behaviour.EARLY: 15}
"""A crowd that keeps no agent long: for how fast calls begin."""


def number_of(serial: int, behaviour: Behaviour, variation: int) -> str:
    """The national number of such a customer."""
    return f"{PREFIX}{serial:06d}{CODES[behaviour]}{variation % VARIATIONS}"


def behaviour_of(number: str) -> Behaviour | None:
    """How the owner of a number behaves, however it is written; None where it is nobody of this crowd."""
    digits = number[-DIGITS:]
    if len(digits) < DIGITS or not digits.isdigit() or not digits.startswith(PREFIX):
        return None
    return tuple(Behaviour)[int(digits[-2])]


def crowd(count: int, seed: int, first: int = 1, shares: Mapping[Behaviour, int] = SHARES) -> Iterator[str]:
    """So many different national numbers, of every behaviour of these; serial numbers begin with `first`."""
    chance = random.Random(f"customers {seed}")
    kinds, weights = list(shares), list(shares.values())
    for place in range(count):
        behaviour = kinds[place] if place < len(kinds) else chance.choices(kinds, weights)[0]
        yield number_of(first + place, behaviour, chance.randrange(VARIATIONS))


def plan_of(number: str) -> Plan:
    """What the phone at a number does with a call."""
    behaviour, variation = behaviour_of(number), int(number[-1]) if number[-1:].isdigit() else 0
    ring = RING[0] + RING[1] * variation
    talk = TALK[0] + TALK[1] * variation
    match behaviour:
        case Behaviour.ANSWERS:
            return Plan(name=behaviour, ring=ring, talk=talk)
        case Behaviour.LISTENS:
            return Plan(name=behaviour, ring=ring, talk=4.0 + talk)
        case Behaviour.BUSY:
            return Plan(name=behaviour, ring=0, code=486, reason="Busy Here")
        case Behaviour.RINGS_OUT:
            return Plan(name=behaviour, ring=None)
        case Behaviour.CONGESTION:
            return Plan(name=behaviour, ring=0, code=503, reason="Service Unavailable")
        case Behaviour.DECLINES:
            return Plan(name=behaviour, ring=ring, code=603, reason="Decline")
        case Behaviour.VOICEMAIL:
            return Plan(name=behaviour, ring=0.1, talk=1.5 + talk)
        case Behaviour.SILENT:
            return Plan(name=behaviour, ring=ring, talk=talk, sound=False)
        case Behaviour.EARLY:
            return Plan(name=behaviour, ring=ring, talk=0.2 + 0.05 * variation)
    return Plan(name=Behaviour.NO_SUCH, ring=0, code=404, reason="Not Found")
