"""The analyser's state, kept on disk, so that a restart goes on where the facts are stored up to.

A tracker's state cannot be had by reading from the start of the oldest open call: other calls were open there,
whose beginnings would not be heard again, and agents had logged in days before. So the whole state is kept, with
the number of the packet that it reaches to. It is taken up only by the very program that wrote it (a digest of its
sources and of what it was told) and only where the store has all facts up to it; else the journal is read from its
beginning, which gives the same facts more slowly. Two are kept: a power cut may have taken the store's last
transactions.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import struct
from dataclasses import dataclass
from datetime import timedelta
from importlib import resources
from pathlib import Path

import structlog

from service.pipeline.interpreter import Interpreter

MAGIC = b"3rsnap1\n"
HEAD = struct.Struct(f"<{len(MAGIC)}s32s32sQ")
KEPT = 2
MODE = 0o600
SOURCES = ("telephony", "telephony.calls", "telephony.events", "telephony.ami", "service.pipeline")


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """A state and the number that it reaches to."""

    seq: int
    content: bytes


class Snapshots:
    """The snapshots of one PBX. `identity` names the program and what its tracker is told."""

    def __init__(self, folder: Path, pbx: str, identity: bytes) -> None:
        self._folder = folder
        self._pbx = pbx
        self._identity = identity
        self._log = structlog.get_logger("service.snapshots").bind(pbx=pbx)

    def take(self, interpreter: Interpreter) -> Snapshot:
        """The interpreter's state as it is now."""
        return Snapshot(seq=interpreter.seq, content=pickle.dumps(interpreter, pickle.HIGHEST_PROTOCOL))

    def write(self, snapshot: Snapshot) -> None:
        """Keep it durably, and let go of all but the newest two. Raises OSError."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._folder / f"{self._pbx}-{snapshot.seq:020d}.state"
        part = path.with_suffix(".part")
        head = HEAD.pack(MAGIC, self._identity, hashlib.sha256(snapshot.content).digest(), snapshot.seq)
        descriptor = os.open(part, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, MODE)
        with os.fdopen(descriptor, "wb") as file:
            file.write(head + snapshot.content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
        for old in self._paths()[:-KEPT]:
            old.unlink(missing_ok=True)

    def load(self, stored_up_to: int) -> Interpreter | None:
        """The newest state that reaches no further than the stored facts; None if there is none for us."""
        for path in reversed(self._paths()):
            interpreter = self._read(path, stored_up_to)
            if interpreter is not None:
                return interpreter
        return None

    def newest_seq(self) -> int:
        """The number that the newest snapshot reaches to, whoever wrote it; 0 without one."""
        paths = self._paths()
        return int(paths[-1].stem.rpartition("-")[2]) if paths else 0

    def _paths(self) -> list[Path]:
        found = self._folder.glob(f"{self._pbx}-{'[0-9]' * 20}.state") if self._folder.is_dir() else ()
        return sorted(found)

    def _read(self, path: Path, stored_up_to: int) -> Interpreter | None:
        try:
            whole = path.read_bytes()
            magic, identity, digest, seq = HEAD.unpack_from(whole)
        except (OSError, struct.error) as error:
            self._log.warning("snapshot.unreadable", path=str(path), detail=str(error))
            return None
        content = whole[HEAD.size :]
        if (magic, identity) != (MAGIC, self._identity) or seq > stored_up_to:
            return None
        if hashlib.sha256(content).digest() != digest:
            self._log.warning("snapshot.damaged", path=str(path))
            return None
        # Our own file, in a folder that only we may write, with our own digest.
        found = pickle.loads(content)  # noqa: S301
        return found if isinstance(found, Interpreter) and found.seq == seq else None


def identity_of(pbx: str, trunks: tuple[str, ...], wrap_up: timedelta) -> bytes:
    """A digest of the program that makes states, and of what its tracker is told."""
    digest = hashlib.sha256(repr((pbx, trunks, wrap_up)).encode())
    for package in SOURCES:
        files = (file for file in resources.files(package).iterdir() if file.name.endswith(".py"))
        for file in sorted(files, key=lambda each: each.name):
            digest.update(file.name.encode() + file.read_bytes())
    return digest.digest()
