"""CEL rows in the orders and times of all versions."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from telephony.errors import LogError, RowError
from telephony.pbxlogs.cel import CelReader
from telephony.pbxlogs.fields import LogClock
from telephony.pbxlogs.layouts import find_layout, heading_of, layout_of
from telephony.pbxlogs.rows import CelRow, LogKind

EXPECTED = CelRow(
    at=datetime(2026, 11, 21, 23, 27, 19, 442228, tzinfo=UTC),
    event="APP_START",
    uniqueid="1795303639.3",
    linkedid="1795303639.0",
    channel="PJSIP/trunk-00000000",
    number="447700900101",
    name="Customer 101",
    exten="442079460001",
    context="from-trunk",
    application="Dial",
    data="PJSIP/1001,20,tTkK",
    peer="PJSIP/1001-00000001",
    account="trunk",
    user_event="",
    extra="",
    dialled="442079460001",
)
BASE = (
    '"APP_START","1795303639.442228","Customer 101","447700900101","447700900101","","442079460001","442079460001",'
)
BASE += '"from-trunk","PJSIP/trunk-00000000","Dial","PJSIP/1001,20,tTkK",'
TABLE = "id,eventtype,eventtime,cid_name,cid_num,cid_ani,cid_rdnis,cid_dnid,exten,context,channame,appname,appdata,"
TABLE += "amaflags,accountcode,uniqueid,linkedid,peer,userdeftype,extra"
TABLE_ROW = (
    "7,APP_START,2026-11-22 00:27:19.442228,Customer 101,447700900101,447700900101,,442079460001,442079460001,"
)
TABLE_ROW += 'from-trunk,PJSIP/trunk-00000000,Dial,"PJSIP/1001,20,tTkK",3,trunk,1795303639.3,1795303639.0,'
TABLE_ROW += "PJSIP/1001-00000001,,"
IDS = '"trunk","1795303639.3","1795303639.0","PJSIP/1001-00000001",'
SHAPES = {
    "as Asterisk 11 to 22 write it": BASE + f'"3",{IDS}"","",""',
    "with a word for the flags": BASE + f'"DOCUMENTATION",{IDS}"","",""',
    "as Asterisk 1.8 wrote it": BASE + f'"3",{IDS}""',
    "without userfield": BASE + f'"3",{IDS}"",""',
    "as FreePBX's table is dumped": TABLE_ROW,
    "as FreePBX's table is dumped, without ids": TABLE_ROW.removeprefix("7,"),
}


def values(line: str) -> list[str]:
    return next(csv.reader([line]))


@pytest.mark.parametrize("line", SHAPES.values(), ids=SHAPES)
def test_a_row_is_read_in_every_order_that_is_found_by_its_content(line: str) -> None:
    """The layout is told by the values, and the row says the same in each."""
    layout = find_layout(LogKind.CEL, [values(line)])
    assert layout is not None
    zone = ZoneInfo("Europe/Berlin") if "2026" in line else UTC
    assert CelReader(layout, LogClock(zone)).row(values(line)) == EXPECTED


@pytest.mark.parametrize(
    "heading",
    [
        TABLE,
        TABLE.upper(),
        TABLE.replace("peer", "BridgePeer").replace("channame", "Channel").replace("id,", "row,", 1),
    ],
)
def test_a_heading_tells_the_layout(heading: str) -> None:
    """Names in any case, those of other tables and of AMI too; a column that nobody knows is passed over."""
    layout = heading_of(LogKind.CEL, values(heading))
    assert layout is not None
    assert CelReader(layout, LogClock(ZoneInfo("Europe/Berlin"))).row(values(TABLE_ROW)) == EXPECTED


def test_an_administrator_may_name_the_columns() -> None:
    """In any order, with - for what is not wanted; what is not there is empty."""
    layout = layout_of(LogKind.CEL, ["linkedid", "-", "uniqueid", "channel", "EventTime", "event"])
    row = CelReader(layout, LogClock()).row(["1.0", "?", "1.1", "SIP/a-1", "1795303639.5", "ANSWER"])
    assert (row.event, row.linkedid, row.uniqueid, row.channel) == ("ANSWER", "1.0", "1.1", "SIP/a-1")
    assert row.extra == row.number == row.peer == ""


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ("eventtype,eventtime,channame,uniqueid,linkedid,colour", "found 'colour', expected one of eventtype, "),
        ("eventtype,eventtime", "found no channame, uniqueid, linkedid, expected at least"),
        ("eventtype,time,eventtime,channame,uniqueid,linkedid", "found 'time' twice"),
    ],
)
def test_columns_that_tell_no_call_are_refused(columns: str, message: str) -> None:
    """An unknown name, a needed one that lacks and one given twice are named."""
    with pytest.raises(LogError, match=message):
        layout_of(LogKind.CEL, columns.split(","))


def test_rows_of_something_else_have_no_layout() -> None:
    """A CDR row, a short row and a row without an instant are no CEL."""
    rows = [["a"] * 20, ["ANSWER", "1795303639"], ["APP_START", "soon", *[""] * 12, "1.1", *[""] * 5]]
    assert find_layout(LogKind.CEL, rows) is None


@pytest.mark.parametrize(
    ("place", "value", "message"),
    [
        (0, "", "found the event ''"),
        (0, '17"CHAN_START', "found the event"),
        (1, "1795", "found the time '1795'"),
        (14, "", "found no uniqueid"),
    ],
)
def test_a_row_with_a_wrong_value_is_refused(place: int, value: str, message: str) -> None:
    """RowError says what was found and what was expected."""
    line = values(SHAPES["as Asterisk 11 to 22 write it"])
    line[place] = value
    with pytest.raises(RowError, match=message):
        CelReader(layout_of(LogKind.CEL, ALL), LogClock()).row(line)
    with pytest.raises(RowError, match="found 19 values, expected 20"):
        CelReader(layout_of(LogKind.CEL, ALL), LogClock()).row(line[1:])


ALL = [*TABLE.split(",")[1:18], "userfield", "userdeftype", "extra"]


@pytest.mark.parametrize(
    "extra", ['{"hangupcause":16,"hangupsource":"","dialstatus":""}', "16,PJSIP/1001-1,ANSWER", ""]
)
def test_what_a_version_says_more_is_kept_as_it_stands(extra: str) -> None:
    """JSON since Asterisk 12, text with commas before it."""
    line = [*values(SHAPES["as Asterisk 11 to 22 write it"])[:19], extra]
    assert CelReader(layout_of(LogKind.CEL, ALL), LogClock()).row(line).extra == extra
