"""How a centre listens to samples of its calls: the `[version.quality]` of a policy as frozen objects.

By the hotline's rulebook (C11) an inspector listens to at least N talks of each agent a month and scores wording,
attitude, tone, grasp of the need and adaptability. A policy without the section samples nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time, timedelta
from enum import StrEnum
from fractions import Fraction

MAX_SCALE = 9  # a mark is one digit of the keyboard
WHOLE = 100  # what the weights of all criteria add up to


class Stratum(StrEnum):
    """By what talks are told apart, so that a sample is not all of one kind."""

    DIRECTION = "direction"  # inbound, outbound
    LENGTH = "length"  # under one minute, up to three, longer
    HOUR = "hour"  # morning, afternoon, evening and night, by the centre's clocks
    OUTCOME = "outcome"  # what the agent recorded of the call


class Replacement(StrEnum):
    """Why a sample gives way to the next one in the seeded order."""

    BROKEN = "broken"  # it cannot be listened to
    WRONG_PERSON = "wrong_person"  # somebody else sat at the phone
    PRIVATE = "private"  # a private call
    NO_SERVICE = "no_service"  # a wrong number, a silent line, a test: nothing that could be scored


class Automatic(StrEnum):
    """What the machine measures and proposes. It never scores: a person says whether it holds."""

    FIRST_WORDS = "first_words"  # the agent speaks soon after the answer
    SPEECH_RATE = "speech_rate"  # the agent's speech rate lies in the band
    SILENCES = "silences"  # nobody is silent for long


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One line of the scorecard, marked from 0 to the scale. The weights of all add up to 100."""

    id: str
    name_zh: str
    name_en: str
    weight: int
    says_zh: str = ""
    says_en: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Critical:
    """What makes a card fail whatever else is marked 一票否决."""

    id: str
    name_zh: str
    name_en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """All of `[version.quality]`. `draw_on` is a weekday, 0 is Monday; the draw is of the ISO week before."""

    criteria: tuple[Criterion, ...]
    criticals: tuple[Critical, ...] = ()
    at_least: int = 2  # talks of each agent a month
    minimum_length: timedelta = timedelta(seconds=30)  # a shorter talk is not drawn
    draw_on: int = 0
    draw_at: time = time(8)
    strata: tuple[Stratum, ...] = (Stratum.DIRECTION, Stratum.LENGTH, Stratum.HOUR, Stratum.OUTCOME)
    replace: tuple[Replacement, ...] = tuple(Replacement)
    automatic: tuple[Automatic, ...] = tuple(Automatic)
    scale: int = 5
    pass_mark: int = 80  # of 100; equality passes
    mean_from: int = 3  # no mean is shown of fewer cards
    training_points: int = 2  # so many of the lowest criteria are named in a week
    reply_days: int = 3  # calendar days after the one of the card
    appeal_days: int = 5

    def criterion(self, criterion: str) -> Criterion | None:
        """The criterion of this id."""
        return next((each for each in self.criteria if each.id == criterion), None)

    def points(self, marks: dict[str, int]) -> Fraction:
        """What marks by criterion come to, of 100, exactly. Raises KeyError where one is not marked."""
        return sum((Fraction(each.weight * marks[each.id], self.scale) for each in self.criteria), Fraction())
