"""Calls rebuilt from their rows: facts, what they replace, and which logs told them. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from telephony.calls.facts import CallFact, Fact
from telephony.calls.record import newest
from telephony.pbxlogs.builder import Builder
from telephony.pbxlogs.rows import CallRows, LogKind
from telephony.reconcile.choice import Logged, choose
from telephony.reconcile.hearing import Verdict, channels_named

REBUILT = 1_000_000
"""Revisions of rebuilt facts begin beyond this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebuilt:
    """Calls as the logs tell them. parts: every id that a part of one may be stored under, to the call's id."""

    facts: tuple[Fact, ...]
    parts: Mapping[str, str]
    sources: frozenset[str]


def rebuild(
    pbx: str,
    calls: Sequence[CallRows],
    wanted: Collection[str],
    *,
    trunks: tuple[str, ...],
    wrap_up: timedelta,
    stops: Sequence[datetime] = (),
) -> Rebuilt:
    """The calls with these keys. `calls`: they and all others of their time (a consultation is told in another)."""
    builder = Builder(pbx, trunks=trunks, wrap_up=wrap_up, stops=stops)
    told = tuple(newest(fact for facts in builder.build(calls) for fact in facts).values())
    keys = {uniqueid: call.key for call in calls for uniqueid in channels_named(call)}
    verdicts = {call.key: Verdict.UNHEARD if call.key in wanted else Verdict.WHOLE for call in calls}
    chosen = choose(pbx, (), Logged(keys=keys, verdicts=verdicts, facts=told), ()).facts
    # Above any revision that the stream told, so that whoever holds the stream's facts takes these.
    facts = [replace(fact, revision=fact.revision + REBUILT) for fact in chosen]
    return Rebuilt(
        facts=tuple(facts), parts=_parts(pbx, calls, facts, keys), sources=sources_of_calls(calls, wanted)
    )


def _parts(pbx: str, calls: Sequence[CallRows], facts: Sequence[Fact], keys: Mapping[str, str]) -> dict[str, str]:
    """Each channel of a rebuilt call leads to it."""
    by_key: dict[str, str] = {}
    for fact in facts:
        if isinstance(fact, CallFact):
            into = fact.merged_into or fact.id
            for each in (fact.id, *fact.alias_ids):
                key = keys.get(each.partition("/")[2])
                if key is not None:
                    by_key[key] = into
    channels = {
        f"{pbx}/{uniqueid}": by_key[call.key]
        for call in calls
        if call.key in by_key
        for uniqueid in channels_named(call)
    }
    return {part: into for part, into in channels.items() if part != into}


def sources_of_calls(calls: Sequence[CallRows], wanted: Collection[str]) -> frozenset[str]:
    """Which logs told these calls."""
    found: set[str] = set()
    for call in calls:
        if call.key in wanted:
            found |= {
                kind.value
                for kind, rows in (
                    (LogKind.CEL, call.cel),
                    (LogKind.CDR, call.cdr),
                    (LogKind.QUEUE_LOG, call.queue),
                )
                if rows
            }
    return frozenset(found)
