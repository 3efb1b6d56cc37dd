"""Compares call records with what really happened.

    python -m tests.lab.compare CAPTURE_DIR CALLS.jsonl [--table] [--limited]

``CALLS.jsonl`` is the output of ``threerings replay FILE --calls --json``.  Each call of the
truth is matched with exactly one record; what is left over on either side is a lost, doubled
or split call.  Exit status 1 if anything differs.  The comparison is pure; only ``main`` reads.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.lab import claims
from tests.lab.instants import seconds_between
from tests.lab.matching import agrees, match
from tests.lab.table import table
from tests.lab.truth import Call, derive

TOLERANCE = 0.25  # seconds; the phones' and the PBX's clocks are the same

SCALARS = (
    "direction",
    "caller",
    "caller_name",
    "called",
    "did",
    "customer",
    "customer_withheld",
    "answered",
    "disposition",
    "ended_by",
    "attempt_id",
)
INSTANTS = ("started_at", "answered_at", "ended_at")
# Values that hold although the truth says null ("never answered", "withheld").
NULL_MEANS_NULL = {"answered_at": "answered", "customer": "customer_withheld"}
FROM_LOGS = {"repaired", "inferred"}
WITH_CUSTOMER = {"customer", "conference"}
# What a stream without class dialplan (and without a telling UserEvent) cannot know.
HIDDEN_ENDS = {"timeout", "exit_key", "exit_empty", "full", "join_empty"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Discrepancy:
    """One difference: in which scenario, at what, truth against record."""

    scenario: str
    field: str
    expected: Any
    found: Any

    def __str__(self) -> str:
        return f"{self.scenario}: {self.field}: expected {self.expected!r}, found {self.found!r}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A call of the truth and its record (None: lost), with what differs."""

    truth: Call
    record: Call | None
    differences: tuple[Discrepancy, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """All pairs, and the records that belong to no call."""

    pairs: tuple[Pair, ...]
    extra: tuple[Discrepancy, ...]

    @property
    def discrepancies(self) -> list[Discrepancy]:
        return [d for pair in self.pairs for d in pair.differences] + list(self.extra)


def compare(
    records: Sequence[Call], truth: Sequence[Call], *, tolerance: float = TOLERANCE, limited: bool = False
) -> Comparison:
    """Match and compare.  ``limited``: the stream had no class dialplan, so queue exits may be unknown."""
    matched = match(records, truth)
    pairs = tuple(
        Pair(truth=call, record=record, differences=tuple(differences(call, record, tolerance, limited)))
        for call, record in zip(truth, matched, strict=True)
    )
    taken = {id(record) for record in matched}
    extra = tuple(stray(record, pairs) for record in records if id(record) not in taken)
    return Comparison(pairs=pairs, extra=extra)


def stray(record: Call, pairs: Sequence[Pair]) -> Discrepancy:
    """A record that matches no call: named by the scenario in whose time it lies."""
    name, kind = "(before the first scenario)", "extra record"
    for pair in pairs:
        apart = seconds_between(pair.truth["started_at"], record["started_at"])
        if apart is not None and apart >= -0.5:
            name = pair.truth["scenario"]
        same = pair.record is not None and pair.record.get("linkedid") == record.get("linkedid")
        if same or (record.get("customer") and record.get("customer") == pair.truth["customer"]):
            name, kind = pair.truth["scenario"], "doubled or split call"
            break
    found = {
        key: record.get(key) for key in ("call_id", "direction", "caller", "called", "disposition", "started_at")
    }
    return Discrepancy(scenario=name, field=kind, expected=None, found=found)


# --- one call -------------------------------------------------------------------------------


def differences(call: Call, record: Call | None, tolerance: float, limited: bool) -> Iterator[Discrepancy]:
    """What a record says otherwise than the truth."""
    name = call["scenario"]
    if record is None:
        yield Discrepancy(scenario=name, field="lost call", expected=outline(call), found=None)
        return
    for field, expected, found in (
        *scalar_differences(call, record),
        *instant_differences(call, record, tolerance),
        *visit_differences(call, record, tolerance, limited),
        *offering_differences(call, record, tolerance),
        *talk_differences(call, record, tolerance),
        *transfer_differences(call, record),
        *digit_differences(call, record),
    ):
        yield Discrepancy(scenario=name, field=field, expected=expected, found=found)


Found = Iterator[tuple[str, Any, Any]]


def outline(call: Call) -> dict[str, Any]:
    return {key: call[key] for key in ("direction", "caller", "called", "customer", "disposition", "started_at")}


def scalar_differences(call: Call, record: Call) -> Found:
    for field in SCALARS:
        expected, found = call[field], record.get(field)
        if expected is None and not call.get(NULL_MEANS_NULL.get(field, "")):
            continue
        if not agrees(expected, found):
            yield field, expected, found


def instant_differences(call: Call, record: Call, tolerance: float) -> Found:
    for field in INSTANTS:
        expected, found = call[field], record.get(field)
        if expected is None:
            if field == "answered_at" and call["answered"] is False and found is not None:
                yield field, None, found
            continue
        apart = seconds_between(expected, found)
        late = call.get("late_seconds", 0.0) if field == "started_at" else 0.0
        if apart is None or not -tolerance <= apart <= late + tolerance:
            yield field, expected, found


def visit_differences(call: Call, record: Call, tolerance: float, limited: bool) -> Found:
    wanted, got = list(call["queue_visits"]), list(record.get("queue_visits") or ())
    wanted = [v for v in wanted if not (v.get("optional") and not any(g["queue"] == v["queue"] for g in got))]
    if [v["queue"] for v in wanted] != [v["queue"] for v in got]:
        yield (
            "queue_visits",
            [(v["queue"], v["ended"]) for v in wanted],
            [(v["queue"], v["ended"]) for v in got],
        )
        return
    for n, (expected, found) in enumerate(zip(wanted, got, strict=True)):
        place = f"queue_visits[{n}]"
        unknown = limited and found["ended"] == "unknown" and expected["ended"] in HIDDEN_ENDS
        if not agrees(expected["ended"], found["ended"]) and expected["ended"] is not None and not unknown:
            yield f"{place}.ended", expected["ended"], found["ended"]
        if not near(expected["wait_seconds"], found["wait_seconds"], tolerance):
            yield f"{place}.wait_seconds", expected["wait_seconds"], found["wait_seconds"]


def offering_differences(call: Call, record: Call, tolerance: float) -> Found:
    wanted, got = by_agent(call["offerings"], "at"), by_agent(phones_only(record.get("offerings")), "at")
    for agent in sorted({*wanted, *got}):
        expected, found = wanted.get(agent, []), got.get(agent, [])
        if len(expected) != len(found):
            yield f"offerings[{agent}]", [o["outcome"] for o in expected], [o["outcome"] for o in found]
            continue
        for e, f in zip(expected, found, strict=True):
            for field in ("outcome", "source"):
                if not agrees(e[field], f[field]):
                    yield f"offerings[{agent}].{field}", e[field], f[field]
            if not near(e["ring_seconds"], f["ring_seconds"], tolerance):
                yield f"offerings[{agent}].ring_seconds", e["ring_seconds"], f["ring_seconds"]


def talk_differences(call: Call, record: Call, tolerance: float) -> Found:
    wanted, got = by_kind(call["talks"]), by_kind(phones_only(record.get("talks")))
    wanted, got = rename_choices(wanted, got), one_of_both(wanted, got)
    for key in sorted({*wanted, *got}):
        agent, kind = key
        expected, found = wanted.get(key, []), got.get(key, [])
        if kind == "monitor" and not found:
            continue  # a supervisor who listens is nobody's minutes
        if not expected or not found:
            yield f"talks[{agent},{kind}]", spans(expected), spans(found)
            continue
        seconds = sum(f["talk_seconds"] or 0.0 for f in found)
        if record.get("known") in FROM_LOGS and any(f["hold_seconds"] is None for f in found):
            # The PBX's logs know no hold: the stretch as a whole is compared.
            whole = with_hold(total(expected, "talk_seconds"), total(expected, "hold_seconds"))
            if not near(whole, seconds, tolerance):
                yield f"talks[{agent},{kind}].talk_and_hold", whole, round(seconds, 3)
        elif not near(total(expected, "talk_seconds"), seconds, tolerance):
            yield f"talks[{agent},{kind}].talk_seconds", total(expected, "talk_seconds"), round(seconds, 3)
        elif total(expected, "hold_seconds") is not None:
            hold = sum(f["hold_seconds"] for f in found)
            if not near(total(expected, "hold_seconds"), hold, tolerance):
                yield f"talks[{agent},{kind}].hold_seconds", total(expected, "hold_seconds"), hold
        if kind in WITH_CUSTOMER:
            yield from edges(f"talks[{agent},{kind}]", expected, found, tolerance)


def edges(place: str, expected: Sequence[Call], found: Sequence[Call], tolerance: float) -> Found:
    """First beginning and last end of an agent's talks of a kind."""
    for field, which in (("from", min), ("to", max)):
        if any(e[field] is None for e in expected):
            continue
        e, f = which(e[field] for e in expected), which(f[field] or "" for f in found)
        apart = seconds_between(e, f)
        if apart is None or abs(apart) > tolerance:
            yield f"{place}.{field}", e, f


def transfer_differences(call: Call, record: Call) -> Found:
    wanted, got = call["transfers"], list(record.get("transfers") or ())
    if wanted is None:
        return
    shape = [tuple(t[k] for k in ("kind", "by", "to", "completed")) for t in wanted]
    found = [tuple(t[k] for k in ("kind", "by", "to", "completed")) for t in got]
    same = len(shape) == len(found) and all(
        all(agrees(e, f) or (e is None and n in (1, 2)) for n, (e, f) in enumerate(zip(a, b, strict=True)))
        for a, b in zip(shape, found, strict=True)
    )
    if not same:
        yield "transfers", shape, found


def digit_differences(call: Call, record: Call) -> Found:
    wanted = "".join(d["digit"] for d in call["ivr"])
    got = "".join(str(d.get("digit") or "") for d in record.get("ivr") or ())
    if wanted and wanted != got:
        yield "ivr", wanted, got


# --- helpers of the comparison ------------------------------------------------------------------


def with_hold(talk: Any, hold: Any) -> list[float] | None:
    """Talk and hold together, for each of the values that either may have."""
    if talk is None or hold is None:
        return None
    talks = talk if isinstance(talk, list) else [talk]
    holds = hold if isinstance(hold, list) else [hold]
    return [round(t + h, 3) for t in talks for h in holds if h is not None]


def near(expected: Any, found: float | None, tolerance: float) -> bool:
    """Within the tolerance of the expected seconds, or of one of several; None: not compared."""
    if expected is None:
        return True
    choices = expected if isinstance(expected, list) else [expected]
    return found is not None and any(abs(found - choice) <= tolerance for choice in choices)


def total(talks: Iterable[Call], field: str) -> Any:
    """The sum of a field; a list of sums where one of the talks leaves a choice; None if one is unknown."""
    sums: list[float] = [0.0]
    for talk in talks:
        value = talk[field]
        if value is None:
            return None
        choices = value if isinstance(value, list) else [value]
        sums = [s + c for s in sums for c in choices]
    rounded = [round(s, 3) for s in sums]
    return rounded[0] if len(rounded) == 1 else rounded


def phones_only(items: Iterable[Call] | None) -> list[Call]:
    """Entries of agents' phones: outside parties and mobiles are no agents in the truth."""
    return [item for item in items or () if is_agent(item.get("agent"))]


def is_agent(agent: Any) -> bool:
    return isinstance(agent, str) and len(agent) == 4 and agent.startswith("10") and agent.isdigit()


def by_agent(items: Iterable[Call], order: str) -> dict[str, list[Call]]:
    grouped: dict[str, list[Call]] = {}
    for item in sorted(items, key=lambda i: i[order] or ""):
        grouped.setdefault(item["agent"], []).append(item)
    return grouped


Talks = dict[tuple[str, str], list[Call]]


def by_kind(talks: Iterable[Call]) -> Talks:
    grouped: Talks = {}
    for talk in talks:
        kind = talk["kind"]
        if isinstance(kind, list):
            kind = "|".join(kind)
        grouped.setdefault((talk["agent"], kind), []).append(talk)
    return grouped


def one_of_both(wanted: Talks, got: Talks) -> Talks:
    """Where the truth permits several kinds, the record may also change between them."""
    joined = dict(got)
    for agent, kind in wanted:
        kept = [talk for option in kind.split("|") for talk in joined.pop((agent, option), [])]
        if kept:
            taken = next(option for option in kind.split("|") if (agent, option) in got)
            joined[agent, taken] = sorted(kept, key=lambda talk: talk["from"] or "")
    return joined


def rename_choices(wanted: Talks, got: Talks) -> Talks:
    """Where the truth leaves the kind open, take the one that the record chose."""
    chosen: Talks = {}
    for (agent, kind), talks in wanted.items():
        options = kind.split("|")
        taken = next((option for option in options if (agent, option) in got), options[0])
        chosen.setdefault((agent, taken), []).extend(talks)
    return chosen


def spans(talks: Iterable[Call]) -> list[Any]:
    return [(talk["kind"], talk["talk_seconds"]) for talk in talks]


# --- the command -----------------------------------------------------------------------------------


def load_calls(path: Path) -> list[Call]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def load_truth(folder: Path) -> list[Call]:
    return derive(json.loads((folder / "truth.json").read_text(encoding="utf-8")))


def main(arguments: Sequence[str] | None = None) -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("capture", type=Path)
    options.add_argument("calls", type=Path)
    options.add_argument("--table", action="store_true", help="a markdown table")
    options.add_argument("--limited", action="store_true", help="the stream had no class dialplan")
    options.add_argument("--only", help="scenarios, by comma")
    args = options.parse_args(arguments)
    truth = load_truth(args.capture)
    result = compare(load_calls(args.calls), truth, limited=args.limited)
    if args.only:
        wanted = set(args.only.split(","))
        result = Comparison(
            pairs=tuple(p for p in result.pairs if p.truth["scenario"] in wanted),
            extra=tuple(d for d in result.extra if d.scenario in wanted),
        )
    print("\n".join(table(result, args.table)))
    if result.extra:
        print("\nRecords that belong to no call:")
        print("\n".join(f"- {d}" for d in result.extra))
    moved: list[Mapping[str, Any]] = [call for call in truth if call["transfers"]]
    print("\n" + "\n".join(claims.report(args.capture, moved, args.table)))
    differing = sum(1 for pair in result.pairs if pair.differences)
    ok = len(result.pairs) - differing
    print(f"\n{len(result.pairs)} calls, {ok} ok, {differing} differ, {len(result.extra)} extra records")
    return 1 if result.discrepancies else 0


if __name__ == "__main__":
    sys.exit(main())
