"""Compares three tellers of the same calls: the PBX's CEL (which there were), the phones (who talked how long), and
the service. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from tests.lab.faults.pbx_calls import PbxCall
from tests.lab.faults.truth import TrueCall

TOLERANCE = 1.0  # seconds of talk and hold, per agent and call
START_SLACK = 2.0  # seconds between the phone's INVITE and the channel's start
Record = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One call that the PBX knows, with what the phones and the service say of it."""

    pbx: PbxCall
    truth: TrueCall | None
    records: tuple[Record, ...]
    wrong: tuple[str, ...]  # what the service says otherwise than the phones

    @property
    def shape(self) -> str:
        return "not of the phones" if self.truth is None else self.truth.shape

    @property
    def known(self) -> str:
        return str(self.records[0]["known"]) if self.records else "lost"

    @property
    def is_right(self) -> bool:
        return len(self.records) == 1 and not self.wrong and self.truth is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """All calls; what only the service tells of; what only the phones know."""

    calls: tuple[Judged, ...]
    extra: tuple[Record, ...]
    unheard: tuple[TrueCall, ...]

    @property
    def lost(self) -> int:
        return sum(not call.records for call in self.calls)

    @property
    def doubled(self) -> int:
        """Records too many: of a call that has one, and of none."""
        return sum(max(0, len(call.records) - 1) for call in self.calls) + len(self.extra)

    @property
    def wrong(self) -> int:
        return sum(bool(call.wrong) for call in self.calls)

    @property
    def unexplained(self) -> int:
        """Calls that the phones should have known, or the PBX: then this judge is not to be trusted."""
        return sum(call.truth is None for call in self.calls) + sum(bool(call.seconds) for call in self.unheard)

    @property
    def is_clean(self) -> bool:
        return not (self.lost or self.doubled or self.wrong or self.unexplained)

    def figure(self) -> dict[str, int]:
        return {
            "calls": len(self.calls),
            "lost": self.lost,
            "doubled": self.doubled,
            "wrong": self.wrong,
            "unexplained": self.unexplained,
        }


def judge(pbx_calls: Sequence[PbxCall], truths: Iterable[TrueCall], records: Iterable[Record]) -> Verdict:
    """Give every call its truth and its records, and compare."""
    left = list(truths)
    records_of: dict[int, list[Record]] = {}
    by_id = {each: n for n, call in enumerate(pbx_calls) for each in call.ids}
    extra = []
    for record in records:
        places = {by_id[each] for each in ids_of(record) if each in by_id}
        for place in places:
            records_of.setdefault(place, []).append(record)
        if not places:
            extra.append(record)
    judged = []
    for n, call in enumerate(pbx_calls):
        truth = next((each for each in left if is_same(call, each)), None)
        if truth is not None:
            left.remove(truth)
        told = tuple(records_of.get(n, ()))
        wrong = tuple(differences(truth, told[0])) if truth is not None and told else ()
        judged.append(Judged(pbx=call, truth=truth, records=told, wrong=wrong))
    return Verdict(calls=tuple(judged), extra=tuple(extra), unheard=tuple(left))


def is_same(call: PbxCall, truth: TrueCall) -> bool:
    """Numbers are a customer's own; between two agents the moment tells."""
    numbers = (call.caller, call.dialled) == (truth.caller, truth.dialled)
    return numbers and abs(call.at - truth.at) <= START_SLACK


def ids_of(record: Record) -> set[str]:
    """The channels' ids that a record names as its own."""
    named = [record["call_id"], *(record["alias_ids"] or ())]
    return {str(each).partition("/")[2] or str(each) for each in named} | {str(record["linkedid"])}


def differences(truth: TrueCall, record: Record) -> Iterator[str]:
    """Seconds of talk and hold per agent, and whether a human answered at all."""
    told = seconds_of(record, "internal" if truth.internal else "customer")
    for agent in sorted({*truth.seconds, *told}):
        expected, found = truth.seconds.get(agent, 0.0), told.get(agent, 0.0)
        if abs(expected - found) > TOLERANCE:
            yield f"{agent} talked {expected:.3f} s, told {found:.3f} s"
    if any(seconds > TOLERANCE for seconds in truth.seconds.values()) and not record["answered"]:
        yield f"answered, told {record['disposition']}"
    if not truth.seconds and record["answered"]:
        yield "not answered, told answered"


def seconds_of(record: Record, kind: str) -> dict[str, float]:
    """Talk and hold per agent, of the talks that count in a call of this kind."""
    found: dict[str, float] = {}
    for talk in record["talks"]:
        if talk["kind"] in (kind, "conference") and talk["agent"]:
            seconds = (talk["talk_seconds"] or 0.0) + (talk["hold_seconds"] or 0.0)
            found[talk["agent"]] = found.get(talk["agent"], 0.0) + seconds
    return found
