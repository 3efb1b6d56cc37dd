"""How a call of the truth, a part of it or a phone's ring counts: by the rulebooks' words, apart from our formulas.

Pure. Each function that judges gives all answers that the truth leaves possible. Durations are seconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from tests.lab.instants import seconds_between
from tests.lab.truth import Call

NEAR = 0.2
"""As near to a limit as that, a duration may lie on either side; phones and PBX were never seen so far apart."""

WITH_CUSTOMER = ("customer", "conference")
BY_A_COLLEAGUE = ["direct", "transfer"]
"""The source of a phone that a colleague rang: the truth leaves open how the PBX names it."""
OUTCOMES = {
    "no_answer": "ring_no_answer",
    "declined": "ring_declined",
    "busy": "ring_busy",
    "unreachable": "ring_unreachable",
    "answered_elsewhere": "ring_answered_elsewhere",
    "failed": "ring_failed",
}
LOSSES = {"ring_no_answer", "ring_declined", "ring_caller_gave_up_late"}
IN_RATE = LOSSES | {"ring_within", "ring_late"}
OVERFLOWED = ("timeout", "exit_key", "exit_empty", "removed")
REFUSED = ("full", "join_empty")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What figures are judged by, in seconds; as a policy has them by default."""

    ring: float = 15.0
    short_talk: float = 5.0
    short_abandon: float = 5.0
    handled: float = 180.0
    wait: float = 20.0


def names_of_visit(limits: Limits, ended: str, wait: float | None) -> list[list[str]]:
    """What a caller's stay in a queue counts as; an overflowed one counts in the queue that it left."""
    if ended == "answered":
        within = ["visits_answered_within"]
        return [["visits", "visits_answered", *(within if yes else [])] for yes in up_to(wait, limits.wait)]
    if ended == "abandoned":
        short = ["visits_abandoned_short"]
        return [
            ["visits", "visits_abandoned", *(short if yes else [])] for yes in up_to(wait, limits.short_abandon)
        ]
    more = {"timeout": ["visits_timeout"]}.get(ended, [])
    more += ["visits_overflowed"] if ended in OVERFLOWED else []
    more += ["visits_refused"] if ended in REFUSED else []
    return [["visits", *more]]


def names_of_part(
    limits: Limits, talk: Sequence[Any], whole: Sequence[Any], names: tuple[str, str, str]
) -> list[list[str]]:
    """Of a talk and the time from its beginning to its end: short, else handled, soon or not."""
    short, handled, within = names
    possible: list[list[str]] = []
    for is_short in {yes for each in talk for yes in up_to(each, limits.short_talk)}:
        if is_short:
            possible.append([short])
        else:
            soon = {yes for each in whole for yes in up_to(each, limits.handled)}
            possible += [[handled, within] if yes else [handled] for yes in soon]
    return possible


def names_of_ring(limits: Limits, outcome: str, offering: Call) -> list[str]:
    """What an offering is in the agent's view: equality with the limit is late, giving up before it nobody's fault."""
    if outcome in OUTCOMES:
        return [OUTCOMES[outcome]]
    never_rang = offering["source"] == "pickup"  # this phone: its owner took the call from a colleague's
    early = up_to(0.0 if never_rang else offering["ring_seconds"], limits.ring)
    if outcome == "answered":
        return ["ring_within" if yes else "ring_late" for yes in early]
    return ["ring_caller_gave_up_early" if yes else "ring_caller_gave_up_late" for yes in early]


def counts(call: Call, offering: Call) -> bool:
    """Whether it is an offering of a customer's call: not an agent's own, not a colleague's, no consultation."""
    if call["direction"] == "internal" or offering["source"] == "originate":
        return False
    return offering["source"] != BY_A_COLLEAGUE or rang_for_the_customer(call, offering)


def rang_for_the_customer(call: Call, offering: Call) -> bool:
    """Whether the colleague had let go of the customer before this phone was answered: no consultation then."""
    ring = offering["ring_seconds"] or 0.0
    return any(
        each["to"] in (offering["agent"], None)
        and (each["at"] is None or (seconds_between(offering["at"], each["at"]) or 0.0) < ring)
        for each in call["transfers"] or ()
    )


def several(value: Any) -> list[Any]:
    """What a value may be."""
    return value if isinstance(value, list) else [value]


def up_to(seconds: float | None, limit: float) -> list[bool]:
    """Whether a duration lies below a limit; both where it is unknown, or as near as the phones can tell."""
    if seconds is None or abs(seconds - limit) <= NEAR:
        return [True, False]
    return [seconds < limit]


def parts(call: Call) -> dict[str, list[Call]]:
    """Each agent's talks with the customer."""
    found: dict[str, list[Call]] = {}
    for talk in call["talks"]:
        if talk["kind"] in WITH_CUSTOMER or set(several(talk["kind"])) <= set(WITH_CUSTOMER):
            found.setdefault(talk["agent"], []).append(talk)
    return found


def total(talks: Iterable[Call], name: str) -> list[Any]:
    """The possible sums of a field; of an unknown one nothing is known."""
    sums: list[float] = [0.0]
    for talk in talks:
        if talk[name] is None:
            return [None]
        sums = [one + each for one in sums for each in several(talk[name])]
    return sums


def length(part: Call) -> float:
    """Seconds of a stretch, or of a call."""
    begin, end = part.get("from", part.get("started_at")), part.get("to", part.get("ended_at"))
    return seconds_between(begin, end) or 0.0
