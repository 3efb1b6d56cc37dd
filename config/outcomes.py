"""What an agent may record of a call 业务结果: the choices of his form, in their order. Not what telephony did.

A policy names its own in `[[version.outcome]]`; one that names none has those below. A choice says how the contact
itself ended (`result`, which follow-ups count by) and may tell an event that the policy has kinds for: a complaint
is owed an answer the moment it is recorded.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from config.followups import Result


class Direction(StrEnum):
    """Of which calls a choice is offered."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"
    ANY = "any"


@dataclass(frozen=True, slots=True, kw_only=True)
class CallOutcome:
    """One choice. `event` and `about` are those of a trigger `event:NAME`; '' and () where nothing is told."""

    id: str
    name_zh: str
    name_en: str
    direction: Direction = Direction.ANY
    result: Result = Result.TALKED
    event: str = ""
    about: tuple[tuple[str, str], ...] = ()

    @property
    def is_silent(self) -> bool:
        """Whether the customer was not heard: such a call leaves AHT and first-contact resolution (domain.md §1)."""
        return self.result is Result.SILENT


def _choice(id_: str, zh: str, en: str, direction: Direction, result: Result = Result.TALKED) -> CallOutcome:
    return CallOutcome(id=id_, name_zh=zh, name_en=en, direction=direction, result=result)


OUTCOMES = (
    _choice("enquiry", "咨询", "Enquiry", Direction.INBOUND),
    _choice("query", "查询", "Query", Direction.INBOUND),
    _choice("complaint", "投诉", "Complaint", Direction.INBOUND),
    _choice("other", "其他", "Other", Direction.INBOUND),
    _choice("reached", "已联系上", "Reached", Direction.OUTBOUND),
    _choice("third_person", "他人接听", "Somebody else answered", Direction.OUTBOUND, Result.THIRD_PERSON),
    _choice("voicemail", "语音信箱", "Voicemail", Direction.OUTBOUND, Result.VOICEMAIL),
    _choice("no_answer", "无人接听", "No answer", Direction.OUTBOUND, Result.NO_ANSWER),
    _choice("rejected", "拒接", "Rejected", Direction.OUTBOUND, Result.REJECTED),
    _choice("wrong_number", "号码有误", "Wrong number", Direction.OUTBOUND, Result.WRONG_NUMBER),
    _choice("silent", "无声", "Silent", Direction.ANY, Result.SILENT),
)
"""For a policy that names none (ours, after C11's and C8's classes); nine at most for either direction."""

AT_MOST = 9
"""Choices of one direction: each has a digit."""


def offered(named: tuple[CallOutcome, ...], direction: Direction) -> tuple[CallOutcome, ...]:
    """The choices of a call of this direction. A direction that the policy leaves out has those of OUTCOMES."""
    own = tuple(each for each in named if each.direction in (direction, Direction.ANY))
    speaks = any(each.direction is direction or each.direction is Direction.ANY for each in named)
    return own if speaks else tuple(each for each in OUTCOMES if each.direction in (direction, Direction.ANY))
