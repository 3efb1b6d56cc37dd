"""The PBX's own logs: CEL, CDR and queue_log, read from files or databases, and the calls that they tell.

rows.py          what a row says, as frozen records; nothing here knows files or databases
cel.py cdr.py queue_log.py   one line's or table row's values -> a row, or RowError
files.py databases.py        where rows come from, in batches that can be resumed (log_source.open_log)
staging.py       rows kept on disk and given back a call at a time
builder.py       one call's rows -> PbxEvents -> the tracker: the same facts as from the stream
"""
