"""How many attempts there are, for health and metrics: live ones, those whose end nobody knows, and the last day's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Engine, func, select

from schedulers.campaigns.records import Phase
from schedulers.storage.campaign_models import dial_attempts
from schedulers.storage.dial_reading import IS_LIVE, IS_UNKNOWN
from telephony.clock import to_microseconds

DAY = timedelta(days=1)
Place = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """`phases`: committed attempts of the last day, by PBX, trunk and phase."""

    live: int = 0
    indeterminate: int = 0
    phases: Mapping[tuple[str, str, Phase], int] = field(default_factory=dict)


def count_attempts(engine: Engine, places: Iterable[Place], now: datetime) -> Counted:
    """Count them. Raises SQLAlchemyError."""
    table, since = dial_attempts.c, to_microseconds(now - DAY)
    phases: dict[tuple[str, str, Phase], int] = {}
    with engine.connect() as connection:
        for pbx, trunk in places:
            lately = (table.pbx == pbx, table.trunk == trunk, table.committed_us > since)
            counted = select(table.phase, func.count()).where(*lately).group_by(table.phase)
            phases |= {(pbx, trunk, Phase(phase)): count for phase, count in connection.execute(counted)}
        count = select(func.count()).select_from(dial_attempts)
        return Counted(
            live=connection.execute(count.where(IS_LIVE)).scalar_one(),
            indeterminate=connection.execute(count.where(IS_UNKNOWN)).scalar_one(),
            phases=phases,
        )
