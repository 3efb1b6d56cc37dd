"""The recordings of all PBXs: each looked up, drawn once, converted where browsers do not play it. Blocking."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

from analytics.errors import SoundError
from analytics.recordings import Waveform, draw, read_sound
from config.settings import Settings
from service.errors import RecordingPlaceError
from service.listening.converting import Converter
from service.listening.places import exact, locate
from service.listening.tape import Condition, Tape, plays
from telephony.clock import from_microseconds

SETTLED = timedelta(seconds=3)
"""A file that was written to so lately may still grow, though the call is over: the mixing thread writes on."""

FORMAT = 1


def shelf_of(settings: Settings) -> Shelf:
    """Over the folders that `[pbx.NAME.logs] recordings` names; a URL there is not read."""
    named = {pbx.name: pbx.logs.recordings for pbx in settings.pbxs}
    roots = {name: source.path for name, source in named.items() if source is not None and source.path is not None}
    shelf = Shelf(roots, settings.data_dir / "listening")
    shelf.clear()
    return shelf


class Shelf:
    """Over the folders that the settings name, by PBX. What is drawn is kept in `folder`, without a sound in it."""

    def __init__(self, roots: Mapping[str, Path], folder: Path) -> None:
        self._roots = roots
        self._pictures = folder / "waveforms"
        self._converter = Converter(folder / "converted")

    def clear(self) -> None:
        """Let go of what an earlier run converted."""
        self._converter.forget(all_of_them=True)

    def look(self, pbx: str, name: str, now: datetime, *, over: bool) -> Tape:
        """The recording of that name. `over`: its call has ended. Says what is wrong instead of raising."""
        self._converter.forget()
        root = self._roots.get(pbx)
        if root is None:
            return Tape(condition=Condition.NOWHERE)
        try:
            path = locate(root, name)
        except RecordingPlaceError as error:
            return Tape(condition=Condition.REFUSED, detail=str(error))
        except OSError as error:
            return Tape(condition=Condition.MISSING, detail=error.strerror or type(error).__name__)
        return Tape(condition=Condition.MISSING) if path is None else self._told(path, now, over=over)

    def _told(self, path: Path, now: datetime, *, over: bool) -> Tape:
        try:
            return self._read(path, now, over=over)
        except SoundError as error:
            return Tape(condition=Condition.BROKEN, path=path, detail=str(error))
        except OSError as error:
            return Tape(condition=Condition.BROKEN, path=path, detail=error.strerror or type(error).__name__)

    def _read(self, path: Path, now: datetime, *, over: bool) -> Tape:
        told = path.stat()
        growing = not over or now - from_microseconds(told.st_mtime_ns // 1000) < SETTLED
        tape = Tape(condition=Condition.READY, path=path, stamp=f"{told.st_size:x}-{told.st_mtime_ns:x}")
        if told.st_size == 0:
            return replace(tape, condition=Condition.GROWING if growing else Condition.EMPTY)
        sound = read_sound(path)
        if sound.empty:
            return replace(tape, condition=Condition.GROWING if growing else Condition.EMPTY, sound=sound)
        if not plays(sound) and sound.frames is None:
            return replace(tape, condition=Condition.UNPLAYABLE, sound=sound, detail=sound.coding.value)
        return replace(tape, condition=Condition.GROWING if growing else Condition.READY, sound=sound)

    def for_browser(self, tape: Tape) -> Tape:
        """The same recording in a format that browsers play. Raises SoundError, OSError."""
        if tape.path is None or tape.sound is None or plays(tape.sound):
            return tape
        made = self._converter.converted(tape.path, tape.sound, tape.stamp)
        return replace(tape, path=made, sound=read_sound(made))

    def has(self, pbx: str) -> bool:
        """Whether the folder of a PBX's recordings is here."""
        root = self._roots.get(pbx)
        return root is not None and root.is_dir()

    def find(self, pbx: str, path: str) -> Path | None:
        """The file of exactly this path below the PBX's folder; None where there is none.

        Raises RecordingPlaceError, OSError; FileNotFoundError where the folder that it would lie in is not there:
        then nothing can be said of the file.
        """
        root = self._roots.get(pbx)
        if root is None:
            raise FileNotFoundError(None, "found no folder of recordings of this PBX in the settings")
        found = exact(root, path)
        if found is None and not (root / path).parent.is_dir():
            raise FileNotFoundError(None, "found no folder that it would lie in")
        return found

    def look_at(self, pbx: str, path: str, now: datetime) -> Tape:
        """The recording of exactly this path. Says what is wrong instead of raising."""
        self._converter.forget()
        if pbx not in self._roots:
            return Tape(condition=Condition.NOWHERE)
        try:
            found = self.find(pbx, path)
        except RecordingPlaceError as error:
            return Tape(condition=Condition.REFUSED, detail=str(error))
        except OSError as error:
            return Tape(condition=Condition.MISSING, detail=error.strerror or type(error).__name__)
        return Tape(condition=Condition.MISSING) if found is None else self._told(found, now, over=True)

    def forget(self, path: Path) -> None:
        """Let go of what was made of a file that is destroyed: its picture, and whatever was converted."""
        self._kept_picture(path).unlink(missing_ok=True)
        self._converter.forget(all_of_them=True)

    # -- pictures --------------------------------------------------------------------------

    def picture(self, tape: Tape) -> Waveform | None:
        """How loud it is over time; None where there is nothing to hear. Raises SoundError, OSError."""
        if not tape.audible or tape.path is None or tape.sound is None or tape.sound.empty:
            return None
        kept = self._kept_picture(tape.path)
        if (found := _kept(kept, tape.stamp)) is not None:
            return found
        drawn = draw(tape.path, tape.sound)
        _keep(kept, tape.stamp, drawn)
        return drawn

    def _kept_picture(self, path: Path) -> Path:
        return self._pictures / f"{sha256(str(path).encode()).hexdigest()}.json"


def _kept(path: Path, stamp: str) -> Waveform | None:
    try:
        told = json.loads(path.read_text())
        if told["format"] != FORMAT or told["stamp"] != stamp:
            return None
        return Waveform(
            length_ms=told["length_ms"],
            peaks=tuple(bytes.fromhex(each) for each in told["peaks"]),
            quiet=tuple((start, end) for start, end in told["quiet"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None  # not drawn yet, or what was kept is damaged: it is drawn anew


def _keep(path: Path, stamp: str, drawn: Waveform) -> None:
    told = {
        "format": FORMAT,
        "stamp": stamp,
        "length_ms": drawn.length_ms,
        "peaks": [each.hex() for each in drawn.peaks],
        "quiet": drawn.quiet,
    }
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(told))
    fresh.replace(path)
