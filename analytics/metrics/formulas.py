"""The formulas, on plain values. Pure: no clock, no store, no rounding but the cut to whole milliseconds.

Durations are cut to integer milliseconds where they are summed. An interval that crosses the edge of a
period is cut there, one that is still open is counted up to the as-of instant. A count belongs to the period
in which its call or offering began.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from fractions import Fraction
from zoneinfo import ZoneInfo

from analytics.metrics.handled_calls import HandledCalls
from analytics.metrics.in_force import MICROSECOND
from analytics.values import Called, InState, Talked
from config.minutes import MinuteKind, MinuteRule, Rounding, clock_ms, round_call
from config.policies import Limits, PolicyVersion
from telephony.calls.facts import TalkKind
from telephony.clock import from_microseconds

MILLISECOND = timedelta(milliseconds=1)
MS = 1000
"""Microseconds in a millisecond."""

CUSTOMER_TALK = frozenset({TalkKind.CUSTOMER, TalkKind.CONFERENCE})
"""The kinds of talk that are phone minutes: agent and customer hear each other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """What is counted: from `start_us` up to `end_us`, of what was known at `as_of_us`."""

    start_us: int
    end_us: int
    as_of_us: int

    def has(self, began_us: int) -> bool:
        """Whether something that began at this instant is counted here."""
        return self.start_us <= began_us < self.end_us and began_us <= self.as_of_us

    def cut(self, start_us: int, end_us: int | None) -> tuple[int, int]:
        """The part of an interval that lies inside; of no length where none does."""
        start = max(start_us, self.start_us)
        end = min(self.end_us, self.as_of_us)
        if end_us is not None:
            end = min(end, end_us)
        return start, max(start, end)


def talk_and_hold_ms(talked: Talked, window: Window) -> tuple[int, int]:
    """Talk with the holds cut out, and the holds, both inside the window."""
    start, end = window.cut(talked.start_us, talked.end_us)
    inside = Window(start_us=start, end_us=end, as_of_us=end)
    held = 0
    for hold_start, hold_end in talked.holds:
        first, last = inside.cut(hold_start, hold_end)
        held += last - first
    return (end - start - held) // MS, held // MS


@dataclass(slots=True, kw_only=True)
class AgentMinutes:
    """One agent's durations, in integer milliseconds, and the calls he talked in."""

    talk_ms: int = 0
    hold_ms: int = 0
    consult_ms: int = 0
    internal_ms: int = 0
    monitor_ms: int = 0
    wrap_up_ms: int = 0
    rounded_ms: int = 0  # phone minutes that are rounded already, or never are
    calls: HandledCalls = field(default_factory=HandledCalls)  # that began in the period
    per_call: dict[str, tuple[Rounding, int]] = field(default_factory=dict)

    def add_talk(self, talked: Talked, window: Window, rules: PolicyVersion, zone: ZoneInfo) -> None:
        """Add one stretch of talk, by the rules in force when its call began."""
        talk, hold = talk_and_hold_ms(talked, window)
        if talked.kind in CUSTOMER_TALK:
            self.talk_ms += talk
            self.hold_ms += hold
            if window.has(talked.call.start_us):
                short_ms = rules.limits.short_talk // MILLISECOND
                self.calls.add(talked.call.call_id, talk, hold, short_ms)
        elif talked.kind is TalkKind.CONSULT:
            self.consult_ms += talk
        elif talked.kind is TalkKind.INTERNAL:
            self.internal_ms += talk
        else:
            self.monitor_ms += talk
        counted = _counted_ms(talked.kind, talk, hold, rules.minutes)
        if counted is not None:
            self._count(talked, window, counted, rules.minutes, zone)

    def _count(self, talked: Talked, window: Window, counted: int, rule: MinuteRule, zone: ZoneInfo) -> None:
        if rule.rounding is Rounding.CLOCK:
            start, end = window.cut(talked.start_us, talked.end_us)
            self.rounded_ms += clock_ms(from_microseconds(start), from_microseconds(end), zone)
            return
        _, before = self.per_call.get(talked.call.call_id, (rule.rounding, 0))
        self.per_call[talked.call.call_id] = (rule.rounding, before + counted)

    def add_wrap_up(self, in_state: InState, window: Window, rule: MinuteRule) -> None:
        """Add one stretch of wrap-up. It counts only where the policy says so, and is not rounded by call."""
        start, end = window.cut(in_state.start_us, in_state.end_us)
        wrap_up = (end - start) // MS
        self.wrap_up_ms += wrap_up
        if MinuteKind.WRAP_UP in rule.counts:
            self.rounded_ms += wrap_up

    @property
    def counted_ms(self) -> int:
        """The agent's phone minutes by the policy's rule, in milliseconds."""
        return self.rounded_ms + sum(round_call(rounding, ms) for rounding, ms in self.per_call.values())

    @property
    def average_handle(self) -> Fraction | None:
        """Talk, hold and wrap-up for each call that was not short, in milliseconds; None over nothing."""
        times = self.calls.times
        spent = times.talk_ms + times.hold_ms + self.wrap_up_ms
        return Fraction(spent, times.calls) if times.calls else None

    def absorb(self, other: AgentMinutes) -> None:
        """Add what another counted. None of its calls may be one of ours."""
        for name in ("talk_ms", "hold_ms", "consult_ms", "internal_ms", "monitor_ms", "wrap_up_ms"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.rounded_ms += other.counted_ms
        self.calls.absorb(other.calls)


def _counted_ms(kind: TalkKind, talk: int, hold: int, rule: MinuteRule) -> int | None:
    """What of one stretch the policy counts as phone minutes; None where nothing of this kind counts."""
    if kind in CUSTOMER_TALK:
        return talk + (hold if MinuteKind.HOLD in rule.counts else 0)
    if kind is TalkKind.CONSULT and MinuteKind.CONSULT in rule.counts:
        return talk
    if kind is TalkKind.INTERNAL and MinuteKind.INTERNAL in rule.counts:
        return talk
    return None


class Handled(StrEnum):
    """Whether a call, or an agent's part of it, was handled within three minutes."""

    WITHIN = "within"  # up to the limit; equality is in time
    OVER = "over"
    SHORT = "short"  # a short call: outside this figure
    OPEN = "open"  # still going on, and not over the limit yet


def judge_handling(gross_us: int, *, is_open: bool, limits: Limits) -> Handled:
    """The result for a duration from human answer to the customer's end, hold included."""
    if gross_us > limits.handled_within // MICROSECOND:
        return Handled.OVER
    if is_open:
        return Handled.OPEN
    if gross_us < limits.short_talk // MICROSECOND:
        return Handled.SHORT
    return Handled.WITHIN


def handling_of_call(called: Called, as_of_us: int, limits: Limits) -> Handled | None:
    """From the first human answer to the customer's end; None for a call that no human answered."""
    if called.answered_us is None or called.answered_us > as_of_us:
        return None
    left_us = called.end_us if called.customer_left_us is None else called.customer_left_us
    is_open = left_us is None or left_us > as_of_us
    end_us = as_of_us if is_open or left_us is None else left_us
    return judge_handling(end_us - called.answered_us, is_open=is_open, limits=limits)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPart:
    """An agent's own part of a call, hold included, up to the as-of instant."""

    gross_us: int
    is_open: bool
    call_start_us: int


def handling_of_agents(talks: Iterable[Talked], as_of_us: int) -> dict[tuple[str, str], OwnPart]:
    """(agent, call) to his own part: all his talk with the customer in that call."""
    parts: dict[tuple[str, str], OwnPart] = {}
    for talked in talks:
        if talked.kind not in CUSTOMER_TALK or talked.start_us > as_of_us:
            continue
        key = (talked.agent, talked.call.call_id)
        before = parts.get(key)
        end_us = as_of_us if talked.end_us is None else min(talked.end_us, as_of_us)
        is_open = talked.end_us is None or talked.end_us > as_of_us
        parts[key] = OwnPart(
            gross_us=end_us - talked.start_us + (before.gross_us if before else 0),
            is_open=is_open or (before is not None and before.is_open),
            call_start_us=talked.call.start_us,
        )
    return parts
