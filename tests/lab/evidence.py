"""Writes docs/evidence-scenarios.md: every captured scenario, truth beside record.

python -m tests.lab.evidence > docs/evidence-scenarios.md
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.lab import claims
from tests.lab.compare import Comparison, compare, load_truth
from tests.lab.table import table
from tests.telephony.calls.streams import CAPTURES, calls_of, events_of, track

RUNS = {
    "plain-22": "Asterisk 22.10, plain dialplan",
    "plain-16": "Asterisk 16.28, plain dialplan",
    "freepbx-22": "Asterisk 22.10, FreePBX-shaped dialplan",
    "freepbx-16": "Asterisk 16.28, FreePBX-shaped dialplan",
    "regression/22.10": "Asterisk 22.10, plain, an earlier recording",
    "regression/16.28": "Asterisk 16.28, plain, an earlier recording",
    "regression/freepbx-22": "Asterisk 22.10, FreePBX-shaped, an earlier recording",
    "regression/freepbx-16": "Asterisk 16.28, FreePBX-shaped, an earlier recording",
}
LIMITED = "limited.raw.xz"

HEAD = """# Evidence, scenario by scenario

Made by `python -m tests.lab.evidence`. Each scenario was played on a real Asterisk with real SIP phones; the truth is
derived
from the phones' and the script's instants only (`tests/lab/truth.py`). *ok* means that parties, DID, agents,
every offering's outcome and ring, wait, talk, hold and consultation (± 0.25 s), transfers and ending of our record all
equal it. The columns show the truth; *phone up* is how long the phone itself was up, compared separately. A difference
would stand in the last column.
"""


def compared(folder: Path, name: str) -> Comparison:
    """Our records of a captured stream beside its truth."""
    records = calls_of(track(events_of(folder / name)))
    return compare(records, load_truth(folder), limited=name == LIMITED)


def summary() -> Iterator[str]:
    """One line a stream."""
    yield "| run | stream | calls | right | lost | doubled or split |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for run, words in RUNS.items():
        for name in ("ami.jsonl.xz", LIMITED):
            if (CAPTURES / run / name).exists():
                yield _summary_row(words, name, compared(CAPTURES / run, name))


def _summary_row(words: str, name: str, found: Comparison) -> str:
    kind = "class-limited user" if name == LIMITED else "all classes"
    right = sum(not pair.differences for pair in found.pairs)
    lost = sum(pair.record is None for pair in found.pairs)
    return f"| {words} | {kind} | {len(found.pairs)} | {right} | {lost} | {len(found.extra)} |"


def scenarios(run: str, words: str) -> Iterator[str]:
    """One table a run, and what the PBX itself claims of transferred calls."""
    folder = CAPTURES / run
    yield f"\n## {words}\n"
    yield from table(compared(folder, "ami.jsonl.xz"), True)
    moved = [call for call in load_truth(folder) if call.get("transfers")]
    yield "\nWhat AgentComplete, queue_log and CDR claim of transferred calls, beside the true talk:\n"
    yield from claims.report(folder, moved, True)


def main() -> None:
    print(HEAD)
    print("\n".join(summary()))
    for run, words in RUNS.items():
        if not run.startswith("regression/"):
            print("\n".join(scenarios(run, words)))


if __name__ == "__main__":
    main()
