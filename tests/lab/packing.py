"""Puts a capture together: Asterisk's own records, ids and recordings in the truth, compression."""

from __future__ import annotations

import json
import lzma
import shutil
import wave
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tests.lab.ami import Packet, get

Truth = list[dict[str, Any]]
PACKED = ("ami.raw", "ami.jsonl", "limited.raw", "cel.csv")


def collect(paths: dict[str, str], out: Path) -> None:
    """Copy what Asterisk wrote."""
    log = Path(paths["log"])
    for source, name in (
        (Path(paths["cdr"]), "cdr.csv"),
        (Path(paths["cel"]), "cel.csv"),
        (Path(paths["queue_log"]), "queue_log"),
        (log / "cdr-custom/cdr-freepbx.csv", "cdr-freepbx.csv"),
        (log / "messages.log", "messages.log"),
    ):
        if source.exists():
            shutil.copy(source, out / name)


def attach_ids(truth: Truth, packets: Iterable[tuple[float, Packet]], recordings: Path) -> None:
    """Give each entry its channel's ids, found by its number, and its recordings.

    The ids only say which records of the PBX an entry is about; nothing is measured by them.
    """
    channels = [(t, p) for t, p in packets if get(p, "Event") == "Newchannel"]
    files = sorted(path for path in recordings.rglob("*") if path.is_file())
    for entry in truth:
        packet = first_channel(entry, channels)
        if packet is not None:
            entry["uniqueid"], entry["linkedid"] = get(packet, "Uniqueid"), get(packet, "Linkedid")
        entry["recordings"] = [recording(path, recordings) for path in files if belongs(path.name, entry, channels)]


def first_channel(entry: dict[str, Any], channels: list[tuple[float, Packet]]) -> Packet | None:
    """The channel of a customer who calls has his number; else it is the first from then on."""
    since = [p for t, p in channels if t >= (entry.get("t_invite") or entry["t_begin"]) - 0.001]
    if entry["direction"] == "in" and entry.get("caller"):
        since = [p for p in since if get(p, "CallerIDNum") == entry["caller"]] or since
    elif entry.get("channel_id"):
        since = [p for p in since if get(p, "Uniqueid") == entry["channel_id"]] or since
    return since[0] if since else None


def belongs(name: str, entry: dict[str, Any], channels: list[tuple[float, Packet]]) -> bool:
    """A file begins with the caller's uniqueid, or (FreePBX) ends with that of one of the call's channels."""
    if not entry.get("uniqueid"):
        return False
    ends = tuple(f"-{get(p, 'Uniqueid')}.wav" for _, p in channels if get(p, "Linkedid") == entry["linkedid"])
    return name.startswith((entry["uniqueid"] + ".", entry["uniqueid"] + "-")) or name.endswith(ends)


def recording(path: Path, root: Path) -> dict[str, Any]:
    seconds = None
    if path.suffix == ".wav":
        with wave.open(str(path)) as sound:
            seconds = round(sound.getnframes() / sound.getframerate(), 3)
    return {"file": str(path.relative_to(root)), "bytes": path.stat().st_size, "seconds": seconds}


def write_truth(truth: Truth, out: Path) -> None:
    (out / "truth.json").write_text(json.dumps(truth, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def compress(out: Path) -> None:
    """Replace the large files by .xz."""
    for name in PACKED:
        path = out / name
        if path.exists():
            with path.open("rb") as source, lzma.open(out / (name + ".xz"), "wb") as target:
                shutil.copyfileobj(source, target)
            path.unlink()
