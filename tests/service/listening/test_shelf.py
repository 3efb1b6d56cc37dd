"""Recordings looked up: where they are, in what condition, and what is drawn of them."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from analytics.errors import SoundError
from analytics.recordings import Coding, read_sound
from service.errors import RecordingPlaceError
from service.listening import Condition, Shelf, Tape
from service.listening.converting import Converter
from service.listening.places import locate
from tests.analytics.recordings.formats import FORMATS
from tests.analytics.recordings.tones import pcm16, tone, wave, write

LATER = datetime.now(UTC) + timedelta(days=1)
TONE = wave(pcm16(tone(2, 0.5)))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder of recordings."""
    path = tmp_path / "monitor"
    write(path / "2026/11/20/q-1.wav", TONE)
    return path


def look(root: Path, name: str, *, over: bool = True, now: datetime = LATER) -> Tape:
    """The recording of that name."""
    return Shelf({"hq": root}, root.parent / "data").look("hq", name, now, over=over)


@pytest.mark.parametrize(
    "name",
    [
        "2026/11/20/q-1.wav",
        "/var/spool/asterisk/monitor/2026/11/20/q-1.wav",
        "/2026/11/20/q-1.wav",
        "2026/11/20/q-1",
    ],
)
def test_a_file_is_found_by_each_name_that_a_pbx_gives(root: Path, name: str) -> None:
    """By its path here, by the PBX's own path, and without its ending."""
    assert locate(root, name) == root / "2026/11/20/q-1.wav"


@pytest.mark.parametrize(
    "name", ["../secret.wav", "2026/../../secret.wav", "..", "", "/", "a\\..\\b.wav", "a\0.wav"]
)
def test_a_name_that_leads_outside_is_refused(root: Path, name: str) -> None:
    """Whatever lies there."""
    write(root.parent / "secret.wav", TONE)
    with pytest.raises(RecordingPlaceError):
        locate(root, name)


def test_a_link_that_leads_outside_is_refused_and_one_within_is_followed(root: Path) -> None:
    """A file and a folder that point elsewhere; a link to a neighbour."""
    outside = write(root.parent / "elsewhere/secret.wav", TONE)
    (root / "out.wav").symlink_to(outside)
    (root / "folder").symlink_to(outside.parent)
    (root / "in.wav").symlink_to(root / "2026/11/20/q-1.wav")
    for name in ("out.wav", "folder/secret.wav"):
        assert look(root, name).condition is Condition.REFUSED
    assert look(root, "in.wav").condition is Condition.READY


def test_each_condition_is_told_apart(root: Path) -> None:
    """Ready, of its header alone, gone, no sound, and a PBX whose recordings nobody named."""
    write(root / "empty.wav", wave(b""))
    write(root / "nothing.wav", b"")
    write(root / "page.wav", b"<html>gone</html>")
    told = {name: look(root, name).condition for name in ("empty.wav", "nothing.wav", "page.wav", "gone.wav")}
    assert told == {
        "empty.wav": Condition.EMPTY, "nothing.wav": Condition.EMPTY,
        "page.wav": Condition.BROKEN, "gone.wav": Condition.MISSING,
    }  # fmt: skip
    assert look(root / "nowhere", "q.wav").condition is Condition.MISSING
    assert Shelf({}, root).look("hq", "q.wav", LATER, over=True).condition is Condition.NOWHERE


def test_a_file_in_the_making_is_told(root: Path) -> None:
    """While the call goes on; and for three seconds after the last byte."""
    name, path = "2026/11/20/q-1.wav", root / "2026/11/20/q-1.wav"
    written = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    assert look(root, name, over=False).condition is Condition.GROWING
    assert look(root, name, now=written + timedelta(seconds=1)).condition is Condition.GROWING
    assert look(root, name, now=written + timedelta(seconds=4)).condition is Condition.READY


def test_a_picture_is_drawn_once_and_anew_when_the_file_changes(root: Path) -> None:
    """What is kept is read again; a damaged one is drawn anew; no sound stands in it."""
    shelf, name = Shelf({"hq": root}, root.parent / "data"), "2026/11/20/q-1.wav"
    first = shelf.picture(shelf.look("hq", name, LATER, over=True))
    (kept,) = (root.parent / "data/waveforms").iterdir()
    assert len(kept.read_bytes()) < 4096
    os.utime(kept, (1, 1))
    assert shelf.picture(shelf.look("hq", name, LATER, over=True)) == first
    assert kept.stat().st_mtime == 1
    kept.write_text("{")
    assert shelf.picture(shelf.look("hq", name, LATER, over=True)) == first
    write(root / name, wave(pcm16(tone(3, 0.5))))
    again = shelf.picture(shelf.look("hq", name, LATER, over=True))
    assert again is not None
    assert again.length_ms == 3000


@pytest.mark.parametrize("name", ["gsm", "wav49", "adpcm"])
def test_what_browsers_do_not_play_is_converted(root: Path, name: str) -> None:
    """A WAVE of 16 bits, as long as the sound; its picture is drawn from the file itself."""
    ending, made = FORMATS[name]
    write(root / f"g{ending}", made(tone(2, 0.5)))
    shelf = Shelf({"hq": root}, root.parent / "data")
    tape = shelf.look("hq", f"g{ending}", LATER, over=True)
    assert tape.condition is Condition.READY
    played = shelf.for_browser(tape)
    assert played.sound is not None
    assert (played.sound.coding, played.sound.header_right) == (Coding.PCM16, True)
    picture = shelf.picture(tape)
    assert picture is not None
    assert played.length_ms == picture.length_ms == pytest.approx(2000, abs=70)


def test_a_wave_of_a_coding_that_nobody_knows_is_unplayable(root: Path) -> None:
    """It says so, and is no broken file."""
    write(root / "x.wav", wave(b"\x01" * 900, tag=0x4321))
    assert look(root, "x.wav").condition is Condition.UNPLAYABLE


def test_a_converted_copy_is_forgotten_after_an_hour_and_at_the_start(root: Path) -> None:
    """It holds a voice."""
    path = write(root / "g.gsm", FORMATS["gsm"][1](tone(1, 0.5)))
    converter = Converter(root.parent / "converted")
    first, second = (converter.converted(path, read_sound(path), stamp) for stamp in "12")
    os.utime(first, (1, 1))
    converter.forget()
    assert (first.exists(), second.exists()) == (False, True)
    converter.forget(all_of_them=True)
    assert not second.exists()


def test_what_cannot_be_converted_is_said_in_words(root: Path) -> None:
    """And nothing half-made stays."""
    path = write(root / "g.WAV", FORMATS["wav49"][1](tone(1, 0.5)))
    sound = read_sound(path)
    write(path, b"<html>gone</html>" * 40)
    converter = Converter(root.parent / "converted")
    with pytest.raises(SoundError, match="expected whole sound"):
        converter.converted(path, replace(sound, start=0, coding=Coding.OTHER), "1")
    assert list((root.parent / "converted").iterdir()) == []


def test_a_file_is_looked_at_by_exactly_its_path(root: Path) -> None:
    """Another file of the same last name is none of it, nor is a link; without its folder nothing can be said."""
    write(root / "q-1.wav", TONE)
    shelf = Shelf({"hq": root}, root.parent / "data")
    assert shelf.look_at("hq", "2026/11/20/q-1.wav", LATER).condition is Condition.READY
    (root / "2026/11/20/q-1.wav").unlink()
    assert shelf.look_at("hq", "2026/11/20/q-1.wav", LATER).condition is Condition.MISSING
    assert shelf.find("hq", "2026/11/20/q-1.wav") is None
    (root / "2026/11/20/q-1.wav").symlink_to(root / "q-1.wav")
    assert shelf.look_at("hq", "2026/11/20/q-1.wav", LATER).condition is Condition.REFUSED
    with pytest.raises(FileNotFoundError, match="found no folder that it would lie in"):
        shelf.find("hq", "2026/12/01/q-1.wav")
    with pytest.raises(FileNotFoundError, match="found no folder of recordings of this PBX"):
        shelf.find("branch", "q-1.wav")
    assert shelf.look_at("branch", "q-1.wav", LATER).condition is Condition.NOWHERE


def test_what_was_drawn_of_a_file_goes_with_it(root: Path) -> None:
    """Its picture is gone; those of others stay."""
    write(root / "q-2.wav", TONE)
    shelf = Shelf({"hq": root}, root.parent / "data")
    for name in ("2026/11/20/q-1.wav", "q-2.wav"):
        assert shelf.picture(shelf.look_at("hq", name, LATER)) is not None
    shelf.forget(root / "q-2.wav")
    assert len(list((root.parent / "data").rglob("*.json"))) == 1
