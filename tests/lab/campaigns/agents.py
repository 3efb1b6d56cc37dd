"""The agents of a campaign: who they are, and what each one's phone does with his next call, by a seed. Pure."""

from __future__ import annotations

import random
from enum import StrEnum

from tests.lab.campaigns.dialogs import Dialog, Plan

FIRST = 1021  # the crew's extensions: they register, and are in no queue before they log in
MOST = 40
HANDSET = (0.1, 0.4)  # seconds until an agent takes his handset
LINE = (2.5, 4.5)  # seconds on the line until an agent hangs up who does: ringing of the customer too, in a preview


class Mood(StrEnum):
    """What an agent does whose phone is rung."""

    ANSWERS = "agent answers"  # and leaves the end to the customer
    ENDS = "agent ends"  # and hangs up after a while
    DECLINES = "agent declines"  # 603
    BUSY = "agent busy"  # 486
    UNREACHABLE = "agent unreachable"  # 480
    AWAY = "agent away"  # it rings, and nobody takes it


SHARES = {Mood.ANSWERS: 50, Mood.ENDS: 38, Mood.DECLINES: 4, Mood.BUSY: 3, Mood.UNREACHABLE: 3, Mood.AWAY: 2}
CODES = {Mood.DECLINES: (603, "Decline"), Mood.BUSY: (486, "Busy Here"), Mood.UNREACHABLE: (480, "Unavailable")}


def crew(count: int) -> tuple[str, ...]:
    """The extensions of so many agents."""
    if not 0 < count <= MOST:
        raise ValueError(f"agents: found {count}, expected 1 to {MOST}")
    return tuple(str(FIRST + place) for place in range(count))


class Moods:
    """What the crew's phones do, call by call: the same for the same seed, agent and place in his day.

    `steady`: everybody answers and leaves the end to the customer.
    """

    def __init__(self, seed: int, *, steady: bool = False) -> None:
        self._seed, self._steady = seed, steady
        self._calls: dict[str, int] = {}

    def plan(self, dialog: Dialog) -> Plan:
        """For the next call of a phone."""
        place = self._calls[dialog.phone] = self._calls.get(dialog.phone, 0) + 1
        chance = random.Random(f"agent {self._seed} {dialog.phone} {place}")
        mood = chance.choices(list(SHARES), list(SHARES.values()))[0]
        return plan_of(Mood.ANSWERS if self._steady else mood, chance)


def plan_of(mood: Mood, chance: random.Random) -> Plan:
    """The call of an agent in this mood."""
    match mood:
        case Mood.ANSWERS:
            return Plan(name=mood, ring=chance.uniform(*HANDSET))
        case Mood.ENDS:
            return Plan(name=mood, ring=chance.uniform(*HANDSET), talk=chance.uniform(*LINE))
        case Mood.AWAY:
            return Plan(name=mood, ring=None)
        case _:
            code, reason = CODES[mood]
            return Plan(name=mood, ring=0, code=code, reason=reason)
