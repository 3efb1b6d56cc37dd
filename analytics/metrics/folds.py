"""Folding values into cells. Questions, roll-ups and the wallboard use the same.

One `Fold` is one window over one source. It reads each kind of value once, whatever is asked of it, and what
belongs to calls that began in the window is followed to its end.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain

from analytics.metrics.cells import Cell, Cells, Placing
from analytics.metrics.fold_calls import fold_calls
from analytics.metrics.fold_customers import fold_customers
from analytics.metrics.fold_minutes import fold_minutes, fold_parts, fold_wrap_up
from analytics.metrics.fold_rings import fold_rings
from analytics.metrics.fold_sounds import fold_sounds
from analytics.metrics.fold_states import SETTLE_US, fold_states
from analytics.metrics.fold_waits import fold_waits
from analytics.metrics.formulas import Part, parts_of
from analytics.metrics.in_force import InForce
from analytics.metrics.measures import Family
from analytics.metrics.tallies import Tally
from analytics.metrics.windows import FOLLOWED_US, Window
from analytics.recordings.sounded import Sounded
from analytics.values import Called, Exempted, Offered, Source, Talked, Waited

LONGEST_RING_US = 3_600 * 1_000_000
"""No phone rings for longer than an hour."""


@dataclass(kw_only=True)
class Fold:
    """Values of one window, folded into cells.

    by_call: tell apart the calls behind the figures. `undecided` are things that began in the window and still go on
    at the as-of instant; `settled_us` is when the last of what is counted here was decided.
    """

    source: Source
    window: Window
    in_force: InForce
    by_call: bool = False
    cells: Cells = field(default_factory=dict)
    undecided: int = 0
    settled_us: int = 0

    def run(self, families: Collection[Family]) -> Cells:
        """Fold what these families are made of."""
        folds: dict[Family, Callable[[], None]] = {
            Family.MINUTES: self._fold_minutes,
            Family.PARTS: lambda: fold_parts(self, self._parts),
            Family.SOUNDS: lambda: fold_sounds(self, self._parts, self._sounds),
            Family.RINGS: lambda: fold_rings(self, self._offerings),
            Family.TRANSFERS: self._fold_transfers,
            Family.STATES: lambda: fold_states(self),
            Family.CALLS: self._fold_calls,
            Family.WAITS: lambda: fold_waits(self, self._waits),
            Family.CUSTOMERS: lambda: fold_customers(self, self._calls),
        }
        for family, fold in folds.items():
            if family in families:
                fold()
        return self.cells

    @cached_property
    def placing(self) -> Placing:
        """Finds the cells."""
        return Placing(self.in_force, by_call=self.by_call)

    def tally(self, cell: Cell) -> Tally:
        """The tally of a cell."""
        tally = self.cells.get(cell)
        if tally is None:
            tally = self.cells[cell] = Tally()
        return tally

    def decided(self, at_us: int | None, began_us: int) -> None:
        """Note when something that began at `began_us` was decided; None where it is not, as far as is known."""
        as_of = self.window.as_of_us
        if at_us is not None and at_us <= as_of:
            self.settled_us = max(self.settled_us, at_us)
        elif began_us + FOLLOWED_US > as_of:
            self.undecided += 1
        else:
            self.settled_us = max(self.settled_us, began_us + FOLLOWED_US)

    # -- what is read, once -------------------------------------------------------------

    @cached_property
    def _calls(self) -> list[Called]:
        """The calls that began in the window and that figures count."""
        window = self.window
        told = []
        for called in self.source.calls(window.start_us, window.end_us):
            left_out = self.in_force.leaves_out_number(called.customer, called.start_us)
            if called.start_us <= window.as_of_us and not left_out:
                self.decided(called.end_us, called.start_us)
                told.append(called)
        return told

    @cached_property
    def _lasting(self) -> frozenset[str]:
        """The calls that began in the window and went on after it."""
        end = self.window.end_us
        return frozenset(each.call_id for each in self._calls if each.end_us is None or each.end_us >= end)

    @cached_property
    def _offerings(self) -> list[Offered]:
        """The offerings that began in the window."""
        return list(self.source.offerings(self.window.start_us, self.window.end_us))

    @cached_property
    def _waits(self) -> list[Waited]:
        return list(self.source.waits(self.window.start_us, self.window.end_us))

    @cached_property
    def _talks(self) -> list[Talked]:
        """The talks that touch the window and that figures count."""
        return [
            each
            for each in self.busy_talks
            if _touches(each, self.window)
            and each.start_us <= self.window.as_of_us
            and not self.in_force.leaves_out(each.call)
        ]

    @cached_property
    def _earlier(self) -> list[Talked]:
        """The talks before the window of calls that began before it and are talked in within it."""
        start = self.window.start_us
        older = {each.call.call_id for each in self._talks if each.call.start_us < start}
        return [each for each in self.source.talks_of(older) if each.end_us is not None and each.end_us <= start]

    @cached_property
    def _talks_of_calls(self) -> list[Talked]:
        """All talks of the calls that began in the window, also those after it."""
        start, end = self.window.start_us, self.window.end_us
        later = (each for each in self.source.talks_of(self._lasting) if each.start_us >= end)
        return [each for each in chain(self._talks, later) if start <= each.call.start_us < end]

    @cached_property
    def _parts(self) -> dict[tuple[str, str], Part]:
        return parts_of(self._talks_of_calls, self.window.as_of_us)

    @cached_property
    def _sounds(self) -> dict[str, Sounded]:
        """What is known of recordings, by talk, of the calls that began in the window."""
        began = self.source.sounds(self.window.start_us, self.window.end_us)
        return {each.talk_id: each for each in chain(began, self.source.sounds_of(self._lasting))}

    @cached_property
    def exempted(self) -> Exempted:
        """What two people agreed not to hold against anybody."""
        return self.source.exempted(self.window.start_us, self.window.end_us)

    @cached_property
    def busy_talks(self) -> list[Talked]:
        """The talks that touch the window or are next to it, whoever they were with."""
        return list(self.source.talks(self.window.start_us - SETTLE_US, self.window.end_us + SETTLE_US))

    @cached_property
    def busy_offerings(self) -> list[Offered]:
        """The offerings that touch the window or are next to it."""
        start, end = self.window.start_us, self.window.end_us
        before = self.source.offerings(start - LONGEST_RING_US, start)
        after = self.source.offerings(end, end + SETTLE_US)
        touching = chain(before, self._offerings, after)
        return [each for each in touching if each.end_us is None or each.end_us > start - SETTLE_US]

    # -- what needs several of them ------------------------------------------------------

    def _fold_minutes(self) -> None:
        fold_minutes(self, chain(self._earlier, self._talks))
        fold_wrap_up(self)

    def _fold_transfers(self) -> None:
        """Of the calls that began in the window: a count belongs to the period of its call (domain.md §1)."""
        start, end = self.window.start_us, self.window.end_us
        later = (each for each in self.source.handed_on_of(self._lasting) if each.at_us >= end)
        for each in chain(self.source.handed_on(start, end), later):
            if not start <= each.call.start_us < end:
                continue
            if each.at_us <= self.window.as_of_us and not self.in_force.leaves_out(each.call):
                cell = self.placing.of_agent(each.agent, each.call, each.queue, each.call.start_us)
                self.tally(cell).sums["transfers_made" if each.completed else "transfers_failed"] += 1

    def _fold_calls(self) -> None:
        end = self.window.end_us
        later = (each for each in self.source.offerings_of(self._lasting) if each.offered_us >= end)
        fold_calls(self, self._calls, chain(self._offerings, later))

    @cached_property
    def _first_queues(self) -> dict[str, str]:
        """Call to the queue that it first came to."""
        later = self.source.waits_of(self._lasting - {each.call.call_id for each in self._waits})
        first: dict[str, Waited] = {}
        for waited in chain(self._waits, later):
            held = first.get(waited.call.call_id)
            if held is None or waited.joined_us < held.joined_us:
                first[waited.call.call_id] = waited
        return {call_id: waited.queue for call_id, waited in first.items()}

    def first_queue(self, call_id: str) -> str | None:
        """The queue that a call first came to, in which it counts; None where it came to none."""
        return self._first_queues.get(call_id)

    @cached_property
    def _talk_ms(self) -> dict[str, int]:
        talked: dict[str, int] = {}
        for (_, call_id), part in self._parts.items():
            talked[call_id] = talked.get(call_id, 0) + part.talk_ms
        return talked

    def talk_ms_of(self, call_id: str) -> int | None:
        """All talk with the customer in a call that began in the window; None where none is known."""
        return self._talk_ms.get(call_id)


def _touches(talked: Talked, window: Window) -> bool:
    return talked.start_us < window.end_us and (talked.end_us is None or talked.end_us > window.start_us)
