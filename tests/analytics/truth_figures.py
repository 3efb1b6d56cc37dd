"""Figures counted by hand from what the phones did: plain sums over the truth of a captured run.

Pure, and apart from all that it judges: it reads what `tests.lab.truth` derives from the phones' instants and
the scripts, and knows neither an event of the PBX nor a formula of ours. What counts is read in the rulebooks'
words. Durations are milliseconds.

A figure has a least and a greatest value. They differ by the accuracy of the phones for each duration that is
summed, and by what the truth leaves open (a list of values, or none): each such place is named in `left_open`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from tests.analytics.truth_counts import (
    IN_RATE,
    LOSSES,
    Limits,
    counts,
    length,
    names_of_part,
    names_of_ring,
    names_of_visit,
    parts,
    several,
    total,
    up_to,
)
from tests.lab.compare import TOLERANCE
from tests.lab.instants import iso, seconds_between
from tests.lab.stories import Entry, read
from tests.lab.truth import Call, expected_calls

Key = tuple[str, str, str]
"""Of what (agent, queue, centre), of which of them, and which figure."""

DISPOSITIONS = {
    "answered": "inbound_answered",
    "abandoned": "inbound_abandoned",
    "picked_up": "inbound_menu_only",
    "voicemail": "inbound_voicemail",
    "no_answer": "inbound_lost",
    "busy": "inbound_lost",
    "failed": "inbound_lost",
}


@dataclass(slots=True)
class Bounds:
    """The least and the greatest value that a figure may have."""

    low: int = 0
    high: int = 0

    def add(self, low: int, high: int) -> None:
        """Add a part."""
        self.low += low
        self.high += high


@dataclass(slots=True, kw_only=True)
class ByHand:
    """The figures of a call, or of several; and what of them the truth leaves open, as (scenario, figure)."""

    limits: Limits
    figures: dict[Key, Bounds] = field(default_factory=dict)
    left_open: set[tuple[str, str]] = field(default_factory=set)

    def count(self, of: str, who: str, possible: Iterable[Iterable[str]], scenario: str) -> None:
        """One more of what counts under these names; of several possible sets of names, whichever it was."""
        sets = [frozenset(each) for each in possible]
        for name in frozenset().union(*sets):
            certain = all(name in each for each in sets)
            self._bounds(of, who, name).add(int(certain), 1)
            if not certain:
                self.left_open.add((scenario, name))

    def time(self, of: str, who: str, name: str, seconds: Sequence[float | None], call: Call) -> None:
        """More time, within the phones' accuracy: one of these; up to the call's own length where it is unknown."""
        known = [each for each in seconds if each is not None] or [0.0, length(call)]
        if len(set(known)) > 1:
            self.left_open.add((call["scenario"], name))
        low, high = max(0.0, min(known) - TOLERANCE), max(known) + TOLERANCE
        self._bounds(of, who, name).add(round(low * 1000), round(high * 1000))

    def absorb(self, other: ByHand) -> None:
        """Add another call's figures."""
        for key, bounds in other.figures.items():
            self._bounds(*key).add(bounds.low, bounds.high)
        self.left_open |= other.left_open

    def _bounds(self, of: str, who: str, name: str) -> Bounds:
        return self.figures.setdefault((of, who, name), Bounds())


def calls_by_hand(entries: Sequence[Entry], limits: Limits) -> list[tuple[Call, ByHand]]:
    """Each call of a run's truth with its figures."""
    freepbx = any(str(e.get("queue", "")).isdigit() or e.get("flavour") == "freepbx" for e in entries)
    made = []
    for entry in entries:
        party = read(entry, freepbx).party
        left = iso(party.end) if party is not None and party.is_customer else None
        for call in expected_calls(entry, freepbx):
            figures = ByHand(limits=limits)
            _add_call(figures, call, left or call["ended_at"])
            made.append((call, figures))
    return made


def summed(calls: Iterable[tuple[Call, ByHand]], limits: Limits) -> ByHand:
    """The figures of several calls, added up."""
    made = ByHand(limits=limits)
    for _, figures in calls:
        made.absorb(figures)
    return made


def _add_call(made: ByHand, call: Call, left: str | None) -> None:
    _add_fate(made, call)
    _add_visits(made, call)
    _add_talks(made, call)
    _add_offerings(made, call)
    _add_transfers(made, call)
    if call["direction"] == "inbound":
        _add_caller(made, call, left)
    if call["direction"] != "internal":
        _add_handling(made, call, left)


def _add_fate(made: ByHand, call: Call) -> None:
    direction = call["direction"]
    made.count("centre", "", [["calls", f"calls_{direction}"]], call["scenario"])
    if direction == "inbound":
        names = [[DISPOSITIONS[each]] for each in several(call["disposition"])]
        made.count("centre", "", names, call["scenario"])
    elif direction == "outbound" and call["disposition"] == "answered":
        made.count("centre", "", [["outbound_answered"]], call["scenario"])


# -- queues ---------------------------------------------------------------------------------------


def _add_visits(made: ByHand, call: Call) -> None:
    for visit in call["queue_visits"]:
        possible = names_of_visit(made.limits, visit["ended"], visit["wait_seconds"])
        if visit.get("optional"):
            possible.append([])
        made.count("queue", visit["queue"], possible, call["scenario"])
        if visit["ended"] in ("answered", "abandoned"):
            made.time("queue", visit["queue"], f"{visit['ended']}_wait", [visit["wait_seconds"]], call)


# -- agents ---------------------------------------------------------------------------------------


def _add_talks(made: ByHand, call: Call) -> None:
    """Each agent's own part of a call: his time with the customer, holds cut out, and whether it was soon done."""
    for agent, talks in parts(call).items():
        talk, hold = total(talks, "talk_seconds"), total(talks, "hold_seconds")
        made.time("agent", agent, "exact_talk_minutes", talk, call)
        made.time("agent", agent, f"talk_{call['direction']}_minutes", talk, call)
        made.time("agent", agent, "hold_minutes", hold, call)
        whole = [sum(length(each) for each in talks)] if all(each["from"] for each in talks) else [None]
        handled = ["calls_handled", f"calls_handled_{call['direction']}"]
        names = names_of_part(
            made.limits, talk, whole, ("calls_handled_short", "own_handled", "own_handled_within")
        )
        made.count("agent", agent, [[*handled, *each] for each in names], call["scenario"])


def _add_offerings(made: ByHand, call: Call) -> None:
    for offering in call["offerings"]:
        if not counts(call, offering):
            continue
        possible = []
        for outcome in several(offering["outcome"]):
            for name in names_of_ring(made.limits, outcome, offering):
                in_rate = ["ring_offered"] if name in IN_RATE else []
                possible.append([name, *in_rate, *(["ring_losses"] if name in LOSSES else [])])
        made.count("agent", offering["agent"], possible, call["scenario"])


def _add_transfers(made: ByHand, call: Call) -> None:
    if call["transfers"] is None:
        for agent in {offering["agent"] for offering in call["offerings"]}:
            made.count("agent", agent, [["transfers"], ["transfers_failed"], []], call["scenario"])
    for each in call["transfers"] or ():
        if each["by"] is not None and each["kind"] != "pickup":
            possible = [["transfers" if done else "transfers_failed"] for done in several(each["completed"])]
            made.count("agent", each["by"], possible, call["scenario"])


# -- callers and calls ----------------------------------------------------------------------------


def _add_caller(made: ByHand, call: Call, left: str | None) -> None:
    """From the first phone that rang for him to the first human, or to his leaving."""
    offerings = [each for each in call["offerings"] if counts(call, each) and each["outcome"] != "busy"]
    if not offerings:
        made.count("centre", "", [["caller_never_rang"]], call["scenario"])
        return
    reached = seconds_between(min(each["at"] for each in offerings), call["answered_at"] or left)
    names = ("caller_gave_up_early", "caller_not_answered")
    in_time, late = ("caller_within", "caller_late") if call["answered"] else names
    possible = [["callers_rung", in_time if early else late] for early in up_to(reached, made.limits.ring)]
    made.count("centre", "", possible, call["scenario"])


def _add_handling(made: ByHand, call: Call, left: str | None) -> None:
    """From the first human answer to the customer's end, hold included; short calls stand apart."""
    if not call["answered"]:
        return
    whole = seconds_between(call["answered_at"], left)
    talks = [each for part in parts(call).values() for each in part]
    talk = total(talks, "talk_seconds") if talks else [whole]
    names = names_of_part(made.limits, talk, [whole], ("short_calls", "handled", "handled_within"))
    made.count("centre", "", [["customer_talks", *each] for each in names], call["scenario"])
