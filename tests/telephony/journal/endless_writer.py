"""A program for the durability tests: writes packets without end and says what is durable.

python -m tests.telephony.journal.endless_writer FOLDER [COMMITS]
"""

from __future__ import annotations

import sys
from datetime import timedelta
from itertools import count, islice
from pathlib import Path

from telephony.journal import EntryKind, JournalWriter
from tests.telephony.journal.samples import NOON, packet


def frame(seq: int) -> bytes:
    """The packet with this number: of very different sizes, hard to compress, told by its number."""
    body = "".join(f"{hash((seq, i)) & 0xFFFFFFFF:x}" for i in range(seq * 7 % 300))
    return packet(seq) + b"\r\nBody: " + body.encode()


def main(folder: Path, commits: int | None) -> None:
    with JournalWriter(folder, "pbx") as writer:
        seq = writer.durable_seq + 1
        at = NOON + timedelta(minutes=seq)
        for size in islice(count(1), commits):
            for run in range(1 + size % 5):
                frames = tuple(frame(seq + n) for n in range(1 + (size + run) % 40))
                writer.append(1, EntryKind.PACKETS, at, frames)
                seq += len(frames)
                at += timedelta(minutes=len(frames))
            # One system call, so that the reader sees whole lines.
            sys.stdout.write(f"{writer.commit()}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else None)
