"""Measures: the whole numbers that every figure is made of.

A measure adds up: over the parts of a period, over agents, queues, lines and over calls. That is why a year can be
the sum of its days, and why a figure can be opened into the calls behind it. Each belongs to one of two sheets,
which are also the roll-up tables: what agents did, and what calls and callers met. Names are those of the columns.
"""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from itertools import product

from analytics.metrics.rings import CallerResult, RingResult
from telephony.calls.facts import Direction, Disposition, VisitEnd


class Sheet(StrEnum):
    """Of what a measure tells."""

    AGENTS = "agents"  # told apart by agent, queue, number, code, direction
    LOAD = "load"  # told apart by queue, number, code, direction, quarter of an hour


class Family(StrEnum):
    """What is read to count a measure; a question reads only what it asks for."""

    MINUTES = "minutes"  # agents' talks and wrap-up
    PARTS = "parts"  # an agent's part of a call: all his talk with its customer
    SOUNDS = "sounds"  # recordings of his talks, and what was heard in them
    RINGS = "rings"  # offerings to agents
    TRANSFERS = "transfers"  # calls that agents handed on
    STATES = "states"  # logged in, paused, free
    CALLS = "calls"  # calls, callers, and how soon they were done
    WAITS = "waits"  # queue visits
    CUSTOMERS = "customers"  # what became of a customer after his call

    @property
    def sheet(self) -> Sheet:
        """The sheet that its measures stand on."""
        return Sheet.LOAD if self in (Family.CALLS, Family.WAITS, Family.CUSTOMERS) else Sheet.AGENTS


OPEN = "open"
"""The disposition of a call that still goes on."""

DISPOSITIONS = (*(each.value for each in Disposition), OPEN)


def ring(result: RingResult) -> str:
    """The measure of an offering's result."""
    return f"ring_{result.value}"


def caller(result: CallerResult) -> str:
    """The measure of a caller's result."""
    return f"caller_{result.value}"


def fate(direction: Direction, disposition: str) -> str:
    """The measure of a call's direction and disposition."""
    return f"{direction.value}_{disposition}"


def visit(end: VisitEnd) -> str:
    """The measure of how a queue visit ended."""
    return f"visits_{end.value}"


OF_FAMILY: dict[Family, tuple[str, ...]] = {
    Family.MINUTES: (
        "counted_ms",  # phone minutes by the policy's rule
        "counted_inbound_ms",
        "counted_outbound_ms",
        "talk_ms",  # customer and conference, hold cut out
        "hold_ms",
        "conference_ms",  # of talk_ms, what may exceed the customer's time
        "consult_ms",
        "internal_ms",
        "monitor_ms",
        "wrap_up_ms",
        "talks_open",  # counted up to the as-of instant
    ),
    Family.PARTS: (
        "parts",
        "parts_inbound",
        "parts_outbound",
        "parts_short",
        "parts_silent",
        "long_parts",  # neither short nor silent: what averages are over
        "long_talk_ms",
        "long_hold_ms",
        "own_within",  # own part handled within the limit
        "own_over",
        "talks_over",  # talks with customers that are over: each is to have a recording
    ),
    Family.SOUNDS: (
        "talks_recorded",  # of the talks that are over, those with a playable file
        "talks_apart",  # of them, those with the agent and the customer each on a channel of a playable file
        "talks_destroyed",  # whose files were destroyed by order: outside coverage
        "talks_heard",  # of which was measured what is heard
        "heard_ms",  # their length, holds cut out
        "speech_ms",  # anybody's
        "silence_ms",  # nobody's
        "music_ms",
        "silences",  # mutual, longer than the limit
        "talks_with_silence",  # with one of these
        "talks_silent",  # nothing was heard of the customer
        "talks_sided",  # in which agent and customer were told apart
        "sided_ms",
        "agent_speech_ms",
        "customer_speech_ms",
        "overlaps",  # longer than the limit
        "overlap_ms",  # of any length
        "responses",
        "response_ms",
        "first_words_within",
        "first_words_over",
        "first_words_ms",
        "talks_rated",  # with a speech rate
        "syllables",
        "error_syllables",  # by which they may be wrong
        "turns_ms",
        "phonation_ms",
        "rate_in",  # to the policy's band
        "rate_below",
        "rate_above",
        "rate_undecided",
    ),
    Family.RINGS: (
        *(ring(each) for each in RingResult),
        "ring_answered_ms",
        "ring_exempted_within",  # of ring_within, what is exempted
        "ring_exempted_lost",  # of the rest of the rate, what is exempted
    ),
    Family.TRANSFERS: ("transfers_made", "transfers_failed"),
    Family.STATES: ("login_ms", "pause_ms", "available_ms", "pause_reason_ms", "pauses", "scheduled_ms"),
    Family.CALLS: (
        *(fate(direction, each) for direction, each in product(Direction, DISPOSITIONS)),
        "calls_repaired",
        "calls_inferred",
        "inbound_abandoned_short",
        "calls_short",
        "calls_silent",
        *(caller(each) for each in CallerResult),
        "handled_within",
        "handled_over",
        "handled_open",
        "customer_talks",  # calls in which a human talked with a customer
        "without_outcome",  # of them, those with no recorded outcome
        "recorded",  # of them, those of which the PBX names a recording
    ),
    Family.WAITS: (
        "visits",
        "visits_open",
        *(visit(each) for each in VisitEnd),
        "answered_within",
        "answered_wait_ms",
        "abandoned_within",
        "abandoned_short",
        "abandoned_wait_ms",
    ),
    Family.CUSTOMERS: (
        "contacts",  # answered calls of a known number that can be judged
        "contacts_final",  # of them, those after which the number did not call again in time
        "contacts_open",  # not judged yet: the time is not over
        "repeat_calls",  # calls of a number that had called within the time before
        "missed_numbers",  # numbers that were not served, once a day each
        "missed_uncalled",  # of them, those not spoken with since
        "missed_withheld",  # missed calls that cannot be called back: withheld or shared numbers
    ),
}
"""The measures that are summed, by family, in the order of the tables' columns."""

GREATEST: dict[Family, tuple[str, ...]] = {
    Family.WAITS: ("longest_wait_ms",),
    Family.RINGS: ("longest_ring_ms",),
    Family.SOUNDS: ("longest_silence_ms", "longest_response_ms"),
}
"""The measures of which the greatest counts."""

SPREADS: dict[Family, tuple[str, ...]] = {
    Family.PARTS: ("talk_spread",),
    Family.RINGS: ("ring_spread", "ring_gave_up_spread"),
    Family.CALLS: ("caller_spread", "caller_lost_spread"),
    Family.WAITS: ("wait_spread", "abandoned_spread"),
}
"""Exact histograms: see `analytics.metrics.spreads`."""


@cache
def measures_of(sheet: Sheet) -> tuple[str, ...]:
    """The summed measures on a sheet."""
    return tuple(name for family, names in OF_FAMILY.items() if family.sheet is sheet for name in names)


@cache
def greatest_of(sheet: Sheet) -> tuple[str, ...]:
    """The measures on a sheet of which the greatest counts."""
    return tuple(name for family, names in GREATEST.items() if family.sheet is sheet for name in names)


@cache
def spreads_of(sheet: Sheet) -> tuple[str, ...]:
    """The histograms on a sheet."""
    return tuple(name for family, names in SPREADS.items() if family.sheet is sheet for name in names)


FAMILY_OF: dict[str, Family] = {
    name: family for table in (OF_FAMILY, GREATEST, SPREADS) for family, names in table.items() for name in names
}
"""The family of each measure and histogram."""
