"""Calls rebuilt from their rows: facts, what they replace, and which logs told them. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from analytics.storage.repairs import sources_of
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
    """Calls as the logs tell them.

    parts: every id that a part of one may be stored under, to the call's id; told_by: the logs that told each call.
    """

    facts: tuple[Fact, ...]
    parts: Mapping[str, str]
    told_by: Mapping[str, str]


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
    owners = _owners(facts, keys)
    channels = {
        f"{pbx}/{uniqueid}": owners[call.key]
        for call in calls
        if call.key in owners
        for uniqueid in channels_named(call)
    }
    return Rebuilt(
        facts=tuple(facts),
        parts={part: into for part, into in channels.items() if part != into},
        told_by=_told_by(calls, owners),
    )


def _owners(facts: Sequence[Fact], keys: Mapping[str, str]) -> dict[str, str]:
    """By call of the logs, the rebuilt call that it is, or is a part of."""
    found: dict[str, str] = {}
    for fact in facts:
        if isinstance(fact, CallFact):
            for each in (fact.id, *fact.alias_ids):
                key = keys.get(each.partition("/")[2])
                if key is not None:
                    found[key] = fact.merged_into or fact.id
    return found


def _told_by(calls: Sequence[CallRows], owners: Mapping[str, str]) -> dict[str, str]:
    """By rebuilt call, which logs had rows of it."""
    kinds: dict[str, set[str]] = {}
    for call in calls:
        if call.key in owners:
            told = ((LogKind.CEL, call.cel), (LogKind.CDR, call.cdr), (LogKind.QUEUE_LOG, call.queue))
            kinds.setdefault(owners[call.key], set()).update(kind.value for kind, rows in told if rows)
    return {call_id: sources_of(found) for call_id, found in kinds.items()}
