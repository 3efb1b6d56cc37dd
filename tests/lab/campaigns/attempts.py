"""The service's own word on its attempts, as its commands tell it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from config.followups import Result
from schedulers.campaigns.records import DialMode, Evidence, Phase


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One attempt as the service tells it. Instants are epoch seconds; `number` is national digits."""

    id: int
    channel_id: str
    mode: DialMode
    follow_ups: tuple[str, ...]
    customer: str
    number: str
    agent: str
    phase: Phase
    result: Result | None
    cause: int | None
    evidence: Evidence | None
    why: str
    planned: float
    dial: float | None
    committed: float | None
    sent: float | None
    ended: float | None
    call: str | None

    @property
    def until(self) -> float:
        """When it was over; for ever, if it is not."""
        return float("inf") if self.ended is None else self.ended


DIGITS = 11


def told(line: Mapping[str, Any]) -> Told:
    """A line of `threerings campaign attempts --json`."""
    return Told(
        id=line["id"],
        channel_id=line["channel_id"],
        mode=DialMode(line["mode"]),
        follow_ups=tuple(line["follow_ups"]),
        customer=line["customer"],
        number=line["number"][-DIGITS:],
        agent=line["agent"],
        phase=Phase(line["phase"]),
        result=None if line["result"] is None else Result(line["result"]),
        cause=line["cause"],
        evidence=None if line["evidence"] is None else Evidence(line["evidence"]),
        why=line["why"] or "",
        planned=_epoch(line["planned_at"]) or 0.0,
        dial=_epoch(line["dial_at"]),
        committed=_epoch(line["committed_at"]),
        sent=_epoch(line["sent_at"]),
        ended=_epoch(line["ended_at"]),
        call=line["call"],
    )


def _epoch(text: str | None) -> float | None:
    return None if text is None else datetime.fromisoformat(text).timestamp()
