"""What agents did apart from calls: logged in, paused and why, free.

Membership and pause are per queue; a person is logged in while he is in any queue, paused while he is paused in
every queue that he is in, and free while he is neither paused everywhere nor ringing, talking or in wrap-up.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING

from analytics.metrics.windows import FOLLOWED_US, Span, Window, spans_ms, subtract, union
from analytics.values import InState
from telephony.calls.facts import State

if TYPE_CHECKING:
    from analytics.metrics.folds import Fold

SETTLE_US = 100_000
"""Answer to bridge, and bridge to the end of a leg, are some milliseconds apart: nobody is free then."""

_WANTED = (State.LOGGED_IN, State.PAUSED, State.WRAP_UP)


def fold_states(fold: Fold) -> None:
    """Each agent's states inside the window; a person's group is that of the beginning of his login."""
    window = fold.window
    told: dict[str, list[InState]] = defaultdict(list)
    for state in fold.source.states(window.start_us - SETTLE_US, window.end_us + SETTLE_US, _WANTED):
        if state.start_us <= window.as_of_us:
            told[state.agent].append(state)
    busy = _busy(fold)
    for agent, states in told.items():
        _fold_agent(fold, agent, states, busy.get(agent, []))
    for shift in fold.source.scheduled(window.start_us, window.edge_us):
        cell = fold.placing.of_state(shift.agent, shift.start_us)
        fold.tally(cell).sums["scheduled_ms"] += spans_ms([(shift.start_us, shift.end_us)], window)


def _fold_agent(fold: Fold, agent: str, states: list[InState], busy: list[Span]) -> None:
    window = fold.window
    spans = _by_queue(states, window)
    present: list[Span] = []
    ready: list[Span] = []
    for (kind, queue), logins in spans.items():
        if kind is State.LOGGED_IN:
            present += logins
            ready += subtract(logins, spans.get((State.PAUSED, queue), []))
    present, ready = union(present), union(ready)
    wrap_up = (span for (kind, _), each in spans.items() if kind is State.WRAP_UP for span in each)
    occupied = _settled(union([*busy, *wrap_up]))
    for start, end in present:
        if end <= window.start_us or start >= window.edge_us:
            continue  # next to the window, not in it
        sums = fold.tally(fold.placing.of_state(agent, start)).sums
        inside = [(start, end)]
        sums["login_ms"] += spans_ms(inside, window)
        sums["pause_ms"] += spans_ms(subtract(inside, ready), window)
        free = subtract([each for each in ready if start <= each[0] < end], occupied)
        sums["available_ms"] += spans_ms(free, window)
    _fold_reasons(fold, agent, states)


def _by_queue(states: Iterable[InState], window: Window) -> dict[tuple[State, str | None], list[Span]]:
    """The spans of each state in each queue, as far as they are known at the as-of instant."""
    spans: dict[tuple[State, str | None], list[Span]] = defaultdict(list)
    for state in states:
        spans[state.state, state.queue].append((state.start_us, _end(state, window)))
    return {key: union(each) for key, each in spans.items()}


def _fold_reasons(fold: Fold, agent: str, states: Iterable[InState]) -> None:
    """Pauses by reason: the time in which any queue was paused for it."""
    window = fold.window
    reasons: dict[str, list[Span]] = defaultdict(list)
    for state in states:
        if state.state is State.PAUSED:
            reasons[state.reason or ""].append((state.start_us, _end(state, window)))
    for reason, spans in reasons.items():
        for start, end in union(spans):
            sums = fold.tally(fold.placing.of_state(agent, start, reason=reason)).sums
            sums["pause_reason_ms"] += spans_ms([(start, end)], window)
            sums["pauses"] += window.has(start)


def _busy(fold: Fold) -> dict[str, list[Span]]:
    """Ringing and talking, by agent; a leg's talk is one span from its first stretch to its last."""
    window = fold.window
    spans: dict[str, list[Span]] = defaultdict(list)
    for talked in fold.busy_talks:
        end = talked.end_us if talked.end_us is not None else talked.start_us + FOLLOWED_US
        spans[talked.agent].append((talked.start_us, min(end, window.as_of_us)))
    for offered in fold.busy_offerings:
        end = offered.end_us if offered.end_us is not None else offered.ring_us + FOLLOWED_US
        spans[offered.agent].append((offered.ring_us, min(end, window.as_of_us)))
    return {agent: [each for each in told if each[0] < each[1]] for agent, told in spans.items()}


def _end(state: InState, window: Window) -> int:
    return window.as_of_us if state.end_us is None else min(state.end_us, window.as_of_us)


def _settled(spans: list[Span]) -> list[Span]:
    """The spans with the gaps shorter than SETTLE_US filled."""
    filled: list[Span] = []
    for start, end in spans:
        if filled and start - filled[-1][1] < SETTLE_US:
            filled[-1] = (filled[-1][0], max(end, filled[-1][1]))
        else:
            filled.append((start, end))
    return filled
