"""Where each agent's voice is in each file of captures, beside where the service says: a document in Markdown.

    python -m tests.lab.voices CAPTURE [CAPTURE ...] > docs/evidence-recordings.md

Each capture is made by `tests.lab.run --voices`. Ends with status 1 if an edge is off by more than a tenth of a second,
or a voice is missing.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tests.lab.voices.checking import Row, check

HEAD = """# Evidence, recording by recording

Made by `python -m tests.lab.voices`. Each phone plays a tone of its own without a pause over a real Asterisk;
where it is heard in a file is measured by frames of 20 ms (`tests/lab/voices/tones.py`). Where it should be
heard follows from the PBX's events alone (`analytics/recordings/axis.py`, `linking.py`): talk less hold, in the
file's own time. *Length off* is by how much a file is longer than the events say. Edges that a key made are
compared with what the PBX does then: no voice while a key is pressed (0.16 s), a beep to the agents before
theirs is let through (0.46 s). The runs shared two cores with other work, so packets came late now and then:
what is further off than 0.1 s came of that, and the same calls made again are in the runs *again*.

A dash under *heard* is a voice that the PBX did not write, though the customer heard it: 22.10 leaves it out,
16.28 does not ([what was seen](../tests/lab/OBSERVED.md), 82).

| run | agents in files | within 0.1 s | further off | not written by the PBX |
|---|---|---|---|---|"""
TABLE = """| scenario | file | axis | length off, ms | agent | by the events, s | heard, s | worst edge, ms |
|---|---|---|---|---|---|---|---|"""


def summary(run: str, rows: list[Row]) -> str:
    """A run in one line."""
    right, lost = sum(row.right for row in rows), sum(row.lost for row in rows)
    return f"| {run} | {len(rows)} | {right} | {len(rows) - right - lost} | {lost} |"


def line(row: Row) -> str:
    """One agent in one file."""
    worst = "–" if row.lost else "**differs**" if row.worst_ms is None else f"{row.worst_ms}"
    cells = (row.scenario, row.layout.value, row.axis.value, f"{row.off_ms:+d}", row.agent)
    shown = worst if row.right or row.lost else f"**{worst.strip('*')}**"
    return "| " + " | ".join((*cells, _seconds(row.expected), _seconds(row.measured), shown)) + " |"


def _seconds(stretches: tuple[tuple[int, int], ...]) -> str:
    return ", ".join(f"{start / 1000:.2f}–{end / 1000:.2f}" for start, end in stretches) or "–"


def main(captures: list[str]) -> int:
    runs = {Path(folder).name: check(Path(folder)) for folder in captures}
    print("\n".join([HEAD, *(summary(run, rows) for run, rows in runs.items())]))
    for run, rows in runs.items():
        print("\n".join(["", f"## {run}", "", TABLE, *map(line, rows)]))
    return 0 if all(row.right for rows in runs.values() for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
