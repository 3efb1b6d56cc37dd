"""Reads [version.recordings]: limits, calibration, alarms of coverage, and the targets of how a talk sounds."""

from __future__ import annotations

from decimal import Decimal

from config.reading import Table, to_span
from config.recordings import Band, RecordingRules, SoundTargets
from config.showing import shown

MAX_RATE = 600  # syllables a minute; the fastest readers stay below it
MAX_OVERLAPS = 1000
EXPECTED_FACTOR = "a factor from 0.5 to 2, with up to 3 decimals"
_LEAST, _MOST = Decimal("0.5"), Decimal(2)


def read_recordings(table: Table) -> RecordingRules:
    """What is not said has its default."""
    plain = RecordingRules()
    rules = RecordingRules(
        silence=table.seconds("silence", plain.silence, low=1, high=60),
        overlap=table.seconds("overlap", plain.overlap, high=60),
        turn_pause=table.seconds("turn_pause", plain.turn_pause, high=5),
        rate_factor=_read_factor(table, plain.rate_factor),
        rate_error=table.integer("rate_error", plain.rate_error, low=0, high=50),
        coverage=table.integer("coverage", plain.coverage, low=0, high=100),
        stereo_coverage=table.integer("stereo_coverage", plain.stereo_coverage, low=0, high=100),
        targets=_read_targets(table.table("targets")),
    )
    table.done()
    return rules


def _read_targets(table: Table) -> SoundTargets:
    plain = SoundTargets()
    targets = SoundTargets(
        speech_rate=_read_band(table, "speech_rate", plain.speech_rate, MAX_RATE),
        first_words=table.seconds("first_words", plain.first_words, low=0, high=60),
        talk_share=_read_band(table, "talk_share", plain.talk_share, 100),
        mutual_silence=_number(table, "mutual_silence", 100),
        overlaps=_number(table, "overlaps", MAX_OVERLAPS),
        response=table.seconds("response", plain.first_words, high=60) if table.has("response") else None,
    )
    table.done()
    return targets


def _number(table: Table, key: str, most: int) -> int | None:
    number = table.integer(key, 0, low=0, high=most)
    return number if table.has(key) else None


def _read_band(table: Table, key: str, default: Band | None, most: int) -> Band | None:
    """Two whole numbers in order; an empty list asks for nothing."""
    value = table.raw(key)
    if value is None:
        return default
    if value == []:
        return None
    if isinstance(value, list) and len(value) == 2 and all(_is_whole(each, most) for each in value):
        low, high = value
        if low <= high:
            return Band(low=low, high=high)
    found = ", ".join(map(shown, value)) if isinstance(value, list) and len(value) == 2 else shown(value)
    table.note(key, found, f"two whole numbers from 0 to {most}, the lower first, or []")
    return default


def _is_whole(value: object, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most


def _read_factor(table: Table, default: int) -> int:
    """A factor as thousandths of one."""
    value = table.raw("rate_factor")
    if value is None:
        return default
    span = to_span(value, 0, 2)
    if span is None or not isinstance(value, int | Decimal) or not _LEAST <= value <= _MOST:
        table.note("rate_factor", shown(value), EXPECTED_FACTOR)
        return default
    return round(span.total_seconds() * 1000)
