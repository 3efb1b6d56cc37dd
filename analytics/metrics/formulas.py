"""How calls and parts of calls are judged, on plain values. Pure: no clock, no store, no rounding.

A count belongs to the period in which its call or offering began; what it counts is followed to its end.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from analytics.metrics.in_force import MICROSECOND
from analytics.metrics.windows import MS, ends_us, heard_ms
from analytics.values import Called, Talked
from config.minutes import MinuteKind, MinuteRule
from config.policies import Limits
from telephony.calls.facts import TalkKind

CUSTOMER_TALK = frozenset({TalkKind.CUSTOMER, TalkKind.CONFERENCE})
"""The kinds of talk that are phone minutes: agent and customer hear each other."""


def counted_ms(kind: TalkKind, talk_ms: int, hold_ms: int, rule: MinuteRule) -> int:
    """What of one stretch the policy counts as phone minutes."""
    if kind in CUSTOMER_TALK:
        return talk_ms + hold_ms if MinuteKind.HOLD in rule.counts else talk_ms
    if kind is TalkKind.CONSULT and MinuteKind.CONSULT in rule.counts:
        return talk_ms
    if kind is TalkKind.INTERNAL and MinuteKind.INTERNAL in rule.counts:
        return talk_ms
    return 0


class Handled(StrEnum):
    """Whether a call, or an agent's part of it, was handled within three minutes."""

    WITHIN = "within"  # up to the limit; equality is in time
    OVER = "over"
    APART = "apart"  # a short or a silent call: outside this figure
    OPEN = "open"  # still going on, and not over the limit yet


def judge_handling(gross_us: int, talk_us: int, *, is_open: bool, is_apart: bool, limits: Limits) -> Handled:
    """The result for a duration from human answer to the customer's end, hold included (domain.md §1).

    talk_us: what was talked of it. A call that goes on may still turn out to be short, however long it holds.
    """
    if is_apart:
        return Handled.APART
    may_be_short = is_open and talk_us < limits.short_talk // MICROSECOND
    if gross_us > limits.handled_within // MICROSECOND and not may_be_short:
        return Handled.OVER
    return Handled.OPEN if is_open else Handled.WITHIN


@dataclass(slots=True, kw_only=True)
class Part:
    """An agent's own part of a call: all his talk with its customer, in order of time, up to the as-of instant."""

    talks: list[Talked] = field(default_factory=list)
    talk_ms: int = 0
    hold_ms: int = 0
    gross_us: int = 0
    over: int = 0  # talks that are over
    is_open: bool = False  # one goes on

    def add(self, talked: Talked, as_of_us: int) -> None:
        """Add a stretch."""
        talk, hold = heard_ms(talked, as_of_us)
        self.talks.append(talked)
        self.talk_ms += talk
        self.hold_ms += hold
        self.gross_us += ends_us(talked.start_us, talked.end_us, as_of_us) - talked.start_us
        if talked.end_us is None or talked.end_us > as_of_us:
            self.is_open = True
        else:
            self.over += 1

    def is_short(self, limits: Limits) -> bool:
        """Whether it is over and its talk was under the policy's `short_talk`."""
        return not self.is_open and self.talk_ms < limits.short_talk // MICROSECOND // MS


def parts_of(talks: Iterable[Talked], as_of_us: int) -> dict[tuple[str, str], Part]:
    """(agent, call) to his part."""
    parts: dict[tuple[str, str], Part] = {}
    for talked in sorted(talks, key=lambda each: each.start_us):
        if talked.kind in CUSTOMER_TALK and talked.start_us <= as_of_us:
            parts.setdefault((talked.agent, talked.call.call_id), Part()).add(talked, as_of_us)
    return parts


def left_us(called: Called) -> int | None:
    """When the customer's call ended: his own end, else the call's."""
    return called.end_us if called.customer_left_us is None else called.customer_left_us


def is_short_call(called: Called, talk_ms: int | None, limits: Limits) -> bool:
    """Whether a call is over and its talk was under `short_talk`; from answer to end where no talk is known."""
    end_us = left_us(called)
    if end_us is None or called.answered_us is None:
        return False
    talk_us = end_us - called.answered_us if talk_ms is None else talk_ms * MS
    return talk_us < limits.short_talk // MICROSECOND


def handling_of_call(called: Called, talk_ms: int | None, as_of_us: int, limits: Limits) -> Handled | None:
    """From the first human answer to the customer's end; None for a call that no human answered.

    `talk_ms` is all talk with the customer: a short call stands apart.
    """
    if called.answered_us is None or called.answered_us > as_of_us:
        return None
    end_us = left_us(called)
    is_open = end_us is None or end_us > as_of_us
    until = ends_us(called.answered_us, end_us, as_of_us)
    is_short = not is_open and is_short_call(called, talk_ms, limits)
    gross_us = until - called.answered_us
    talk_us = gross_us if talk_ms is None else talk_ms * MS
    return judge_handling(gross_us, talk_us, is_open=is_open, is_apart=is_short or called.silent, limits=limits)
