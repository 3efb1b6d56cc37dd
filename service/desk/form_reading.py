"""Reads an agent's form: every field against the policy and what is owed; all mistakes at once, each by its field.

Pure. What is typed stays with whoever shows the form: an error says only what was found and what was expected.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from config.contact_times import Shut
from config.followups import FollowUpKind, Question, Result
from config.outcomes import CallOutcome, Direction, offered
from schedulers.errors import RefusedError
from schedulers.followups.rules import Rules
from schedulers.said_times import read_ahead
from service.desk.callers import Caller, Known, Owed
from service.desk.permitted import Awkward, awkward, promise_kinds
from service.desk.recording import AGREE, CLOSE, PROMISE, Form
from telephony.calls.facts import CallFact
from telephony.calls.facts import Direction as CallDirection
from telephony.numbers import to_e164

MAX_CONTENT, MAX_ANSWER = 2000, 500
SETTLE, ANSWER = "settle.", "answer."
"""Fields of one follow-up or question: `settle.ID`, `answer.QUESTION`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """What is wrong with a field. `awkward` is why a time is none to call at, where it is that."""

    field: str
    found: str
    expected: str
    awkward: Awkward | None = None


class FormError(Exception):
    """A form that cannot be kept as it is: its mistakes, in the order of the fields."""

    def __init__(self, mistakes: tuple[Mistake, ...]) -> None:
        super().__init__(
            "; ".join(f"{each.field}: found {each.found}, expected {each.expected}" for each in mistakes)
        )
        self.mistakes = mistakes


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What a form is read against."""

    call: CallFact
    caller: Caller
    rules: Rules
    now: datetime

    @property
    def outcomes(self) -> tuple[CallOutcome, ...]:
        """The choices, in the order of their digits."""
        is_out = self.call.direction is CallDirection.OUTBOUND
        named = self.rules.version_at(self.call.started_at).outcomes
        return offered(named, Direction.OUTBOUND if is_out else Direction.INBOUND)

    @property
    def codes(self) -> tuple[str, ...]:
        """The service codes of the policy; () where it has none."""
        return self.rules.version_at(self.call.started_at).service_codes

    @property
    def open(self) -> tuple[Owed, ...]:
        """What this call may settle."""
        return tuple(each for each in self.caller.owed if each.apart is None)


def read_form(fields: Mapping[str, str], around: Around) -> Form:
    """The form. Raises FormError."""
    reading = _Reading(fields, around)
    form = reading.form()
    if form is None or reading.mistakes:
        raise FormError(tuple(reading.mistakes))
    return form


class _Reading:
    """One form being read; mistakes are gathered."""

    def __init__(self, fields: Mapping[str, str], around: Around) -> None:
        self._fields = {name: value.strip() for name, value in fields.items()}
        self._around = around
        self.mistakes: list[Mistake] = []

    def form(self) -> Form | None:
        outcome = self._outcome()
        code, content = self._code(), self._content()
        settled = self._settled()
        step, kind = self._step(settled)
        at = self._time(step, kind)
        if outcome is None:
            return None
        self._check_number()
        self._check_party(outcome, step)
        is_reached = outcome.result is Result.TALKED
        return Form(
            outcome=outcome,
            content=content,
            code=code,
            promise=kind if step == PROMISE else None,
            agreed=step == AGREE,
            close=self._text("next").partition(":")[2] if step == CLOSE else None,
            at=at,
            skill=self._text("skill") or None if step == PROMISE else None,
            settles=tuple(each.follow_up.id for each in settled),
            satisfied=self._satisfied(settled) if is_reached else None,
            answers=self._answers(settled) if is_reached else {},
            place=self._place(),
        )

    # -- single fields -----------------------------------------------------------------------

    def _text(self, name: str) -> str:
        return self._fields.get(name, "")

    def _note(self, field: str, found: str, expected: str, awkward: Awkward | None = None) -> None:
        self.mistakes.append(Mistake(field=field, found=found, expected=expected, awkward=awkward))

    def _outcome(self) -> CallOutcome | None:
        chosen = self._text("outcome")
        found = next((each for each in self._around.outcomes if each.id == chosen), None)
        if found is None:
            expected = "one of " + ", ".join(each.id for each in self._around.outcomes)
            self._note("outcome", _quoted(chosen), expected)
        return found

    def _code(self) -> str | None:
        codes, chosen = self._around.codes, self._text("code")
        if codes and chosen not in codes:
            self._note("code", _quoted(chosen), "one of " + ", ".join(codes))
        return chosen if codes and chosen in codes else None

    def _content(self) -> str:
        content = self._fields.get("content", "").replace("\r\n", "\n")
        if not content or len(content) > MAX_CONTENT:
            self._note(
                "content", f"{len(content)} letters" if content else "nothing", f"1 to {MAX_CONTENT} letters"
            )
        return content

    def _place(self) -> int:
        text = self._text("place") or "0"
        return int(text) if text.isdecimal() and len(text) < 6 else 0

    # -- what is owed ------------------------------------------------------------------------

    def _settled(self) -> list[Owed]:
        open_by_id = {each.follow_up.id: each for each in self._around.open}
        named = [
            name.removeprefix(SETTLE) for name, value in self._fields.items() if name.startswith(SETTLE) and value
        ]
        for id_ in named:
            if id_ not in open_by_id:
                self._note(
                    "settle", "one that is settled already, or not by this call", "an open one of this customer"
                )
        return [open_by_id[id_] for id_ in named if id_ in open_by_id]

    def _answers(self, settled: list[Owed]) -> dict[str, str]:
        found: dict[str, str] = {}
        for question in questions_of(settled):
            text = self._text(ANSWER + question.id)
            if text and _is_answer(question, text):
                found[question.id] = text
            elif text:
                expected = f"a mark from 1 to {question.scale}" if question.scale else f"up to {MAX_ANSWER} letters"
                self._note(ANSWER + question.id, _quoted(text), expected)
        return found

    def _satisfied(self, settled: list[Owed]) -> bool | None:
        return {"yes": True, "no": False}.get(self._text("satisfied")) if settled else None

    # -- what comes next ---------------------------------------------------------------------

    def _step(self, settled: list[Owed]) -> tuple[str, FollowUpKind | None]:
        """Which step, and the kind whose times it must fit."""
        chosen = self._text("next")
        step, _, name = chosen.partition(":")
        if step == PROMISE:
            kinds = promise_kinds(self._around.rules, self._around.now)
            kind = next((each for each in kinds if each.trigger.name == name), None)
            if kind is not None:
                return step, kind
        elif step in (AGREE, CLOSE):
            if self._fits(step, name, settled):
                return step, settled[0].kind
            return "", None
        if chosen:
            self._note("next", _quoted(chosen), "one of the steps")
        return "", None

    def _fits(self, step: str, reason: str, settled: list[Owed]) -> bool:
        if not settled:
            self._note("next", "nothing that this call is about", "a follow-up of the customer, chosen above")
            return False
        for each in settled:
            allowed = each.kind.agreed if step == AGREE else reason in each.kind.reasons
            if not allowed:
                expected = (
                    "a kind whose time may be agreed" if step == AGREE else f"one of {', '.join(each.kind.reasons)}"
                )
                self._note("next", each.kind.name_en if step == AGREE else _quoted(reason), expected)
                return False
        return True

    def _time(self, step: str, kind: FollowUpKind | None) -> datetime | None:
        text = self._text("time")
        if step not in (PROMISE, AGREE) or (step == PROMISE and not text):
            return None
        rules, now = self._around.rules, self._around.now
        try:
            at = read_ahead(text, now, rules.zone)
        except RefusedError as error:
            self._note("time", error.found, error.expected)
            return None
        found = awkward(rules, kind, self._around.caller.party, at, now) if kind else None
        if found is not None and not self._text("wish"):
            self._note("time", _SHUT[found.why], "a time at which he may be called, or his own wish", found)
        return at

    def _check_number(self) -> None:
        text = self._text("number")
        if text and to_e164(text, self._around.rules.policy.country) is None:
            self._note("number", _quoted(text), "a number at which he can be called")

    def _check_party(self, outcome: CallOutcome, step: str) -> None:
        caller = self._around.caller
        if caller.party is not None or not (step == PROMISE or outcome.event):
            return
        if caller.known is Known.SEVERAL:
            self._note("customer", "nobody chosen", "the one of them who called")
        else:
            self._note("number", "a caller without a number of his own", "a number at which he can be called")


_SHUT = {
    Shut.HOLIDAY: "a day on which the centre is closed",
    Shut.QUIET: "a quiet time",
    Shut.WINDOW: "an hour at which nobody may be called",
}


def questions_of(settled: list[Owed]) -> tuple[Question, ...]:
    """The questions of what the call is about, each once."""
    found = {question.id: question for each in settled if each.survey for question in each.survey.questions}
    return tuple(found.values())


def _is_answer(question: Question, text: str) -> bool:
    if question.scale is None:
        return len(text) <= MAX_ANSWER
    return text.isascii() and text.isdecimal() and len(text) <= 3 and 1 <= int(text) <= question.scale


def _quoted(text: str) -> str:
    return f"“{text[:40]}”" if text else "nothing"
