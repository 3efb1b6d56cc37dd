"""Where the recordings of this installation's PBXs lie, and by which limits they are listened to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from analytics.recordings.limits import limits_of
from analytics.recordings.values import Limits
from config.policies import Policy
from config.settings import Settings


def roots_of(settings: Settings) -> dict[str, Path]:
    """The folders that `[pbx.NAME.logs] recordings` names, by PBX; a URL there is not read."""
    named = {pbx.name: pbx.logs.recordings for pbx in settings.pbxs}
    return {name: source.path for name, source in named.items() if source is not None and source.path is not None}


def limits_by(policy_of: Callable[[], Policy]) -> Callable[[datetime], Limits]:
    """The limits of the policy that held when a call began."""

    def limits(at: datetime) -> Limits:
        return limits_of(policy_of().resolve(at).recordings)

    return limits
