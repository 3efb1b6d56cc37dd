"""Who has to do what before a recording may be destroyed, as one table. Pure.

made ─ review ─► reviewed ─ approve ─► approved ─ (two attend) begin ─► carrying ─ finish ─► done
  └─────────┴──────────────┴── drop ─► dropped

Registrar, reviewer and director are three persons; two persons are present at once, each by his own log-in, and one of
these two begins (domain.md §8, by C10). What is here decides; a list is the fold of the acts that are on record.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from service.destroying.errors import DestructionError

PRESENCE = timedelta(minutes=15)
"""(ours) How long somebody who confirmed that he is present counts as present."""

PRESENT = 2


class Act(StrEnum):
    """What somebody does about a list."""

    MAKE = "make"  # the registrar lists what is to be destroyed
    REVIEW = "review"  # the reviewer has looked at each item
    APPROVE = "approve"  # the director says that it may be
    ATTEND = "attend"  # somebody is present, and says so by his own log-in
    BEGIN = "begin"  # from here on it is carried out, whatever breaks off in between
    FINISH = "finish"  # every item was destroyed or could not be; the certificate is there
    DROP = "drop"  # it will not be carried out


class Stage(StrEnum):
    """How far a list is."""

    MADE = "made"
    REVIEWED = "reviewed"
    APPROVED = "approved"
    CARRYING = "carrying"
    DONE = "done"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who acts: an account, and the agent that it belongs to, if it is one's."""

    account: int
    login: str
    name: str
    agent: str | None = None

    def is_same(self, other: Person) -> bool:
        """Whether two accounts are one person's."""
        return self.account == other.account or (self.agent is not None and self.agent == other.agent)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One act on record."""

    act: Act
    person: Person
    at: datetime
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a list stands. `present`: who confirmed that he is there, and when he last did."""

    stage: Stage
    by: Mapping[Act, Person] = field(default_factory=dict)
    present: tuple[tuple[Person, datetime], ...] = ()

    def present_at(self, now: datetime) -> tuple[Person, ...]:
        """Who counts as present."""
        return tuple(person for person, at in self.present if at <= now < at + PRESENCE)


FROM: Mapping[Act, Stage] = {
    Act.REVIEW: Stage.MADE,
    Act.APPROVE: Stage.REVIEWED,
    Act.ATTEND: Stage.APPROVED,
    Act.BEGIN: Stage.APPROVED,
    Act.FINISH: Stage.CARRYING,
}
"""The stage that an act needs."""

DROPPABLE = (Stage.MADE, Stage.REVIEWED, Stage.APPROVED)

AFTER: Mapping[Act, Stage] = {
    Act.MAKE: Stage.MADE,
    Act.REVIEW: Stage.REVIEWED,
    Act.APPROVE: Stage.APPROVED,
    Act.BEGIN: Stage.CARRYING,
    Act.FINISH: Stage.DONE,
    Act.DROP: Stage.DROPPED,
}
"""The stage that an act leads to; being present leads nowhere by itself."""

OTHERS: Mapping[Act, tuple[Act, ...]] = {Act.REVIEW: (Act.MAKE,), Act.APPROVE: (Act.MAKE, Act.REVIEW)}
"""Whose acts these must not have been."""


def fold(steps: Iterable[Step]) -> Standing:
    """How a list stands after what is on record. Raises DestructionError where a step could not have been."""
    standing: Standing | None = None
    for step in steps:
        standing = follow(standing, step)
    if standing is None:
        raise DestructionError("destruction: found no act, expected one that makes the list")
    return standing


def follow(standing: Standing | None, step: Step) -> Standing:
    """How a list stands after one more act. Raises DestructionError where it may not be."""
    if standing is None:
        if step.act is not Act.MAKE:
            raise DestructionError(f"{step.act}: found no list, expected one that was made")
        return Standing(stage=Stage.MADE, by={Act.MAKE: step.person})
    _check_stage(standing, step.act)
    _check_person(standing, step)
    if step.act is Act.ATTEND:
        others = tuple(each for each in standing.present if not each[0].is_same(step.person))
        return replace(standing, present=(*others, (step.person, step.at)))
    return replace(standing, stage=AFTER[step.act], by={**standing.by, step.act: step.person})


def _check_stage(standing: Standing, act: Act) -> None:
    fitting = DROPPABLE if act is Act.DROP else (FROM[act],) if act in FROM else ()
    if standing.stage not in fitting:
        raise DestructionError(f"{act}: found a list that is {standing.stage}, expected {_named(fitting)}")


def _check_person(standing: Standing, step: Step) -> None:
    for act in OTHERS.get(step.act, ()):
        before = standing.by[act]
        if before.is_same(step.person):
            who = f"{step.person.login}, who did {act}"
            raise DestructionError(f"{step.act}: found {who}, expected another person")
    if step.act is Act.BEGIN:
        present = standing.present_at(step.at)
        if len(present) < PRESENT:
            raise DestructionError(
                f"begin: found {len(present)} present, expected {PRESENT}, each by his own log-in"
            )
        if not any(each.is_same(step.person) for each in present):
            raise DestructionError(f"begin: found {step.person.login}, expected one of the two who are present")


def _named(stages: tuple[Stage, ...]) -> str:
    return " or ".join(stages) or "none yet"


class Left(StrEnum):
    """What is left to do before a list is carried out."""

    REVIEW = "review"  # by another person than the registrar
    APPROVE = "approve"  # by a third one
    FIRST_PRESENT = "first_present"
    SECOND_PRESENT = "second_present"
    BEGIN = "begin"


def left(standing: Standing, now: datetime) -> tuple[Left, ...]:
    """What is still to be done, in order; nothing once it is carried out or dropped."""
    present = len(standing.present_at(now))
    match standing.stage:
        case Stage.MADE:
            return tuple(Left)
        case Stage.REVIEWED:
            return tuple(Left)[1:]
        case Stage.APPROVED:
            return tuple(Left)[2 + min(present, PRESENT) :]
        case _:
            return ()
