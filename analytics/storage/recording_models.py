"""The tables of recordings' files: which there are, whose talk lies where in them, what was heard, what is still to do.

`recordings` (in `models`) is what the PBX said; a row here is a file that lies, or lay, in a folder. Neither needs the
other: a file without a call and a recording without a file are both told as they are.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ColumnElement, Index, Integer, Table, Text, literal_column, text

from analytics.storage.models import Key, metadata

recording_files = Table(
    "recording_files",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("pbx", Key, nullable=False),
    Column("path", Key, nullable=False),  # below the folder of the PBX's recordings
    Column("size", BigInteger, nullable=False),
    Column("stamp", Text, nullable=False),  # changes whenever the file does
    Column("found_us", BigInteger, nullable=False),
    Column("changed_us", BigInteger, nullable=False),  # the file's own time of change
    # ready, growing, empty, broken, unplayable, missing, destroyed (service.listening.tape.Condition)
    Column("condition", Text, nullable=False),
    Column("detail", Text, nullable=False, server_default=""),
    Column("coding", Text),
    Column("channels", Integer),
    Column("rate", Integer),
    Column("length_ms", BigInteger),
    Column("layout", Text),  # values.Layout
    Column("axis", Text),  # values.Axis; None until it was linked
    Column("call_id", Key),  # None: an orphan
    Column("recording_id", Key),  # the recording fact that names it
    Column("linked_by", Text),  # named (the PBX named this file), channel (its name ends in a channel's id)
    Column("linked_mark", Text),  # of the facts that it was linked by: another one where they changed since
    Column("started_us", BigInteger),  # of the call, for retention and lists; else of the file
    Index("recording_files_path", "pbx", "path", unique=True),
    Index("recording_files_call", "call_id"),
    Index("recording_files_started", "started_us"),
    Index("recording_files_condition", "condition"),
)

# Folders that were looked through: while a folder's stamp is the same nothing came or went in it.
recording_folders = Table(
    "recording_folders",
    metadata,
    Column("pbx", Key, primary_key=True),
    Column("path", Key, primary_key=True),  # below the folder of the PBX's recordings; '' is that folder
    Column("stamp", Text, nullable=False),
)

recording_spans = Table(
    "recording_spans",
    metadata,
    Column("file_id", Integer, primary_key=True, autoincrement=False),
    Column("talk_id", Key, primary_key=True),
    Column("call_id", Key, nullable=False),
    Column("agent", Text, nullable=False),
    Column("start_ms", BigInteger, nullable=False),
    Column("end_ms", BigInteger, nullable=False),
    Column("holds", Text, nullable=False, server_default="[]"),  # JSON: [[from, to], …]
    Column("agent_channel", Integer),
    Column("customer_channel", Integer),
    Column("begins_talk", Boolean, nullable=False),
    Index("recording_spans_talk", "talk_id"),
    Index("recording_spans_call", "call_id"),
)

SILENT = text("(silent_customer IS TRUE)")
TRUE: ColumnElement[bool] = literal_column("TRUE")  # in the very words of the index, or it is not used

# What was heard of a talk: one row a talk, from the file that tells most of it. Columns as in values.Features.
talk_features = Table(
    "talk_features",
    metadata,
    Column("talk_id", Key, primary_key=True),
    Column("file_id", Integer, nullable=False),
    Column("call_id", Key, nullable=False),
    Column("agent", Text, nullable=False),
    Column("measured_us", BigInteger, nullable=False),
    Column("version", Integer, nullable=False),  # of the way it is measured
    Column("length_ms", BigInteger, nullable=False),
    Column("stereo", Boolean, nullable=False),
    Column("speech_ms", BigInteger, nullable=False),
    Column("silence_ms", BigInteger, nullable=False),
    Column("music_ms", BigInteger, nullable=False),
    Column("agent_speech_ms", BigInteger),
    Column("customer_speech_ms", BigInteger),
    Column("silence_count", Integer, nullable=False),  # of those longer than the limit
    Column("longest_silence_ms", BigInteger, nullable=False),  # 0: none is longer than the limit
    Column("overlap_count", Integer),
    Column("overlap_ms", BigInteger),
    Column("responses", Integer),
    Column("response_ms", BigInteger),
    Column("longest_response_ms", BigInteger),
    Column("first_words_ms", BigInteger),
    Column("silent_customer", Boolean),
    Column("agent_level_cdb", Integer),
    Column("customer_level_cdb", Integer),
    Column("syllables", Integer),
    Column("turns_ms", BigInteger),
    Column("phonation_ms", BigInteger),
    Column("rate_error_permille", Integer),
    Index("talk_features_call", "call_id"),
    Index(
        "talk_features_silent", "call_id", sqlite_where=SILENT, postgresql_where=SILENT
    ),  # few, asked of each call
    Index("talk_features_file", "file_id"),
)

# Marks of a whole file for the player: JSON as values.Marks.
recording_marks = Table(
    "recording_marks",
    metadata,
    Column("file_id", Integer, primary_key=True, autoincrement=False),
    Column("stamp", Text, nullable=False),
    Column("marks", Text, nullable=False),
)

OPEN = text("failed_us IS NULL")

# What is still to be listened to. A row goes when it is done; a failed one stays, with its reason.
recording_work = Table(
    "recording_work",
    metadata,
    Column("file_id", Integer, primary_key=True, autoincrement=False),
    Column("priority", Integer, nullable=False),  # greater first: 10 picked for quality, 0 new, -10 an archive
    Column("queued_us", BigInteger, nullable=False),
    Column("due_us", BigInteger, nullable=False),  # not before: later after a failure
    Column("tries", Integer, nullable=False),
    Column("holder", Text),  # who works on it: host, process, number
    Column("leased_until_us", BigInteger),
    Column("failed_us", BigInteger),  # given up
    Column("reason", Text),
    # Over what is open only: PostgreSQL takes no order from an index whose first column is compared with null.
    Index("recording_work_next", "priority", "due_us", "file_id", sqlite_where=OPEN, postgresql_where=OPEN),
)
