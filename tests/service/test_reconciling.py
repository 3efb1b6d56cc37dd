"""A stream with holes and the PBX's logs give each call once, as the phones had it."""

from __future__ import annotations

import json
import lzma
from pathlib import Path
from random import Random

import pytest

from service.importing.sources import Named, Reading, open_sources
from service.reconciling import Reconciled, reconcile
from telephony.pbxlogs.rows import LogKind
from telephony.reconcile.hearing import Verdict
from tests.lab.compare import compare, load_truth
from tests.telephony.calls.streams import CAPTURES, calls_of
from tests.telephony.pbxlogs.captured import log_of
from tests.telephony.pbxlogs.test_captures import is_lacking

FOLDERS = ("plain-22", "plain-16", "freepbx-22", "freepbx-16")
NAMES = [FOLDERS[0], *(pytest.param(name, marks=pytest.mark.slow) for name in FOLDERS[1:])]
HOLES = 3
SHORTEST, LONGEST = 5.0, 20.0


def cut(folder: Path, into: Path, seed: int, *, places: bool) -> Path:
    """The folder's stream without what was said in three stretches; `places`: its lines still tell their place."""
    random = Random(seed)
    with lzma.open(folder / "ami.jsonl.xz", "rt", encoding="utf-8") as file:
        lines = [json.loads(line) for line in file]
    first, last = lines[0]["t"], lines[-1]["t"]
    holes = []
    for _ in range(HOLES):
        start = random.uniform(first + SHORTEST, last - LONGEST)
        holes.append((start, start + random.uniform(SHORTEST, LONGEST)))
    heard = [line for line in lines if not any(start <= line["t"] < end for start, end in holes)]
    if not places:
        heard = [{"t": line["t"], "packet": line["packet"]} for line in heard]
    path = into / f"{folder.name}-{seed}.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in heard), encoding="utf-8")
    return path


def reconciled(folder: Path, stream: Path) -> Reconciled:
    """The stream with all logs of its folder."""
    named = [Named(kind, str(log_of(folder, kind.value))) for kind in LogKind]
    return reconcile([stream], open_sources(named, Reading()), "pbx")


@pytest.mark.parametrize(
    "seed", [0, pytest.param(1, marks=pytest.mark.slow), pytest.param(2, marks=pytest.mark.slow)]
)
@pytest.mark.parametrize("name", NAMES)
def test_every_call_is_there_once_though_the_stream_was_cut_three_times(
    name: str, seed: int, tmp_path: Path
) -> None:
    """Calls, parties, agents, answers, endings, minutes are those of the phones, be a hole told of or not."""
    folder = CAPTURES / name
    found = reconciled(folder, cut(folder, tmp_path, seed, places=seed % 2 == 0))
    told = compare(calls_of(found.facts), load_truth(folder), tolerance=1.2, limited=True)
    wrong = [each for each in told.discrepancies if not is_lacking(each.scenario, each.field)]
    assert wrong == []
    assert found.verdicts[Verdict.TOUCHED] + found.verdicts[Verdict.UNHEARD] > 0


@pytest.mark.parametrize("name", NAMES)
def test_a_stream_without_holes_is_believed_whole(name: str) -> None:
    """Nothing is rebuilt that was heard; what the logs say more is left alone."""
    folder = CAPTURES / name
    found = reconciled(folder, folder / "ami.jsonl.xz")
    told = compare(calls_of(found.facts), load_truth(folder))
    assert told.discrepancies == []
    assert found.verdicts[Verdict.TOUCHED] == 0
