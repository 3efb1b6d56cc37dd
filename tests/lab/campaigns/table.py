"""A verdict as a table: a line for each behaviour and mode, then each thing that is not as it should be. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from schedulers.campaigns.records import LIVE, Evidence, Phase
from tests.lab.campaigns.judging import Judged, Verdict

PHASES = (*(phase for phase in Phase if phase not in LIVE),)
FIRST, WIDTH = 16, 15
MOST = 40


def table(verdict: Verdict) -> Iterator[str]:
    """Its lines."""
    yield _line("", ("mode", "attempts", *PHASES, "wrong"))
    keys = sorted({(each.behaviour, each.case.attempt.mode) for each in verdict.attempts})
    for behaviour, mode in keys:
        listed = [
            each for each in verdict.attempts if (each.behaviour, each.case.attempt.mode) == (behaviour, mode)
        ]
        yield _row(behaviour, mode, listed)
    yield _row("all", "", verdict.attempts)
    yield from list(complaints(verdict))[:MOST]


def complaints(verdict: Verdict) -> Iterator[str]:
    """A line for each."""
    yield from (f"double: {each}" for each in verdict.doubles)
    yield from (f"forgotten: {each}" for each in verdict.forgotten)
    yield from (f"of no attempt: {each}" for each in verdict.strays)
    for each in verdict.attempts:
        if each.wrong:
            attempt = each.case.attempt
            yield f"{attempt.channel_id} {each.behaviour} ({attempt.evidence}): {'; '.join(each.wrong)}"


def figure(verdict: Verdict) -> dict[str, Any]:
    """What is counted, for the last line of a run."""
    phases = Counter(each.case.attempt.phase for each in verdict.attempts)
    evidence = Counter(each.case.attempt.evidence for each in verdict.attempts)
    return {
        "attempts": len(verdict.attempts),
        **{phase.value: phases[phase] for phase in Phase if phases[phase]},
        "by_logs": evidence[Evidence.LOGS],
        "wrong": verdict.wrong,
        "doubles": len(verdict.doubles),
        "forgotten": len(verdict.forgotten),
        "strays": len(verdict.strays),
    }


def _row(first: str, mode: str, listed: Iterable[Judged]) -> str:
    judged = list(listed)
    phases = Counter(each.case.attempt.phase for each in judged)
    cells = (mode, len(judged), *(phases[phase] for phase in PHASES), sum(bool(each.wrong) for each in judged))
    return _line(first, cells)


def _line(first: str, cells: Iterable[object]) -> str:
    return f"{first:{FIRST}}" + "".join(f"{cell!s:>{WIDTH}}" for cell in cells)
