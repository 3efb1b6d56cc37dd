"""Agents' minutes, their parts of calls, and their wrap-up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from analytics.metrics.formulas import CUSTOMER_TALK, Handled, Part, counted_ms, judge_handling
from analytics.metrics.spreads import bucket_closed
from analytics.metrics.tallies import Tally
from analytics.metrics.windows import MS, Counting, heard_ms
from analytics.values import Talked
from config.minutes import MinuteKind
from telephony.calls.facts import Direction, State, TalkKind

if TYPE_CHECKING:
    from analytics.metrics.folds import Fold

_APART_MS = {TalkKind.CONSULT: "consult_ms", TalkKind.INTERNAL: "internal_ms", TalkKind.MONITOR: "monitor_ms"}
_COUNTED_MS = {Direction.INBOUND: "counted_inbound_ms", Direction.OUTBOUND: "counted_outbound_ms"}
_PARTS = {Direction.INBOUND: "parts_inbound", Direction.OUTBOUND: "parts_outbound"}
_OWN = {Handled.WITHIN: "own_within", Handled.OVER: "own_over"}


def fold_minutes(fold: Fold, talks: Iterable[Talked]) -> None:
    """Minutes of talks, cut to the window. `talks` holds also the earlier stretches of the same calls."""
    window, in_force = fold.window, fold.in_force
    parts: dict[tuple[str, str], Counting] = {}
    for talked in sorted(talks, key=lambda each: (each.start_us, each.call.call_id)):
        rule = in_force.version(talked.call.start_us).minutes
        key = (talked.agent, talked.call.call_id)
        part = parts.get(key)
        if part is None:
            part = parts[key] = Counting(rule.rounding, in_force.policy.zone)
        talk, hold = heard_ms(talked, window.edge_us)
        if talked.start_us >= window.start_us:
            talk_before = hold_before = 0
        else:
            talk_before, hold_before = heard_ms(talked, window.start_us)
        counted = 0
        if talked.kind in CUSTOMER_TALK or counted_ms(talked.kind, 1, 0, rule):
            before = counted_ms(talked.kind, talk_before, hold_before, rule)
            counted = part.add(talked, before, counted_ms(talked.kind, talk, hold, rule), window)
        if talked.end_us is not None and talked.end_us <= window.start_us:
            continue
        cell = fold.placing.of_agent(talked.agent, talked.call, talked.queue, talked.call.start_us)
        _add(fold.tally(cell), talked, talk - talk_before, hold - hold_before, counted)


def _add(tally: Tally, talked: Talked, talk: int, hold: int, counted: int) -> None:
    sums = tally.sums
    if talked.kind in CUSTOMER_TALK:
        sums["talk_ms"] += talk
        sums["hold_ms"] += hold
        if talked.kind is TalkKind.CONFERENCE:
            sums["conference_ms"] += talk
        sums["talks_open"] += talked.end_us is None
    else:
        sums[_APART_MS[talked.kind]] += talk
    sums["counted_ms"] += counted
    direction = _COUNTED_MS.get(talked.call.direction) if talked.call.direction else None
    if direction:
        sums[direction] += counted


def fold_wrap_up(fold: Fold) -> None:
    """Wrap-up inside the window. It counts only where the policy says so, and is not rounded by call."""
    window = fold.window
    for state in fold.source.states(window.start_us, window.end_us, (State.WRAP_UP,)):
        ms = window.interval_ms(state.start_us, state.end_us)
        if state.call is None:
            cell = fold.placing.of_state(state.agent, state.start_us, state.queue)
        elif fold.in_force.leaves_out(state.call):
            continue
        else:
            cell = fold.placing.of_agent(state.agent, state.call, state.queue, state.call.start_us)
        sums = fold.tally(cell).sums
        sums["wrap_up_ms"] += ms
        if MinuteKind.WRAP_UP in fold.in_force.version(state.start_us).minutes.counts:
            sums["counted_ms"] += ms


def fold_parts(fold: Fold, parts: Mapping[tuple[str, str], Part]) -> None:
    """Agents' parts of the calls that began in the window. A part counts where its first stretch does."""
    for (agent, _), part in parts.items():
        first = part.talks[0]
        call = first.call
        limits = fold.in_force.version(call.start_us).limits
        is_short = part.is_short(limits)
        fold.decided(None if part.is_open else max(each.end_us or 0 for each in part.talks), call.start_us)
        tally = fold.tally(fold.placing.of_agent(agent, call, first.queue, call.start_us))
        sums = tally.sums
        sums["parts"] += 1
        sums["talks_over"] += part.over
        sums["parts_short"] += is_short
        sums["parts_silent"] += call.silent
        if direction := _PARTS.get(call.direction) if call.direction else None:
            sums[direction] += 1
        is_apart = is_short or call.silent
        if not is_apart:
            sums["long_parts"] += 1
            sums["long_talk_ms"] += part.talk_ms
            sums["long_hold_ms"] += part.hold_ms
        if not part.is_open:
            tally.spread("talk_spread", bucket_closed(part.talk_ms * MS))
        talk_us = part.talk_ms * MS
        own = judge_handling(part.gross_us, talk_us, is_open=part.is_open, is_apart=is_apart, limits=limits)
        if own in _OWN:
            sums[_OWN[own]] += 1
