"""What a command works with: settings, policy, zone and language, found the same way by all."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from analytics.metrics.periods import Period, parse_period
from config.loader import find_settings, load_settings
from config.policies import Policy
from config.policy_loader import load_policy
from config.settings import Language, Settings
from config.values import is_zone
from service.errors import UsageError


def find(config: Path | None) -> Settings | None:
    """The settings that are in force; None where no file gives any. Raises SettingsError."""
    path = find_settings(config, Path.cwd())
    return None if path is None else load_settings(path, os.environ)


def need(config: Path | None) -> Settings:
    """The settings. Raises SettingsError, or UsageError where there are none."""
    settings = find(config)
    if settings is None:
        raise UsageError("settings: found no threerings.toml here or in /etc/threerings, expected one: --config")
    return settings


def language_of(settings: Settings | None, given: Language | None) -> Language:
    """The language asked for, else that of the settings, else Chinese."""
    return given or (settings.language if settings else Language.ZH)


def zone_of(settings: Settings | None, given: str | None) -> ZoneInfo:
    """The zone asked for, else that of the settings. Raises UsageError for one that does not exist."""
    if given is None:
        return (settings or Settings()).zone
    if not is_zone(given):
        raise UsageError(f"--zone: found {given!r}, expected a zone such as Asia/Shanghai")
    return ZoneInfo(given)


def period_of(settings: Settings, text: str, zone: str | None) -> Period:
    """A period of the centre's business days. Raises PeriodError, UsageError, PolicyError."""
    return parse_period(text, zone_of(settings, zone), policy_of(settings, None).day_start)


def instant_of(settings: Settings, option: str, text: str | None, zone: str | None, now: datetime) -> datetime:
    """The instant that was given, now to the second where none was. Raises UsageError."""
    if text is None:
        return now.replace(microsecond=0)
    try:
        read = datetime.fromisoformat(text)
        return (read if read.tzinfo else read.replace(tzinfo=zone_of(settings, zone))).astimezone(now.tzinfo)
    except (ValueError, OverflowError):
        raise UsageError(f"{option}: found {text!r}, expected a time such as 2026-11-02T17:00") from None


def month_now(settings: Settings, zone: str | None, now: datetime) -> str:
    """The month that goes on, as a period is written."""
    return f"{now.astimezone(zone_of(settings, zone)):%Y-%m}"


def policy_of(settings: Settings | None, given: str | None) -> Policy:
    """The policy asked for, else that of the settings. Raises PolicyError."""
    return load_policy(given or (settings or Settings()).policy)


def pbx_of(settings: Settings, given: str | None) -> str:
    """The name of the PBX that is meant. Raises UsageError where that is not plain."""
    names = [each.name for each in settings.pbxs]
    if given is not None:
        if given not in names:
            raise UsageError(f"--pbx: found {given!r}, expected one of {', '.join(names) or 'none (no [pbx.…])'}")
        return given
    if len(names) != 1:
        raise UsageError(f"--pbx: found none, expected one of {', '.join(names) or 'none (no [pbx.…])'}")
    return names[0]
