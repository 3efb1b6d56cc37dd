"""Which recording's file it is, by its name: the PBX's own name for it, or the unique id that its name ends in. Pure.

    recording = recording_of("2026/11/21/1.0-in.wav", recordings_of_the_call)

Never by a time that is near: of two calls a second apart that would be the wrong one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from analytics.recordings.values import Layout
from telephony.calls.facts import RecordingFact, RecordingPart

_DIRECTIONS = {"-in": RecordingPart.HEARD, "-out": RecordingPart.SAID}
_LAYOUTS = {RecordingPart.HEARD: Layout.HEARD, RecordingPart.SAID: Layout.SAID}
_ENDING = re.compile(r"\.(?=[^.]*[A-Za-z])\w{1,5}\Z")
_FREEPBX = re.compile(r"-(?:19|20)\d{6}-\d{6}-(?P<id>.+)\Z")
_ASTERISK = re.compile(r"\d{9,11}\.\d+\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedAfter:
    """The channels that a file may be named after, the likeliest first, and what its suffix says of it."""

    channels: tuple[str, ...]
    layout: Layout | None = None


def channel_of_file_name(name: str) -> NamedAfter:
    """Which channel's recording a file is, by the unique id at the end of its name. No channels: it tells none.

    A unique id may begin with a system's name and dashes, or be any text that an application chose: then only the
    calls that are known can tell how much of the name is the id, and the linker asks for one after the other.
    """
    stem, part = _parted(_stem(name.rpartition("/")[2]))
    return NamedAfter(channels=_channels_in(stem), layout=_LAYOUTS.get(part))


def recording_of(name: str, recordings: Iterable[RecordingFact]) -> RecordingFact | None:
    """The recording that made a file, with the file's own name and part; None where the names tell none or several.

    The one that names it, whatever ending a converter gave it; for a file of one direction that was not named itself
    the recording beside it; else the only one without a name on the channel that the file is named after.
    """
    known = list(recordings)
    stem = _stem(name)
    for each in known:
        if _same(_stem(each.file), stem):
            return replace(each, file=name)
    whole, part = _parted(stem)
    beside = [each for each in known if part is not RecordingPart.WHOLE and _same(_stem(each.file), whole)]
    channels = channel_of_file_name(name).channels
    unnamed = [each for each in known if not each.file and each.channel in channels]
    found = beside or unnamed
    return replace(found[0], file=name, part=part) if len(found) == 1 else None


def whole_name(name: str) -> str:
    """A file's name without its ending, and without the suffix of one direction."""
    return _parted(_stem(name))[0]


def layout_of(recording: RecordingFact, channels: int) -> Layout:
    """Who is on which channel of a file, by what it is of the recording and by its own count of channels."""
    return _LAYOUTS.get(recording.part) or (Layout.APART if channels == 2 else Layout.MIXED)


def _same(one: str, other: str) -> bool:
    """Whether two names are of one file: by a variable without the folder, or with it."""
    return bool(one) and bool(other) and (one == other or one.endswith("/" + other) or other.endswith("/" + one))


def _stem(name: str) -> str:
    return _ENDING.sub("", name)


def _parted(stem: str) -> tuple[str, RecordingPart]:
    for suffix, part in _DIRECTIONS.items():
        if stem.endswith(suffix):
            return stem.removesuffix(suffix), part
    return stem, RecordingPart.WHOLE


def _channels_in(stem: str) -> tuple[str, ...]:
    dated = _FREEPBX.search(stem)
    if dated:
        return tuple(dict.fromkeys((dated["id"], stem)))
    made = _ASTERISK.search(stem)
    if made is None:
        return (stem,) if stem else ()
    parts = stem[: made.start()].split("-")
    return tuple(dict.fromkeys("-".join(parts[n:]) + made[0] for n in range(len(parts))))
