"""Opens the PBX's own logs: files with their rotated siblings, single files, tables of a database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import tzinfo
from pathlib import Path

from config.settings import LogSource as LogSetting
from config.settings import PbxLogs
from config.values import is_url
from telephony.pbxlogs.databases import DatabaseLog
from telephony.pbxlogs.files import FileLog, RotatedLog
from telephony.pbxlogs.log_source import LogSource
from telephony.pbxlogs.rows import LogKind, LogRow


def followed(logs: PbxLogs, preferred: tzinfo) -> list[LogSource]:
    """The logs that the settings name, to be followed while the PBX writes them. Raises LogError."""
    named = ((LogKind.CEL, logs.cel), (LogKind.CDR, logs.cdr), (LogKind.QUEUE_LOG, logs.queue_log))
    return [_followed(kind, setting, preferred) for kind, setting in named if setting is not None]


def _followed(kind: LogKind, setting: LogSetting, preferred: tzinfo) -> LogSource:
    if setting.url is not None:
        return DatabaseLog(kind, setting.url, preferred=preferred)
    if setting.path is None:
        raise ValueError("a log's setting has a path or a URL")
    return RotatedLog(kind, setting.path, preferred=preferred)


def given(
    kind: LogKind,
    target: str,
    *,
    zone: tzinfo | None = None,
    preferred: tzinfo | None = None,
    columns: Sequence[str] | None = None,
) -> LogSource:
    """A log that a command names: a file as it is, or a URL. Raises LogError."""
    if is_url(target):
        return DatabaseLog(kind, target, zone=zone, preferred=preferred, columns=columns)
    return FileLog(kind, Path(target), zone=zone, preferred=preferred, columns=columns)


def rows_of(source: LogSource) -> Iterator[LogRow]:
    """All rows that can be read, from the beginning."""
    for batch in source.batches():
        yield from batch.rows
