"""Where a recording's file is, below the folder that the settings name, and never outside it.

The PBX names files by full path (`/var/spool/asterisk/monitor/2026/11/20/q.wav`), by one below its own folder, or by
the bare name; here the same folder may be mounted elsewhere. So the longest end of the name that is a file below our
folder is taken. A name with `..`, and a link that leads outside, are refused.
"""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from service.errors import RecordingPlaceError


def locate(root: Path, name: str) -> Path | None:
    """The file; None where there is none. Raises RecordingPlaceError for a name that leads outside, OSError."""
    parts = _parts(name)
    top = root.resolve(strict=True)
    for skipped in range(len(parts)):
        for candidate in _spelled(root.joinpath(*parts[skipped:])):
            real = candidate.resolve()
            if not real.is_file():
                continue
            if not real.is_relative_to(top):
                raise RecordingPlaceError("found a link that leads outside the folder, expected a file below it")
            return real
    return None


def exact(root: Path, name: str) -> Path | None:
    """The file of exactly this name below the folder; None where there is none.

    Raises RecordingPlaceError for a name that leads outside, or through a link; OSError.
    """
    path = root.resolve(strict=True).joinpath(*_parts(name))
    if not path.is_symlink() and not path.exists():
        return None
    if path.resolve() != path or not path.is_file():
        raise RecordingPlaceError("found a link, or no plain file, expected a file below the folder")
    return path


def _parts(name: str) -> tuple[str, ...]:
    parts = tuple(each for each in PurePosixPath(name).parts if each != "/")
    if not parts or ".." in parts or "\0" in name or "\\" in name:
        raise RecordingPlaceError("found a name that leads elsewhere, expected a file's name below the folder")
    return parts


_ENDINGS = (".wav", ".WAV", ".wav49", ".gsm", ".alaw", ".ulaw", ".sln", ".sln16", ".mp3", ".ogg", ".opus")


def _spelled(path: Path) -> tuple[Path, ...]:
    """The name as it is; one without an ending that we know, with each of them (a variable names it so)."""
    if path.suffix in _ENDINGS:
        return (path,)
    return (path, *(path.with_name(path.name + ending) for ending in _ENDINGS))
