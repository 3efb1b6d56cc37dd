"""Whether what the service says of each attempt is what the phones measured and what the PBX wrote. Pure.

The phones say what happened; of it follows what the service may say. The CDR and the CEL are compared with the phones
on their own, so that a difference is seen at the one who errs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from config.followups import Result
from schedulers.campaigns.records import LIVE, DialMode, Phase
from tests.lab.campaigns.customers import behaviour_of
from tests.lab.campaigns.dialogs import OK, Leg
from tests.lab.campaigns.doubles import doubles, overlap
from tests.lab.campaigns.matching import Case, Matched
from tests.lab.campaigns.pbx_rows import CdrRow

HARDLY = 0.25  # seconds that both were up, below which the PBX may or may not have joined them

ANSWERED, NOT_ANSWERED = Phase.ANSWERED, Phase.NOT_ANSWERED
TALKED = frozenset({Result.TALKED, Result.VOICEMAIL, Result.SILENT})
"""What telephony calls a talk; the agent's word may stand in its place."""
BY_CODE: dict[int, frozenset[Result]] = {
    486: frozenset({Result.BUSY}),
    503: frozenset({Result.FAILED}),
    404: frozenset({Result.FAILED, Result.WRONG_NUMBER}),
    603: frozenset({Result.REJECTED}),
    487: frozenset({Result.NO_ANSWER}),
}
DISPOSITIONS: dict[int, frozenset[str]] = {
    OK: frozenset({"ANSWERED"}),
    486: frozenset({"BUSY"}),
    503: frozenset({"CONGESTION", "FAILED"}),
    404: frozenset({"NO ANSWER", "FAILED", "CONGESTION"}),
    603: frozenset({"NO ANSWER", "FAILED", "BUSY"}),
    487: frozenset({"NO ANSWER"}),
}
"""By the SIP code of the customer's phone. Asterisk writes 404 and 603 in several ways, by who dialled."""
CAUSES = {486: {17}, 503: {34, 38}, 404: {1, 3}, 603: {21, 17}}
"""Q.850, as Asterisk makes it of a SIP code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One attempt, and what is wrong about it, a sentence each."""

    case: Case
    wrong: tuple[str, ...]

    @property
    def behaviour(self) -> str:
        return str(behaviour_of(self.case.attempt.number) or "a stranger")


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """All attempts; and what is wrong between them."""

    attempts: tuple[Judged, ...]
    doubles: tuple[str, ...]  # two calls where there should be one
    forgotten: tuple[str, ...]  # contacts that are in no attempt and were not refused for a reason
    strays: tuple[str, ...]  # calls at customers' phones that no attempt accounts for

    @property
    def wrong(self) -> int:
        return sum(bool(each.wrong) for each in self.attempts)

    @property
    def is_clean(self) -> bool:
        return not (self.wrong or self.doubles or self.forgotten or self.strays)


def judge(matched: Matched, legs: Iterable[Leg], contacts: Iterable[str], accounted: Iterable[str]) -> Verdict:
    """All of it. `contacts` are the numbers of the list; `accounted` those of which the service says why they wait."""
    cases = (*matched.cases, *matched.lost)
    dialled = {case.attempt.number for case in cases if case.attempt.committed is not None}
    known = dialled | set(accounted)
    return Verdict(
        attempts=tuple(Judged(case=case, wrong=tuple(differences(case))) for case in matched.cases),
        doubles=tuple(doubles(cases, legs)),
        forgotten=tuple(sorted(set(contacts) - known)),
        strays=tuple(f"{leg.number} at {leg.invite:.3f}" for leg in matched.strays),
    )


def differences(case: Case) -> Iterator[str]:
    """What the service, the CDR and the CEL say otherwise than the phones."""
    attempt = case.attempt
    if attempt.phase in LIVE:
        yield f"is {attempt.phase} still"
        return
    if attempt.committed is None:
        if case.customers or case.channels:
            yield f"was {attempt.phase} before it was committed, and the PBX knows a channel of it"
        return
    if len(case.customers) != len(case.customers_channels) and not was_cut(case):
        yield f"{len(case.customers)} calls at the customer's phone, {len(case.customers_channels)} channels by CEL"
    if attempt.phase is Phase.INDETERMINATE:
        return
    expected = permitted(case)
    if (attempt.phase, attempt.result) not in expected:
        phones = " or ".join(sorted(_pair(*each) for each in expected))
        yield f"told {_pair(attempt.phase, attempt.result)}, the phones say {phones}"
    yield from _of_the_pbx(case)


def permitted(case: Case) -> frozenset[tuple[Phase, Result | None]]:
    """What may be said of an attempt, by what its phones measured."""
    if not case.customers:
        return _never_dialled(case)
    customer = case.customers[0]
    if customer.by == "cut" or any(leg.by == "cut" for leg in case.agents):
        return _cut(customer)
    if customer.answer is None:
        return _all(NOT_ANSWERED, BY_CODE.get(customer.code or 487, frozenset()))
    together = max((overlap(customer, leg) for leg in case.agents), default=0.0)
    if together > HARDLY:
        return _all(ANSWERED, TALKED)
    alone = _all(ANSWERED, {Result.AGENT_MISSED, Result.SILENT})
    return alone | _all(ANSWERED, TALKED) if together > 0 else alone


def _never_dialled(case: Case) -> frozenset[tuple[Phase, Result | None]]:
    """His own agent's phone was dialled and not answered, or nothing at all was."""
    if case.attempt.mode is not DialMode.PROGRESSIVE and case.agents:
        results = {Result.AGENT_MISSED}
        if any(leg.answer is not None for leg in case.agents):  # he hung up at once
            results |= {Result.NO_ANSWER, Result.FAILED}
        return _all(NOT_ANSWERED, results) | _all(Phase.REFUSED, results | {Result.FAILED})
    return _all(Phase.REFUSED, {Result.FAILED}) | {(Phase.REFUSED, None)}


def _cut(customer: Leg) -> frozenset[tuple[Phase, Result | None]]:
    """The PBX died under it: what it wrote until then is all that can be known."""
    dead = _all(NOT_ANSWERED, {Result.NO_ANSWER, Result.FAILED, Result.INDETERMINATE})
    if customer.answer is None:
        return dead
    return dead | _all(ANSWERED, TALKED | {Result.AGENT_MISSED, Result.INDETERMINATE})


def _of_the_pbx(case: Case) -> Iterator[str]:
    """The customer's own row and channel against his phone, and the cause that the service keeps."""
    if not case.customers or was_cut(case):
        return
    customer = case.customers[0]
    code = OK if customer.answer is not None else customer.code or 487
    said = {_said(case, row) for row in case.rows} - {None}
    if not said:
        yield "the CDR has no row of the customer's channel"
    elif not said & DISPOSITIONS.get(code, frozenset()):
        yield f"the CDR says {', '.join(sorted(map(str, said)))}, the customer's phone {code}"
    if customer.answer is None and code in CAUSES and case.attempt.cause not in CAUSES[code]:
        yield f"cause {case.attempt.cause}, expected {sorted(CAUSES[code])} of {code}"


def _said(case: Case, row: CdrRow) -> str | None:
    """What a row says of the customer's channel; None where it is not about it."""
    names = {each.name for each in case.customers_channels}
    if row.channel in names:
        return "ANSWERED" if row.answered else row.disposition
    return row.disposition if row.peer in names else None


def was_cut(case: Case) -> bool:
    """Whether the PBX died under it."""
    return any(leg.by == "cut" for leg in (*case.customers, *case.agents))


def _all(phase: Phase, results: Iterable[Result]) -> frozenset[tuple[Phase, Result | None]]:
    return frozenset((phase, each) for each in results)


def _pair(phase: Phase, result: Result | None) -> str:
    return f"{phase}/{result}"
