"""What `threerings import` was asked: its options, checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from analytics.people.devices import DeviceMap
from config.policies import Policy
from config.settings import Language, Settings
from config.values import is_zone
from service.cli import context
from service.errors import UsageError
from service.importing.running import Told
from service.importing.sources import Named, Reading, Source
from service.replaying import DEFAULT_PBX
from telephony.calls.record import View
from telephony.pbxlogs.rows import LogKind

KINDS = {"cel": LogKind.CEL, "cdr": LogKind.CDR, "queue-log": LogKind.QUEUE_LOG}


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """What is to be imported, and how it is seen."""

    sources: list[Source]
    reading: Reading
    told: Told
    view: View
    devices: DeviceMap
    policy: Policy
    zone: ZoneInfo
    language: Language
    json: bool


def the_view(dry_run: bool, **given: bool) -> str | None:
    """Which of --calls, --facts … was given, if one was. Raises UsageError for several, or without --dry-run."""
    wanted = [name for name, is_given in given.items() if is_given]
    names = " ".join(f"--{name.replace('_', '-')}" for name in wanted)
    if len(wanted) > 1:
        raise UsageError(f"import: found {names}, expected one of them")
    if wanted and not dry_run:
        raise UsageError(f"import: found {names} alone, expected it with --dry-run")
    return wanted[0] if wanted else None


def logs_named(named: Sequence[str], given: Mapping[LogKind, list[str] | None]) -> list[Named]:
    """The logs of arguments and options together, in order of kinds. Raises UsageError where there is none."""
    found = {kind: list(given.get(kind) or []) for kind in LogKind}
    if named:
        kind = KINDS.get(named[0].replace("_", "-"))
        if kind is None:
            raise UsageError(f"import: found {named[0]!r}, expected a kind: {', '.join(KINDS)}")
        found[kind] = [*named[1:], *found[kind]]
    logs = [Named(kind, where) for kind, places in found.items() for where in dict.fromkeys(places)]
    if not logs:
        raise UsageError("import: found no log, expected one such as: import cel FILE --queue-log FILE")
    return logs


def columns_of(given: str | None, logs: Sequence[Named]) -> tuple[str, ...] | None:
    """The columns' names. Raises UsageError where it is not plain which log has them."""
    if given is None:
        return None
    kinds = sorted({log.kind.value for log in logs})
    if len(kinds) > 1:
        raise UsageError(f"--columns: found logs of several kinds ({', '.join(kinds)}), expected one kind")
    return tuple(name.strip() for name in given.split(","))


def zone_of_logs(given: str | None) -> ZoneInfo | None:
    """The zone that local times of the logs are in; None leaves it to the logs to tell."""
    if given is None:
        return None
    if not is_zone(given):
        raise UsageError(f"--log-zone: found {given!r}, expected a zone such as Asia/Shanghai")
    return ZoneInfo(given)


def pbx_named(settings: Settings | None, given: str | None) -> str:
    """The PBX's name: the given one (it may be out of service by now), else that of the settings, else `pbx`."""
    if given is not None:
        return given
    return context.pbx_of(settings, None) if settings is not None else DEFAULT_PBX
