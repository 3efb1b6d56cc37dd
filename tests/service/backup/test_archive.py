"""An archive is taken whole or refused by name, whatever was done to it."""

from __future__ import annotations

import io
import random
import tarfile
from dataclasses import replace
from pathlib import Path

import pytest
import zstandard

from service.backup.archive import MANIFEST, read_archive
from service.backup.checking import check, check_database
from service.backup.errors import ArchiveError
from service.backup.making import Made

FLIPS = 60
CUTS = 20
# Bits of the frame's first six bytes may mean nothing to a reader: all that follows is covered by checksums.
HEADER = 6


def changed(made: Made, content: bytes) -> Path:
    """The backup with other bytes."""
    made.path.write_bytes(content)
    return made.path


def test_a_whole_one_is_taken(made: Made) -> None:
    """What is read back is the manifest that was written."""
    assert check(made.path) == made.manifest


def test_any_changed_byte_is_refused_by_name(made: Made) -> None:
    """At seeded places all over the file, one byte after the other."""
    whole = made.path.read_bytes()
    moments = random.Random(1)
    for _ in range(FLIPS):
        place = moments.randrange(HEADER, len(whole))
        flipped = whole[:place] + bytes([whole[place] ^ moments.randrange(1, 256)]) + whole[place + 1 :]
        with pytest.raises(ArchiveError, match=rf"{made.path}: .*: found .*, expected"):
            check(changed(made, flipped))


def test_any_cut_is_refused(made: Made) -> None:
    """A copy that ended early, even by its last byte."""
    whole = made.path.read_bytes()
    moments = random.Random(2)
    for length in (0, 1, len(whole) - 1, *(moments.randrange(len(whole)) for _ in range(CUTS))):
        with pytest.raises(ArchiveError, match="found"):
            check(changed(made, whole[:length]))


def test_bytes_after_its_end_are_refused(made: Made) -> None:
    """Two backups in one file are none."""
    with pytest.raises(ArchiveError, match="bytes after its end"):
        check(changed(made, made.path.read_bytes() * 2))


def packed(path: Path, members: list[tuple[tarfile.TarInfo, bytes]]) -> Path:
    """An archive that we did not make."""
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w") as tar:
        for entry, content in members:
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    path.write_bytes(zstandard.ZstdCompressor(write_checksum=True).compress(plain.getvalue()))
    return path


def link(name: str, target: str) -> tarfile.TarInfo:
    """A member that leads elsewhere."""
    entry = tarfile.TarInfo(name)
    entry.type, entry.linkname = tarfile.SYMTYPE, target
    return entry


@pytest.mark.parametrize(
    ("members", "told"),
    [
        ([], f"found no {MANIFEST}"),
        ([(tarfile.TarInfo("a"), b"1")], f"a: found no {MANIFEST}"),
        ([(tarfile.TarInfo("../a"), b"1")], "expected plain files below the archive's root"),
        ([(tarfile.TarInfo("/etc/a"), b"1")], "expected plain files below the archive's root"),
        ([(link("a", "/etc/passwd"), b"")], "expected plain files below the archive's root"),
        ([(tarfile.TarInfo("a"), b"1"), (tarfile.TarInfo("a"), b"2")], "expected each file once"),
        ([(tarfile.TarInfo(MANIFEST), b"{}"), (tarfile.TarInfo("a"), b"1")], "the manifest last"),
        ([(tarfile.TarInfo(MANIFEST), b"no JSON")], "expected a manifest of a backup"),
        ([(tarfile.TarInfo(MANIFEST), b"[]")], "expected a manifest of a backup"),
        ([(tarfile.TarInfo(MANIFEST), b"{}")], "expected a manifest of a backup"),
        ([(tarfile.TarInfo(MANIFEST), b'{"format": 2}')], "found format 2, expected 1: a newer version made it"),
    ],
)
def test_an_archive_of_others_is_refused(
    tmp_path: Path, members: list[tuple[tarfile.TarInfo, bytes]], told: str
) -> None:
    """Nothing is written outside the folder, and the message names what was found."""
    path = packed(tmp_path / "a.tar.zst", members)
    with pytest.raises(ArchiveError, match=told):
        read_archive(path, tmp_path / "out")
    assert {found.name for found in tmp_path.iterdir()} <= {"a.tar.zst", "out"}


def test_a_database_that_is_no_member_is_refused(made: Made, tmp_path: Path) -> None:
    """The manifest cannot name a file elsewhere on this machine."""
    read_archive(made.path, tmp_path / "out")
    told = replace(made.manifest, database=replace(made.manifest.database, member="../../made.tar.zst"))  # type: ignore[type-var]
    with pytest.raises(ArchiveError, match="found no such file, expected the database"):
        check_database(made.path, told, tmp_path / "out")


def test_a_file_that_the_manifest_does_not_tell_of_is_refused(made: Made, tmp_path: Path) -> None:
    """As one that is missing, or another file under its name: the digests decide."""
    read_archive(made.path, tmp_path / "out")
    plain = zstandard.ZstdDecompressor().decompressobj().decompress(made.path.read_bytes())
    with tarfile.open(fileobj=io.BytesIO(plain)) as tar:
        members = [(entry, tar.extractfile(entry).read()) for entry in tar]  # type: ignore[union-attr]
    for found in (
        [(tarfile.TarInfo("more"), b"1"), *members],
        members[1:],
        [(members[0][0], members[0][1][::-1] + b"1"), *members[1:]],
    ):
        with pytest.raises(ArchiveError, match=r"found .*, expected .*(bytes with SHA-256|no such file)"):
            check(packed(tmp_path / "b.tar.zst", found))
