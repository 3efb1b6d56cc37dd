"""How work by the clock is judged: breaks against their limits, and whether a quota follows the shifts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType

from config.digests import UNDIGESTED

MEAL_REASONS = ("meal", "lunch", "dinner", "用餐", "午餐", "晚餐", "吃饭")


class Prorate(StrEnum):
    """What a month's quota is measured by."""

    NONE = "none"  # the same for everybody, whatever leave he took
    SHIFTS = "shifts"  # scheduled time less leave ÷ the usual month's


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakLimits:
    """How long an agent may be away within his shift; equality is within the limit."""

    away: timedelta = timedelta(minutes=10)  # paused or logged out; longer needs leave
    meal: timedelta = timedelta(minutes=30)  # paused with one of the reasons of a meal
    meal_reasons: tuple[str, ...] = MEAL_REASONS  # as the PBX tells them, in small or capital letters

    # Breaks are judged by whoever reads them, and no roll-up holds them.
    allowed: Mapping[str, timedelta] = field(
        default_factory=lambda: MappingProxyType({}), hash=False, metadata=UNDIGESTED
    )
    """What else is allowed, by the reason of the pause."""

    def of(self, reason: str | None) -> timedelta:
        """The limit of a break with this reason."""
        named = {name.casefold(): limit for name, limit in self.allowed.items()}
        own = named.get(reason.strip().casefold()) if reason else None
        if own is not None:
            return own
        is_meal = reason is not None and reason.strip().casefold() in {
            each.casefold() for each in self.meal_reasons
        }
        return self.meal if is_meal else self.away
