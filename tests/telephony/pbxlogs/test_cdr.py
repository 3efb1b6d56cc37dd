"""CDR rows in the orders of cdr_csv, cdr_custom and FreePBX."""

from __future__ import annotations

import csv
from datetime import UTC, datetime

import pytest

from telephony.errors import RowError
from telephony.pbxlogs.cdr import CdrReader
from telephony.pbxlogs.fields import LogClock
from telephony.pbxlogs.layouts import CDR_CSV, CDR_TABLE, find_layout, heading_of, layout_of
from telephony.pbxlogs.rows import CdrRow, LogKind

CLID = '"""Customer 101"" <447700900101>"'
PARTIES = f'"447700900101","442079460001","from-trunk",{CLID},'
CHANNELS = '"PJSIP/trunk-00000000","PJSIP/1001-00000001","Dial","PJSIP/1001,20,tTkK",'
TIMES = '"2026-11-21 23:27:19","2026-11-21 23:27:22","2026-11-21 23:27:26",'
CSV = f'"trunk",{PARTIES}{CHANNELS}{TIMES}7,4,"ANSWERED","DOCUMENTATION"'
CUSTOM = f'{CLID},"447700900101","442079460001","from-trunk",{CHANNELS}{TIMES}"7","4","ANSWERED","3","trunk",'
TABLE = f'"2026-11-21 23:27:19",{CLID},"447700900101","442079460001","from-trunk",{CHANNELS}'
TABLE += '"7","4","ANSWERED","3","trunk","1795303639.0",""'
IDS = ("1795303639.0", "1795303638.9", "5")

SHAPES = {
    "cdr_csv": (CSV, "", "", ""),
    "cdr_csv with uniqueid": (CSV + ',"1795303639.0"', "1795303639.0", "", ""),
    "cdr_csv with userfield": (CSV + ',"a word of the dialplan"', "", "", ""),
    "cdr_csv with uniqueid and userfield": (CSV + ',"1795303639.0",""', "1795303639.0", "", ""),
    "cdr_csv with newcdrcolumns": (CSV + ',"trunk","1795303639.0",5', "", "1795303639.0", "5"),
    "cdr_csv with uniqueid and newcdrcolumns": (CSV + ',"1795303639.0","","1795303638.9",5', *IDS),
    "cdr_csv with userfield and newcdrcolumns": (CSV + ',"x","","1795303638.9",5', "", "1795303638.9", "5"),
    "cdr_csv with all columns": (CSV + ',"1795303639.0","","","1795303638.9",5', *IDS),
    "cdr_custom": (CUSTOM + '"1795303639.0","",5', "1795303639.0", "", "5"),
    "cdr_custom with fractions": (
        (CUSTOM + '"1795303639.0","",5').replace('"7","4"', '"7.012345","4.9"'),
        *("1795303639.0", "", "5"),
    ),
    "cdr_custom of Asterisk 1.6": (CUSTOM + '"1795303639.0",""', "1795303639.0", "", ""),
    "FreePBX's cdr table": (TABLE + ',"","","","","","","","1795303638.9","","5"', *IDS),
    "FreePBX's cdr table of old": (TABLE + ',"","","","","","",""', "1795303639.0", "", ""),
    "cdr_mysql's table": (TABLE, "1795303639.0", "", ""),
}


def values(line: str) -> list[str]:
    return next(csv.reader([line]))


def read(line: str) -> tuple[str, CdrRow]:
    layout = find_layout(LogKind.CDR, [values(line)])
    assert layout is not None
    return layout.name, CdrReader(layout, LogClock()).row(values(line))


@pytest.mark.parametrize("name", SHAPES)
def test_a_row_is_read_in_every_order_that_is_found_by_its_content(name: str) -> None:
    """The layout is told by the values, among those of the same width too, and the row says the same in each."""
    line, uniqueid, linkedid, sequence = SHAPES[name]
    found, row = read(line)
    assert found == name.removesuffix(" with fractions")
    assert (row.uniqueid, row.linkedid, row.sequence) == (uniqueid, linkedid, sequence)
    assert (row.source, row.destination, row.context) == ("447700900101", "442079460001", "from-trunk")
    assert (row.channel, row.dest_channel) == ("PJSIP/trunk-00000000", "PJSIP/1001-00000001")
    assert (row.application, row.data, row.account) == ("Dial", "PJSIP/1001,20,tTkK", "trunk")
    assert (row.caller, row.disposition) == ('"Customer 101" <447700900101>', "ANSWERED")
    assert (row.duration, row.billable) == (7, 4)
    assert row.at == datetime(2026, 11, 21, 23, 27, 19, tzinfo=UTC)
    assert row.answered_at == datetime(2026, 11, 21, 23, 27, 22, tzinfo=UTC)
    assert row.ended_at == datetime(2026, 11, 21, 23, 27, 26, tzinfo=UTC)


def test_freepbxs_own_columns_are_read() -> None:
    """The dialled number, the recording and the numbers that were shown."""
    line = TABLE + ',"442079460001","call.wav","1001","Alice","442079460000","Acme","","1795303639.0","","5"'
    row = read(line)[1]
    assert (row.did, row.recording, row.caller_number, row.outbound_number) == (
        *("442079460001", "call.wav", "1001", "442079460000"),
    )


@pytest.mark.parametrize("empty", ["", "0000-00-00 00:00:00"])
def test_what_did_not_happen_has_no_time(empty: str) -> None:
    """An unanswered call has no answer; its end is known by its duration where it is not written."""
    line = values(CSV.replace('"ANSWERED"', '"NO ANSWER"'))
    line[10] = line[11] = empty
    row = CdrReader(layout_of(LogKind.CDR, CDR_CSV), LogClock()).row(line)
    assert (row.answered_at, row.ended_at) == (None, datetime(2026, 11, 21, 23, 27, 26, tzinfo=UTC))


def test_a_table_without_times_tells_no_answer_of_a_call_that_had_none() -> None:
    """NO ANSWER may have billable seconds, which are no talk."""
    row = read(TABLE.replace('"ANSWERED"', '"NO ANSWER"'))[1]
    assert (row.answered_at, row.billable, row.disposition) == (None, 4, "NO ANSWER")


def test_a_heading_tells_the_layout() -> None:
    """FreePBX's names, with the start under the name of calldate."""
    layout = heading_of(LogKind.CDR, ["CallDate", *CDR_TABLE[1:]])
    assert layout is not None
    assert layout.columns == CDR_TABLE


@pytest.mark.parametrize(
    ("place", "value", "message"),
    [
        (5, "", "found no channel"),
        (9, "soon", "found the time 'soon'"),
        (10, "soon", "found the time 'soon'"),
        (12, "7s", "found duration '7s'"),
        (13, "-4", "found billsec '-4'"),
        (14, "LOST", "found the disposition 'LOST'"),
    ],
)
def test_a_row_with_a_wrong_value_is_refused(place: int, value: str, message: str) -> None:
    """RowError says what was found and what was expected."""
    line = values(CSV)
    line[place] = value
    with pytest.raises(RowError, match=message):
        CdrReader(layout_of(LogKind.CDR, CDR_CSV), LogClock()).row(line)
