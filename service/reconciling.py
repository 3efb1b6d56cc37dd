"""One set of calls from a stream with holes and the PBX's logs; no database, no network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from service.importing.sources import Source
from service.pipeline.interpreter import Interpreter
from service.replaying import entries_of
from telephony.calls.facts import Fact
from telephony.calls.record import newest
from telephony.calls.tracker import DEFAULT_TRUNKS
from telephony.pbxlogs.builder import Builder
from telephony.pbxlogs.rows import LogKind
from telephony.pbxlogs.staging import Counts, Staging
from telephony.reconcile.choice import Logged, choose
from telephony.reconcile.hearing import Hearing, Verdict, channels_named, verdict_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciled:
    """The facts to believe, what the stream was worth for the calls of the logs, and the accounts of the rows."""

    facts: list[Fact]
    verdicts: dict[Verdict, int]
    rows: dict[LogKind, Counts]


def reconcile(
    streams: Sequence[Path],
    logs: Sequence[Source],
    pbx: str,
    *,
    trunks: tuple[str, ...] = (),
    wrap_up: timedelta = timedelta(0),
) -> Reconciled:
    """Each call once: as the stream told it where that was whole, else as the logs tell it.

    Raises UsageError for a file that is not there, CaptureError, JournalError, LogError.
    """
    trunks = trunks or DEFAULT_TRUNKS
    hearing = Hearing()
    interpreter = Interpreter(pbx, trunks=trunks, wrap_up=wrap_up, hearing=hearing)
    heard = newest(fact for entry in entries_of(streams) for fact in interpreter.handle(entry))
    with Staging() as staging:
        for log, key in logs:
            for batch in log.batches():
                staging.add(key, log.kind, batch)
        staging.settle()
        keys: dict[str, str] = {}
        verdicts: dict[str, Verdict] = {}
        thin: set[str] = set()
        for call in staging.calls():
            keys.update(dict.fromkeys(channels_named(call), call.key))
            verdicts[call.key] = verdict_of(call, hearing)
            if not call.cel:
                thin.add(call.key)
        builder = Builder(pbx, trunks=trunks, wrap_up=wrap_up, until=staging.last_at())
        told = newest(fact for facts in builder.build(staging.calls(), staging.loose()) for fact in facts)
        counts = staging.counts()
    logged = Logged(keys=keys, verdicts=verdicts, facts=tuple(told.values()), thin=frozenset(thin))
    chosen = choose(pbx, heard.values(), logged, hearing.gaps)
    return Reconciled(facts=chosen.facts, verdicts=chosen.verdicts, rows=counts)
