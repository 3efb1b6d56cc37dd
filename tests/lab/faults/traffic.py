"""A steady stream of calls of many shapes, several at once, drawn from a seed."""

from __future__ import annotations

import random
import threading

from tests.lab.faults.phones import Phones
from tests.lab.faults.shapes import COLLEAGUES, SHAPES, Desk
from tests.lab.faults.truth import Placed

PAUSE = (0.2, 1.5)  # seconds between two calls of a lane
FIRST_NUMBER = 447700910000
LANE_NUMBERS = 10000


class Traffic:
    """Lanes that place one call after the other while the PBX takes calls.

    up: set while it does. Every lane has its own chances, customers' numbers and colleague, so a seed gives the same
    calls whatever the lanes' speed.
    """

    def __init__(self, phones: Phones, up: threading.Event, seed: int, lanes: int) -> None:
        self.placed: list[Placed] = []
        self.errors: list[str] = []
        self._phones = phones
        self._up = up
        self._ending = threading.Event()
        self._lanes = [
            threading.Thread(
                target=self._work, args=(lane, colleague, random.Random(f"{seed} {lane}")), daemon=True
            )
            for lane, colleague in enumerate(COLLEAGUES[:lanes])
        ]

    def start(self) -> None:
        for lane in self._lanes:
            lane.start()

    def finish(self, patience: float) -> None:
        """No new calls; those in progress take their course."""
        self._ending.set()
        for lane in self._lanes:
            lane.join(patience)
            if lane.is_alive():
                self.errors.append("a call did not come to its end")

    def _work(self, lane: int, colleague: str, chance: random.Random) -> None:
        number = FIRST_NUMBER + lane * LANE_NUMBERS
        while not self._ending.is_set():
            self._ending.wait(chance.uniform(*PAUSE))
            if not self._up.wait(0.1) or self._ending.is_set():
                continue
            number += 1
            shape = chance.choice(SHAPES)
            # A chance of the call's own: how long a fault held up one call does not change the next.
            own = random.Random(f"{chance.random()} {number}")
            try:
                self.placed.append(shape(Desk(self._phones, own, str(number), colleague)))
            except Exception as error:  # a broken script must be seen, and must not end the stream
                self.errors.append(f"{shape.__name__} {number}: {error!r}")
