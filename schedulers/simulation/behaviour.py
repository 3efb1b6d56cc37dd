"""How customers take a call: who answers when, and what he says. Plausible shares, ours; thrown by the call's id."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from config.followups import Result
from schedulers.simulation.dice import Dice


class Answer(StrEnum):
    """What became of a talk."""

    FULL = "full"  # all was said
    REFUSED = "refused"  # he does not want to talk about it
    NOT_NOW = "not_now"  # another time is agreed where the kind permits it
    NEVER_AGAIN = "never_again"  # he asks not to be called any more


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A call as it was: what telephony heard, what the agent says of it, and how long both talked, in seconds."""

    heard: Result
    told: Result
    seconds: int
    answer: Answer = Answer.FULL
    content: bool = True
    new_question: bool = False
    word_first: bool = False  # the agent's outcome comes before the call is heard of


UNANSWERED = (
    (Result.NO_ANSWER, 60.0),
    (Result.BUSY, 15.0),
    (Result.REJECTED, 8.0),
    (Result.INDETERMINATE, 2.0),
    (Result.FAILED, 5.0),
    (Result.AGENT_MISSED, 3.0),
)
ANSWERED = (
    (Result.TALKED, 82.0),
    (Result.VOICEMAIL, 9.0),
    (Result.THIRD_PERSON, 6.0),
    (Result.WRONG_NUMBER, 1.0),
    (Result.SILENT, 2.0),
)
SHORTEST, LONGEST = 30, 420
"""Of a talk in which all is said, in seconds."""
MEAN_TALK, LONGEST_TALK = timedelta(seconds=(SHORTEST + LONGEST) / 2), timedelta(seconds=LONGEST)
ANSWERS = ((Answer.FULL, 86.0), (Answer.REFUSED, 4.0), (Answer.NOT_NOW, 9.5), (Answer.NEVER_AGAIN, 0.5))


def take(call: str, local: datetime, is_holiday: bool, dice: Dice) -> Taken:
    """How a call is taken that rings at an hour of the customer's clock."""
    if dice.roll(call, "answers") >= answer_rate(local, is_holiday):
        result = dice.pick(UNANSWERED, call, "why not")
        return Taken(heard=result, told=result, seconds=0, word_first=dice.roll(call, "word") < 0.05)
    told = dice.pick(ANSWERED, call, "who")
    if told is not Result.TALKED:
        return Taken(heard=Result.TALKED, told=told, seconds=dice.between(4, 25, call, "short"))
    return Taken(
        heard=told,
        told=told,
        seconds=dice.between(4, 12, call)
        if dice.roll(call, "cut") < 0.02
        else dice.between(SHORTEST, LONGEST, call),
        answer=dice.pick(ANSWERS, call, "answer"),
        content=dice.roll(call, "content") >= 0.08,
        new_question=dice.roll(call, "question") < 0.04,
        word_first=dice.roll(call, "word") < 0.05,
    )


def share(weighed: Iterable[tuple[object, float]], wanted: object) -> float:
    """How often something comes of several, as a share of all."""
    told = list(weighed)
    return sum(weight for each, weight in told if each is wanted) / sum(weight for _, weight in told)


def answer_rate(local: datetime, is_holiday: bool) -> float:
    """How likely somebody answers: least at noon, most in the evening; less on holidays."""
    rate = 0.62
    if local.hour in {12, 13}:
        rate -= 0.12
    elif local.hour >= 18:
        rate += 0.13
    rate += 0.05 if local.weekday() >= 5 else 0.0
    return rate - (0.15 if is_holiday else 0.0)
