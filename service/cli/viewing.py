"""How told calls are seen: trunks, wrap-up, agents and country, from options and settings."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from analytics.people.agents_file import read_agents
from analytics.people.devices import DeviceMap
from config.policies import Policy
from config.settings import Settings
from config.values import is_country
from service.errors import UsageError
from service.replaying import line_of, wrap_up_of
from telephony.calls.record import View

MAX_WRAP_UP = 86_400.0


def trunks_of(settings: Settings | None, pbx: str) -> tuple[str, ...]:
    """The trunks that the settings name for a PBX; () leaves it to the default rule."""
    found = settings.pbx(pbx) if settings else None
    return found.trunks if found else ()


def wrap_up_given(given: float | None, policy: Policy) -> timedelta:
    """The wrap-up asked for, else that of the policy. Raises UsageError for one that makes no sense."""
    if given is None:
        return wrap_up_of(policy)
    if not 0 <= given <= MAX_WRAP_UP:
        raise UsageError(f"--wrap-up: found {given:g}, expected 0 to {MAX_WRAP_UP:.0f} seconds")
    return timedelta(seconds=given)


def devices_of(path: Path | None, zone: ZoneInfo) -> DeviceMap:
    """Who sat where, as a CSV file says. Raises UsageError, MappingError."""
    if path is None:
        return DeviceMap()
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UsageError(f"{path}: found no file to read ({error.strerror}), expected a CSV file") from None
    except UnicodeDecodeError as error:
        raise UsageError(f"{path}: found bytes that are not UTF-8 at {error.start}, expected a CSV file") from None
    return read_agents(text.splitlines(keepends=True), source=str(path), zone=zone).device_map()


def view_of(settings: Settings | None, country: str | None, policy: Policy, devices: DeviceMap) -> View:
    """How calls are shown. Raises UsageError for a country that is none."""
    if country is not None and not is_country(country):
        raise UsageError(f"--country: found {country!r}, expected two letters such as CN")
    whose = country or (settings or Settings()).country
    return View(country=whose.upper(), agent_of=devices.resolve, line_of=line_of(policy))
