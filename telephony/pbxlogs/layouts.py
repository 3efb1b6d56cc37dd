"""Which value of a CSV row is which: the layouts that Asterisk and FreePBX write, headings, and named columns. Pure.

A layout is found by what the first rows hold, never by the file's name: how many values there are, and where an event,
a time, a disposition stands.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from telephony.errors import LogError
from telephony.pbxlogs.fields import is_digits, is_instant
from telephony.pbxlogs.rows import LogKind
from telephony.pbxlogs.zones import epoch_of

IGNORED = "-"

CEL_COLUMNS = (
    *("eventtype", "eventtime", "cid_name", "cid_num", "cid_ani", "cid_rdnis", "cid_dnid", "exten", "context"),
    *("channame", "appname", "appdata", "amaflags", "accountcode", "uniqueid", "linkedid", "peer", "userfield"),
    *("userdeftype", "extra"),
)
"""cel_custom.conf, as Asterisk 11 to 22 ship it; 1.8 and 10 end at `userfield`."""
CEL_TABLE = ("id", *(name for name in CEL_COLUMNS if name != "userfield"))
"""FreePBX's table."""

CDR_CSV = (
    *("accountcode", "src", "dst", "dcontext", "clid", "channel", "dstchannel", "lastapp", "lastdata", "start"),
    *("answer", "end", "duration", "billsec", "disposition", "amaflags"),
)
"""cdr_csv; cdr.conf's loguniqueid, loguserfield and newcdrcolumns add what follows below."""
NEW_CDR_COLUMNS = ("peeraccount", "linkedid", "sequence")
CDR_CUSTOM = (
    *("clid", "src", "dst", "dcontext", "channel", "dstchannel", "lastapp", "lastdata", "start", "answer", "end"),
    *("duration", "billsec", "disposition", "amaflags", "accountcode", "uniqueid", "userfield", "sequence"),
)
"""cdr_custom.conf, as Asterisk ships it; before 1.8 without `sequence`."""
CDR_TABLE = (
    *("start", "clid", "src", "dst", "dcontext", "channel", "dstchannel", "lastapp", "lastdata", "duration"),
    *("billsec", "disposition", "amaflags", "accountcode", "uniqueid", "userfield", "did", "recordingfile", "cnum"),
    *("cnam", "outbound_cnum", "outbound_cnam", "dst_cnam", "linkedid", "peeraccount", "sequence"),
)
"""FreePBX's table; older ones end at `dst_cnam`, that of cdr_mysql and cdr_pgsql at `userfield`."""

_JOINING = str.maketrans("", "", "_-. ")
DISPOSITIONS = frozenset({"ANSWERED", "NO ANSWER", "BUSY", "FAILED", "CONGESTION"})


class Layout(NamedTuple):
    """The columns of a log by their names, in the order of the file; `-` for one that is not read."""

    kind: LogKind
    name: str  # for people
    columns: tuple[str, ...]

    def places(self) -> dict[str, int]:
        """Where each column stands."""
        return {name: place for place, name in enumerate(self.columns) if name != IGNORED}


def _cel(name: str, columns: Sequence[str]) -> Layout:
    return Layout(LogKind.CEL, name, tuple(columns))


def _cdr(name: str, columns: Sequence[str]) -> Layout:
    return Layout(LogKind.CDR, name, tuple(columns))


LAYOUTS = (
    _cel("cel_custom", CEL_COLUMNS),
    _cel("cel_custom of Asterisk 1.8", CEL_COLUMNS[:18]),
    _cel("FreePBX's cel table", CEL_TABLE),
    _cel("FreePBX's cel table without its id", CEL_TABLE[1:]),
    _cdr("cdr_csv", CDR_CSV),
    _cdr("cdr_csv with userfield", (*CDR_CSV, "userfield")),
    _cdr("cdr_csv with uniqueid", (*CDR_CSV, "uniqueid")),
    _cdr("cdr_csv with uniqueid and userfield", (*CDR_CSV, "uniqueid", "userfield")),
    _cdr("cdr_csv with newcdrcolumns", (*CDR_CSV, *NEW_CDR_COLUMNS)),
    _cdr("cdr_csv with userfield and newcdrcolumns", (*CDR_CSV, "userfield", *NEW_CDR_COLUMNS)),
    _cdr("cdr_csv with uniqueid and newcdrcolumns", (*CDR_CSV, "uniqueid", *NEW_CDR_COLUMNS)),
    _cdr("cdr_csv with all columns", (*CDR_CSV, "uniqueid", "userfield", *NEW_CDR_COLUMNS)),
    _cdr("cdr_custom", CDR_CUSTOM),
    _cdr("cdr_custom of Asterisk 1.6", CDR_CUSTOM[:-1]),
    _cdr("FreePBX's cdr table", CDR_TABLE),
    _cdr("FreePBX's cdr table of old", CDR_TABLE[:-3]),
    _cdr("cdr_mysql's table", CDR_TABLE[:16]),
)
"""Of two that fit the same rows the first is taken, unless the other finds more ids of Asterisk's making."""

KNOWN = {LogKind.CEL: (*CEL_COLUMNS, "id"), LogKind.CDR: tuple(sorted({*CDR_CSV, *CDR_CUSTOM, *CDR_TABLE}))}
NEEDED = {
    LogKind.CEL: ("eventtype", "eventtime", "channame", "uniqueid", "linkedid"),
    LogKind.CDR: ("start", "channel", "duration", "billsec", "disposition"),
}
"""What a row must have to tell anything of a call."""

OTHER_NAMES: dict[LogKind, dict[str, str]] = {
    LogKind.CEL: {
        "eventtype": "type event event_name",
        "eventtime": "time timestamp",
        "cid_name": "caller_id_name",
        "cid_num": "caller_id_num",
        "cid_ani": "ani caller_id_ani",
        "cid_rdnis": "rdnis caller_id_rdnis",
        "cid_dnid": "dnid caller_id_dnid",
        "exten": "extension",
        "channame": "channel",
        "appname": "application application_name",
        "appdata": "application_data",
        "accountcode": "account",
        "peer": "bridgepeer",
        "userdeftype": "user_defined_type",
        "extra": "event_extra",
    },
    LogKind.CDR: {
        "start": "calldate start_time start_date timestamp",
        "answer": "answer_time answer_date",
        "end": "end_time end_date",
        "clid": "caller_id",
        "src": "source",
        "dst": "destination",
        "dcontext": "destination_context context",
        "dstchannel": "destination_channel",
        "lastapp": "last_application",
        "billsec": "billable_seconds",
        "accountcode": "account",
        "recordingfile": "recording",
    },
}
"""Other names of columns: in the tables of cel_odbc, cel_pgsql and cdr_pgsql, in AMI, in common use."""


def _plain(name: str) -> str:
    return name.strip().lower().replace("_", "")


COLUMN_OF = {
    kind: {
        _plain(name): column for column in known for name in (column, *OTHER_NAMES[kind].get(column, "").split())
    }
    for kind, known in KNOWN.items()
}
"""A column by any of its names, in lower case and without underscores."""


def layout_of(kind: LogKind, names: Sequence[str]) -> Layout:
    """The layout that an administrator names, column by column. Raises LogError."""
    known = KNOWN.get(kind)
    if known is None:
        raise LogError(f"columns: found some for {kind}, expected none: its fields are the same everywhere")
    columns = tuple(_column(kind, name) for name in names)
    for column, name in zip(columns, names, strict=True):
        if column != IGNORED and column not in known:
            raise LogError(
                f"columns: found {name!r}, expected one of {', '.join(known)}, or - for one to pass over"
            )
        if column != IGNORED and columns.count(column) > 1:
            raise LogError(f"columns: found {name!r} twice, expected it once")
    missing = [name for name in NEEDED[kind] if name not in columns]
    if missing:
        raise LogError(f"columns: found no {', '.join(missing)}, expected at least {', '.join(NEEDED[kind])}")
    return Layout(kind, "columns as given", columns)


def heading_of(kind: LogKind, values: Sequence[str]) -> Layout | None:
    """The layout that a heading tells; None if the row is none. Columns that nobody knows are passed over."""
    columns = [_column(kind, name) for name in values]
    known = [
        name if name in KNOWN[kind] and columns.index(name) == at else IGNORED for at, name in enumerate(columns)
    ]
    if all(name in known for name in NEEDED[kind]):
        return Layout(kind, "heading", tuple(known))
    return None


def find_layout(kind: LogKind, rows: Sequence[Sequence[str]]) -> Layout | None:
    """The layout that fits most of these rows; None if none fits any."""
    fits = FITS[kind]
    best, most = None, (0, 0)
    for layout in LAYOUTS:
        if layout.kind is kind:
            score = _score(layout, [row for row in rows if len(row) == len(layout.columns)], fits)
            if score[0] and score > most:
                best, most = layout, score
    return best


def expected_columns(kind: LogKind) -> str:
    """What to tell an administrator whose log has none of the known layouts."""
    return (
        f"the columns of {', '.join(layout.name for layout in LAYOUTS if layout.kind is kind)}, a heading, or --columns"
        f" with these names in the file's order (- for one to pass over): {', '.join(KNOWN[kind])}"
    )


def _column(kind: LogKind, name: str) -> str:
    """The column that bears this name; the name itself if none does."""
    return COLUMN_OF[kind].get(_plain(name), name)


def _score(
    layout: Layout, rows: Sequence[Sequence[str]], fits: Callable[[dict[str, str]], bool]
) -> tuple[int, int]:
    """How many rows fit, and in how many of these the id is one that Asterisk gave."""
    named = [dict(zip(layout.columns, row, strict=True)) for row in rows]
    fitting = [row for row in named if fits(row)]
    return len(fitting), sum(epoch_of(row.get("uniqueid", "")) is not None for row in fitting)


def is_event(text: str) -> bool:
    """Whether a text looks like the name of a CEL event: CHAN_START, DTMF; a dialplan may add its own."""
    plain = text.translate(_JOINING)
    return 1 < len(text) <= 80 and text.isascii() and text[0].isalpha() and plain.isalnum()


def _fits_cel(row: dict[str, str]) -> bool:
    return is_event(row["eventtype"]) and is_instant(row["eventtime"]) and bool(row["uniqueid"])


def _fits_cdr(row: dict[str, str]) -> bool:
    seconds = all(is_digits(row[name].replace(".", "", 1)) for name in ("duration", "billsec"))
    return seconds and row["disposition"].upper() in DISPOSITIONS and is_instant(row["start"])


FITS = {LogKind.CEL: _fits_cel, LogKind.CDR: _fits_cdr}
