"""The values that CEL, CDR and queue_log share: instants, seconds, ids. Pure.

An instant is written as epoch seconds (`1795303639.858319`), as local time (`2026-11-21 23:27:19`), or with its offset
(`2026-11-21T23:27:19.5+01:00`). Of the local times that a clock shows twice in autumn, the one is taken that does not
lie before the making of the channel, which the uniqueid tells.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo

from telephony.clock import EPOCH
from telephony.errors import RowError
from telephony.pbxlogs.zones import SLACK, epoch_of

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
LATEST = datetime(2100, 1, 1, tzinfo=UTC)
"""A time outside is no time of a call: a number that was cut, or a clock that was never set."""
EMPTY_TIMES = frozenset({"", "0000-00-00 00:00:00", "NULL", "\\N"})
CACHED_SECONDS = 4096
LONGEST_SHOWN = 60


def shown(text: str) -> str:
    """A value as a message shows it: short, on one line."""
    return repr(text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN] + "…")


class LogClock:
    """Reads instants; local times are those of `zone`. Rows come in order, so a second is worked out once."""

    def __init__(self, zone: tzinfo = UTC) -> None:
        self.zone = zone
        self._seconds: dict[str, datetime] = {}

    def instant(self, text: str, uniqueid: str = "") -> datetime:
        """The instant that is written so. Raises RowError."""
        second, _, fraction = text.partition(".")
        known = self._seconds.get(second)
        if known is None:
            return self._read(text, second, fraction, uniqueid)
        if not fraction:
            return known
        if len(fraction) == 6 and fraction.isdigit() and fraction.isascii():
            return known + timedelta(0, 0, int(fraction))
        return self._read(text, second, fraction, uniqueid)

    def optional(self, text: str, uniqueid: str = "") -> datetime | None:
        """The instant, or None where a log writes nothing or zeros. Raises RowError."""
        return None if text in EMPTY_TIMES else self.instant(text, uniqueid)

    def _read(self, text: str, second: str, fraction: str, uniqueid: str) -> datetime:
        try:
            if is_digits(second):
                return self._keep(second, _of_epoch(second)) + _fraction(fraction)
            found = _of_text(text)
            if found.tzinfo is not None:
                return _possible(found.astimezone(UTC))
            whole = found.replace(microsecond=0)
            at, twice = self._of_local(whole, uniqueid)
            # A second that the clock shows twice is not remembered: the next row may mean the other one.
            return (_possible(at) if twice else self._keep(second, at)) + timedelta(0, 0, found.microsecond)
        except (ValueError, OverflowError):
            raise RowError(f"found the time {shown(text)}, expected epoch seconds or {EXPECTED_TIME}") from None

    def _keep(self, second: str, at: datetime) -> datetime:
        if len(self._seconds) >= CACHED_SECONDS:
            self._seconds.clear()
        self._seconds[second] = _possible(at)
        return at

    def _of_local(self, local: datetime, uniqueid: str) -> tuple[datetime, bool]:
        """The instant of a local time, and whether the clock shows that time twice."""
        first = local.replace(tzinfo=self.zone).astimezone(UTC)
        second = local.replace(tzinfo=self.zone, fold=1).astimezone(UTC)
        if second <= first:
            return first, False
        made = epoch_of(uniqueid)
        late = made is not None and first < EPOCH + timedelta(seconds=made) - SLACK
        return (second if late else first), True


EXPECTED_TIME = "a time like 2026-11-21 23:27:19, between 1990 and 2100"


def local_time(text: str) -> datetime | None:
    """The naive local time that is written so; None for other ways of writing an instant, and for none."""
    try:
        found = _of_text(text)
    except ValueError:
        return None
    return found if found.tzinfo is None else None


def is_instant(text: str) -> bool:
    """Whether a text is an instant in one of the ways that logs have."""
    try:
        _UTC_CLOCK.instant(text)
    except RowError:
        return False
    return True


def whole_seconds(text: str, name: str) -> int:
    """A duration as whole seconds; fractions, which `CDR(duration,f)` writes, are cut. Raises RowError."""
    whole = text.partition(".")[0]
    if is_digits(whole) and len(whole) <= 9:
        return int(whole)
    if not text:
        return 0
    raise RowError(f"found {name} {shown(text)}, expected whole seconds")


def is_digits(text: str) -> bool:
    """Whether a text is digits 0 to 9, at least one."""
    return text.isascii() and text.isdigit()


def _of_epoch(text: str) -> datetime:
    if len(text) > 10:
        raise ValueError(text)
    return datetime.fromtimestamp(int(text), UTC)


def _fraction(text: str) -> timedelta:
    if text and not is_digits(text):
        raise ValueError(text)
    return timedelta(0, 0, int(text[:6].ljust(6, "0")) if text else 0)


def _of_text(text: str) -> datetime:
    # fromisoformat also reads week dates and dates without dashes, which no log writes.
    if len(text) < 19 or text[4] != "-" or text[7] != "-" or text[10] not in " T" or text[13] != ":":
        raise ValueError(text)
    return datetime.fromisoformat(text.rstrip("."))


def _possible(at: datetime) -> datetime:
    if not EARLIEST <= at < LATEST:
        raise ValueError(at)
    return at


_UTC_CLOCK = LogClock()
