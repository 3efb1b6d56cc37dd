"""The ledgers of all PBXs as figures see them: when somebody was not heard. The same for pages, commands and API."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from config.settings import Settings
from service.pipeline.gaps import Gap, GapReason, ledger_path, read_ledger
from telephony.clock import to_microseconds

Stamp = tuple[int, int]
"""Size and time of change of a ledger's file."""


class Ledgers:
    """Reads a ledger again when its file has changed. Gaps that go on are in it once they are over."""

    def __init__(self, settings: Settings) -> None:
        self._files = [(pbx.name, ledger_path(settings.data_dir, pbx.name)) for pbx in settings.pbxs]
        self._known: dict[Path, tuple[Stamp, tuple[tuple[int, int], ...]]] = {}

    def within(self, start_us: int, end_us: int) -> Sequence[tuple[int, int]]:
        """The gaps that touch a stretch, cut to it, by the clocks of their PBXs."""
        return [
            (max(start, start_us), min(end, end_us))
            for name, path in self._files
            for start, end in self._gaps(name, path)
            if start < end_us and end > start_us
        ]

    def _gaps(self, name: str, path: Path) -> tuple[tuple[int, int], ...]:
        stamp = _stamp(path)
        if stamp is None:
            return ()
        known = self._known.get(path)
        if known is None or known[0] != stamp:
            lines = [line for line in read_ledger(name, path) if line.why is not GapReason.CLOCK]
            known = self._known[path] = (stamp, tuple(_stretch(line) for line in lines if line.end is not None))
        return known[1]


def _stretch(gap: Gap) -> tuple[int, int]:
    start = to_microseconds(gap.start + gap.ahead)
    return start, start if gap.end is None else to_microseconds(gap.end + gap.ahead)


def _stamp(path: Path) -> Stamp | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns
