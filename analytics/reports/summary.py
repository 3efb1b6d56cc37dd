"""A summary of facts without a database: `replay --summary`.

`{"calls", "direction": {…}, "disposition": {…}, "known": {…}, "as_of", "callers": {…}, "agents": [{"agent",
"talk_minutes", "hold_minutes", "calls", "offered", "within", "rate"}]}`. Every direction, disposition and way of
knowing is named, with 0 where there is none; `open` are calls that still go on.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from analytics.facts_in_memory import FactsInMemory
from analytics.metrics.catalogue import METRICS
from analytics.metrics.cells import Cells, regroup
from analytics.metrics.folds import Fold
from analytics.metrics.in_force import InForce
from analytics.metrics.measures import DISPOSITIONS, Family, Sheet, fate
from analytics.metrics.showing import as_number, shown
from analytics.metrics.tallies import Tally
from analytics.metrics.windows import Window
from analytics.people.devices import DeviceMap
from config.policies import Policy
from telephony.calls.facts import Direction, Fact, Known
from telephony.clock import to_microseconds

_AGENT_COLUMNS = {
    "talk_minutes": "talk_minutes",
    "hold_minutes": "hold_minutes",
    "calls": "calls_handled",
    "offered": "ring_offered",
    "within": "ring_within",
    "rate": "three_ring_rate",
}
_CALLER_COLUMNS = {"rung": "callers_rung", "within": "caller_within", "rate": "caller_three_ring_rate"}


def summary(
    facts: Iterable[Fact], policy: Policy, devices: DeviceMap | None = None, as_of: datetime | None = None
) -> dict[str, Any]:
    """Sum up all the facts; open intervals are counted up to `as_of`, else to the newest event."""
    source = FactsInMemory(facts, devices)
    until = as_of or source.newest_at or datetime(1970, 1, 1, tzinfo=UTC)
    agents = regroup(
        _fold(source, policy, until, (Family.MINUTES, Family.PARTS, Family.RINGS)), Sheet.AGENTS, "agent"
    )
    whole = regroup(_fold(source, policy, until, (Family.CALLS,)), Sheet.LOAD).get("", Tally())
    directions = {each.value: _value(whole, f"calls_{each.value}") for each in Direction}
    dispositions = {each: sum(whole[fate(way, each)] for way in Direction) for each in DISPOSITIONS}
    told, repaired, inferred = (_value(whole, name) for name in ("calls", "calls_repaired", "calls_inferred"))
    known = {Known.OBSERVED: told - repaired - inferred, Known.REPAIRED: repaired, Known.INFERRED: inferred}
    return {
        "calls": told,
        "direction": directions,
        "disposition": dispositions,
        "known": {each.value: known[each] for each in Known},
        "as_of": until.isoformat(timespec="milliseconds"),
        "callers": _columns(_CALLER_COLUMNS, whole),
        "agents": [{"agent": agent, **_columns(_AGENT_COLUMNS, tally)} for agent, tally in sorted(agents.items())],
    }


def _fold(source: FactsInMemory, policy: Policy, until: datetime, families: tuple[Family, ...]) -> Cells:
    end = to_microseconds(until + timedelta(microseconds=1))
    window = Window(start_us=0, end_us=end, as_of_us=to_microseconds(until))
    return Fold(source=source, window=window, in_force=InForce(policy)).run(families)


def _value(tally: Tally, name: str) -> int:
    return int(METRICS[name].value(tally) or 0)


def _columns(columns: dict[str, str], tally: Tally) -> dict[str, int | float | None]:
    return {column: _shown(METRICS[name].name, tally) for column, name in columns.items()}


def _shown(name: str, tally: Tally) -> int | float | None:
    metric = METRICS[name]
    value = metric.value(tally)
    if name.endswith("_minutes"):
        return as_number(shown(metric, value, 4))
    return as_number(value)
