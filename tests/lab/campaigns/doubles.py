"""Calls that should never have been made, told from the phones and the PBX alone. Pure.

Two calls of one attempt; a customer who is called while a call of his goes on, before he has had his rest, after he was
talked with, or more often than is permitted. What the service believes has no part in it but for whose an attempt was.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from tests.lab.campaigns.attempts import DIGITS
from tests.lab.campaigns.centre import LEAST_TALK, RESTS, TRIES
from tests.lab.campaigns.customers import Behaviour, behaviour_of
from tests.lab.campaigns.dialogs import Leg
from tests.lab.campaigns.matching import PROVIDER, Case

SLACK = 0.3  # seconds between the instant of an attempt and its INVITE
COUNTED = (486, 487, 603)
"""What reached the customer's network; 487 is a phone that rang until the PBX or the agent gave up."""
REACHED = (Behaviour.ANSWERS, Behaviour.LISTENS)
"""Those of whom agents say that they were reached."""


def doubles(cases: Sequence[Case], legs: Iterable[Leg]) -> Iterator[str]:
    """A line for each."""
    for case in cases:
        if len(case.customers) > 1 or len(case.customers_channels) > 1:
            told = f"{len(case.customers)} calls at the phone, {len(case.customers_channels)} channels"
            yield f"{case.attempt.channel_id}: {told}"
    talked = {case.attempt.number: case.customers[0].invite for case in cases if _was_reached(case)}
    of_number: defaultdict[str, list[Leg]] = defaultdict(list)
    for leg in legs:
        if leg.phone == PROVIDER:
            of_number[leg.number[-DIGITS:]].append(leg)
    for number, listed in of_number.items():
        listed.sort(key=lambda leg: leg.invite)
        yield from _too_soon(number, listed)
        yield from _too_often(number, listed, talked.get(number))


def _too_soon(number: str, listed: Sequence[Leg]) -> Iterator[str]:
    for one, other in pairwise(listed):
        if one.end is None or other.invite < one.end:
            yield f"{number}: called at {other.invite:.3f} while the call of {one.invite:.3f} went on"
        elif other.invite < one.invite + RESTS - SLACK:
            yield f"{number}: called again {other.invite - one.invite:.3f} s after {one.invite:.3f}"


def _too_often(number: str, listed: Sequence[Leg], talked: float | None) -> Iterator[str]:
    after = [leg for leg in listed if talked is not None and leg.invite > talked]
    if after:
        yield f"{number}: talked with at {talked:.3f}, and called again at {after[0].invite:.3f}"
    counted = sum(leg.code in COUNTED for leg in listed)
    if counted > TRIES:
        yield f"{number}: {counted} tries that count, expected {TRIES} at most"


def _was_reached(case: Case) -> bool:
    """Whether he was talked with for so long that, with the agent's word, nothing is owed to him any more."""
    if behaviour_of(case.attempt.number) not in REACHED or not case.customers:
        return False
    return any(overlap(case.customers[0], leg) > LEAST_TALK + SLACK for leg in case.agents)


def overlap(one: Leg, other: Leg) -> float:
    """Seconds in which both were up."""
    if one.answer is None or other.answer is None or one.end is None or other.end is None:
        return 0.0
    return min(one.end, other.end) - max(one.answer, other.answer)
