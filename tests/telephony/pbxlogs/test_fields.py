"""Instants in all the ways that logs write them, and the zones that logs tell by themselves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

import pytest

from telephony.errors import RowError
from telephony.pbxlogs.fields import LogClock, whole_seconds
from telephony.pbxlogs.zones import detect_offset, detect_zone, epoch_of

BERLIN = ZoneInfo("Europe/Berlin")
LONDON = ZoneInfo("Europe/London")
SUMMER, WINTER = 1_783_000_000, 1_795_303_639  # 2 July and 21 November 2026
AUTUMN = 1_792_888_200  # 25 October 2026, 00:30 UTC: Berlin's clocks show 02:30 now and in an hour


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("text", "zone", "expected"),
    [
        ("1795303639.858319", UTC, "2026-11-21T23:27:19.858319+00:00"),
        ("1795303639.05", UTC, "2026-11-21T23:27:19.050000+00:00"),
        ("1795303639", BERLIN, "2026-11-21T23:27:19+00:00"),
        ("2026-11-21 23:27:19", UTC, "2026-11-21T23:27:19+00:00"),
        ("2026-11-21 23:27:19", BERLIN, "2026-11-21T22:27:19+00:00"),
        ("2026-07-21 23:27:19", BERLIN, "2026-07-21T21:27:19+00:00"),
        ("2026-11-21 23:27:19.125", BERLIN, "2026-11-21T22:27:19.125000+00:00"),
        ("2026-11-21T23:27:19Z", BERLIN, "2026-11-21T23:27:19+00:00"),
        ("2026-11-21 23:27:19.5+05:30", BERLIN, "2026-11-21T17:57:19.500000+00:00"),
        ("2026-11-21 23:27:19.123456-08", BERLIN, "2026-11-22T07:27:19.123456+00:00"),
    ],
)
def test_an_instant_is_read_in_every_way_that_it_is_written(text: str, zone: tzinfo, expected: str) -> None:
    """Epoch seconds, local time and time with an offset give the same instant, twice in a row too."""
    clock = LogClock(zone)
    assert [clock.instant(text), clock.instant(text)] == [at(expected), at(expected)]
    assert clock.instant(text).tzinfo is UTC


@pytest.mark.parametrize(
    "text",
    [
        *("", "NONE", "179530", "17953036391", "1795303639.x", "1795303639.²", "٣795303639", "2026-11-21"),
        *("2026-13-01 00:00:00", "0000-00-00 00:00:00", "20261121T232719.000", "2026-11-21 23:27:61", "eventtime"),
        *("1970-01-01 00:00:05", "9999-12-31 23:59:59", "0001-01-01 00:00:00+14:00", "2026-W47-6T23:27:19"),
    ],
)
def test_what_is_no_instant_is_refused_with_what_was_found(text: str) -> None:
    """A time that is cut, impossible or absent raises RowError that shows it."""
    with pytest.raises(RowError, match=r"found the time .* expected"):
        LogClock(BERLIN).instant(text)


def test_a_time_that_no_clock_gave_is_none() -> None:
    """An answer that never came is empty or zeros in the logs."""
    assert [LogClock().optional(text) for text in ("", "0000-00-00 00:00:00", "NULL")] == [None] * 3


def test_the_hour_that_comes_twice_is_told_by_the_channel() -> None:
    """In autumn 02:30 is the first or the second, whichever does not lie before the making of the channel."""
    clock = LogClock(BERLIN)
    text = "2026-10-25 02:30:00"
    assert clock.instant(text, f"{AUTUMN}.1") == datetime.fromtimestamp(AUTUMN, UTC)
    assert clock.instant(text, f"pbx-{AUTUMN + 3590}.7") == datetime.fromtimestamp(AUTUMN + 3600, UTC)
    assert clock.instant(text + ".25", f"{AUTUMN}.1") == datetime.fromtimestamp(AUTUMN + 0.25, UTC)
    assert clock.instant(text, "made-by-others") == datetime.fromtimestamp(AUTUMN, UTC)


@pytest.mark.parametrize(("text", "seconds"), [("6", 6), ("6.987", 6), ("", 0), ("0", 0)])
def test_seconds_are_whole(text: str, seconds: int) -> None:
    """Fractions of CDR(duration,f) are cut, and nothing is none."""
    assert whole_seconds(text, "duration") == seconds


@pytest.mark.parametrize("text", ["-1", "x", "1234567890", "²"])
def test_what_are_no_seconds_is_refused(text: str) -> None:
    """A duration must be digits of a possible length."""
    with pytest.raises(RowError, match="found billsec"):
        whole_seconds(text, "billsec")


@pytest.mark.parametrize(
    ("uniqueid", "epoch"),
    [
        ("1795303639.0", 1795303639),
        ("pbx-a-1795303639.12", 1795303639),
        ("c2c-17", None),
        ("", None),
        ("1.2", None),
    ],
)
def test_a_uniqueid_tells_when_its_channel_was_made(uniqueid: str, epoch: int | None) -> None:
    """With or without the system's name; an id that others gave tells nothing."""
    assert epoch_of(uniqueid) == epoch


def pairs(epochs: range, zone: tzinfo) -> list[tuple[datetime, str]]:
    """Each channel's start and a row of ten minutes later, in a zone's local time."""
    return [
        (datetime.fromtimestamp(epoch + later, zone).replace(tzinfo=None), f"{epoch}.{later}")
        for epoch in epochs
        for later in (0, 600)
    ]


@pytest.mark.parametrize(
    ("written", "preferred", "epochs", "expected"),
    [
        (UTC, None, range(WINTER, WINTER + 9000, 90), UTC),
        (UTC, BERLIN, range(WINTER, WINTER + 9000, 90), UTC),
        (UTC, LONDON, range(WINTER, WINTER + 9000, 90), UTC),
        (LONDON, LONDON, range(SUMMER, SUMMER + 9000, 90), LONDON),
        (BERLIN, BERLIN, range(WINTER, WINTER + 9000, 90), BERLIN),
        (BERLIN, BERLIN, range(AUTUMN - 4500, AUTUMN + 4500, 90), BERLIN),
        (BERLIN, None, range(WINTER, WINTER + 9000, 90), timezone(timedelta(hours=1))),
        (BERLIN, LONDON, range(WINTER, WINTER + 9000, 90), timezone(timedelta(hours=1))),
        (
            ZoneInfo("Asia/Kathmandu"),
            None,
            range(SUMMER, SUMMER + 90, 90),
            timezone(timedelta(hours=5, minutes=45)),
        ),
        (ZoneInfo("America/St_Johns"), None, range(WINTER, WINTER + 9000, 90), timezone(timedelta(hours=-3.5))),
    ],
)
def test_a_log_tells_the_zone_of_its_local_times(
    written: tzinfo, preferred: tzinfo | None, epochs: range, expected: tzinfo
) -> None:
    """UTC, the centre's own zone where it fits (so that summer time is right), or else a fixed offset."""
    assert detect_zone(pairs(epochs, written), preferred) == expected


def test_nothing_is_told_by_ids_that_others_gave() -> None:
    """Without one id of Asterisk's making a log is held for UTC."""
    local = datetime(2026, 11, 21, 23, 27, 19)  # noqa: DTZ001
    assert detect_offset([(local, "c2c-1"), (local, "")]) is None
    assert detect_zone([(local, "c2c-1")], BERLIN) is UTC
