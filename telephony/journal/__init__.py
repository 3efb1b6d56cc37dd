"""What a PBX said, kept: append-only, durable before anything is interpreted, compressed, a file a day.

The listener writes with JournalWriter; the analyser and people read with `read`, `follow` and Follower.
docs/journal.md describes the format and what is guaranteed.
"""

from telephony.journal.entries import Entry, EntryKind
from telephony.journal.reader import FilePosition, Follower, follow, list_pbxs, positions, read, read_file
from telephony.journal.writer import JournalWriter

__all__ = [
    "Entry",
    "EntryKind",
    "FilePosition",
    "Follower",
    "JournalWriter",
    "follow",
    "list_pbxs",
    "positions",
    "read",
    "read_file",
]
