"""What all readers of one subject are shown: the newest text of each element, and the number of its last change. Pure.

An element is drawn at once when it changes after a while of rest, and once more if that was not its last word: a phone
is dialled and rings, rings no more and is talked at, within a blink. While it goes on changing it is drawn four times a
second; other elements do not wait for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from service.dashboard.elements import Element

INTERVAL = 0.25
"""Seconds between two texts of one element that goes on changing."""

AT_ONCE = 2.0
"""So many texts of one element are told at once after a rest."""


@dataclass(slots=True)
class Shown:
    """One element as it was told last."""

    key: object
    html: str
    number: int
    at: float
    event: bytes
    left: float  # texts that may be told at once


class Canvas:
    """The elements of one subject. `event_of` makes an event of name, text and number."""

    def __init__(self, event_of: Callable[[str, str, int], bytes]) -> None:
        self.seq = 0
        """The number of the newest change."""
        self.drawn_at = float("-inf")
        self._event_of = event_of
        self._shown: dict[str, Shown] = {}

    def draw(self, elements: Iterable[Element], at: float, number_of: Callable[[], int]) -> float | None:
        """Draw what changed; `at` in seconds of any steady clock. Returns after how long what has to wait is due."""
        self.drawn_at = at
        waits: float | None = None
        names = set()
        for element in elements:
            names.add(element.name)
            wait = self._draw(element, at, number_of)
            if wait is not None:
                waits = wait if waits is None else min(waits, wait)
        for gone in self._shown.keys() - names:
            del self._shown[gone]
        return waits

    def _draw(self, element: Element, at: float, number_of: Callable[[], int]) -> float | None:
        shown, left = self._shown.get(element.name), AT_ONCE
        if shown is not None:
            if shown.key == element.key:
                return None
            left = min(AT_ONCE, shown.left + (at - shown.at) / INTERVAL)
            if left < 1:
                return (1 - left) * INTERVAL
        html = element.draw()
        if shown is not None and shown.html == html:
            shown.key = element.key
            return None
        self.seq = number = number_of()
        event = self._event_of(element.name, html, number)
        self._shown[element.name] = Shown(element.key, html, number, at, event, left - 1)
        return None

    def since(self, told: int) -> tuple[bytes, int]:
        """The events of what changed after this number, and the number up to which they tell."""
        if told >= self.seq:
            return b"", told
        due = sorted((shown.number, shown.event) for shown in self._shown.values() if shown.number > told)
        return b"".join(event for _, event in due), self.seq
