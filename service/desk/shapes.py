"""Follow-ups in their public shapes: one item, and its story with script, survey and the chain that it stands in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from config.followups import SYSTEM_REASONS, Promises, Survey
from schedulers.customers.records import Customer
from schedulers.followups.records import Attempt, FollowUp
from schedulers.followups.rules import Rules
from schedulers.storage.story import Answer, Line, Story
from service.desk.masking import masked_customer, masked_number, masked_text
from telephony.calls.record import instant


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """By which rules and at which instant items are shown, and whether customers' numbers and names are hidden."""

    rules: Rules
    now: datetime
    masked: bool

    def number(self, number: str | None) -> str | None:
        """A number, as far as it may be seen."""
        return masked_number(number) if self.masked else number

    def text(self, text: str) -> str:
        """Words, in which somebody may have written a number."""
        return masked_text(text) if self.masked else text

    def customer(self, customer_id: str) -> str:
        """A customer's id: that of who is in no register is his number."""
        return masked_customer(customer_id) if self.masked else customer_id


def item_json(each: FollowUp, customer: Customer | None, view: View) -> dict[str, Any]:
    """One follow-up as it stands. Instants are UTC; `number` is the one to call."""
    kind = view.rules.kind(each)
    name = customer.name if customer else None
    return {
        "id": each.id,
        "kind": each.kind,
        "kind_zh": kind.name_zh,
        "kind_en": kind.name_en,
        "customer": view.customer(each.customer),
        "customer_name": "****" if name and view.masked else name,
        "number": view.number(number_of(each, customer)),
        "owner": each.owner,
        "group": each.group,
        "skill": each.skill,
        "state": each.state.value,
        "overdue": each.is_overdue(view.now),
        "late": each.is_late,
        "obstacle": each.obstacle.value if each.obstacle else None,
        "level": each.level,
        **_instants(each),
        **_ends(each),
        "attempts": each.counted,
        "attempts_uncounted": each.uncounted,
        "last_result": each.tried.value if each.tried else None,
        "reached_call": each.reached_call,
        "claimed_call": each.claimed_call,
        "about": {key: view.text(value) if isinstance(value, str) else value for key, value in each.about},
        "approvals": list(each.approvals),
        "case": each.case,
        "after": each.after,
        "revision": each.revision,
    }


def _instants(each: FollowUp) -> dict[str, Any]:
    names = ("born", "open", "due", "promised", "agreed", "ready", "last_chance", "tried", "wanted", "acknowledged")
    return {f"{name}_at": instant(getattr(each, f"{name}_at")) for name in names}


def _ends(each: FollowUp) -> dict[str, Any]:
    return {
        "fulfilled_at": instant(each.fulfilled_at),
        "ended_at": instant(each.ended_at),
        "reason": each.reason,
        "call": each.call,
        "elsewhere": each.elsewhere,
        "content": each.content,
    }


def number_of(each: FollowUp, customer: Customer | None) -> str | None:
    """The number that it is about, else the customer's best one that may be called."""
    if each.number is not None or customer is None:
        return each.number
    return next((number.number for number in customer.callable_numbers()), None)


def items_json(items: Iterable[FollowUp], customers: Mapping[str, Customer], view: View) -> list[dict[str, Any]]:
    """Several, each with its customer."""
    return [item_json(each, customers.get(each.customer), view) for each in items]


def story_json(
    story: Story, chain: Iterable[FollowUp], customers: Mapping[str, Customer], view: View
) -> dict[str, Any]:
    """A follow-up and all that led there; what its agent needs to do it; and the chain that it stands in."""
    each = story.follow_up
    kind, promises = view.rules.kind(each), view.rules.promises(each)
    return {
        "follow_up": item_json(each, customers.get(each.customer), view),
        "source": kind.source,
        "mode": kind.mode.value,
        "fulfilled_by": kind.fulfilled_by.value,
        "min_talk_seconds": kind.min_talk.total_seconds(),
        "script_zh": kind.script_zh,
        "script_en": kind.script_en,
        "survey": survey_json(promises.survey(kind.survey)),
        "reasons": _reasons(kind.reasons, promises),
        "changes": [_line_json(line, view) for line in story.lines],
        "attempts": [_attempt_json(one, view) for one in story.attempts],
        "answers": [_answer_json(answer, view) for answer in story.answers],
        "chain": items_json(chain, customers, view),
    }


def survey_json(survey: Survey | None) -> dict[str, Any] | None:
    """A survey's questions."""
    if survey is None:
        return None
    questions = [
        {
            "id": each.id,
            "text_zh": each.text_zh,
            "text_en": each.text_en,
            "scale": each.scale,
            "content_from": each.content_from,
        }
        for each in survey.questions
    ]
    return {"id": survey.id, "least": survey.least, "questions": questions}


def _reasons(permitted: tuple[str, ...], promises: Promises) -> list[dict[str, Any]]:
    found = (promises.reason(each) for each in dict.fromkeys((*permitted, *sorted(SYSTEM_REASONS))))
    return [{"id": each.id, "name_zh": each.name_zh, "name_en": each.name_en} for each in found if each]


def _line_json(line: Line, view: View) -> dict[str, Any]:
    return {
        "revision": line.revision,
        "at": instant(line.at),
        "what": line.what.value,
        "by": line.by,
        "note": view.text(line.note),
        "owner": line.owner,
        "before_owner": line.before_owner,
        "group": line.group,
        "state": line.state.value,
        "due_at": instant(line.due_at),
        "reason": line.reason,
    }


def _attempt_json(one: Attempt, view: View) -> dict[str, Any]:
    return {
        "at": instant(one.at),
        "result": one.result.value,
        "counts": one.counts,
        "number": view.number(one.number),
        "agent": one.agent,
        "call": one.call,
        "talk_seconds": None if one.talk is None else one.talk.total_seconds(),
        "window": one.window,
    }


def _answer_json(answer: Answer, view: View) -> dict[str, Any]:
    words = answer.answer
    return {
        "question": answer.question,
        "answer": view.text(words) if isinstance(words, str) else words,
        "at": instant(answer.at),
        "by": answer.by,
    }
