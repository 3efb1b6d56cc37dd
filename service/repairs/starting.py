"""Puts a repairer beside an analyser that writes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Engine

from config.settings import PbxSettings, Settings
from service.log_sources import followed
from service.pipeline.analysis import Analysis, Told
from service.repairs.deciding import Stream
from service.repairs.repairer import Deafness, Mended, Repairer
from telephony.calls.facts import Fact
from telephony.calls.tracker import DEFAULT_TRUNKS
from telephony.clock import Clock

WHOLE_SECOND = timedelta(seconds=1)


def staging_path(data_dir: Path, pbx: str) -> Path:
    """Where the rows of a PBX's logs are kept for a day."""
    return data_dir / "logs" / f"{pbx}.db"


def repairer_of(
    settings: Settings,
    pbx: PbxSettings,
    told: Told,
    engine: Engine,
    analysis: Analysis,
    clock: Clock,
    on_facts: Callable[[list[Fact]], None],
) -> Repairer | None:
    """The repairer of a PBX whose logs the settings name; None where they name none. Raises LogError."""
    sources = followed(pbx.logs, settings.zone)
    if not sources:
        return None
    mended = Mended(pbx=pbx.name, trunks=told.trunks or DEFAULT_TRUNKS, wrap_up=told.wrap_up)
    path = staging_path(settings.data_dir, pbx.name)
    return Repairer(mended, sources, path, engine, lambda: deafness_of(analysis), clock, on_facts=on_facts)


def deafness_of(analysis: Analysis) -> Deafness:
    """When the stream was deaf, and how far it is stored: by the PBX's clock, as its logs are."""
    interpreter = analysis.analyser.interpreter
    heard, ahead = interpreter.heard_at, interpreter.ahead
    stored = analysis.writer is not None and analysis.writer.stored_up_to >= interpreter.seq
    gaps = [*analysis.ledger.gaps, *([interpreter.open_gap] if interpreter.open_gap else [])]
    told = [(gap.start + gap.ahead, None if gap.end is None else gap.end + gap.ahead) for gap in gaps]
    # The uptime that it tells is in whole seconds.
    boots = tuple(gap.booted_at + gap.ahead - WHOLE_SECOND for gap in gaps if gap.booted_at is not None)
    return Deafness(stream=Stream(stored_until=heard + ahead if stored and heard else None, gaps=told), boots=boots)
