"""The comparison as a table: one line a call."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.lab.compare import Comparison, Pair

COLUMNS = (
    "scenario",
    "agents",
    "offerings",
    "ring",
    "wait",
    "talk",
    "hold",
    "consult",
    "transfers",
    "ended by",
    "phone up",
    "verdict",
)


def table(comparison: Comparison, markdown: bool) -> Iterator[str]:
    """One line a call: the truth's figures, and ok or what differs."""
    rows = [row(pair) for pair in comparison.pairs]
    if markdown:
        yield "| " + " | ".join(COLUMNS) + " |"
        yield "|" + " --- |" * len(COLUMNS)
        for cells in rows:
            yield "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
        return
    for cells in rows:
        yield f"{cells[0]:42} {cells[-1]}"


def row(pair: Pair) -> list[str]:
    call = pair.truth
    talked = [t for t in call["talks"] if t["kind"] != "consult"]
    verdict = (
        "ok"
        if not pair.differences
        else "; ".join(f"{d.field}: {plain(d.expected)} but {plain(d.found)}" for d in pair.differences)
    )
    return [
        call["scenario"],
        " ".join(dict.fromkeys(o["agent"] for o in call["offerings"])),
        " ".join(f"{o['agent']} {o['outcome']}" for o in call["offerings"]),
        " ".join(plain(o["ring_seconds"]) for o in call["offerings"]),
        " ".join(f"{v['queue']} {plain(v['wait_seconds'])} {v['ended']}" for v in call["queue_visits"]),
        " ".join(f"{t['agent']} {plain(t['talk_seconds'])}" for t in talked),
        " ".join(f"{t['agent']} {plain(t['hold_seconds'])}" for t in talked if t["hold_seconds"]),
        " ".join(f"{t['agent']} {plain(t['talk_seconds'])}" for t in call["talks"] if t["kind"] == "consult"),
        " ".join(
            f"{plain(t['kind'])} {plain(t['by'])}→{plain(t['to'])}{'' if t['completed'] else ' (not completed)'}"
            for t in call["transfers"] or ()
        ),
        plain(call["ended_by"]),
        " ".join(f"{agent} {plain(s)}" for agent, s in call["phone_up_seconds"].items()),
        verdict,
    ]


def plain(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, float):
        return f"{value:.2f}"
    if isinstance(value, list):
        return "/".join(plain(v) for v in value)
    return str(value)
