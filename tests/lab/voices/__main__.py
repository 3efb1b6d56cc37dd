"""Where each agent's voice is in each file of captures, beside where the service says: a table in Markdown.

    python -m tests.lab.voices CAPTURE [CAPTURE ...]        # each made by tests.lab.run --voices

Ends with status 1 if an edge is off by more than a tenth of a second.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tests.lab.voices.checking import Row, check


def line(capture: str, row: Row) -> str:
    """One row of the table."""
    worst = "**differs**" if row.worst_ms is None else f"{row.worst_ms}" if row.right else f"**{row.worst_ms}**"
    cells = (capture, row.scenario, row.layout.value, row.axis.value, f"{row.off_ms:+d}", row.agent)
    return "| " + " | ".join((*cells, _seconds(row.expected), _seconds(row.measured), worst)) + " |"


def _seconds(stretches: tuple[tuple[int, int], ...]) -> str:
    return ", ".join(f"{start / 1000:.2f}–{end / 1000:.2f}" for start, end in stretches) or "–"


def main(captures: list[str]) -> int:
    wrong = 0
    print(
        "| run | scenario | file | axis | length off, ms | agent | by the events, s | heard, s | worst edge, ms |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    for folder in captures:
        rows = check(Path(folder))
        wrong += sum(not row.right for row in rows)
        print("\n".join(line(Path(folder).name, row) for row in rows))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
