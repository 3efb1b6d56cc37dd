"""The archive's form: a tar stream in one zstd frame with a checksum; the manifest is its last member.

An archive is read whole or not at all: what is unpacked goes to a folder of the caller's, and may be used only
when `read_archive` has returned. Nothing in a member's name is trusted before.
"""

from __future__ import annotations

import hashlib
import os
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO

import zstandard

from service.backup.errors import ArchiveError
from service.backup.manifest import Manifest, Member, decode, encode

MANIFEST = "manifest.json"
MODE = 0o600
# The journal is packed already; the rest packs five to ten times at 3, and more costs the listener's processor.
LEVEL = 3
CHUNK = 1024 * 1024
LARGEST_MANIFEST = 64 * 1024 * 1024

Advance = Callable[[int], None]
"""Told how many bytes more are done."""


class _Measured:
    """Reads a file and keeps its digest."""

    def __init__(self, file: BinaryIO, advance: Advance) -> None:
        self._file = file
        self._advance = advance
        self.digest = hashlib.sha256()

    def read(self, size: int) -> bytes:
        """The next bytes."""
        found = self._file.read(size)
        self.digest.update(found)
        self._advance(len(found))
        return found


class ArchiveWriter:
    """An archive that is being written. Raises OSError."""

    def __init__(self, tar: tarfile.TarFile, advance: Advance) -> None:
        self.members: list[Member] = []
        self._tar = tar
        self._advance = advance

    def add(self, name: str, path: Path) -> None:
        """Adds a file as long as it is now: what is appended meanwhile is left out."""
        with path.open("rb") as file:
            found = os.fstat(file.fileno())
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode, entry.mtime = found.st_size, MODE, int(found.st_mtime)
            measured = _Measured(file, self._advance)
            self._tar.addfile(entry, measured)  # type: ignore[arg-type]
        self.members.append(Member(name=name, size=entry.size, sha256=measured.digest.hexdigest()))

    def finish(self, manifest: Manifest, scratch: Path) -> None:
        """Adds the manifest, which makes the archive whole; `scratch` is a file to be written for that."""
        scratch.write_bytes(encode(manifest))
        self.add(MANIFEST, scratch)


@contextmanager
def writing(path: Path, advance: Advance) -> Iterator[ArchiveWriter]:
    """A new archive that only its owner can read; on the disk when the block ends without an error."""
    with _new_file(path) as file:
        compressor = zstandard.ZstdCompressor(level=LEVEL, write_checksum=True)
        with compressor.stream_writer(file, closefd=False) as packed:
            # Neither `open` nor `with`: after an error there is nothing to be ended in order.
            tar = tarfile.TarFile(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT)
            yield ArchiveWriter(tar, advance)
            tar.close()


class _Frame:
    """The plain bytes of a file that is one zstd frame, and nothing before or after it."""

    def __init__(self, file: BinaryIO, advance: Advance) -> None:
        self._file = file
        self._advance = advance
        self._frame = zstandard.ZstdDecompressor().decompressobj()
        self._plain = b""

    def read(self, size: int) -> bytes:
        """The next bytes; fewer at the end only. Raises ArchiveError for a frame that has no end."""
        parts, missing = [], size
        while missing and (self._plain or self._fill()):
            parts.append(self._plain[:missing])
            self._plain = self._plain[missing:]
            missing -= len(parts[-1])
        return b"".join(parts)

    def _fill(self) -> bool:
        while not self._plain:
            packed = self._file.read(CHUNK // 8)
            self._advance(len(packed))
            if self._frame.eof:
                if packed or self._frame.unused_data:
                    raise ArchiveError("found bytes after its end, expected none")
                return False
            if not packed:
                raise ArchiveError("found its end missing, expected a whole file")
            self._plain = self._frame.decompress(packed)
        return True


def read_archive(
    path: Path,
    folder: Path | None = None,
    *,
    wanted: Callable[[str], bool] = lambda name: True,
    advance: Advance = lambda size: None,
) -> Manifest:
    """Reads an archive to its end and checks every digest; unpacks what is wanted into a folder.

    Raises ArchiveError, naming file and member; OSError where the folder cannot be written.
    """
    reader = _Reader(folder, wanted)
    try:
        with path.open("rb") as file:
            frame = _Frame(file, advance)
            with tarfile.open(fileobj=frame, mode="r|") as tar:  # type: ignore[call-overload]
                for entry in tar:
                    reader.take(tar, entry)
            while frame.read(CHUNK):
                pass
        return reader.manifest()
    except (zstandard.ZstdError, tarfile.TarError, EOFError) as error:
        raise ArchiveError(f"{path}: {reader.at}: found {error}, expected a backup's bytes") from None
    except (ArchiveError, ValueError) as error:
        raise ArchiveError(f"{path}: {reader.at}: {error}") from None


class _Reader:
    """Takes the members of an archive one after the other."""

    def __init__(self, folder: Path | None, wanted: Callable[[str], bool]) -> None:
        self.at = "its beginning"
        self._folder = folder
        self._wanted = wanted
        self._found: dict[str, Member] = {}
        self._manifest: bytes | None = None

    def take(self, tar: tarfile.TarFile, entry: tarfile.TarInfo) -> None:
        self.at = _safe_name(entry)
        if self._manifest is not None or self.at in self._found:
            raise ArchiveError(
                "found it after the manifest or twice, expected each file once and the manifest last"
            )
        source = tar.extractfile(entry)
        if source is None:
            raise ArchiveError("found no file, expected files only")
        if self.at == MANIFEST:
            self._manifest = source.read(LARGEST_MANIFEST)
            return
        target = None if self._folder is None or not self._wanted(self.at) else self._folder / self.at
        digest = _copy(source, target)
        self._found[self.at] = Member(name=self.at, size=entry.size, sha256=digest)

    def manifest(self) -> Manifest:
        if self._manifest is None:
            raise ArchiveError(f"found no {MANIFEST} after it, expected a whole backup")
        self.at = MANIFEST
        manifest = decode(self._manifest)
        told = {member.name: member for member in manifest.members}
        for name in sorted(told.keys() | self._found.keys()):
            self.at = name
            if told.get(name) != self._found.get(name):
                found, expected = _shown(self._found.get(name)), _shown(told.get(name))
                raise ArchiveError(f"found {found}, expected {expected}")
        return manifest


def _shown(member: Member | None) -> str:
    return "no such file" if member is None else f"{member.size} bytes with SHA-256 {member.sha256}"


def _safe_name(entry: tarfile.TarInfo) -> str:
    """The name, if it can only lie within the folder that it is unpacked to."""
    path = PurePosixPath(entry.name)
    if not entry.isreg() or path.is_absolute() or ".." in path.parts or "\0" in entry.name or not path.parts:
        raise ArchiveError(f"found the member {entry.name!r}, expected plain files below the archive's root")
    return str(path)


def _copy(source: IO[bytes], target: Path | None) -> str:
    """Reads a member to its end, into a durable file if one is given; its SHA-256."""
    digest = hashlib.sha256()
    with nullcontext() if target is None else _new_file(target) as file:
        while chunk := source.read(CHUNK):
            digest.update(chunk)
            if file is not None:
                file.write(chunk)
    return digest.hexdigest()


@contextmanager
def _new_file(path: Path) -> Iterator[BinaryIO]:
    """A file that only its owner can read; on the disk at the end of the block."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, MODE)
    with os.fdopen(descriptor, "wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())
